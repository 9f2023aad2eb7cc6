internal import Glibc

/// Why a file could not be read, written or locked.
public enum FileError: Error, Equatable, Sendable {
  /// Nothing of that name.
  case notFound(path: String)
  /// A pipe, device, socket or folder where a regular file is needed.
  case notRegular(path: String, kind: String)
  /// Size or modification time moved while the file was read.
  case changed(path: String)
  /// Larger than the limit, in bytes.
  case tooLarge(path: String, limit: Int)
  /// Something is there that must not be overwritten.
  case exists(path: String)
  /// Another run holds the lock of the folder.
  case busy(path: String)
  /// The system refused: the call, and the text of its error number.
  case failed(call: String, path: String, code: Int32, text: String)

  /// One sentence for people.
  public var sentence: String {
    switch self {
    case .notFound(let path): "\(path): no such file or folder"
    case .notRegular(let path, let kind): "\(path): is a \(kind); expected a regular file"
    case .changed(let path): "\(path): changed while it was read"
    case .tooLarge(let path, let limit): "\(path): larger than the limit of \(limit) bytes"
    case .exists(let path): "\(path): is there already and differs; not overwritten"
    case .busy(let path): "\(path): another run is writing here"
    case .failed(let call, let path, _, let text): "\(path): cannot \(call): \(text)"
    }
  }

  /// The error of the call that has just failed.
  static func last(_ call: String, _ path: String) -> FileError {
    let code = errno
    if code == ENOENT { return .notFound(path: path) }
    return .failed(call: call, path: path, code: code, text: text(of: code))
  }

  /// Own words rather than the C library's: they do not change with the locale.
  private static func text(of code: Int32) -> String {
    switch code {
    case ENOSPC: "no space left on device"
    case EIO: "input/output error"
    case EACCES: "permission denied"
    case EROFS: "read-only file system"
    case EDQUOT: "disk quota exceeded"
    case EFBIG: "file too large"
    case EMFILE, ENFILE: "too many open files"
    case ELOOP: "too many levels of symbolic links"
    case ENOTDIR: "not a folder"
    case EISDIR: "is a folder"
    case EEXIST: "exists already"
    case EPIPE: "broken pipe"
    case EBADF: "closed"
    case EINTR: "interrupted"
    case ENAMETOOLONG: "name too long"
    case EINVAL: "invalid argument"
    default: "error \(code)"
    }
  }
}
