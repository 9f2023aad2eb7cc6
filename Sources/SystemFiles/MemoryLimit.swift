internal import Glibc

extension Surroundings {
  /// Bytes of memory this process may take: the least of four fifths of the machine's and the limits of its
  /// control groups, version 2 or 1, from its own up to the root.
  ///
  /// What cannot be read limits nothing.
  public static var memoryLimit: Int {
    var least = physicalMemory / 5 * 4
    for line in lines(of: "/proc/self/cgroup") {
      // `0::/path` is version 2, `4:memory:/path` is version 1.
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isMemory = parts[1].split(separator: ",").contains("memory")
      guard parts[1].isEmpty || isMemory else { continue }
      let (root, file) =
        isMemory
        ? ("/sys/fs/cgroup/memory", "/memory.limit_in_bytes") : ("/sys/fs/cgroup", "/memory.max")
      // A container may see its own group as the root: the path may lead nowhere there, its beginning does not.
      var steps = parts[2].split(separator: "/")
      while true {
        let folder = steps.reduce(root) { $0 + "/" + $1 }
        if let limit = lines(of: folder + file).first.flatMap({ Int($0) }) { least = min(least, limit) }
        if steps.popLast() == nil { break }
      }
    }
    return least
  }

  /// Bytes of addresses this process may hand out (`ulimit -v`), used or not; nil where there is no limit.
  public static var addressSpaceLimit: Int? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { return nil }
    return Int(exactly: limit.rlim_cur)
  }

  /// The lines of a small file that the kernel makes up as it is read; none where it cannot be read.
  private static func lines(of path: String) -> [Substring] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe read(descriptor, buffer.baseAddress, buffer.count)
    }
    guard count > 0 else { return [] }
    return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
  }
}
