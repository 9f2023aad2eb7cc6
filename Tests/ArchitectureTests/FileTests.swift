import Testing

/// Files stay short enough to read, and speak of no particular machine.
@Suite struct FileTests {
  /// No file is longer, in lines.
  static let longest = 500

  /// Folders that exist on one machine and not on the next.
  static let machineFolders = ["work", "root", "home", "Users", "farm", "mnt"]

  static func lineCount(_ bytes: [UInt8]) -> Int {
    bytes.count { $0 == 0x0A }
  }

  /// Whether a program wrote the file, as its first line then says: tables of numbers, which nobody reads.
  static func isGenerated(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self).hasSuffix("; do not edit.")
  }

  /// Lines that name an absolute path below a folder of one machine.
  static func machinePaths(in file: SourceFile) -> [String] {
    let lines = file.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return lines.enumerated().filter { names(machinePathIn: Array($0.element)) }
      .map { "\(file.path):\($0.offset + 1)" }
  }

  private static func names(machinePathIn line: [UInt8]) -> Bool {
    line.indices.contains { index in
      guard line[index] == 0x2F else { return false }
      // Part of a longer path or an address: a/work/b, https://work.
      let before = index > 0 ? line[index - 1] : 0x20
      if SwiftCode.isWord(before) || [0x2E, 0x2F, 0x29, 0x7D].contains(before) { return false }
      let rest = line[(index + 1)...]
      guard let folder = machineFolders.first(where: { rest.starts(with: ($0 + "/").utf8) })
      else { return false }
      return rest.dropFirst(folder.utf8.count + 1).first.map(SwiftCode.isWord) ?? false
    }
  }

  @Test func `no file is longer than a reader's patience`() {
    let files = SourceTree.files(
      under: ["Sources", "Tests", "Benchmarks"], endings: ["swift", "c", "cpp", "h", "inc", "py"])
    #expect(files.count > 20)
    for file in files where !Self.isGenerated(file.bytes) {
      #expect(Self.lineCount(file.bytes) <= Self.longest, "\(file.path): \(Self.lineCount(file.bytes)) lines")
    }
    #expect(Self.lineCount(Array(repeating: 0x0A, count: 501)) > Self.longest)
  }

  @Test func `no file names a machine's folders`() {
    let files =
      SourceTree.files(
        under: ["Sources", "Tests", "Benchmarks", "notebooks-data"],
        endings: ["swift", "c", "cpp", "h", "inc", "py", "md", "json", "csv", "ipynb"])
    let others = [
      "Package.swift", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run", ".ci/packages",
    ].map(SourceTree.file)
    for file in files + others {
      #expect(Self.machinePaths(in: file) == [])
    }
  }

  @Test(arguments: machineFolders)
  func `a planted path is seen`(folder: String) {
    // Put together here, so that this file holds none.
    let planted = ["\"", "(", "=", " "].map { $0 + "/" + folder + "/somewhere" }
    for line in planted {
      #expect(Self.machinePaths(in: SourceFile(path: "a", bytes: Array(line.utf8))) == ["a:1"])
    }
    let innocent = ["Sources/" + folder + "/x", "https://" + folder + "/x", "../" + folder + "/x"]
    for line in innocent {
      #expect(Self.machinePaths(in: SourceFile(path: "a", bytes: Array(line.utf8))) == [])
    }
  }
}
