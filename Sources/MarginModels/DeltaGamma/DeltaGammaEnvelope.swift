/// The worst of a parabola over a range: profit and loss D·y + ½·G·y² for |y| ≤ r.
///
/// y is the relative move of the underlying, D the base value of delta (S·dV/dS), G that of gamma (S²·d²V/dS²).
/// For G > 0 and |D| ≤ G·r the worst point lies inside, y* = −D/G with loss D²/(2G); else it is the end against D,
/// loss |D|·r − ½·G·r². A parabola that cannot lose inside its range has loss 0 at y = 0.
package struct DeltaGammaEnvelope: Hashable, Sendable {
  /// The worst relative move, within ±r.
  package let worstMove: Double
  /// ≥ 0, base currency.
  package let loss: Double

  /// - Parameters:
  ///   - delta: base value of delta.
  ///   - gamma: S²·d²V/dS².
  ///   - range: > 0.
  package init(delta: Double, gamma: Double, range: Double) {
    if gamma > 0, abs(delta) <= gamma * range {
      worstMove = delta == 0 ? 0 : -delta / gamma
      loss = delta * delta / (2 * gamma)
    } else {
      worstMove = delta > 0 ? -range : range
      loss = max(abs(delta) * range - gamma * range * range / 2, 0)
    }
  }
}
