internal import CKernels

/// Standard normals by place: the draw of (seed, path, factor, step) depends on nothing else.
///
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011) keyed by the seed (low word, high word). Path p
/// takes block b = 16 ⌊p/32⌋ + p mod 16, counter = (b low, b high, factor, step), and of the four words
/// the first two when p mod 32 < 16, else the last two: 64 bits, low word first, whose upper 52 bits n give
/// u = (n + ½) / 2⁵². The normal is `Elementary.normalQuantile(u)`, of size at most 8.3.
public struct RandomStream: Sendable, Equatable {
  /// The key of the stream.
  public let seed: UInt64

  /// The stream of a seed.
  public init(seed: UInt64) { self.seed = seed }

  /// Standard normals of the paths firstPath, firstPath + 1, … for one factor and step, each in 0..<2³².
  ///
  /// Any cut of the paths into calls gives the same bits. Cost: about 2 ns a number at AVX-512.
  public func normals(factor: Int, step: Int, firstPath: Int, into normals: inout MutableSpan<Double>) {
    let first = UInt64(truncatingIfNeeded: firstPath)
    unsafe normals.withUnsafeMutableBufferPointer { y in
      guard let to = y.baseAddress else { return }
      unsafe ck_normals(
        y.count, first, seed, UInt32(truncatingIfNeeded: factor), UInt32(truncatingIfNeeded: step), to)
    }
  }

  /// The uniform numbers behind the normals of the same places, inside (0, 1).
  public func uniforms(factor: Int, step: Int, firstPath: Int, into uniforms: inout MutableSpan<Double>) {
    let first = UInt64(truncatingIfNeeded: firstPath)
    unsafe uniforms.withUnsafeMutableBufferPointer { y in
      guard let to = y.baseAddress else { return }
      unsafe ck_uniforms(
        y.count, first, seed, UInt32(truncatingIfNeeded: factor), UInt32(truncatingIfNeeded: step), to)
    }
  }

  /// One Philox4x32-10 block.
  public static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var words: [UInt32] = [counter.0, counter.1, counter.2, counter.3]
    unsafe words.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe ck_philox(base, key.0, key.1)
    }
    return (words[0], words[1], words[2], words[3])
  }
}
