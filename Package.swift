// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: warnings are errors, memory safety is strict, imports are internal by default.
let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// One floor: a library target and the floors it may import.
func floor(_ name: String, on below: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: below, resources: resources, swiftSettings: house)
}

/// The tests of one floor; `also` names the lower floors a test imports beside it.
func tests(of name: String, also: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + also,
    swiftSettings: house)
}

let package = Package(
  name: "plimsoll",
  products: [
    .library(name: "Plimsoll", targets: ["Plimsoll"]),
    .library(name: "RiskNumerics", targets: ["RiskNumerics"]),
    .executable(name: "plimsoll", targets: ["PlimsollMain"]),
  ],
  targets: [
    // MARK: Ground
    .systemLibrary(
      name: "CLapackSystem", pkgConfig: "lapack",
      providers: [.apt(["liblapack-dev", "libblas-dev"])]),
    .target(
      name: "CLapackShim", dependencies: ["CLapackSystem"],
      cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("lapack"), .linkedLibrary("blas")]),
    .target(
      name: "CClpShim", cxxSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("Clp"), .linkedLibrary("CoinUtils")]),
    .target(
      name: "CSQLiteShim", cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(
      name: "CKernels", cSettings: [.treatAllWarnings(as: .error)],
      linkerSettings: [.linkedLibrary("m")]),

    .target(name: "CSchemas", cSettings: [.treatAllWarnings(as: .error)]),

    // MARK: Cellar: knows nothing of risk
    floor("StructuredText"),
    floor("CommandLineKit"),
    floor("SystemFiles"),
    .target(
      name: "RiskSchemas", dependencies: ["CSchemas"],
      // Embedded by CSchemas.
      exclude: [
        "backtest-1", "calibration-1", "explanation-1", "market-1", "model-1", "replay-1", "report-1",
        "run-1",
        "what-if-1",
      ].map { "\($0).json" }, swiftSettings: house),

    // MARK: Floors
    floor("RiskNumerics", on: ["CClpShim", "CKernels", "CLapackShim"]),
    floor("MarketModel"),
    floor("OptionPricing", on: ["RiskNumerics", "MarketModel"]),
    floor("PortfolioValuation", on: ["OptionPricing", "RiskNumerics", "MarketModel"]),
    floor("TailRisk", on: ["PortfolioValuation", "OptionPricing", "RiskNumerics", "MarketModel"]),
    floor("MarginModels", on: ["PortfolioValuation", "OptionPricing", "RiskNumerics", "MarketModel"]),
    floor(
      "RiskDocuments",
      on: [
        "StructuredText", "TailRisk", "MarginModels", "PortfolioValuation", "OptionPricing",
        "RiskNumerics", "MarketModel",
      ]),
    floor("RunHistory", on: ["CSQLiteShim"]),
    floor("BookSources", on: ["StructuredText", "OptionPricing", "RiskNumerics", "MarketModel"]),
    floor(
      "Plimsoll",
      on: [
        "RiskDocuments", "TailRisk", "MarginModels", "PortfolioValuation", "OptionPricing",
        "RiskNumerics", "MarketModel",
      ]),

    floor("RiskPages", on: ["RiskDocuments", "StructuredText"]),

    // MARK: Doors
    floor(
      "RiskCommands",
      on: [
        "Plimsoll", "RiskPages", "RunHistory", "BookSources", "CommandLineKit", "SystemFiles", "RiskSchemas",
        "RiskDocuments", "StructuredText",
        "TailRisk", "MarginModels", "PortfolioValuation", "OptionPricing", "RiskNumerics", "MarketModel",
      ]),
    .executableTarget(
      name: "PlimsollMain", dependencies: ["RiskCommands", "CommandLineKit", "SystemFiles"],
      swiftSettings: house),

    // MARK: Tests
    .target(
      name: "TestSupport", dependencies: ["StructuredText", "MarketModel"], path: "Tests/TestSupport",
      swiftSettings: house),
    .testTarget(name: "ArchitectureTests", swiftSettings: house),
    tests(of: "BookSources", also: ["StructuredText", "OptionPricing", "RiskNumerics", "MarketModel"]),
    tests(of: "StructuredText"),
    tests(of: "MarketModel"),
    tests(of: "CommandLineKit"),
    tests(of: "SystemFiles"),
    tests(of: "RunHistory"),
    .testTarget(
      name: "CommandTests", dependencies: ["RiskCommands", "CommandLineKit", "TestSupport"],
      exclude: ["Snapshots"], swiftSettings: house),
    tests(of: "OptionPricing", also: ["MarketModel", "RiskNumerics"]),
    tests(of: "PortfolioValuation", also: ["OptionPricing", "MarketModel", "RiskNumerics"]),
    tests(of: "TailRisk", also: ["PortfolioValuation", "OptionPricing", "MarketModel", "RiskNumerics"]),
    tests(of: "RiskNumerics"),
    tests(of: "RiskPages", also: ["StructuredText"]),
    tests(of: "Plimsoll", also: ["BookSources", "RiskNumerics"]),
    tests(of: "MarginModels", also: ["PortfolioValuation", "OptionPricing", "RiskNumerics", "MarketModel"]),
    tests(
      of: "RiskDocuments",
      also: [
        "RiskSchemas", "StructuredText", "TailRisk", "MarginModels", "PortfolioValuation", "OptionPricing",
        "RiskNumerics", "MarketModel",
      ]),
  ],
  swiftLanguageModes: [.v6]
)
