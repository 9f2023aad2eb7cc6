/// The floors of the house: a target imports lower floors only, and neighbours do not know each other.
enum Floors {
  /// Every target of the package by its floor, ground first.
  static let height: [(target: String, floor: Int)] = [
    ("CLapackSystem", 0), ("CSchemas", 0), ("CKernels", 1), ("CLapackShim", 1), ("CClpShim", 1),
    ("CSQLiteShim", 1),
    ("StructuredText", 1), ("CommandLineKit", 1), ("SystemFiles", 1), ("RiskSchemas", 1),
    ("RiskNumerics", 2), ("MarketModel", 2),
    ("OptionPricing", 3),
    ("PortfolioValuation", 4),
    ("TailRisk", 5), ("MarginModels", 5),
    ("RiskDocuments", 6), ("BookSources", 6), ("RunHistory", 6),
    ("Plimsoll", 7), ("RiskPages", 7),
    ("RiskCommands", 8),
    ("PlimsollMain", 9),
  ]

  /// Floors that may say `unsafe`: where C, files and the process begin.
  static let mayBeUnsafe = ["RiskNumerics", "SystemFiles", "RunHistory", "PlimsollMain", "PlimsollC"]

  /// Modules of the toolchain that a floor may import.
  static let toolchainModules: [(target: String, modules: [String])] = [
    ("RiskNumerics", ["Glibc", "Synchronization"]),
    ("SystemFiles", ["Glibc", "Synchronization"]),
  ]

  static func floor(of target: String) -> Int? {
    height.first { $0.target == target }?.floor
  }

  /// What is wrong with the imports of one file, given what the manifest lets its target see.
  static func complaints(about file: SourceFile, dependencies: [String]) -> [String] {
    var complaints: [String] = []
    guard let own = floor(of: file.target) else { return ["\(file.path): \(file.target) has no floor"] }
    for (line, module) in Imports.of(file.bytes) {
      let place = "\(file.path):\(line)"
      if let below = floor(of: module) {
        if below >= own { complaints.append("\(place): \(module) is not below \(file.target)") }
        if !dependencies.contains(module) {
          complaints.append("\(place): \(module) is no dependency of \(file.target) in Package.swift")
        }
      } else {
        let allowed = toolchainModules.first { $0.target == file.target }?.modules ?? []
        if !allowed.contains(module) { complaints.append("\(place): \(module) is not for \(file.target)") }
      }
    }
    return complaints
  }
}

/// The imports of a Swift source.
enum Imports {
  /// Kinds that may stand between `import` and the module's name.
  private static let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]

  /// Every imported module with its line, whatever access level or attribute stands before the word.
  static func of(_ source: [UInt8]) -> [(line: Int, module: String)] {
    var found: [(line: Int, module: String)] = []
    for line in SwiftCode(source).lines {
      // Statements may share a line.
      for statement in line.bytes.split(separator: 0x3B) {
        let words = SwiftCode.Line(number: line.number, bytes: Array(statement)).words
        guard let place = words.firstIndex(of: "import") else { continue }
        let rest = words[(place + 1)...].drop { kinds.contains($0) }
        if let module = rest.first { found.append((line.number, module)) }
      }
    }
    return found
  }
}
