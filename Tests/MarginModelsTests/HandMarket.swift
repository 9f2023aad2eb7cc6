import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics

/// A small market laid out by hand: assets, instruments and holdings, without a book around them.
struct HandMarket {
  var assets: [Asset] = []
  var spotConfidence: [Double] = []
  var instruments: [ResolvedInstrument] = []
  var feedConfidence: [Double] = []
  var stablePrice = 1.0
  var legs: [Int: [Leg]] = [:]
  var collateral: [Int: Double] = [:]
  /// One entry an instrument, where a test cares.
  var fundingRates: [Double]?
  var settlements: [Int]?

  /// Adds an asset and gives its place.
  mutating func add(asset: String, spot: Double, confidence: Double = 1) -> Int {
    guard let id = Identifier(asset) else { return -1 }
    assets.append(Asset(id: id, spot: spot))
    spotConfidence.append(confidence)
    return assets.count - 1
  }

  /// Adds an option and, where the quantity is not 0, a holding of it.
  mutating func add(
    optionOn underlying: Int, seconds: Int64, strike: Double, isCall: Bool, volatility: Double,
    forward: Double, rate: Double = 0, isInverse: Bool = false, confidence: Double = 1,
    quantity: Double = 0, fixedForward: Double? = nil
  ) {
    let years = Double(seconds) / Instant.secondsPerYear
    let discount = Elementary.exp(-max(rate, 0) * years)
    let spot = assets[underlying].spot
    let scale = isInverse ? discount * spot / forward : discount
    let unit =
      scale
      * Self.black(
        forward: forward, strike: strike, deviation: volatility * years.squareRoot(), isCall: isCall)
    instruments.append(
      ResolvedInstrument(
        instrument: instruments.count, underlying: underlying, kind: .option, isInverse: isInverse,
        isCall: isCall, secondsToExpiry: seconds, timeToExpiry: years, spot: spot, quoteSpot: 1,
        forward: forward, strike: strike, volatility: volatility, rate: rate, discount: discount,
        scale: scale, multiplier: 1, forwardFollowsCarry: false, carryYield: 0, unit: unit,
        optionMark: nil, fixedForward: fixedForward))
    feedConfidence.append(confidence)
    hold(quantity, effective: quantity, value: quantity * unit, underlying: underlying)
  }

  /// Adds a perpetual or future and, where the quantity is not 0, a holding of it.
  mutating func add(
    _ kind: InstrumentKind, on underlying: Int, mark: Double, isInverse: Bool = false,
    confidence: Double = 1, quantity: Double = 0, entry: Double? = nil, openProfit: Double? = nil,
    seconds: Int64 = 0
  ) {
    let spot = assets[underlying].spot
    let unit = isInverse ? spot : mark
    instruments.append(
      ResolvedInstrument(
        instrument: instruments.count, underlying: underlying, kind: kind, isInverse: isInverse,
        isCall: false, secondsToExpiry: seconds, timeToExpiry: Double(seconds) / Instant.secondsPerYear,
        spot: spot, quoteSpot: 1, forward: mark,
        strike: 0, volatility: 0, rate: 0, discount: 1, scale: 1, multiplier: 1,
        forwardFollowsCarry: false, carryYield: 0, unit: unit, optionMark: nil))
    feedConfidence.append(confidence)
    let paid = entry ?? mark
    let effective = isInverse ? quantity / paid : quantity
    let profit = isInverse ? spot * quantity * (1 / paid - 1 / mark) : quantity * (mark - paid)
    hold(quantity, effective: effective, value: openProfit ?? profit, underlying: underlying)
  }

  private mutating func hold(
    _ quantity: Double, effective: Double, value: Double, underlying: Int
  ) {
    guard quantity != 0 else { return }
    legs[underlying, default: []].append(
      Leg(
        instrument: instruments.count - 1, effectiveQuantity: effective, rawQuantity: quantity,
        value: value))
  }

  /// What the models read.
  var context: MarginContext {
    MarginContext(
      instruments: instruments, isListed: [Bool](repeating: false, count: instruments.count),
      assets: assets, spotConfidence: spotConfidence, feedConfidence: feedConfidence,
      stablePrice: stablePrice, fundingRates: fundingRates, settlements: settlements)
  }

  /// The holdings by underlying, lots summed, in margin order.
  func sets(in context: MarginContext) -> [NettingSet] {
    assets.indices.map { asset in
      NettingSet(
        underlying: asset,
        legs: (legs[asset] ?? []).sorted { context.rank[$0.instrument] < context.rank[$1.instrument] },
        collateral: collateral[asset] ?? 0)
    }
  }

  /// Undiscounted Black-76, the plain formula.
  static func black(forward: Double, strike: Double, deviation: Double, isCall: Bool) -> Double {
    let sign = isCall ? 1.0 : -1.0
    guard deviation > 0 else { return max(sign * (forward - strike), 0) }
    let d1 = Elementary.log(forward / strike) / deviation + deviation / 2
    return sign
      * (forward * Elementary.normalDistribution(sign * d1)
        - strike * Elementary.normalDistribution(sign * (d1 - deviation)))
  }
}
