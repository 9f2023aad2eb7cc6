import Testing

/// The house stands only while every import runs downwards; SwiftPM alone does not see to it, because a
/// module that is reachable through a dependency can be imported without being named.
@Suite struct FloorTests {
  static let manifest = Manifest(SourceTree.file("Package.swift").bytes)

  @Test func `every target of the manifest has a floor and sources`() {
    let targets = Self.manifest.targets.map(\.name).filter { $0 != "TestSupport" }
    #expect(targets.count >= 17)
    for target in targets {
      #expect(Floors.floor(of: target) != nil, "\(target) has no floor")
      let files = SourceTree.files(under: ["Sources/\(target)"], endings: ["swift", "c", "cpp", "modulemap"])
      #expect(files.contains { !$0.bytes.isEmpty }, "\(target) has no sources")
    }
  }

  @Test func `every folder of sources is a target`() {
    // The Python door lives beside the targets and is not built by SwiftPM.
    let folders = SourceTree.sourceFolders().filter { $0 != "Python" }
    let targets = Self.manifest.targets.map(\.name)
    #expect(folders.filter { !targets.contains($0) } == [])
    #expect(Floors.height.map(\.target).filter { !folders.contains($0) } == [])
  }

  @Test func `the manifest's dependencies run downwards`() {
    for target in Self.manifest.targets {
      guard let own = Floors.floor(of: target.name) else { continue }
      for dependency in target.dependencies {
        guard let below = Floors.floor(of: dependency) else { continue }
        #expect(below < own, "\(target.name) depends on \(dependency)")
      }
    }
  }

  @Test func `imports run downwards, to dependencies that the manifest names`() {
    let sources = SourceTree.swiftSources
    #expect(sources.count > 20)
    for file in sources {
      let dependencies = Self.manifest.targets.first { $0.name == file.target }?.dependencies ?? []
      let complaints = Floors.complaints(about: file, dependencies: dependencies)
      #expect(complaints == [], "\(complaints.joined(separator: "\n"))")
    }
  }

  @Test(
    arguments: [
      "import TailRisk", "public import Plimsoll", "@_exported import RiskDocuments",
      "package import struct TailRisk.ValueAtRisk", "import Foundation", "import Glibc",
      "let a = 1; import Plimsoll", "import MarginModels  // a neighbour",
    ])
  func `an import that climbs is seen`(line: String) {
    let file = SourceFile(path: "Sources/MarginModels/Planted.swift", bytes: Array(line.utf8))
    #expect(Floors.complaints(about: file, dependencies: ["TailRisk"]) != [])
  }

  @Test func `an import that skips the manifest is seen, one that it names is not`() {
    let file = SourceFile(path: "Sources/TailRisk/Planted.swift", bytes: Array("import MarketModel".utf8))
    #expect(Floors.complaints(about: file, dependencies: []).count == 1)
    #expect(Floors.complaints(about: file, dependencies: ["MarketModel"]) == [])
  }

  @Test func `a comment or a string is no import`() {
    let text = """
      // import Plimsoll
      /* import Plimsoll /* import A */ import B */ let a = "import Plimsoll"
      """
    #expect(Imports.of(Array(text.utf8)).isEmpty)
  }

  @Test func `the manifest is read as it is written`() {
    let text = """
      func floor(_ name: String) -> Target { .target(name: name) }
        targets: [
          .target(name: "A", dependencies: ["B"], path: "Tests/A"),
          floor("C"),
          // floor("D"),
          floor("E", on: ["A", .target(name: "C")], resources: [.copy("X")]),
      """
    let expected = [
      Manifest.Target(name: "A", dependencies: ["B"]), Manifest.Target(name: "C", dependencies: []),
      Manifest.Target(name: "E", dependencies: ["A", "C"]),
    ]
    #expect(Manifest(Array(text.utf8)).targets == expected)
  }
}
