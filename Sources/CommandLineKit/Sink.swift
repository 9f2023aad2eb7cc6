/// Why bytes could not be written.
public struct SinkError: Error, Equatable, Sendable {
  /// One sentence; empty where the reader went away and nothing should be said.
  public let message: String

  /// An error from its sentence.
  public init(message: String) { self.message = message }
}

/// Where bytes go: a stream of the process, or memory in a test.
///
/// It is an argument everywhere, so that a command can be tested without a process.
public struct Sink {
  /// Whether a person is looking.
  public let isTerminal: Bool
  private let body: ([UInt8]) throws(SinkError) -> Void

  /// A sink from what takes its bytes; every byte is written or the closure throws.
  public init(isTerminal: Bool = false, write: @escaping ([UInt8]) throws(SinkError) -> Void) {
    self.isTerminal = isTerminal
    body = write
  }

  /// Writes bytes.
  ///
  /// - Throws: `CommandError.stop` with status 74: output that was cut is never success.
  public func write(_ bytes: [UInt8]) throws(CommandError) {
    do {
      try body(bytes)
    } catch {
      throw .stop(status: ExitStatus.cannotWrite, message: error.message)
    }
  }

  /// Writes a line of text.
  public func line(_ text: String) throws(CommandError) { try write(Array((text + "\n").utf8)) }

  /// Writes a line for people; nobody reading it is no reason to stop.
  public func note(_ text: String) {
    do { try body(Array((text + "\n").utf8)) } catch { return }
  }
}

/// The statuses this module itself ends with.
public enum ExitStatus {
  public static let success: Int32 = 0
  public static let usage: Int32 = 64
  public static let cannotWrite: Int32 = 74
}
