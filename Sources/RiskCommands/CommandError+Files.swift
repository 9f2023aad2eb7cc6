import CommandLineKit
import StructuredText
import SystemFiles

extension CommandError {
  /// A file that could not be read: nothing there is 66, anything else about it is bad data.
  init(reading error: FileError) {
    switch error {
    case .notFound: self = .stop(status: ExitStatus.noInput, message: error.sentence)
    case .failed(_, _, _, _): self = .stop(status: ExitStatus.noInput, message: error.sentence)
    case .notRegular, .changed, .tooLarge, .busy, .exists:
      self = .stop(status: ExitStatus.badData, message: error.sentence)
    }
  }

  /// A file or folder that could not be written.
  init(writing error: FileError) {
    if case .busy = error {
      self = .stop(status: ExitStatus.inUse, message: error.sentence)
    } else {
      self = .stop(status: ExitStatus.cannotWrite, message: error.sentence)
    }
  }

  /// A text that could not be read: one sentence with file, place, what was found and expected.
  init(_ error: TextError, file: String) {
    let path = error.path.isEmpty ? "" : " (\(error.path))"
    self = .stop(
      status: ExitStatus.badData,
      message: "\(file):\(error.line):\(error.column)\(path): \(error.message)")
  }

  /// Bad data in one sentence.
  static func badData(_ message: String) -> CommandError {
    .stop(status: ExitStatus.badData, message: message)
  }

  /// Does something with files, turning what fails into the status of output that cannot be written.
  static func writing<Result: ~Copyable>(
    _ body: () throws(FileError) -> Result
  ) throws(CommandError) -> Result {
    do throws(FileError) { return try body() } catch { throw CommandError(writing: error) }
  }
}
