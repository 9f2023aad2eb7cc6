import CommandLineKit
import RiskDocuments
import SystemFiles

/// A book as files, not read yet.
struct BookFiles {
  let source: BookSource
  /// Of every file, in byte order of the names.
  let digests: [InputDigest]
  /// Bytes of all files together.
  var byteCount: Int { source.members.reduce(0) { $0 + $1.bytes.count } }

  init(_ source: BookSource) {
    self.source = source
    digests = source.members.map { InputDigest($0) }
  }
}

extension InputDigest {
  /// The digest of a file's bytes under its name.
  init(_ member: BookSource.Member) {
    self.init(name: member.name, sha256: SHA256.hexadecimal(member.bytes))
  }
}

/// Finds and reads the files of a book: a folder of members, or one JSON file.
///
/// Every name in the folder must be known, because a misspelt `positions.cvs` would otherwise be an empty
/// book. Hidden files, `*.md` and folders are the user's own, unless they bear the name of a member, or would be
/// the only thing of that name: `positions.md` beside no table of positions.
enum BookLoader {
  private static let tables = ["balances", "history", "instruments", "positions"]
  private static let parts = tables + ["market", "run"]

  /// Reads the files of a book.
  ///
  /// - Throws: status 66 where there is no book, 65 where its files contradict the contract.
  static func load(_ path: String) throws(CommandError) -> BookFiles {
    do throws(FileError) {
      guard try Folder.isFolder(path) else { return try single(path) }
    } catch {
      throw CommandError(reading: error)
    }
    let names = try members(of: path)
    var members: [BookSource.Member] = []
    for name in names { members.append(.init(name: name, bytes: try bytes(path + "/" + name))) }
    return BookFiles(.directory(members))
  }

  private static func single(_ path: String) throws(FileError) -> BookFiles {
    BookFiles(.document(name: name(of: path), bytes: try FileReader.bytes(of: path)))
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Reads one file beside the book.
  ///
  /// - Throws: status 66 where there is none.
  static func loadFile(_ path: String) throws(CommandError) -> BookSource.Member {
    BookSource.Member(name: name(of: path), bytes: try bytes(path))
  }

  /// The names of the members in a folder, in byte order.
  private static func members(of path: String) throws(CommandError) -> [String] {
    let entries: [FolderEntry]
    do throws(FileError) { entries = try Folder.entries(of: path) } catch {
      throw CommandError(reading: error)
    }
    for entry in entries where entry.isFolder && BookSource.fileNames.contains(entry.name) {
      throw .badData("\(path)/\(entry.name): is a folder; expected a regular file")
    }
    let names = entries.filter { !$0.isFolder }.map(\.name)
      .filter { !$0.hasPrefix(".") && !$0.hasSuffix(".md") }
    guard names.contains("market.json") else {
      let near = names.compactMap { Spelling.nearest(to: $0, among: ["market.json"]) == nil ? nil : $0 }.first
      throw .stop(
        status: ExitStatus.noInput,
        message: "\(path): found no market.json" + (near.map { "; is '\($0)' meant to be it?" } ?? ""))
    }
    for entry in entries where !entry.isFolder && entry.name.hasSuffix(".md") {
      let part = String(entry.name.dropLast(3))
      guard parts.contains(part), !names.contains(where: { $0.hasPrefix(part + ".") }) else { continue }
      let meant = BookSource.fileNames.filter { $0.hasPrefix(part + ".") }.joined(separator: " or ")
      throw .badData("\(path)/\(entry.name): not a member of a book, which has no \(part); expected \(meant)")
    }
    for name in names where !BookSource.fileNames.contains(name) {
      if name == "book.db" {
        throw .badData("\(path)/book.db: books in SQLite are not built in this version")
      }
      throw .badData(
        "\(path)/\(name): not a member of a book" + Spelling.hint(for: name, among: BookSource.fileNames)
          + " (members: \(BookSource.fileNames.joined(separator: ", ")))")
    }
    for table in tables where [".csv", ".jsonl"].allSatisfy({ names.contains(table + $0) }) {
      throw .badData("\(path): found both \(table).csv and \(table).jsonl; expected one of them")
    }
    return names
  }

  private static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
    do throws(FileError) { return try FileReader.bytes(of: path) } catch {
      throw CommandError(reading: error)
    }
  }
}
