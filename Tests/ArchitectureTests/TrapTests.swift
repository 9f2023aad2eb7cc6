import Testing

/// No input may trap, so the words that trap are not spoken in `Sources`, and `unsafe` is spoken only
/// where C, files and the process begin.
@Suite struct TrapTests {
  /// Words that end the process, whatever the argument.
  static let traps = [
    "fatalError", "precondition", "preconditionFailure", "assertionFailure", "unsafelyUnwrapped", "unowned",
  ]

  static func complaints(about file: SourceFile) -> [String] {
    var complaints: [String] = []
    for line in SwiftCode(file.bytes).lines {
      let place = "\(file.path):\(line.number)"
      for word in line.words where traps.contains(word) { complaints.append("\(place): \(word)") }
      if !SwiftCode.forcedPlaces(in: line.bytes).isEmpty { complaints.append("\(place): forced by !") }
      let isUnsafe = line.words.contains("unsafe") || line.words.contains("unchecked")
      if isUnsafe, !Floors.mayBeUnsafe.contains(file.target) { complaints.append("\(place): unsafe") }
    }
    return complaints
  }

  @Test func `no source traps, and unsafe stays on its floors`() {
    for file in SourceTree.swiftSources {
      let complaints = Self.complaints(about: file)
      #expect(complaints == [], "\(complaints.joined(separator: "\n"))")
    }
  }

  @Test(
    arguments: [
      "let a = try! f()", "let b = c as! Int", "fatalError()", "precondition(x > 0)", "let d = e!",
      "f(g!)", "h[0]!.i", "var j: Int!", "k()!", "\"\\(l!)\"", "preconditionFailure(\"m\")",
      "let n = unsafe o", "extension P: @unchecked Sendable {}", "nonisolated(unsafe) var q = 0",
    ])
  func `a planted trap is seen`(line: String) {
    let file = SourceFile(path: "Sources/TailRisk/Planted.swift", bytes: Array(line.utf8))
    #expect(Self.complaints(about: file).count == 1)
  }

  @Test(
    arguments: [
      "// let a = try! f()", "let b = \"c!\"", "if !d { }", "e != f", "guard !(g) else { }", "#\"h!\"#",
      "#if !os(Linux)", "\"\"\"\n i! fatalError()\n\"\"\"", "\"\\\"j!\"", "/* unsafe */ let k = 1",
    ])
  func `what only looks like a trap is not`(line: String) {
    let file = SourceFile(path: "Sources/TailRisk/Planted.swift", bytes: Array(line.utf8))
    #expect(Self.complaints(about: file) == [])
  }

  @Test func `unsafe may be said where C begins`() {
    let file = SourceFile(path: "Sources/RiskNumerics/Planted.swift", bytes: Array("let a = unsafe b".utf8))
    #expect(Self.complaints(about: file) == [])
  }
}
