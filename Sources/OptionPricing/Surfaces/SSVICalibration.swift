import RiskNumerics

/// The quotes of one expiry.
public struct SmileExpiry: Hashable, Sendable {
  /// To expiry; > 0.
  public let years: Double
  public let quotes: [SmileQuote]

  /// An expiry.
  public init(years: Double, quotes: [SmileQuote]) {
    self.years = years
    self.quotes = quotes
  }
}

/// A surface SVI fitted to several expiries.
public struct SSVIFit: Hashable, Sendable {
  public let surface: SSVI
  /// Total variance at the money of each expiry, growing.
  public let thetas: [Double]
  public let errors: [FitError]

  /// The slices of the expiries.
  public var slices: [SVISlice] { thetas.map(surface.slice) }
}

/// Fits one surface SVI to all expiries at once.
///
/// Arbitrage is kept out by the coordinates: γ ≤ 1/2, η(1 + |ρ|) ≤ 2 and θ growing with time, the sufficient
/// conditions of Gatheral and Jacquier (2014), section 4.
public enum SSVICalibration {
  /// The fit.
  ///
  /// - Parameter expiries: in order of time, each with at least one quote; together at least as many quotes as
  ///   expiries and three more.
  /// - Throws: `CalibrationError`; quotes are counted through all expiries.
  /// - Complexity: O(steps × expiries × quotes); 20 expiries of 40 quotes take some tens of milliseconds.
  public static func fit(_ expiries: [SmileExpiry]) throws(CalibrationError) -> SSVIFit {
    var before = 0.0
    for expiry in expiries {
      guard expiry.years > before, expiry.years.isFinite else { throw .invalidTime }
      before = expiry.years
    }
    let all = expiries.flatMap(\.quotes)
    for (place, q) in all.enumerated() {
      let isRight = q.volatility > 0 && q.volatility.isFinite && q.weight > 0 && q.weight.isFinite
      guard isRight, q.logMoneyness.isFinite else { throw .invalidQuote(place) }
    }
    let needed = expiries.count + 3
    guard !expiries.isEmpty, all.count >= needed, expiries.allSatisfy({ !$0.quotes.isEmpty }) else {
      throw .tooFewQuotes(found: all.count, needed: needed)
    }
    let starts = [-0.6, 0, 0.4].map { [atanh($0), 0, 0] + logThetas(expiries) }
    var best: LeastSquaresFit?
    for start in starts {
      let found = LevenbergMarquardt.minimise(from: start, count: all.count) { x, r in
        residuals(expiries, x, &r)
      }
      if found.cost.isFinite, found.cost < best?.cost ?? .infinity { best = found }
    }
    guard let best else { throw .noFit }
    let (surface, thetas) = decode(best.parameters)
    let errors = zip(expiries, thetas).map { expiry, theta in
      FitError(of: surface.slice(theta), expiry.quotes, years: expiry.years)
    }
    return SSVIFit(surface: surface, thetas: thetas, errors: errors)
  }

  private static func atanh(_ x: Double) -> Double { Elementary.log((1 + x) / (1 - x)) / 2 }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Elementary.exp(-min(max(x, -30), 30))) }

  /// Logarithms of the first θ and of the growth from each to the next, from the quotes nearest the money.
  private static func logThetas(_ expiries: [SmileExpiry]) -> [Double] {
    var last = 0.0
    return expiries.map { expiry in
      let nearest = expiry.quotes.min { abs($0.logMoneyness) < abs($1.logMoneyness) }
      let w = (nearest?.volatility ?? 0.2) * (nearest?.volatility ?? 0.2) * expiry.years
      let growth = max(w - last, 0.01 * w)
      last = max(last + growth, w)
      return Elementary.log(growth)
    }
  }

  private static func decode(_ x: [Double]) -> (SSVI, [Double]) {
    let e = Elementary.exp(2 * min(max(x[0], -6), 6))
    let rho = (e - 1) / (e + 1)
    let eta = 2 / (1 + abs(rho)) * logistic(x[1])
    let surface = SSVI(rho: rho, eta: eta, gamma: 0.5 * logistic(x[2]))
    var theta = 0.0
    let thetas = x.dropFirst(3).map { growth in
      theta += Elementary.exp(min(max(growth, -40), 6))
      return theta
    }
    return (surface, thetas)
  }

  private static func residuals(_ expiries: [SmileExpiry], _ x: [Double], _ r: inout [Double]) {
    let (surface, thetas) = decode(x)
    var next = 0
    for (expiry, theta) in zip(expiries, thetas) {
      let slice = surface.slice(theta)
      let total = expiry.quotes.reduce(0) { $0 + $1.weight }
      for quote in expiry.quotes {
        let volatility = (max(slice.totalVariance(quote.logMoneyness), 0) / expiry.years).squareRoot()
        r[next] = (quote.weight / total).squareRoot() * (volatility - quote.volatility)
        next += 1
      }
    }
  }
}
