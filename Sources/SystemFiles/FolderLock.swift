internal import Glibc

/// The right to write into a folder, held by one run at a time; given back when the value goes away.
///
/// The lock is the system's, on `.plimsoll.lock` inside the folder, so a killed run holds it no longer. The
/// file is removed on release. A run that opened the file before it was removed would lock a name nobody else
/// sees: so a lock counts only when the name still leads to the file that was locked.
public struct FolderLock: ~Copyable {
  private static let name = ".plimsoll.lock"
  private let folder: Descriptor
  private let file: Descriptor
  /// Folders that were made for the lock, those further up first.
  private var made: [String] = []

  /// Takes the lock without waiting.
  ///
  /// - Parameter path: of the folder, which must exist.
  /// - Throws: `FileError.busy` where another run holds it.
  public init(_ path: String) throws(FileError) {
    let folder = try Descriptor(path: path, flags: O_RDONLY | O_DIRECTORY)
    while true {
      let file = try Descriptor(
        name: Self.name, in: folder, path: path + "/" + Self.name, flags: O_RDWR | O_CREAT | O_NOFOLLOW,
        mode: 0o666)
      guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
        if errno == EINTR { continue }
        throw errno == EWOULDBLOCK ? .busy(path: path) : .last("lock", path)
      }
      let held = try file.status(path)
      var named = stat()
      let isNamed = unsafe fstatat(folder.number, Self.name, &named, AT_SYMLINK_NOFOLLOW) == 0
      guard isNamed, named.st_ino == held.st_ino, named.st_dev == held.st_dev else { continue }
      self.file = file
      self.folder = folder
      return
    }
  }

  /// Makes the folder, and those above it, where they are not there, and takes the lock.
  ///
  /// A folder that was made and is still empty when the lock is given back is removed: a run that comes to
  /// nothing leaves nothing.
  ///
  /// - Throws: `FileError.busy` where another run holds the lock.
  public init(making path: String) throws(FileError) {
    let made = try Folder.make(path)
    do throws(FileError) {
      try self.init(path)
    } catch {
      Folder.removeEmpty(made)
      throw error
    }
    self.made = made
  }

  /// Keeps the lock up to here: a value may go away after its last use.
  public func hold() {}

  deinit {
    unsafe _ = unlinkat(folder.number, Self.name, 0)
    _ = flock(file.number, LOCK_UN)
    Folder.removeEmpty(made)
  }
}
