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
  ///
  /// - Returns: the folders that were not there before, those further up first.
  /// - Throws: `FileError` where one cannot be made; those made before it are gone again.
  @discardableResult
  public static func make(_ path: String) throws(FileError) -> [String] {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .notFound(path: path) }
    var new: [String] = []
    var made = path.utf8.first == 0x2F ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if unsafe mkdir(made, 0o777) != 0 {
        let code = errno
        var status = stat()
        if unsafe stat(made, &status) == 0, status.isFolder { continue }
        removeEmpty(new)
        errno = code == EEXIST ? ENOTDIR : code
        throw .last("make", made)
      }
      new.append(made)
    }
    return new
  }

  /// Removes folders, the last first, as far as nothing is in them.
  static func removeEmpty(_ folders: [String]) {
    for folder in folders.reversed() {
      guard unsafe rmdir(folder) == 0 else { return }
    }
  }

  /// Whether a folder holds a file of that name.
  public static func holds(_ name: String, in path: String) -> Bool {
    guard !path.utf8.contains(0), !name.utf8.contains(0) else { return false }
    var status = stat()
    return unsafe stat(path + "/" + name, &status) == 0
  }

  /// Bytes of the files in a folder, hidden ones left out, or of one file; 0 where there is nothing to read.
  public static func byteCount(of path: String) -> Int {
    func size(_ path: String) -> Int {
      var status = stat()
      guard !path.utf8.contains(0), unsafe stat(path, &status) == 0, status.isRegular else { return 0 }
      return Int(status.st_size)
    }
    guard let entries = try? entries(of: path) else { return size(path) }
    return entries.reduce(0) { sum, entry in
      entry.isFolder || entry.name.hasPrefix(".") ? sum : sum + size(path + "/" + entry.name)
    }
  }
}
