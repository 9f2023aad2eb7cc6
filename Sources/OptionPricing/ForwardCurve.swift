public import MarketModel
import RiskNumerics

/// Forward prices of one underlying, in its quote asset.
///
/// ln(F/S) is linear in time between listed expiries, from 0 today to the first of them, and keeps the last
/// one's carry ln(F/S)/T beyond. A listed expiry gives back its own quote to the bit.
public struct ForwardCurve: Hashable, Sendable {
  public let spot: Double
  private let times: [Double]
  private let prices: [Double]
  private let logRatios: [Double]

  /// A curve through the forwards that lie ahead.
  ///
  /// - Parameters:
  ///   - spot: quote asset per unit of the underlying; > 0.
  ///   - quotes: of one underlying, prices > 0; those at or before `asOf` are left out.
  public init(spot: Double, quotes: [ForwardQuote], asOf: Instant) {
    self.spot = spot
    let ahead = quotes.filter { $0.expiry > asOf }.sorted { $0.expiry < $1.expiry }
    times = ahead.map { asOf.years(to: $0.expiry) }
    prices = ahead.map(\.price)
    logRatios = ahead.map { Elementary.log($0.price / spot) }
  }

  /// Whether no forward lies ahead: the caller has to fall back on rates and yields.
  public var isEmpty: Bool { times.isEmpty }

  /// The forward to a time in years ≥ 0; the spot for a curve without quotes.
  ///
  /// - Complexity: O(log(quotes)), one exponential between the quotes.
  public func forward(years time: Double) -> Double {
    guard let lastTime = times.last, let lastLog = logRatios.last else { return spot }
    guard time > 0 else { return spot }
    let place = Interpolation.place(of: time, in: times)
    if place >= 0, times[place] == time { return prices[place] }
    if place == times.count - 1 { return spot * Elementary.exp(lastLog * (time / lastTime)) }
    let (t0, l0) = place < 0 ? (0, 0) : (times[place], logRatios[place])
    let share = (time - t0) / (times[place + 1] - t0)
    return spot * Elementary.exp(l0 + (logRatios[place + 1] - l0) * share)
  }
}
