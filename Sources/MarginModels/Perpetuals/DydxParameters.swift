/// The margin terms of one dYdX v4 market: those of its liquidity tier.
package struct DydxMarket: Hashable, Sendable {
  /// Initial margin, parts per million of the notional.
  package var initialPpm: Double
  /// Maintenance margin, parts per million of the initial one.
  package var maintenanceFractionPpm: Double
  /// Open interest above which the initial margin rises, quote asset.
  package var openInterestLower: Double
  /// Open interest at which it reaches the whole notional; 0 where it never rises.
  package var openInterestUpper: Double

  package init(
    initialPpm: Double, maintenanceFractionPpm: Double, openInterestLower: Double = 0,
    openInterestUpper: Double = 0
  ) {
    self.initialPpm = initialPpm
    self.maintenanceFractionPpm = maintenanceFractionPpm
    self.openInterestLower = openInterestLower
    self.openInterestUpper = openInterestUpper
  }

  /// Parts per million of the notional that maintain a position, whatever the open interest: the product, floored.
  ///
  /// Source: dYdX v4 chain, liquidity tiers.
  package var maintenancePpm: Double {
    (initialPpm * maintenanceFractionPpm / DydxMarket.million).rounded(.down)
  }

  /// Parts per million of the notional that open a position, floored.
  ///
  /// base + (1 − base)·clamp((OI − lower)/(upper − lower), 0, 1), and never less than what the account chose.
  /// Source: dYdX v4 chain, open interest margin fraction.
  ///
  /// - Parameters:
  ///   - openInterest: quote asset; nil where unknown, and then the base rate holds.
  ///   - chosenPpm: the account's own, 0 for none.
  package func initialPpm(openInterest: Double?, chosenPpm: Double = 0) -> Double {
    var ppm = initialPpm
    if let openInterest, openInterestUpper > openInterestLower {
      let share = (openInterest - openInterestLower) / (openInterestUpper - openInterestLower)
      let rise = (DydxMarket.million - initialPpm) * min(max(share, 0), 1)
      ppm = (initialPpm + rise).rounded(.down)
    }
    return min(max(ppm, chosenPpm), DydxMarket.million)
  }

  static let million = 1e6
}

/// Every number of dYdX v4 margin.
struct DydxParameters: Hashable, Sendable {
  static let table = "market"

  private let markets: [String: DydxMarket]
  /// The account's own initial margin, parts per million; 0 for none.
  let chosenPpm: Double
  /// What requirements are rounded up to, quote asset; 0 for no rounding.
  let quantum: Double
  /// How much of the value of a coin defends the account.
  let coinFactor: Double

  init(_ numbers: ModelParameters) {
    var markets: [String: DydxMarket] = [:]
    for asset in numbers.children(of: Self.table) {
      let path = "\(Self.table).\(asset)"
      guard let initial = numbers["\(path).initial_ppm"],
        let fraction = numbers["\(path).maintenance_fraction_ppm"]
      else { continue }
      markets[asset] = DydxMarket(
        initialPpm: initial, maintenanceFractionPpm: fraction,
        openInterestLower: numbers["\(path).open_interest_lower", default: 0],
        openInterestUpper: numbers["\(path).open_interest_upper", default: 0])
    }
    self.markets = markets
    chosenPpm = numbers["chosen_initial_ppm", default: 0]
    quantum = numbers["rounding_quantum", default: 0]
    coinFactor = numbers["coin_factor", default: 0]
  }

  /// The terms of an asset, those of `other` where it has none of its own.
  func market(_ asset: String) -> DydxMarket? { markets[asset] ?? markets["other"] }

  /// A requirement rounded up to whole quanta; an exact multiple stays, whatever the last digit of its product.
  func roundedUp(_ amount: Double) -> Double {
    guard quantum > 0 else { return amount }
    return (amount / quantum * (1 - 4 * Double.ulpOfOne)).rounded(.up) * quantum
  }

  static func problem(in numbers: ModelParameters) -> (parameter: String, message: String)? {
    let known = ["initial_ppm", "maintenance_fraction_ppm", "open_interest_lower", "open_interest_upper"]
    if let problem = numbers.stranger(under: table, depth: 1, known: known) { return problem }
    for asset in numbers.children(of: table) {
      let path = "\(table).\(asset)"
      for key in ["initial_ppm", "maintenance_fraction_ppm"] {
        guard let ppm = numbers["\(path).\(key)"], ppm >= 0, ppm <= DydxMarket.million else {
          return ("\(path).\(key)", "missing or outside 0...1000000")
        }
      }
      let lower = numbers["\(path).open_interest_lower", default: 0]
      let upper = numbers["\(path).open_interest_upper", default: 0]
      guard lower >= 0 else { return ("\(path).open_interest_lower", "below 0") }
      guard upper > lower || (lower == 0 && upper == 0) else {
        return ("\(path).open_interest_upper", "not above open_interest_lower")
      }
    }
    for name in ["rounding_quantum", "chosen_initial_ppm", "coin_factor"] where numbers[name, default: 0] < 0
    {
      return (name, "below 0")
    }
    if numbers["coin_factor", default: 0] > 1 { return ("coin_factor", "above 1") }
    return nil
  }
}
