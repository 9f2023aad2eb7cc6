/// SHA-256 of bytes, as FIPS 180-4 (2015), sections 4.1.2, 5.1.1 and 6.2.2, gives it.
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  /// An empty message.
  public init() {}

  /// The digest of one message in lower-case hexadecimal digits.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.add(bytes)
    return hash.hexadecimal
  }

  /// Adds bytes to the message.
  public mutating func add(_ bytes: [UInt8]) {
    count &+= UInt64(bytes.count) &* 8
    var start = 0
    if !rest.isEmpty {
      start = min(64 - rest.count, bytes.count)
      rest += bytes[..<start]
      guard rest.count == 64 else { return }
      Self.compress(rest, from: 0, blocks: 1, into: &state)
      rest.removeAll(keepingCapacity: true)
    }
    let blocks = (bytes.count - start) / 64
    Self.compress(bytes, from: start, blocks: blocks, into: &state)
    rest += bytes[(start + blocks * 64)...]
  }

  /// The digest of what was added so far.
  public var hexadecimal: String {
    // One bit, zeros, and the length in bits as eight bytes fill the last block.
    var tail = rest + [0x80]
    while tail.count % 64 != 56 { tail.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: count >> shift))
    }
    var last = state
    Self.compress(tail, from: 0, blocks: tail.count / 64, into: &last)
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for word in last {
      for shift in stride(from: 28, through: 0, by: -4) {
        text.append(digits[Int(word >> UInt32(shift) & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Runs the rounds over whole blocks.
  ///
  /// The schedule is kept as a ring of sixteen words and pointers replace checked subscripts: the input of a
  /// nightly run is hashed whole, and the checks halve the speed.
  private static func compress(_ bytes: [UInt8], from start: Int, blocks: Int, into state: inout [UInt32]) {
    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { w in
      unsafe bytes.withUnsafeBytes { input in
        unsafe constants.withUnsafeBufferPointer { k in
          unsafe state.withUnsafeMutableBufferPointer { h in
            var block = 0
            while block < blocks {
              unsafe rounds(input.baseAddress, start &+ block &* 64, w, k, h)
              block &+= 1
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private static func rounds(
    _ input: UnsafeRawPointer?, _ offset: Int, _ w: UnsafeMutableBufferPointer<UInt32>,
    _ k: UnsafeBufferPointer<UInt32>, _ h: UnsafeMutableBufferPointer<UInt32>
  ) {
    guard let input = unsafe input?.advanced(by: offset) else { return }
    var a = unsafe h[0]
    var b = unsafe h[1]
    var c = unsafe h[2]
    var d = unsafe h[3]
    var e = unsafe h[4]
    var f = unsafe h[5]
    var g = unsafe h[6]
    var z = unsafe h[7]
    var t = 0
    while t < 64 {
      let word: UInt32
      if t < 16 {
        word = unsafe UInt32(bigEndian: input.loadUnaligned(fromByteOffset: t &* 4, as: UInt32.self))
      } else {
        let x = unsafe w[(t &+ 1) & 15]
        let y = unsafe w[(t &+ 14) & 15]
        let s0 = right(x, 7) ^ right(x, 18) ^ (x &>> 3)
        let s1 = right(y, 17) ^ right(y, 19) ^ (y &>> 10)
        word = unsafe w[t & 15] &+ s0 &+ w[(t &+ 9) & 15] &+ s1
      }
      unsafe w[t & 15] = word
      let sum1 = right(e, 6) ^ right(e, 11) ^ right(e, 25)
      let choice = (e & f) ^ (~e & g)
      let t1 = unsafe z &+ sum1 &+ choice &+ k[t] &+ word
      let sum0 = right(a, 2) ^ right(a, 13) ^ right(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      z = g
      g = f
      f = e
      e = d &+ t1
      d = c
      c = b
      b = a
      a = t1 &+ sum0 &+ majority
      t &+= 1
    }
    unsafe h[0] &+= a
    unsafe h[1] &+= b
    unsafe h[2] &+= c
    unsafe h[3] &+= d
    unsafe h[4] &+= e
    unsafe h[5] &+= f
    unsafe h[6] &+= g
    unsafe h[7] &+= z
  }

  @inline(__always)
  private static func right(_ x: UInt32, _ n: UInt32) -> UInt32 { (x &>> n) | (x &<< (32 &- n)) }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2).
  private static let constants: [UInt32] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]
}
