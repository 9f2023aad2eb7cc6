import StructuredText
import Testing

/// A small generator with a printed seed (SplitMix64, by Steele and others, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("Numbers as text")
struct NumberTextTests {
  @Test("every double reads back to its own bits from its shortest digits (seed 11)")
  func roundTrip() {
    var random = SplitMix(state: 11)
    for _ in 0..<200_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      guard let text = NumberText.text(of: value), case .finite(let back) = NumberText.read(text) else {
        Issue.record("\(value) does not read back")
        return
      }
      #expect(back == value)
    }
  }

  @Test("reading agrees with the exact reader on both sides of the fast path (seed 12)")
  func fastPath() {
    var random = SplitMix(state: 12)
    for _ in 0..<100_000 {
      let digits = random.next() >> UInt64(random.next() % 40)
      let exponent = Int(random.next() % 60) - 30
      var text = String(digits) + "e" + String(exponent)
      if random.next() % 2 == 0 {
        let whole = String(digits)
        let cut = Int(random.next() % UInt64(whole.count))
        text = "0" + "." + String(repeating: "0", count: cut) + whole
      }
      #expect(NumberText.read(text) == .finite(Double(text) ?? .nan), "\(text)")
    }
  }

  @Test("whole doubles print without a point, minus zero as zero, and all as JSON")
  func writing() {
    #expect(NumberText.text(of: 100) == "100")
    #expect(NumberText.text(of: -0.0) == "0")
    #expect(NumberText.text(of: -3) == "-3")
    #expect(NumberText.text(of: 0.1) == "0.1")
    #expect(NumberText.text(of: 65_010.5) == "65010.5")
    #expect(NumberText.text(of: 9_007_199_254_740_991) == "9007199254740991")
    #expect(NumberText.text(of: 1e300) == "1e+300")
    #expect(NumberText.text(of: .leastNonzeroMagnitude) == "5e-324")
    #expect(NumberText.text(of: .nan) == nil)
    #expect(NumberText.text(of: -.infinity) == nil)
    for value in [1e15, 9.007199254740992e15, 1.8e16, 1e-5, 1.5e-7, .greatestFiniteMagnitude] {
      #expect(NumberText.read(NumberText.text(of: value) ?? "") == .finite(value))
    }
  }

  @Test(
    "takes the JSON grammar and nothing else",
    arguments: [
      "", "-", "+1", ".5", "5.", "007", "00", "-01", "1e", "1e+", "NaN", "nan", "inf", "-inf", "Infinity",
      "0x1p3",
      "1 000", "1,5", " 1", "1 ", "1_0", "1e5\u{0}", "١", "--1", "1.2.3", "1e1.5",
    ])
  func malformed(text: String) {
    #expect(NumberText.read(text) == .malformed)
  }

  @Test("overflow is told apart from nonsense, underflow is taken")
  func ranges() {
    #expect(NumberText.read("1e400") == .outOfRange)
    #expect(NumberText.read("-1.8e308") == .outOfRange)
    #expect(NumberText.read(String(repeating: "9", count: 400)) == .outOfRange)
    #expect(NumberText.read("1e99999999999999999999") == .outOfRange)
    #expect(NumberText.read("1e-99999999999999999999") == .finite(0))
    #expect(NumberText.read("0e99999999999") == .finite(0))
    #expect(NumberText.read("2e-324") == .finite(0))
    #expect(NumberText.read("4.9e-324") == .finite(.leastNonzeroMagnitude))
    #expect(NumberText.read("1.7976931348623157e308") == .finite(.greatestFiniteMagnitude))
    #expect(NumberText.read("0." + String(repeating: "0", count: 330) + "1") == .finite(0))
    #expect(NumberText.read("0." + String(repeating: "0", count: 30) + "1") == .finite(1e-31))
  }
}
