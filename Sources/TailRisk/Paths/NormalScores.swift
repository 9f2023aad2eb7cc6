import RiskNumerics

/// The map t ↦ N⁻¹(T_ν(t)) from Student's law to the normal one, by a table.
///
/// With w = √(ν ln(1 + t²/ν)) the quotient of the map and w is smooth, even and near 1 for all t, in the far tails too
/// (Hill, CACM 13, 1970, starts from the same w), so cubic interpolation of it in w is good to about 1e-11.
struct NormalScores: Sendable {
  private let degreesOfFreedom: Double
  private let quotients: [Double]
  private static let spacing = 1.0 / 256
  /// Beyond it the tail of Student's law is below what a double holds.
  private static let end = 36.0

  /// The map for ν > 0.
  init(degreesOfFreedom: Double) {
    self.degreesOfFreedom = degreesOfFreedom
    let law = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
    let count = 36 * 256 + 4
    quotients = (0..<count).map { place in
      if place == 0 { return law.density(0) / Elementary.normalDensity(0) }
      let w = Double(place) * Self.spacing
      let t = (degreesOfFreedom * Elementary.expMinusOne(w * w / degreesOfFreedom)).squareRoot()
      return -Elementary.normalQuantile(law.tail(t)) / w
    }
  }

  /// The normal number at the same probability; sizes beyond 36 count as 36.
  func callAsFunction(_ t: Double) -> Double {
    let w = (degreesOfFreedom * Elementary.logOnePlus(t / degreesOfFreedom * t)).squareRoot()
    let size = min(w, Self.end)
    let position = size / Self.spacing
    guard let place = Int(exactly: position.rounded(.down)) else { return .nan }
    let u = position - Double(place)
    // Even about 0: what lies before the first number is the second.
    let (a, b) = (quotients[place == 0 ? 1 : place - 1], quotients[place])
    let (c, d) = (quotients[place + 1], quotients[place + 2])
    let quotient =
      -u * (u - 1) * (u - 2) / 6 * a + (u + 1) * (u - 1) * (u - 2) / 2 * b
      - (u + 1) * u * (u - 2) / 2 * c + (u + 1) * u * (u - 1) / 6 * d
    return t < 0 ? -size * quotient : size * quotient
  }
}
