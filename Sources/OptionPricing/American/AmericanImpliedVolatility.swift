public import MarketModel
import RiskNumerics

extension ImpliedVolatility {
  /// The volatility at which an American option has a price; as `blackScholes` otherwise.
  ///
  /// - Returns: the volatility to the error of the accurate scheme over vega; `noTimeValue` where the price is what
  ///   exercise pays at once, which every volatility below some one gives.
  public static func american(
    type: OptionType, price: Double, spot: Double, strike: Double, timeToExpiry: Double, rate: Double,
    dividendYield: Double = 0
  ) throws(PricingError) -> ImpliedVolatility {
    let contract = AmericanContract(
      type: type, spot: spot, strike: strike, timeToExpiry: timeToExpiry, volatility: 0, rate: rate,
      dividendYield: dividendYield)
    guard let result = american([contract], prices: [price]).first else {
      return ImpliedVolatility(.noTimeValue)
    }
    return try result.get()
  }

  /// The volatilities of many American quotes, or the argument of a quote that is out of its range.
  ///
  /// - Parameters:
  ///   - contracts: their own volatility is not read.
  ///   - prices: one a contract; where the counts differ the shorter decides.
  /// - Complexity: five to ten steps of Newton's method, two options a step, all quotes in one batch.
  public static func american(
    _ contracts: [AmericanContract], prices: [Double]
  ) -> [Result<ImpliedVolatility, PricingError>] {
    var results: [Result<ImpliedVolatility, PricingError>] = []
    var searches: [AmericanVolatilitySearch] = []
    for (contract, price) in zip(contracts, prices) {
      results.append(
        Result { () throws(PricingError) in
          switch try AmericanVolatilitySearch.start(contract, price: price, row: results.count) {
          case .settled(let found): return found
          case .search(let search):
            searches.append(search)
            return ImpliedVolatility(.noTimeValue)
          }
        })
    }
    for _ in 0..<AmericanVolatilitySearch.mostSteps {
      let open = searches.indices.filter { !searches[$0].isDone }
      if open.isEmpty { break }
      let values = AmericanPricing.values(open.flatMap { searches[$0].trials })
      for (place, index) in open.enumerated() {
        searches[index].step(try? values[2 * place].get(), try? values[2 * place + 1].get())
      }
    }
    for search in searches { results[search.row] = .success(search.result) }
    return results
  }
}

/// One safeguarded Newton search: a bracket that every evaluation narrows, halved where a step leaves it.
struct AmericanVolatilitySearch {
  enum Start {
    case settled(ImpliedVolatility)
    case search(AmericanVolatilitySearch)
  }

  static let mostSteps = 100
  /// σ√T beyond which a put or call has come to its limit.
  private static let mostDeviation = 30.0
  private static let bump = 1e-4

  let row: Int
  private let contract: AmericanContract
  private let price: Double
  private var low = 0.0
  private var high: Double
  private var volatility: Double
  private(set) var isDone = false

  /// Settles the boundaries.
  static func start(
    _ contract: AmericanContract, price: Double, row: Int
  ) throws(PricingError) -> Start {
    try Domain.checkPositive(contract.spot, .spot)
    try Domain.checkNotNegative(price, .price)
    try Domain.checkPositive(contract.strike, .strike)
    try Domain.checkPositive(contract.timeToExpiry, .yearsToExpiry)
    try Domain.check(contract.rate, .rate)
    try Domain.check(contract.dividendYield, .dividendYield)
    let european = try ImpliedVolatility.blackScholes(
      type: contract.type, price: price, spot: contract.spot, strike: contract.strike,
      timeToExpiry: contract.timeToExpiry, rate: contract.rate, dividendYield: contract.dividendYield)
    var quiet = contract
    quiet.volatility = 1
    if quiet.scaledPut.kind == .european { return .settled(european) }
    quiet.volatility = 0
    let least = try AmericanPricing.value(quiet)
    let discountYears = contract.timeToExpiry
    let most =
      contract.type == .call
      ? contract.spot * max(1, Elementary.exp(-contract.dividendYield * discountYears))
      : contract.strike * max(1, Elementary.exp(-contract.rate * discountYears))
    if price > most { return .settled(ImpliedVolatility(.aboveMaximum)) }
    if price == most { return .settled(ImpliedVolatility(.atMaximum)) }
    if least == 0, price == 0 { return .settled(ImpliedVolatility(.zeroVolatility, 0)) }
    if least > 0, abs(price - least) <= 0x1p-52 * (contract.spot + contract.strike) {
      return .settled(ImpliedVolatility(.noTimeValue))
    }
    if price < least { return .settled(ImpliedVolatility(.belowIntrinsic)) }
    return .search(
      AmericanVolatilitySearch(row: row, contract: contract, price: price, upper: european.volatility))
  }

  /// The European volatility is an upper bound, as early exercise only adds value.
  private init(row: Int, contract: AmericanContract, price: Double, upper: Double?) {
    self.row = row
    self.contract = contract
    self.price = price
    let most = Self.mostDeviation / contract.timeToExpiry.squareRoot()
    high = most
    volatility = min(most, upper ?? 0.3)
    if let upper, upper < most { high = upper * (1 + 1e-6) + 1e-12 }
  }

  /// The two options of a step: at the volatility, and a little above.
  var trials: [AmericanContract] {
    [volatility, volatility * (1 + Self.bump)].map {
      var trial = contract
      trial.volatility = $0
      return trial
    }
  }

  /// Takes the values of the two trials.
  mutating func step(_ value: Double?, _ above: Double?) {
    guard let value, let above else {
      isDone = true
      return
    }
    if value < price { low = max(low, volatility) } else { high = min(high, volatility) }
    let vega = (above - value) / (volatility * Self.bump)
    let change = -(value - price) / vega
    // What is left is rounding, of the volatility or of the value.
    if abs(change) <= 1e-13 * volatility || value == price || !(high - low > 1e-14 * high) {
      isDone = true
      return
    }
    let next = volatility + change
    volatility = next > low && next < high ? next : low > 0 ? (low + high) / 2 : min(high, volatility) / 2
    if volatility <= 1e-12 { isDone = true }
  }

  var result: ImpliedVolatility { ImpliedVolatility(.ok, volatility) }
}
