internal import Glibc

/// Reads whole files by read(2): a mapped file that is shortened would kill the process.
public enum FileReader {
  /// The largest file that is read, in bytes.
  public static let standardLimit = 8 << 30

  /// The bytes of a regular file (links are followed).
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - limit: bytes above which the file is refused before anything is allocated.
  /// - Throws: `FileError`: not there, a folder, pipe or device (opened without waiting, so that a pipe
  ///   without a writer does not hang), too large, unreadable, or changed between the first byte and the last.
  public static func bytes(of path: String, limit: Int = standardLimit) throws(FileError) -> [UInt8] {
    let file = try Descriptor(path: path, flags: O_RDONLY | O_NONBLOCK)
    let before = try file.status(path)
    guard before.isRegular else { throw .notRegular(path: path, kind: before.kindName) }
    let size = Int(before.st_size)
    guard size <= limit else { throw .tooLarge(path: path, limit: limit) }
    // One byte more than the size: a file that grew shows itself.
    var bytes = [UInt8](repeating: 0, count: size + 1)
    var filled = 0
    while filled < bytes.count {
      let count = try read(file.number, into: &bytes, from: filled, path)
      if count == 0 { break }
      filled += count
    }
    let after = try file.status(path)
    guard filled == size, after.st_size == before.st_size,
      after.st_mtim.tv_sec == before.st_mtim.tv_sec, after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    else { throw .changed(path: path) }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }

  /// Everything on standard input.
  ///
  /// - Throws: `FileError.tooLarge` beyond the limit, `.failed` where the stream is closed or broken.
  public static func standardInput(limit: Int = standardLimit) throws(FileError) -> [UInt8] {
    let path = "standard input"
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try read(0, into: &chunk, from: 0, path)
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw .tooLarge(path: path, limit: limit) }
      bytes += chunk[..<count]
    }
  }

  private static func read(
    _ descriptor: Int32, into bytes: inout [UInt8], from start: Int, _ path: String
  ) throws(FileError) -> Int {
    while true {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
      }
      if count >= 0 { return count }
      // A signal that asks the process to stop must also end a wait for input.
      if errno != EINTR || SignalFlags.stopSignal != nil { throw .last("read", path) }
    }
  }
}
