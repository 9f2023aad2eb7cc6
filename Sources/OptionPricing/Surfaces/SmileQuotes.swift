import RiskNumerics

/// One volatility of an expiry to fit a slice to.
public struct SmileQuote: Hashable, Sendable {
  /// ln(K/F).
  public let logMoneyness: Double
  /// Annual, as a fraction; > 0.
  public let volatility: Double
  /// How much the quote counts beside the others; > 0.
  public let weight: Double

  /// A quote with a weight of its own.
  public init(logMoneyness: Double, volatility: Double, weight: Double) {
    self.logMoneyness = logMoneyness
    self.volatility = volatility
    self.weight = weight
  }

  /// A quote that weighs what its vega does, but at least a twentieth of one at the money.
  ///
  /// A price moves with a volatility by its vega, so far from the money a volatility says little; the floor keeps
  /// the wings from floating.
  public init(logMoneyness: Double, volatility: Double, years: Double) {
    let deviation = volatility * max(years, 0).squareRoot()
    let d = deviation > 0 ? -logMoneyness / deviation + deviation / 2 : 0
    self.init(
      logMoneyness: logMoneyness, volatility: volatility, weight: max(0.05, Elementary.exp(-d * d / 2)))
  }
}

/// Why no slice was fitted.
public enum CalibrationError: Error, Hashable, Sendable {
  /// Fewer quotes than the slice has parameters.
  case tooFewQuotes(found: Int, needed: Int)
  /// The quote at this place has a volatility or weight that is not positive, or a number that is not finite.
  case invalidQuote(Int)
  /// The time to expiry is not positive.
  case invalidTime
  /// No start gives a finite error.
  case noFit
}

/// How far a fit is from its quotes, in volatility (0.01 is one point).
public struct FitError: Hashable, Sendable {
  public let quoteCount: Int
  /// √ of the weighted mean of the squared differences.
  public let weightedRootMeanSquare: Double
  public let rootMeanSquare: Double
  public let largest: Double
  /// ln(K/F) of the quote with the largest difference.
  public let largestAt: Double

  /// The errors of a slice.
  public init(of slice: SVISlice, _ quotes: [SmileQuote], years: Double) {
    quoteCount = quotes.count
    var (plain, weighted, total) = (0.0, 0.0, 0.0)
    var worst = (0.0, 0.0)
    for quote in quotes {
      let model = (max(0, slice.totalVariance(quote.logMoneyness)) / years).squareRoot()
      let difference = abs(model - quote.volatility)
      plain += difference * difference
      weighted += quote.weight * difference * difference
      total += quote.weight
      if difference > worst.0 { worst = (difference, quote.logMoneyness) }
    }
    rootMeanSquare = quotes.isEmpty ? 0 : (plain / Double(quotes.count)).squareRoot()
    weightedRootMeanSquare = total > 0 ? (weighted / total).squareRoot() : 0
    (largest, largestAt) = worst
  }
}
