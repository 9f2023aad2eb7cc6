import RiskNumerics

/// What a smile does when the forward moves.
public enum SmileRule: String, Sendable, CaseIterable {
  /// A strike keeps its volatility.
  case stickyStrike = "sticky-strike"
  /// A delta keeps its volatility: the smile moves along with the forward.
  ///
  /// At one expiry delta is a function of ln(K/F) along the smile, so this is the same as keeping the volatility
  /// of ln(K/F) ("sticky moneyness").
  case stickyDelta = "sticky-delta"
}

extension VolatilitySurface {
  /// The volatility of a strike after the forward has moved.
  ///
  /// - Parameters:
  ///   - strike: quote asset; > 0.
  ///   - base: the forward that the surface was quoted against, > 0.
  ///   - forward: where it is now, > 0.
  ///   - time: years; > 0.
  ///   - rule: what the smile does.
  /// - Returns: annual, as a fraction.
  /// - Throws: as `volatility(strike:forward:years:)`.
  public func volatility(
    strike: Double, base: Double, forward: Double, years time: Double, rule: SmileRule
  ) throws(PricingError) -> Double {
    try Domain.checkPositive(forward, .forward)
    switch rule {
    case .stickyStrike: return try volatility(strike: strike, forward: base, years: time)
    case .stickyDelta: return try volatility(strike: strike, forward: forward, years: time)
    }
  }
}
