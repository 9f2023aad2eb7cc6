import CommandLineKit
import RiskDocuments
import SystemFiles

/// Writing a book, under the lock of its folder, which is made where it is not there.
///
/// What a user filled in is worth more than what a command makes: members that are there are not overwritten.
enum BookFolder {
  typealias File = (name: String, bytes: [UInt8])

  /// Writes a whole book into a folder that holds none, or the same one.
  ///
  /// - Throws: status 74 where a member is there with other bytes; nothing is written then.
  static func create(_ files: [File], in folder: String) throws(CommandError) {
    try CommandError.writing { () throws(FileError) in
      let lock = try FolderLock(making: folder)
      for name in BookSource.fileNames where Folder.holds(name, in: folder) {
        guard let file = files.first(where: { $0.name == name }),
          try FileReader.bytes(of: folder + "/" + name) == file.bytes
        else {
          throw .exists(path: folder + "/" + name)
        }
      }
      for file in files { try AtomicFile.write(file.bytes, to: file.name, in: folder) }
      lock.hold()
    }
  }

  /// Writes the market of a book, and those other members that the folder has in no form.
  ///
  /// - Returns: the names of members that were kept, in byte order.
  static func update(_ files: [File], in folder: String) throws(CommandError) -> [String] {
    try CommandError.writing { () throws(FileError) in
      let lock = try FolderLock(making: folder)
      var kept: Set<String> = []
      for file in files {
        let stem = file.name.prefix { $0 != "." }
        let there = BookSource.fileNames.filter {
          $0.prefix { $0 != "." } == stem && Folder.holds($0, in: folder)
        }
        if stem == "market" || there.isEmpty {
          try AtomicFile.write(file.bytes, to: file.name, in: folder)
        } else {
          kept.formUnion(there)
        }
      }
      lock.hold()
      return kept.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
  }
}
