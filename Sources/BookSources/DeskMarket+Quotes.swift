internal import MarketModel
internal import OptionPricing
internal import RiskNumerics

extension DeskMarket {
  /// Nearer than this to worthless or to certain, an option is listed and hardly traded.
  private static let tradedDeltas = 0.03...0.97

  /// Everything that can be traded on a quoted market.
  ///
  /// Coins are the assets that are no cash and have options or a perpetual. Options are those with a mark, and
  /// both sides of each quoted strike at an expiry where no option has a mark; of these the ones with a delta
  /// between 3 % and 97 %. Futures are those with a mark. Perpetuals are in every family, at their mark or at
  /// spot. Contracts of the OCC are left out: the desk is one of crypto.
  /// - Returns: nil where the market has no option.
  init?(_ quotes: MarketSnapshot) {
    var builder = QuotedDesk(quotes)
    builder.addMarked()
    builder.addQuoted()
    guard let market = builder.market(deltas: Self.tradedDeltas) else { return nil }
    self = market
  }
}

/// Collects what a market quotes, family by family.
private struct QuotedDesk {
  /// An option with its terms.
  private struct Listed {
    let instrument: Instrument
    let expiry: Instant
    let strike: Double
  }

  private let quotes: MarketSnapshot
  private let coinIDs: [Identifier]
  private var options: [Listed] = []
  private var futures: [(instrument: Instrument, price: Double)] = []
  private var perpetuals: [Identifier: Double] = [:]

  init(_ quotes: MarketSnapshot) {
    self.quotes = quotes
    coinIDs = quotes.assets.map(\.id).filter { id in
      !quotes.isCash(id) && quotes.volatility.contains { $0.underlying == id }
    }
  }

  /// Takes in every contract with a mark.
  mutating func addMarked() {
    for mark in quotes.marks {
      guard let instrument = Self.instrument(mark.instrument.text), coinIDs.contains(instrument.underlying),
        instrument.isInverse || quotes.assetIndex(of: instrument.quoteAsset) != nil
      else { continue }
      switch instrument.kind {
      case .option: append(instrument)
      case .future: futures.append((instrument, mark.price))
      case .perpetual: perpetuals[mark.instrument] = mark.price
      }
    }
  }

  /// Takes in coin-margined options at the strikes of slices without any mark.
  mutating func addQuoted() {
    let marked = options
    for slice in quotes.volatility where coinIDs.contains(slice.underlying) {
      guard case .quotes(let strikes, _) = slice.shape,
        !marked.contains(where: { $0.instrument.underlying == slice.underlying && $0.expiry == slice.expiry })
      else { continue }
      for strike in strikes {
        guard let whole = Int(exactly: strike) else { continue }
        for side in ["C", "P"] {
          let name = "\(slice.underlying)-\(CivilText.venueDate(slice.expiry))-\(whole)-\(side)"
          if let instrument = Self.instrument(name), instrument.expiry == slice.expiry { append(instrument) }
        }
      }
    }
  }

  private mutating func append(_ instrument: Instrument) {
    guard !instrument.isListed, instrument.exercise == .european, let expiry = instrument.expiry,
      expiry > quotes.asOf, let strike = instrument.strike
    else { return }
    options.append(Listed(instrument: instrument, expiry: expiry, strike: strike))
  }

  private static func instrument(_ name: String) -> Instrument? {
    guard let id = Identifier(name) else { return nil }
    do throws(InstrumentNameError) { return try InstrumentName.parse(id) } catch { return nil }
  }

  /// The families of every coin: first one of each coin, coin-margined before the others, then the rest.
  private func families() -> [(coin: Int, quote: Identifier, isInverse: Bool)] {
    var first: [(coin: Int, quote: Identifier, isInverse: Bool)] = []
    var rest = first
    for (coin, id) in coinIDs.enumerated() {
      var seen: [(Identifier, Bool)] = []
      for option in options where option.instrument.underlying == id {
        let key = (option.instrument.quoteAsset, option.instrument.isInverse)
        if !seen.contains(where: { $0 == key }) { seen.append(key) }
      }
      seen.sort { $0.1 != $1.1 ? $0.1 : $0.0 < $1.0 }
      for (place, key) in seen.enumerated() {
        if place == 0 { first.append((coin, key.0, key.1)) } else { rest.append((coin, key.0, key.1)) }
      }
    }
    return first + rest
  }

