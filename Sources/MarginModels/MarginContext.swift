package import MarketModel
package import OptionPricing
package import PortfolioValuation

/// What the models read off a market beside the instruments, and the netting sets of its accounts.
///
/// Margin order of instruments: by underlying, then perpetuals and futures, then options by expiry, strike in the
/// base currency, call before put, place in the book.
package struct MarginContext: Sendable {
  /// One entry an instrument of the book; nil where it has no price.
  package let instruments: [ResolvedInstrument?]
  /// What early exercise adds to each American option today; empty where none is American.
  package let premiums: [ExercisePremium?]
  /// One entry an instrument: rules of a listed or American option, which crypto venues do not margin.
  package let isListed: [Bool]
  /// One entry an asset of the market.
  package let assets: [Asset]
  /// How the rules for listed contracts see each asset.
  package internal(set) var securities: [SecurityTerms]
  /// Whether a contract of the book stands on the asset; every asset where the book has no contract.
  ///
  /// Of contracts and never of holdings, for what one account needs is not to change with what others hold.
  package let hasContracts: [Bool]
  /// How far the oracle trusts each asset's spot, 0 to 1.
  package let spotConfidence: [Double]
  /// How far it trusts the other feeds of each instrument (mark; forward, rate and volatility), 0 to 1.
  package let feedConfidence: [Double]
  /// Base currency per unit of the stable asset in which the venue keeps its accounts.
  package let stablePrice: Double
  /// Place of each instrument in margin order.
  package let rank: [Int]
  /// The numbers of each instrument that every evaluation reads, close together.
  package let terms: [ContractTerms]
  /// Open interest of each instrument in its contract unit, where the market states it.
  package let openInterest: [Double?]
  /// Funding per eight hours of each perpetual, a fraction of what it stands for; 0 where the market does not say.
  package let fundingRates: [Double]
  /// Place of each instrument's settlement asset in the market's `assets`; −1 where it is not listed.
  package let settlements: [Int]
  /// The models of the run by name.
  package let library: ModelLibrary
  /// The contract of the run's SPAN file that each instrument is; nil where there is none.
  package let spanContracts: [Int?]
  /// Name of the base currency.
  package let baseCurrency: String
  /// Closes of the past, where the book has them.
  package let history: PriceHistory?

  package init(
    instruments: [ResolvedInstrument?], premiums: [ExercisePremium?] = [], isListed: [Bool], assets: [Asset],
    securities: [SecurityTerms]? = nil, hasContracts: [Bool]? = nil, spotConfidence: [Double],
    feedConfidence: [Double], stablePrice: Double, openInterest: [Double?]? = nil,
    fundingRates: [Double]? = nil, settlements: [Int]? = nil, library: ModelLibrary = .builtIn,
    spanContracts: [Int?]? = nil, baseCurrency: String = "USD", history: PriceHistory? = nil
  ) {
    self.instruments = instruments
    self.spanContracts = spanContracts ?? [Int?](repeating: nil, count: instruments.count)
    self.baseCurrency = baseCurrency
    self.history = history
    self.premiums = premiums
    self.isListed = isListed
    self.assets = assets
    self.securities =
      securities ?? assets.map { WellKnownSecurities.terms(of: $0.id, plan: ListedPlan(), isCoin: false) }
    self.hasContracts = hasContracts ?? [Bool](repeating: true, count: assets.count)
    self.spotConfidence = spotConfidence
    self.feedConfidence = feedConfidence
    self.stablePrice = stablePrice
    self.openInterest = openInterest ?? [Double?](repeating: nil, count: instruments.count)
    self.fundingRates = fundingRates ?? [Double](repeating: 0, count: instruments.count)
    self.settlements = settlements ?? [Int](repeating: -1, count: instruments.count)
    self.library = library
    let order = instruments.indices.sorted {
      Self.marginOrder(instruments[$0], $0, before: instruments[$1], $1)
    }
    var rank = [Int](repeating: 0, count: instruments.count)
    for (place, instrument) in order.enumerated() { rank[instrument] = place }
    self.rank = rank
    terms = Self.terms(of: instruments, order: order, feedConfidence: feedConfidence)
  }

  /// Terms by place; options of one underlying and expiry share a group, which margin order keeps together, whatever
  /// they settle in.
  private static func terms(
    of instruments: [ResolvedInstrument?], order: [Int], feedConfidence: [Double]
  ) -> [ContractTerms] {
    var terms = [ContractTerms](repeating: ContractTerms(), count: instruments.count)
    var group = -1
    var last: ResolvedInstrument?
    for place in order {
      guard let instrument = instruments[place] else { continue }
      terms[place] = ContractTerms(instrument, confidence: feedConfidence[place])
      guard instrument.kind == .option else { continue }
      if last?.underlying != instrument.underlying || last?.secondsToExpiry != instrument.secondsToExpiry {
        group += 1
        last = instrument
      }
      terms[place].expiryGroup = group
    }
    return terms
  }

  /// The context of a valued book: the stable price is that of USDC, else of the lowest stable asset, else 1.
  ///
  /// - Parameters:
  ///   - listed: what the run says of listed underlyings.
  ///   - library: the models of the run by name.
  package init(
    of valued: ValuedBook, listed: ListedPlan = ListedPlan(), library: ModelLibrary = .builtIn
  ) {
    let market = valued.book.market
    var hasContracts = [Bool](repeating: false, count: market.assets.count)
    for case let instrument? in valued.resolved { hasContracts[instrument.underlying] = true }
    var confidence = [Double](repeating: 1, count: market.assets.count)
    for entry in market.confidences {
      if let place = market.assetIndex(of: entry.asset) { confidence[place] = entry.confidence }
    }
    let stable = market.assets.filter(\.isStable)
    let venue = stable.first { $0.id.text == "USDC" }?.spot ?? stable.map(\.spot).min() ?? 1
    self.init(
      instruments: valued.resolved, premiums: valued.premiums,
      isListed: valued.book.instruments.map { $0.isListed || $0.exercise == .american },
      assets: market.assets,
      securities: WellKnownSecurities.terms(
        of: market.assets, instruments: valued.book.instruments, plan: listed),
      hasContracts: hasContracts.contains(true) ? hasContracts : nil, spotConfidence: confidence,
      feedConfidence: valued.resolved.map { $0.map { confidence[$0.underlying] } ?? 1 },
      stablePrice: venue, openInterest: Self.openInterest(of: valued.book),
      fundingRates: Self.fundingRates(of: valued.book),
      settlements: valued.book.instruments.map { market.assetIndex(of: $0.settlementAsset) ?? -1 },
      library: library,
      spanContracts: library.spanFile.map { file in valued.book.instruments.map { file.contract(of: $0) } },
      baseCurrency: market.baseCurrency.text, history: valued.book.history)
  }

  private static func openInterest(of book: Book) -> [Double?] {
    var places: [Identifier: Double] = [:]
    for mark in book.market.marks { places[mark.instrument] = mark.openInterest }
    return book.instruments.map { places[$0.id] }
  }

  private static func fundingRates(of book: Book) -> [Double] {
    var rates: [Identifier: Double] = [:]
    for mark in book.market.marks { rates[mark.instrument] = mark.fundingRate8h }
    return book.instruments.map { rates[$0.id] ?? 0 }
  }

  private static func marginOrder(
    _ left: ResolvedInstrument?, _ leftPlace: Int, before right: ResolvedInstrument?, _ rightPlace: Int
  ) -> Bool {
    guard let left else { return right == nil && leftPlace < rightPlace }
    guard let right else { return true }
    if left.underlying != right.underlying { return left.underlying < right.underlying }
    let isOption = (left.kind == .option, right.kind == .option)
    if isOption.0 != isOption.1 { return isOption.1 }
    guard isOption.0 else { return leftPlace < rightPlace }
    if left.secondsToExpiry != right.secondsToExpiry { return left.secondsToExpiry < right.secondsToExpiry }
    let strikes = (left.strike * left.quoteSpot, right.strike * right.quoteSpot)
    if strikes.0 != strikes.1 { return strikes.0 < strikes.1 }
    if left.isCall != right.isCall { return left.isCall }
    return leftPlace < rightPlace
  }

  /// Today's exercise premium of one instrument; nil where it has none.
  package func premium(of instrument: ResolvedInstrument) -> ExercisePremium? {
    premiums.isEmpty ? nil : premiums[instrument.instrument]
  }

  /// Whether two options share underlying and expiry, and so are shocked and discounted together.
  package func sharesExpiry(_ left: Int, _ right: Int) -> Bool {
    terms[left].expiryGroup == terms[right].expiryGroup && terms[left].isOption
  }

  /// The netting sets of one account, by place of the underlying; coin balances without positions have
  /// sets without legs.
  ///
  /// - Complexity: O(n log n) for n holdings and balances.
  package func nettingSets(ofAccount account: Int, in valued: ValuedBook) -> [NettingSet] {
    let legs = legs(ofAccount: account, in: valued).sorted { rank[$0.instrument] < rank[$1.instrument] }
    var collateral = valued.balances[valued.balanceRanges[account]].compactMap { balance in
      balance.isCash ? nil : balance.assetIndex.map { (asset: $0, quantity: balance.quantity) }
    }
    collateral.sort { $0.asset < $1.asset }
    // Only where lots of one contract differ in mode is a position not a leg.
    let standing =
      holdsIsolated(ofAccount: account, in: valued) ? standing(ofAccount: account, in: valued) : []
    let separate =
      standing.count <= legs.count
      ? [] : standing.map(\.leg).sorted { rank[$0.instrument] < rank[$1.instrument] }
    var sets: [NettingSet] = []
    var leg = 0
    var coin = 0
    while leg < legs.count || coin < collateral.count {
      let next = leg < legs.count ? instruments[legs[leg].instrument]?.underlying : nil
      let underlying = min(next ?? Int.max, coin < collateral.count ? collateral[coin].asset : Int.max)
      let start = leg
      while leg < legs.count, instruments[legs[leg].instrument]?.underlying == underlying { leg += 1 }
      var quantity = 0.0
      while coin < collateral.count, collateral[coin].asset == underlying {
        quantity += collateral[coin].quantity
        coin += 1
      }
      sets.append(
        NettingSet(
          underlying: underlying, legs: Array(legs[start..<leg]), collateral: quantity,
          separate: separate.filter { instruments[$0.instrument]?.underlying == underlying }))
    }
    return sets
  }

  /// The holdings of one account with the lots of each instrument summed, by place of the instrument.
  package func legs(ofAccount account: Int, in valued: ValuedBook) -> [Leg] {
    var legs: [Leg] = []
    let holdings = valued.holdings[valued.holdingRanges[account]]
    legs.reserveCapacity(holdings.count)
    for holding in holdings where instruments[holding.instrument] != nil {
      if legs.last?.instrument == holding.instrument {
        add(holding, in: valued, to: &legs[legs.count - 1])
      } else {
        legs.append(leg(of: holding, in: valued))
      }
    }
    return legs
  }

  /// One lot.
  func leg(of holding: Holding, in valued: ValuedBook) -> Leg {
    Leg(
      instrument: holding.instrument, effectiveQuantity: holding.effectiveQuantity,
      rawQuantity: holding.quantity, value: holding.value, entryValue: entryValue(of: holding, in: valued))
  }

  /// Adds another lot of the same contract.
  func add(_ holding: Holding, in valued: ValuedBook, to leg: inout Leg) {
    leg.effectiveQuantity += holding.effectiveQuantity
    leg.rawQuantity += holding.quantity
    leg.open(entryValue(of: holding, in: valued), worth: holding.value)
    leg.value += holding.value
  }

  /// Base value at which an option was opened; nil where the book does not say.
  private func entryValue(of holding: Holding, in valued: ValuedBook) -> Double? {
    guard let option = instruments[holding.instrument], option.kind == .option,
      let entry = valued.book.positions[holding.position].entryPrice
    else { return nil }
    let point = option.isInverse ? option.spot : option.quoteSpot
    return holding.quantity * entry * point * option.multiplier
  }

  /// The balances of one account that count as cash, by place of the asset.
  package func cashBalances(ofAccount account: Int, in valued: ValuedBook) -> [CashBalance] {
    valued.balances[valued.balanceRanges[account]].compactMap { balance in
      balance.isCash ? CashBalance(asset: balance.assetIndex, value: balance.value) : nil
    }
  }

  /// The cash of one account: balances in the base currency and in stable assets, at their spots.
  package func cash(ofAccount account: Int, in valued: ValuedBook) -> Double {
    var sum = 0.0
    for balance in valued.balances[valued.balanceRanges[account]] where balance.isCash {
      sum += balance.value
    }
    return sum
  }
}

/// The numbers of one contract in the base currency, small enough to be read by the million.
package struct ContractTerms: Hashable, Sendable {
  /// Units of the underlying in one effective contract.
  package var units = 0.0
  /// Strike of an option.
  package var strike = 0.0
  /// Forward of an option; mark of a future or perpetual.
  package var forward = 0.0
  /// What one effective contract of a future or perpetual is worth today; of an option, its value.
  package var unit = 0.0
  package var years = 0.0
  /// Of the feeds of this contract, 0 to 1.
  package var confidence = 1.0
  /// Options that are shocked and discounted together share it; −1 for other contracts.
  package var expiryGroup = -1
  package var isOption = false
  package var isCall = false

  init() {}

  init(_ instrument: ResolvedInstrument, confidence: Double) {
    units = instrument.multiplier
    strike = instrument.strike * instrument.quoteSpot
    forward = instrument.forward * instrument.quoteSpot
    unit = instrument.unit
    years = instrument.timeToExpiry
    self.confidence = confidence
    isOption = instrument.kind == .option
    isCall = instrument.isCall
  }
}
