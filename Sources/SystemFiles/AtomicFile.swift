internal import Glibc

/// A file that appears whole or not at all.
///
/// Bytes go to `.NAME.tmp` beside it; `commit` makes them durable, renames the file into place and makes the
/// rename durable. Until then a reader sees the old file. The temporary name is fixed, so that what a killed
/// run left behind is overwritten by the next; `FolderLock` keeps two runs apart. A failed fsync is never tried
/// again: the system may already have dropped the pages.
///
/// A value that goes away without `commit` removes its temporary file.
public struct AtomicFile: ~Copyable {
  private let folder: Descriptor
  private var file: Descriptor
  private let name: String
  private let path: String
  private var buffer: [UInt8] = []
  private var isPending = true
  private static let chunk = 1 << 20

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - name: without a slash.
  ///   - folder: path of the folder, which must exist.
  /// - Throws: `FileError` where the folder cannot be written to.
  public init(_ name: String, in folder: String) throws(FileError) {
    let path = folder + "/" + name
    guard !name.isEmpty, !name.utf8.contains(0x2F), !name.utf8.contains(0) else {
      throw .notFound(path: path)
    }
    // Locals first: a value with a deinit is made in one step or not at all.
    let parent = try Descriptor(path: folder, flags: O_RDONLY | O_DIRECTORY)
    let temporary = try Descriptor(
      name: ".\(name).tmp", in: parent, path: path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
      mode: 0o666)
    self.path = path
    self.name = name
    self.folder = parent
    file = temporary
  }

  /// Adds bytes; they may stay in memory until enough have come together.
  public mutating func append(_ bytes: [UInt8]) throws(FileError) {
    if buffer.isEmpty, bytes.count >= Self.chunk { return try file.write(bytes, path: path) }
    buffer += bytes
    guard buffer.count >= Self.chunk else { return }
    try flush()
  }

  /// Puts the file into its place.
  ///
  /// - Throws: `FileError` where any step fails; the old file, if there was one, is then still there.
  public mutating func commit() throws(FileError) {
    try flush()
    try Self.retry("write", path) { fsync(file.number) }
    try file.close(path: path)
    try Self.retry("rename", path) {
      unsafe renameat(folder.number, ".\(name).tmp", folder.number, name)
    }
    isPending = false
    try Self.retry("write", path) { fsync(folder.number) }
  }

  private mutating func flush() throws(FileError) {
    try file.write(buffer, path: path)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Only an interruption is tried again.
  private static func retry(_ call: String, _ path: String, _ body: () -> Int32) throws(FileError) {
    while body() != 0 {
      guard errno == EINTR else { throw .last(call, path) }
    }
  }

  deinit {
    if isPending { unsafe _ = unlinkat(folder.number, ".\(name).tmp", 0) }
  }

  /// Removes a file; one that is not there is well.
  public static func remove(_ name: String, in folder: String) throws(FileError) {
    let parent = try Descriptor(path: folder, flags: O_RDONLY | O_DIRECTORY)
    guard unsafe unlinkat(parent.number, name, 0) != 0 else {
      return try retry("remove", folder) { fsync(parent.number) }
    }
    if errno != ENOENT { throw .last("remove", folder + "/" + name) }
  }

  /// Publishes a whole file at once.
  public static func write(_ bytes: [UInt8], to name: String, in folder: String) throws(FileError) {
    var file = try AtomicFile(name, in: folder)
    try file.append(bytes)
    try file.commit()
  }
}
