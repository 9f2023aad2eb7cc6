import RiskNumerics

/// Series that a Python program makes to the bit as well: SplitMix64, sums, products and roots only.
struct SampleReturns {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return low + (high - low) * Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  /// Close to a standard normal: twelve uniforms.
  mutating func normal() -> Double {
    var sum = 0.0
    for _ in 0..<12 { sum += uniform(-0.5, 0.5) }
    return sum
  }

  /// Returns of a GARCH(1,1) in hundredths.
  static func garch(seed: UInt64, count: Int, _ omega: Double, _ alpha: Double, _ beta: Double) -> [Double] {
    var random = SampleReturns(seed: seed)
    var variance = omega / (1 - alpha - beta)
    return (0..<count).map { _ in
      let value = random.normal() * variance.squareRoot()
      variance = omega + alpha * (value * value) + beta * variance
      return value * 0.01
    }
  }

  /// Columns with a common part: column c is (c + 1) × (own + common) / 100.
  static func columns(seed: UInt64, assets: Int, count: Int) -> [[Double]] {
    var random = SampleReturns(seed: seed)
    var columns = [[Double]](repeating: [], count: assets)
    for _ in 0..<count {
      let common = random.normal()
      for column in 0..<assets {
        columns[column].append(Double(column + 1) * 0.01 * (random.normal() + common))
      }
    }
    return columns
  }
}

/// |found − exact| ≤ allowed × max(|exact|, 1e-300), element by element.
func areClose(_ found: [Double], _ exact: [Double], _ allowed: Double) -> Bool {
  found.count == exact.count
    && zip(found, exact).allSatisfy { ($0 - $1).magnitude <= allowed * max($1.magnitude, 1e-300) }
}
