internal import Glibc

/// The three streams a process is born with.
public enum StandardStreams {
  /// Fills the places of closed streams, so that no file of ours becomes "standard output".
  ///
  /// The stand-ins refuse: a report written to a closed stream must be an error, not a success.
  public static func reserve() {
    for number: Int32 in 0...2 where fcntl(number, F_GETFD) == -1 {
      unsafe _ = open("/dev/null", number == 0 ? O_WRONLY : O_RDONLY)
    }
  }

  /// Whether a stream is a terminal.
  public static func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

  /// Writes every byte to standard output (1) or standard error (2).
  ///
  /// - Throws: `FileError.failed` with the system's error number; `isBrokenPipe` tells a reader who left.
  public static func write(_ bytes: [UInt8], to number: Int32) throws(FileError) {
    let path = number == 1 ? "standard output" : "standard error"
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
}

extension FileError {
  /// Whether the reader of a pipe went away.
  public var isBrokenPipe: Bool {
    if case .failed(_, _, let code, _) = self { code == EPIPE } else { false }
  }
}
