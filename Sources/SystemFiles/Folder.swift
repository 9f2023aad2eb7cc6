internal import Glibc

/// One name in a folder.
public struct FolderEntry: Hashable, Sendable {
  public let name: String
  public let isFolder: Bool
}

/// Folders: what they hold, and making them.
public enum Folder {
  /// Whether a path is a folder, following links.
  ///
  /// - Throws: `FileError.notFound` where there is nothing.
  public static func isFolder(_ path: String) throws(FileError) -> Bool {
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last("read", path) }
    return status.isFolder
  }

  /// The names in a folder, `.` and `..` left out, in byte order whatever order the system keeps them in.
  public static func entries(of path: String) throws(FileError) -> [FolderEntry] {
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    guard let stream = unsafe opendir(path) else { throw .last("list", path) }
    defer { unsafe _ = closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno != 0 { throw .last("list", path) }
        break
      }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    names.sort { $0.lexicographicallyPrecedes($1) }
    var entries: [FolderEntry] = []
    for name in names {
      let text = String(decoding: name, as: UTF8.self)
      var status = stat()
      let known = unsafe stat(path + "/" + text, &status) == 0
      entries.append(FolderEntry(name: text, isFolder: known && status.isFolder))
    }
    return entries
  }

  /// Makes a folder and those above it; one that is there already is well.
  public static func make(_ path: String) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
    var made = path.utf8.first == 0x2F ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if unsafe mkdir(made, 0o777) != 0 {
        let code = errno
        var status = stat()
        if unsafe stat(made, &status) == 0, status.isFolder { continue }
        errno = code == EEXIST ? ENOTDIR : code
        throw .last("make", made)
      }
    }
  }
}
