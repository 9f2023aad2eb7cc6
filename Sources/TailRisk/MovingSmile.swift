import MarketModel
import OptionPricing
import PortfolioValuation
import RiskNumerics

/// The smile of one option that moves along with its forward.
///
/// After a move x of ln F the option has today's volatility of ln(K/F) − x at its expiry: at one expiry delta is a
/// function of ln(K/F) along the smile, so this is a smile that sticks to deltas.
struct MovingSmile: Sendable {
  private let surface: VolatilitySurface
  private let strike: Double
  private let forward: Double
  private let years: Double
  private let volatility: Double

  /// The smiles of held options, by instrument; nil where the market has no surface for it.
  static func all(_ book: ValuedBook, held: [Bool]) -> [MovingSmile?] {
    let surfaces = book.surfaces { held[$0] }
    return book.resolved.map { option in
      guard let option, option.kind == .option, option.timeToExpiry > 0, option.volatility > 0,
        let surface = surfaces[option.instrument]
      else { return nil }
      return MovingSmile(
        surface: surface, strike: option.strike, forward: option.forward, years: option.timeToExpiry,
        volatility: option.volatility)
    }
  }

  /// The volatility after a move of the forward, over today's; NaN where the surface has none there.
  func ratio(logMove x: Double) -> Double {
    do throws(PricingError) {
      return try surface.volatility(strike: strike, forward: forward * Elementary.exp(x), years: years)
        / volatility
    } catch {
      return .nan
    }
  }
}