  func market(deltas: ClosedRange<Double>) -> DeskMarket? {
    let families = families()
    guard !families.isEmpty else { return nil }
    var contracts: [DeskContract] = []
    var products: [DeskProduct] = []
    var slices: [DeskMarket.Slice] = []
    var places: (perpetuals: [Int], futures: [[Int]]) = ([], [])
    for (number, family) in families.enumerated() {
      let id = coinIDs[family.coin]
      let prefix = family.isInverse ? id.text : "\(id)_\(family.quote)"
      products.append(
        DeskProduct(
          prefix: prefix, coin: family.coin, isInverse: family.isInverse, optionExpiries: [],
          futureExpiries: []))
      let spot = (quotes.spot(of: id) ?? 1) / (quotes.spot(of: family.quote) ?? 1)
      let own = { (instrument: Instrument) in
        instrument.underlying == id && instrument.quoteAsset == family.quote
          && instrument.isInverse == family.isInverse
      }
      func linear(_ name: String, _ kind: DeskContract.Kind, _ price: Double) -> DeskContract {
        DeskContract(
          name: name, kind: kind, coin: family.coin, isInverse: family.isInverse, forward: price, strike: 0,
          value: price, delta: 1)
      }
      places.perpetuals.append(contracts.count)
      let perpetual = prefix + "-PERPETUAL"
      let mark = Identifier(perpetual).flatMap { perpetuals[$0] }
      contracts.append(linear(perpetual, .perpetual, mark ?? spot))
      let dated = futures.filter { own($0.instrument) }
        .sorted { ($0.instrument.expiry ?? quotes.asOf) < ($1.instrument.expiry ?? quotes.asOf) }
      places.futures.append(Array(contracts.count..<contracts.count + dated.count))
      for future in dated { contracts.append(linear(future.instrument.id.text, .future, future.price)) }
      let curve = ForwardCurve(
        spot: spot, quotes: quotes.forwards.filter { $0.underlying == id }, asOf: quotes.asOf)
      let surface = VolatilitySurface(
        slices: quotes.volatility.filter { $0.underlying == id }, asOf: quotes.asOf,
        forward: { curve.forward(years: $0) })
      let sorted = options.filter { own($0.instrument) }.sorted {
        ($0.expiry, $0.strike, $0.instrument.id) < ($1.expiry, $1.strike, $1.instrument.id)
      }
      var last: Instant?
      for option in sorted {
        guard let contract = Self.contract(option, quotes.asOf, family.coin, curve, surface),
          deltas.contains(abs(contract.delta))
        else { continue }
        if last != option.expiry {
          slices.append(DeskMarket.Slice(product: number, expiry: slices.count))
          last = option.expiry
        }
        if contract.kind == .call {
          slices[slices.count - 1].calls.append(contracts.count)
        } else {
          slices[slices.count - 1].puts.append(contracts.count)
        }
        contracts.append(contract)
      }
    }
    guard !slices.isEmpty else { return nil }
    let coins = coinIDs.map { DeskCoin(name: $0.text, spot: quotes.spot(of: $0) ?? 1) }
    let stable =
      quotes.assets.first { $0.isStable && $0.id.text == "USDC" } ?? quotes.assets.first(where: \.isStable)
    return DeskMarket(
      coins: coins, products: products, cash: (stable?.id ?? quotes.baseCurrency).text, contracts: contracts,
      slices: slices, perpetuals: places.perpetuals, futures: places.futures)
  }

  /// An option with its undiscounted value and delta; nil where the surface has no volatility.
  private static func contract(
    _ option: Listed, _ asOf: Instant, _ coin: Int, _ curve: ForwardCurve, _ surface: VolatilitySurface
  ) -> DeskContract? {
    let years = asOf.years(to: option.expiry)
    let forward = curve.forward(years: years)
    guard
      let volatility = try? surface.volatility(strike: option.strike, forward: forward, years: years),
      volatility > 0
    else { return nil }
    let deviation = volatility * years.squareRoot()
    let d1 = Elementary.log(forward / option.strike) / deviation + deviation / 2
    let reached = Elementary.normalDistribution(d1)
    let call = forward * reached - option.strike * Elementary.normalDistribution(d1 - deviation)
    let isCall = option.instrument.optionType == .call
    return DeskContract(
      name: option.instrument.id.text, kind: isCall ? .call : .put, coin: coin,
      isInverse: option.instrument.isInverse, forward: forward, strike: option.strike,
      value: isCall ? call : call - forward + option.strike, delta: isCall ? reached : reached - 1)
  }
}

extension DeskCoin {
  /// A coin of which only name and price are known: sizes and ticks follow the price.
  init(name: String, spot: Double) {
    // An ordinary position is worth about 75,000, to one digit; lots are a tenth of it or less, in powers of ten.
    var unit = 1.0
    while unit * 10 * spot <= 75_000 { unit *= 10 }
    while unit * spot > 75_000 * 1.4, unit > 1e-6 { unit /= 10 }
    let ordinary = max(1, (75_000 / (spot * unit)).rounded()) * unit
    self.init(
      name: name, spot: spot, priceDecimals: spot >= 10_000 ? 1 : spot >= 1_000 ? 2 : spot >= 1 ? 4 : 8,
      quantityDecimals: spot >= 10_000 ? 4 : spot >= 1_000 ? 3 : 1, optionLot: unit / 10,
      inverseLot: spot >= 10_000 ? 10 : 1, ordinarySize: ordinary, realisedVolatility: 0.6,
      commonLoading: 0.9, shortVolatility: 0.6, longVolatility: 0.6, skew: 0, carry: 0, funding: 0,
      strikeSteps: [])
  }
}
