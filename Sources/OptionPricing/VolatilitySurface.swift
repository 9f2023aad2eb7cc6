public import MarketModel
import RiskNumerics

/// The implied volatilities of one underlying.
///
/// On one expiry total variance w = σ²T is linear in k = ln(K/F) between quoted strikes and σ is flat outside
/// them; an SVI slice is w(k) itself. Across expiries w is linear in T at equal k, and σ is flat before the
/// first and after the last. At a quoted strike and expiry the quote comes back to rounding.
public struct VolatilitySurface: Hashable, Sendable {
  private struct Slice: Hashable, Sendable {
    let time: Double
    /// ln(K/F) of the quoted strikes and σ² there; empty for SVI.
    let moneyness: [Double]
    let variances: [Double]
    let svi: SVIParameters?

    /// σ² at k.
    func variance(_ k: Double) -> Double {
      if let svi {
        let shifted = k - svi.m
        let root = (shifted * shifted + svi.sigma * svi.sigma).squareRoot()
        return (svi.a + svi.b * (svi.rho * shifted + root)) / time
      }
      return Interpolation.linear(at: k, moneyness, variances) ?? 0
    }
  }

  private let slices: [Slice]
  private let times: [Double]

  /// A surface from the slices that lie ahead.
  ///
  /// - Parameters:
  ///   - slices: of one underlying; those at or before `asOf` and those without quotes are left out.
  ///   - forward: the forward to a time in years, > 0, against which moneyness is measured.
  public init(slices: [VolatilitySlice], asOf: Instant, forward: (Double) -> Double) {
    let ahead = slices.filter { $0.expiry > asOf }.sorted { $0.expiry < $1.expiry }
    let resolved: [Slice] = ahead.compactMap { slice in
      let time = asOf.years(to: slice.expiry)
      switch slice.shape {
      case .svi(let parameters):
        return Slice(time: time, moneyness: [], variances: [], svi: parameters)
      case .quotes(let strikes, let volatilities):
        let count = min(strikes.count, volatilities.count)
        guard count > 0 else { return nil }
        let price = forward(time)
        return Slice(
          time: time, moneyness: strikes.prefix(count).map { Elementary.log($0 / price) },
          variances: volatilities.prefix(count).map { $0 * $0 }, svi: nil)
      }
    }
    self.slices = resolved
    times = resolved.map(\.time)
  }

  /// Whether no slice lies ahead.
  public var isEmpty: Bool { slices.isEmpty }

  /// The volatility of a strike at a time.
  ///
  /// - Parameters:
  ///   - strike: quote asset; > 0.
  ///   - forward: to that time, quote asset; > 0.
  ///   - time: years; > 0.
  /// - Returns: annual, as a fraction; 0 for an empty surface.
  /// - Throws: `negativeVariance` where an SVI slice dips below zero, `outOfDomain` for arguments without
  ///   a logarithm.
  /// - Complexity: O(log(expiries) + log(strikes)).
  public func volatility(strike: Double, forward: Double, years time: Double) throws(PricingError) -> Double {
    try Domain.checkPositive(strike, .strike)
    try Domain.checkPositive(forward, .forward)
    let k = Elementary.log(strike / forward)
    let variance = variance(k, time)
    guard variance >= 0, variance.isFinite else { throw .negativeVariance(logMoneyness: k) }
    return variance.squareRoot()
  }

  /// σ² at k and time.
  private func variance(_ k: Double, _ time: Double) -> Double {
    guard let first = slices.first, let last = slices.last else { return 0 }
    if time <= first.time { return first.variance(k) }
    if time >= last.time { return last.variance(k) }
    let place = Interpolation.place(of: time, in: times)
    let near = slices[place]
    if near.time == time { return near.variance(k) }
    let far = slices[place + 1]
    let w0 = near.variance(k) * near.time
    let w1 = far.variance(k) * far.time
    return (w0 + (w1 - w0) * ((time - near.time) / (far.time - near.time))) / time
  }
}
