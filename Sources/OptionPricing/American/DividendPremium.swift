import MarketModel
import RiskNumerics

/// A dividend as a share of the spot, by the time from its ex-date to the expiry of an option: as the option ages,
/// the time stays.
public struct DividendShare: Hashable, Sendable {
  /// Years from the ex-date to expiry; > 0.
  public let beforeExpiry: Double
  /// Of the spot just before, in [0, 1).
  public let share: Double

  /// A share of the spot.
  public init(beforeExpiry: Double, share: Double) {
    self.beforeExpiry = beforeExpiry
    self.share = share
  }
}

/// What early exercise adds to an option whose underlying pays at single instants, as a function of spot.
///
/// Shares of the spot keep it lognormal, so the European value is Black's at the forward, the same for every choice of
/// exercise, and the value of one strike at all spots is one solution of the equation: the difference of the American
/// and the European solution on one grid, in which most of the grid's error cancels.
struct DividendPremium: Sendable {
  /// ln(S/K) of the first node.
  let low: Double
  let step: Double
  /// Per unit of the strike, one a node.
  let values: [Double]
  /// ln(S/K) at and below which a put is exercised, at and above which a call is; nil where that is nowhere.
  let boundary: Double?
  private let isCall: Bool

  /// Nodes of the grid, odd: about twelve and more standard deviations.
  private static let points = 401
  /// Of the strike: waiting that adds less is not told from exercise.
  private static let resolution = 1e-6

  /// - Parameters:
  ///   - yield: the continuous yield beside the payments.
  ///   - dividends: ahead and before expiry.
  /// - Complexity: two solutions of 401 nodes, some 5 ms.
  init?(
    isCall: Bool, years: Double, volatility: Double, rate: Double, yield: Double,
    dividends: [DiscreteDividend]
  ) {
    let contract = AmericanContract(
      type: isCall ? .call : .put, spot: 1, strike: 1, timeToExpiry: years, volatility: volatility,
      rate: rate,
      dividendYield: yield)
    let ordered = dividends.sorted { $0.time < $1.time }
    func solution(_ isAmerican: Bool) -> SpotGrid? {
      var grid = SpotGrid(contract, isAmerican: isAmerican, dividends: ordered, points: Self.points)
      do throws(LinearAlgebraError) { _ = try grid.solve(ordered) } catch { return nil }
      return grid
    }
    guard let american = solution(true), let european = solution(false) else { return nil }
    self.isCall = isCall
    step = american.step
    low = -american.step * Double(Self.points / 2)
    values = zip(american.values, european.values).map { max(0, $0 - $1) }
    guard values.allSatisfy(\.isFinite) else { return nil }
    // The region of exercise, where it begins at an end of the grid.
    let isStopped = zip(american.values, american.payoff).map {
      $0.1 > Self.resolution && $0.0 <= $0.1 + Self.resolution
    }
    let run = isCall ? isStopped.reversed().prefix { $0 }.count : isStopped.prefix { $0 }.count
    boundary = run == 0 ? nil : isCall ? -low - step * Double(run - 1) : low + step * Double(run - 1)
  }

  /// Whether the option is exercised at a ln(S/K).
  func isExercised(_ y: Double) -> Bool {
    guard let boundary else { return false }
    return isCall ? y >= boundary : y <= boundary
  }

  /// The premium per unit of strike and its derivatives in y; beyond the grid on the side that pays, straight on in
  /// the spot; nothing on the other side.
  func derivatives(_ y: Double) -> (value: Double, first: Double, second: Double) {
    let place = (y - low) / step
    let last = Double(values.count - 1)
    guard place >= 1, place <= last - 1 else {
      let isDeep = isCall ? place > 1 : place < last - 1
      guard isDeep, y.isFinite else { return (0, 0, 0) }
      let node = isCall ? values.count - 2 : 1
      let (value, first, _) = polynomial(Double(node))
      let edge = low + step * Double(node)
      // p(S) = p(S₀) + p'(y₀)·(S/S₀ − 1) in units of the strike.
      let ratio = Elementary.exp(y - edge)
      return (max(0, value + first * (ratio - 1)), first * ratio, first * ratio)
    }
    return polynomial(place)
  }

  /// The cubic through the four nodes around a place, counted in steps from the first node, and its derivatives in y.
  private func polynomial(_ place: Double) -> (value: Double, first: Double, second: Double) {
    let base = min(max(Int(exactly: place.rounded(.down)) ?? 1, 1), values.count - 3)
    let t = place - Double(base)
    let (a, b, c, d) = (values[base - 1], values[base], values[base + 1], values[base + 2])
    // Lagrange's cubic through four nodes, by powers of t.
    let c1 = c - b / 2 - a / 3 - d / 6
    let c2 = (a + c) / 2 - b
    let c3 = (d - a) / 6 + (b - c) / 2
    return (
      b + t * (c1 + t * (c2 + t * c3)), (c1 + t * (2 * c2 + 3 * t * c3)) / step,
      (2 * c2 + 6 * t * c3) / (step * step)
    )
  }
}

extension ExercisePremium {
  /// Tabulates an option whose underlying pays at single instants; nil where a volatility is too small for a grid.
  ///
  /// Within about 1e-4 of the strike.
  ///
  /// - Parameters:
  ///   - impliedYield: yield and payments together, as the forward has them: F = S·e^((r − y)T).
  ///   - dividends: those with `beforeExpiry` < `years` are ahead.
  /// - Complexity: some 5 ms.
  public init?(
    isCall: Bool, strike: Double, years: Double, volatility: Double, rate: Double, impliedYield: Double,
    dividends: [DividendShare]
  ) {
    guard strike > 0, years > 0, volatility * years.squareRoot() > 1e-4, volatility.isFinite, rate.isFinite,
      impliedYield.isFinite
    else { return nil }
    var yield = impliedYield
    var ahead: [DiscreteDividend] = []
    for dividend in dividends where dividend.beforeExpiry < years && dividend.beforeExpiry > 0 {
      guard dividend.share >= 0, dividend.share < 1 else { return nil }
      yield += Elementary.log(1 - dividend.share) / years
      ahead.append(
        DiscreteDividend(time: years - dividend.beforeExpiry, amount: .proportional(dividend.share)))
    }
    guard
      let table = DividendPremium(
        isCall: isCall, years: years, volatility: volatility, rate: rate, yield: yield, dividends: ahead)
    else { return nil }
    self.init(table: table, isCall: isCall, strike: strike)
  }
}
