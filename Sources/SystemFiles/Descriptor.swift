internal import Glibc

/// An open file that closes itself.
struct Descriptor: ~Copyable {
  private(set) var number: Int32

  /// Opens a path relative to the working folder.
  init(path: String, flags: Int32, mode: mode_t = 0) throws(FileError) {
    // C ends a path at its first zero byte: what is opened must be what was named.
    guard !path.utf8.contains(0) else { throw .notFound(path: path) }
    var opened: Int32
    repeat { opened = unsafe Glibc.open(path, flags | O_CLOEXEC, mode) } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw .last("open", path) }
    number = opened
  }

  /// Opens a name inside an open folder.
  init(
    name: String, in folder: borrowing Descriptor, path: String, flags: Int32, mode: mode_t
  ) throws(FileError) {
    var opened: Int32
    repeat {
      opened = unsafe openat(folder.number, name, flags | O_CLOEXEC, mode)
    } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw .last("open", path) }
    number = opened
  }

  /// What the file is, how large, and when it changed.
  func status(_ path: String) throws(FileError) -> stat {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw .last("read", path) }
    return status
  }

  /// Writes every byte: short writes go on, interrupted ones start again.
  func write(_ bytes: borrowing [UInt8], path: String) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(number, buffer.baseAddress?.advanced(by: done), buffer.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .last("write", path)
      }
      done += count
    }
  }

  /// Closes and tells whether the system took everything; a failed close is not tried again.
  mutating func close(path: String) throws(FileError) {
    guard number >= 0 else { return }
    let open = number
    number = -1
    guard Glibc.close(open) == 0 || errno == EINTR else { throw .last("close", path) }
  }

  deinit {
    if number >= 0 { _ = Glibc.close(number) }
  }
}

extension stat {
  var kind: mode_t { st_mode & S_IFMT }
  var isRegular: Bool { kind == S_IFREG }
  var isFolder: Bool { kind == S_IFDIR }

  /// The word for people.
  var kindName: String {
    switch kind {
    case S_IFDIR: "folder"
    case S_IFIFO: "pipe"
    case S_IFCHR, S_IFBLK: "device"
    case S_IFSOCK: "socket"
    default: "special file"
    }
  }
}
