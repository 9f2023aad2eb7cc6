public import MarketModel
import RiskNumerics

/// A payment by which the spot falls at one instant.
public struct DiscreteDividend: Hashable, Sendable {
  public enum Amount: Hashable, Sendable {
    /// In the quote asset, per unit; the spot never falls below nothing.
    case cash(Double)
    /// A share of the spot in [0, 1).
    case proportional(Double)
  }

  /// Years from today to the ex-date; > 0.
  public let time: Double
  public let amount: Amount

  public init(time: Double, amount: Amount) {
    self.time = time
    self.amount = amount
  }

  /// The spot just after, from the spot just before.
  func after(_ spot: Double) -> Double {
    switch amount {
    case .cash(let cash): max(0, spot - cash)
    case .proportional(let share): spot * (1 - share)
    }
  }

  var isValid: Bool {
    switch amount {
    case .cash(let cash): time > 0 && time.isFinite && cash >= 0 && cash.isFinite
    case .proportional(let share): time > 0 && time.isFinite && share >= 0 && share < 1
    }
  }
}

/// What a grid says of an option.
public struct GridValue: Hashable, Sendable {
  /// Per one unit of the underlying, in the quote asset.
  public var price: Double
  /// ∂V/∂S.
  public var delta: Double
  /// ∂²V/∂S².
  public var gamma: Double
  /// −∂V/∂T, a year.
  public var theta: Double
}

/// European and American options on an asset that pays discrete dividends, by finite differences.
///
/// The spot model: between ex-dates the spot itself is lognormal with the quoted volatility, at an ex-date it falls
/// by the payment. (The escrowed model, in which the spot less the present value of the payments is lognormal,
/// prices the same European options lower for the same volatility; `escrowedValue` gives it for comparison.)
/// Payments after expiry are passed over.
public enum DividendPricing {
  /// The value of one option and its first Greeks.
  ///
  /// - Parameters:
  ///   - contract: spot and strike > 0; its yield is paid beside the discrete dividends.
  ///   - exercise: European or American.
  ///   - dividends: in any order.
  /// - Returns: on two grids of 400 and 800 steps, extrapolated: within about 1e-5 of the strike for European, 1e-4
  ///   for American options. American: the holder may also exercise just before each ex-date.
  /// - Throws: `outOfDomain` with the argument that is out (`dividends` for a payment); `notRepresentable`.
  /// - Complexity: some 20 ms.
  public static func value(
    _ contract: AmericanContract, exercise: ExerciseStyle, dividends: [DiscreteDividend]
  ) throws(PricingError) -> GridValue {
    try contract.check()
    try Domain.checkPositive(contract.spot, .spot)
    try Domain.checkPositive(contract.strike, .strike)
    guard dividends.allSatisfy(\.isValid) else { throw .outOfDomain(.dividends) }
    let ahead = dividends.filter { $0.time < contract.timeToExpiry }.sorted { $0.time < $1.time }
    guard contract.timeToExpiry > 0, contract.volatility * contract.timeToExpiry.squareRoot() > 1e-4 else {
      throw contract.timeToExpiry > 0 ? .outOfDomain(.volatility) : .outOfDomain(.yearsToExpiry)
    }
    let coarse = try grid(contract, exercise, ahead, points: 401)
    let fine = try grid(contract, exercise, ahead, points: 801)
    func extrapolated(_ path: KeyPath<GridValue, Double>) -> Double {
      (4 * fine[keyPath: path] - coarse[keyPath: path]) / 3
    }
    var result = GridValue(
      price: max(0, extrapolated(\.price)), delta: extrapolated(\.delta), gamma: extrapolated(\.gamma),
      theta: extrapolated(\.theta))
    if exercise == .american, fine.price <= contract.intrinsic {
      result = GridValue(price: contract.intrinsic, delta: contract.type.sign, gamma: 0, theta: 0)
    }
    guard result.price.isFinite, result.delta.isFinite, result.gamma.isFinite, result.theta.isFinite else {
      throw .notRepresentable(figure: "price")
    }
    return result
  }

  private static func grid(
    _ contract: AmericanContract, _ exercise: ExerciseStyle, _ dividends: [DiscreteDividend], points: Int
  ) throws(PricingError) -> GridValue {
    var grid = SpotGrid(contract, isAmerican: exercise == .american, dividends: dividends, points: points)
    do throws(LinearAlgebraError) {
      return try grid.solve(dividends)
    } catch {
      throw .notRepresentable(figure: "price")
    }
  }

  /// The European value in the escrowed model: the spot less the present value of the cash payments is lognormal.
  ///
  /// Source: Hull, *Options, Futures, and Other Derivatives*, chapter on dividends; proportional payments scale the
  /// spot in both models.
  public static func escrowedValue(
    _ contract: AmericanContract, dividends: [DiscreteDividend]
  ) throws(PricingError) -> Double {
    guard dividends.allSatisfy(\.isValid) else { throw .outOfDomain(.dividends) }
    var spot = contract.spot
    for dividend in dividends.sorted(by: { $0.time < $1.time }) where dividend.time < contract.timeToExpiry {
      switch dividend.amount {
      case .cash(let cash): spot -= cash * Elementary.exp(-contract.rate * dividend.time)
      case .proportional(let share): spot *= 1 - share
      }
    }
    guard spot >= 0 else { throw .outOfDomain(.dividends) }
    return try BlackScholes.value(
      type: contract.type, spot: spot, strike: contract.strike, timeToExpiry: contract.timeToExpiry,
      volatility: contract.volatility, rate: contract.rate, dividendYield: contract.dividendYield)
  }
}
