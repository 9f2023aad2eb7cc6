import Foundation
import SystemFiles
import Testing

/// A folder of its own for each test, removed at its end.
private func inFolder(_ body: (String) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "/plimsoll-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}

private func names(in path: String) throws -> [String] { try Folder.entries(of: path).map(\.name) }

@Suite("Files")
struct FileTests {
  @Test("what was published is read back, and nothing else lies in the folder")
  func roundTrip() throws {
    try inFolder { folder in
      let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      var file = try AtomicFile("report.json", in: folder)
      for start in stride(from: 0, to: bytes.count, by: 400_000) {
        try file.append(Array(bytes[start..<min(start + 400_000, bytes.count)]))
      }
      #expect(try names(in: folder) == [".report.json.tmp"])
      try file.commit()
      #expect(try names(in: folder) == ["report.json"])
      #expect(try FileReader.bytes(of: folder + "/report.json") == bytes)
    }
  }

  @Test("a file that is not committed leaves the old one and no litter")
  func abandoned() throws {
    try inFolder { folder in
      try AtomicFile.write([1], to: "a", in: folder)
      do {
        var file = try AtomicFile("a", in: folder)
        try file.append([2, 3])
      }
      #expect(try FileReader.bytes(of: folder + "/a") == [1])
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test("what a killed run left behind is overwritten")
  func remains() throws {
    try inFolder { folder in
      try AtomicFile.write(Array("remains of another run".utf8), to: ".a.tmp", in: folder)
      try AtomicFile.write([9], to: "a", in: folder)
      #expect(try FileReader.bytes(of: folder + "/a") == [9])
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test("a link in place of the temporary file is not followed")
  func link() throws {
    try inFolder { folder in
      try AtomicFile.write([1], to: "victim", in: folder)
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/.a.tmp", withDestinationPath: folder + "/victim")
      #expect(throws: FileError.self) { try AtomicFile.write([2], to: "a", in: folder) }
      #expect(try FileReader.bytes(of: folder + "/victim") == [1])
    }
  }

  @Test("only regular files are read, and a pipe without a writer does not hang")
  func kinds() throws {
    try inFolder { folder in
      #expect(throws: FileError.notRegular(path: folder, kind: "folder")) { try FileReader.bytes(of: folder) }
      #expect(throws: FileError.notRegular(path: "/dev/null", kind: "device")) {
        try FileReader.bytes(of: "/dev/null")
      }
      _ = unsafe mkfifo(folder + "/pipe", 0o600)
      #expect(throws: FileError.notRegular(path: folder + "/pipe", kind: "pipe")) {
        try FileReader.bytes(of: folder + "/pipe")
      }
      #expect(throws: FileError.notFound(path: folder + "/x")) { try FileReader.bytes(of: folder + "/x") }
      #expect(throws: FileError.notFound(path: "a\0b")) { try FileReader.bytes(of: "a\0b") }
      try AtomicFile.write([1, 2, 3], to: "a", in: folder)
      #expect(throws: FileError.tooLarge(path: folder + "/a", limit: 2)) {
        try FileReader.bytes(of: folder + "/a", limit: 2)
      }
    }
  }

  @Test("the names of a folder come in byte order with the folders marked")
  func listing() throws {
    try inFolder { folder in
      try Folder.make(folder + "/b/c")
      try Folder.make(folder + "/b")
      for name in ["z", "a", "B"] { try AtomicFile.write([], to: name, in: folder) }
      #expect(try names(in: folder) == ["B", "a", "b", "z"])
      #expect(try Folder.entries(of: folder).filter(\.isFolder).map(\.name) == ["b"])
      #expect(throws: FileError.self) { try Folder.make(folder + "/a/d") }
    }
  }

  @Test("a folder has one writer at a time, and the lock leaves nothing behind")
  func lock() throws {
    try inFolder { folder in
      do {
        let lock = try FolderLock(folder)
        #expect(throws: FileError.busy(path: folder)) { _ = try FolderLock(folder) }
        lock.hold()
      }
      #expect(try names(in: folder).isEmpty)
      _ = try FolderLock(folder)
    }
  }

  @Test("writing where one may not says why")
  func refusals() throws {
    #expect(throws: FileError.self) { try AtomicFile.write([], to: "a", in: "/proc") }
    #expect(throws: FileError.notFound(path: "/nowhere")) {
      try AtomicFile.write([], to: "a", in: "/nowhere")
    }
    #expect(
      FileError.failed(call: "write", path: "a", code: 28, text: "no space left on device").sentence
        == "a: cannot write: no space left on device")
  }

  @Test("the process may run on at least one processor, and time goes on")
  func surroundings() {
    #expect(Surroundings.processorCount >= 1)
    #expect(Surroundings.processorCount <= 8192)
    let before = Surroundings.monotonicSeconds
    #expect(Surroundings.monotonicSeconds >= before)
    #expect(Surroundings.variable("PLIMSOLL_SURELY_NOT_SET") == nil)
    #expect(Surroundings.variable("PATH") != nil)
  }
}
