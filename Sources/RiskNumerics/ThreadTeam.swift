internal import CKernels
internal import Glibc
internal import Synchronization

/// A team of POSIX threads made for one call and joined before it returns.
///
/// Work is cut into chunks by index; threads take the next index from an atomic counter. Results go by index,
/// so the number of threads changes time, never numbers. When the system refuses threads the caller does all
/// the work itself.
public struct ThreadTeam: Sendable {
  /// Threads that work, the caller's included; at least 1.
  public let threadCount: Int

  /// A team of so many threads; below 1 counts as 1.
  public init(threadCount: Int) { self.threadCount = max(1, threadCount) }

  /// Runs body(0) … body(count − 1), each once, in any order and on any thread of the team.
  ///
  /// Each worker starts with the default floating-point environment; the caller's own is put back after.
  public func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 0 else { return }
    withoutActuallyEscaping(body) { body in
      let task = ChunkTask(count: count, body: body)
      let helpers = min(threadCount, count) - 1
      var threads: [pthread_t] = []
      for _ in 0..<helpers {
        var thread = pthread_t()
        let handle = unsafe Unmanaged.passRetained(task)
        let status = unsafe pthread_create(
          &thread, nil,
          { argument in
            if let argument = unsafe argument {
              unsafe Unmanaged<ChunkTask>.fromOpaque(argument).takeRetainedValue().run()
            }
            return nil
          }, handle.toOpaque())
        guard status == 0 else {
          unsafe handle.release()
          break
        }
        threads.append(thread)
      }
      task.run()
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  /// body(0) … body(count − 1), in that order whatever the threads.
  public func map<T: Sendable>(count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    guard count > 0 else { return [] }
    let results = Mutex<[T?]>([T?](repeating: nil, count: count))
    forEach(count: count) { index in
      let value = body(index)
      results.withLock { $0[index] = value }
    }
    return results.withLock { $0.compactMap { $0 } }
  }
}

/// The work of one call: a counter of chunks and what to do with each.
private final class ChunkTask: Sendable {
  private let next = Atomic<Int>(0)
  private let count: Int
  private let body: @Sendable (Int) -> Void

  init(count: Int, body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
  }

  /// Takes chunks until none is left, under the default rounding and exception modes.
  func run() {
    var environment = fenv_t()
    let kept = unsafe fegetenv(&environment) == 0
    ck_default_environment()
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { break }
      body(index)
    }
    if kept { _ = unsafe fesetenv(&environment) }
  }
}
