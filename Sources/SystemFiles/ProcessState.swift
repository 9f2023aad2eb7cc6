internal import Glibc
internal import Synchronization

/// The surroundings of the process that a command may ask for.
public enum Surroundings {
  /// A variable of the environment, nil where it is not set.
  public static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Processors this process may run on, at least 1.
  ///
  /// It is the affinity mask that counts, not the machine. The C library's header hides the call from Swift, so it is looked up by name.
  public static var processorCount: Int {
    typealias Call = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> Int32
    let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    guard let symbol = unsafe dlsym(nil, "sched_getaffinity") else { return online }
    let affinity = unsafe unsafeBitCast(symbol, to: Call.self)
    // Room for 8,192 processors; the bytes the system does not fill stay zero.
    var mask = [UInt64](repeating: 0, count: 128)
    let size = mask.count * MemoryLayout<UInt64>.size
    let status = unsafe mask.withUnsafeMutableBytes { bytes -> Int32 in
      guard let base = bytes.baseAddress else { return -1 }
      return unsafe affinity(0, size, base)
    }
    let allowed = mask.reduce(0) { $0 + $1.nonzeroBitCount }
    return status == 0 && allowed > 0 ? allowed : online
  }

  /// Bytes of memory in the machine.
  public static var physicalMemory: Int {
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
  }

  /// The machine's name, for logs; empty where it has none.
  public static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Seconds since the epoch, for logs; figures know no clock.
  public static var wallClockSeconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }

  /// Seconds on a clock that only goes forward; for durations and deadlines, never for data.
  public static var monotonicSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Signals as a flag that long loops look at: a handler may do nothing else safely.
public enum SignalFlags {
  private static let raised = Atomic<Int32>(0)

  /// The signal that asked the process to stop, nil while none did.
  public static var stopSignal: Int32? {
    let signal = raised.load(ordering: .relaxed)
    return signal == 0 ? nil : signal
  }

  /// The exit status a shell expects of a process that a signal stopped: 130 for SIGINT, 143 for SIGTERM.
  public static var stopStatus: Int32? { stopSignal.map { 128 + $0 } }

  /// SIGINT and SIGTERM set the flag; broken pipes and file-size limits become errors of write(2).
  public static func install() {
    // The flag must exist before a handler can touch it.
    raised.store(0, ordering: .relaxed)
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
    // Whoever started the process may have handed down a mask under which a request to stop would wait for ever.
    var stops = sigset_t()
    unsafe sigemptyset(&stops)
    for number in [SIGINT, SIGTERM] {
      unsafe sigaddset(&stops, number)
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { SignalFlags.note($0) }
      unsafe _ = sigaction(number, &action, nil)
    }
    unsafe pthread_sigmask(SIG_UNBLOCK, &stops, nil)
  }

  private static func note(_ signal: Int32) { raised.store(signal, ordering: .relaxed) }
}

/// The end of the process.
public enum ProcessEnd {
  /// Leaves with a status; output was written by then, so nothing is flushed.
  public static func leave(status: Int32) -> Never { exit(status) }
}
