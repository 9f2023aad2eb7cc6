internal import CKernels

/// One dimension of the points of Sobol, plain or scrambled.
///
/// Points are in Gray-code order (Antonov and Saleev 1979) with the direction numbers of Joe and Kuo (2008,
/// new-joe-kuo-6). A scramble multiplies the digits of a dimension by a random lower triangular matrix with unit
/// diagonal and adds a random digital shift (Matoušek 1998): each point is then uniform, the points of a
/// power of two stay a net, and the variance of a mean over them is that of Owen's nested scrambling. Matrix and shift
/// come from Philox by (seed, replicate, dimension) alone, with a fourth counter word that no step of `RandomStream` has.
public struct SobolDimension: Sendable {
  /// Dimensions with direction numbers.
  public static var count: Int { Int(ck_sobol_dimensions()) }
  /// Points of a dimension.
  public static let mostPoints = 1 << 31

  /// 52 bits each, the highest worth 1/2.
  private let directions: [UInt64]
  private let shift: UInt64

  /// The points without a scramble, but each in the middle of its interval of 2⁻⁵²; nil outside 0..<`count`.
  public init?(_ dimension: Int) {
    guard let plain = Self.plain(dimension) else { return nil }
    directions = plain.map { UInt64($0) << 20 }
    shift = 0
  }

  /// The scrambled points of one replicate; nil outside 0..<`count`.
  ///
  /// - Parameter points: how many will be asked for; a smaller number costs less and has the same points.
  public init?(_ dimension: Int, replicate: Int, seed: UInt64, points: Int = mostPoints) {
    guard let plain = Self.plain(dimension) else { return nil }
    // Direction k has digits 0 ... k only, so the columns of the matrix beyond the last direction do not matter.
    let used = min(32, max(1, Int.bitWidth - max(0, points - 1).leadingZeroBitCount) + 1)
    var columns: [UInt64] = []
    for pair in 0..<(used + 1) / 2 {
      let (first, second) = Self.draw(pair + 1, dimension, replicate, seed)
      columns.append(first)
      columns.append(second)
    }
    for digit in columns.indices {
      let one = UInt64(1) << UInt64(51 - digit)
      columns[digit] = one | (columns[digit] & (one - 1))
    }
    directions = plain.indices.map { place in
      guard place < used else { return 0 }
      var sum: UInt64 = 0
      for digit in 0...place where plain[place] >> UInt32(31 - digit) & 1 == 1 { sum ^= columns[digit] }
      return sum
    }
    shift = Self.draw(0, dimension, replicate, seed).0
  }

  /// The coordinates of the points firstPoint, firstPoint + 1, …, inside (0, 1).
  public func fill(firstPoint: Int, into points: inout MutableSpan<Double>) {
    let (directions, shift) = (directions, shift)
    unsafe points.withUnsafeMutableBufferPointer { y in
      unsafe directions.withUnsafeBufferPointer { directions in
        guard let to = y.baseAddress, let from = directions.baseAddress else { return }
        unsafe ck_sobol(y.count, UInt32(truncatingIfNeeded: firstPoint), from, shift, to)
      }
    }
  }

  private static func plain(_ dimension: Int) -> [UInt32]? {
    guard let place = Int32(exactly: dimension) else { return nil }
    var directions = [UInt32](repeating: 0, count: 32)
    let found = unsafe directions.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return 0 }
      return unsafe ck_sobol_directions(place, base)
    }
    return found == 1 ? directions : nil
  }

  /// Two words of 52 bits.
  private static func draw(
    _ block: Int, _ dimension: Int, _ replicate: Int, _ seed: UInt64
  ) -> (UInt64, UInt64) {
    let words = RandomStream.philox(
      counter: (
        UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: dimension),
        UInt32(truncatingIfNeeded: replicate), .max
      ), key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    let first = UInt64(words.0) | UInt64(words.1) << 32
    let second = UInt64(words.2) | UInt64(words.3) << 32
    return (first >> 12, second >> 12)
  }
}
