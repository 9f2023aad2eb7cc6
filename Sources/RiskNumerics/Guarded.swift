internal import Synchronization

/// A value that threads of a team change in place, one at a time.
///
/// What several threads write in turn is the same for any number of them only where each has its own part, or the
/// order does not matter; that is for the caller to see to.
public final class Guarded<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  /// A guarded value from its first state.
  public init(_ value: Value) { mutex = Mutex(value) }

  /// Runs a body on the value while no other thread does.
  public func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    mutex.withLock { body(&$0) }
  }
}
