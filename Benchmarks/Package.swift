// swift-tools-version: 6.2
import PackageDescription

// The name is given so that the reference does not depend on the folder the checkout lies in.
let package = Package(
  name: "plimsoll-benchmarks",
  dependencies: [.package(name: "plimsoll", path: "..")],
  targets: [
    .executableTarget(
      name: "risk-bench",
      dependencies: [
        .product(name: "Plimsoll", package: "plimsoll"),
        .product(name: "RiskNumerics", package: "plimsoll"),
      ],
      swiftSettings: [
        .treatAllWarnings(as: .error),
        .strictMemorySafety(),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
