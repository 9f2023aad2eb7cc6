import MarketModel
import PortfolioValuation
import RiskNumerics

/// SplitMix64 (Steele, Lea, Flood 2014): seeded books for the laws.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A seeded crypto desk: two coins, a stable asset, options of both settlements, perpetuals and a future.
struct RandomDesk {
  var generator: SeededGenerator
  var expiriesPerCoin = 4
  var strikesPerExpiry = 9

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  private static let asOf = Instant(year: 2026, month: 2, day: 5, hour: 8)

  /// A valued book of so many accounts, each with so many positions.
  mutating func valued(accounts: Int, positions: Int, threads: Int = 2) -> ValuedBook? {
    guard let book = book(accounts: accounts, positions: positions) else { return nil }
    return BookValuation.value(book, team: ThreadTeam(threadCount: threads))
  }

  /// A book of so many accounts, each with so many positions and some balances.
  mutating func book(accounts: Int, positions: Int) -> Book? {
    guard let usd = Identifier("USD"), let usdc = Identifier("USDC"), let btc = Identifier("BTC"),
      let eth = Identifier("ETH"), let asOf = Self.asOf
    else { return nil }
    let assets = [
      Asset(id: btc, spot: 65_000), Asset(id: eth, spot: 2_000),
      Asset(id: usdc, spot: 1, isStable: true),
    ]
    var instruments: [Instrument] = []
    var forwards: [ForwardQuote] = []
    var slices: [VolatilitySlice] = []
    var marks: [Mark] = []
    for coin in assets.prefix(2) {
      for place in 0..<expiriesPerCoin {
        let seconds = asOf.secondsSinceEpoch + 86_400 * Int64([2, 9, 30, 120, 240, 320, 400][place])
        guard let expiry = Instant(secondsSinceEpoch: seconds) else { return nil }
        let forward = coin.spot * (1 + 0.004 * Double(place + 1))
        forwards.append(ForwardQuote(underlying: coin.id, expiry: expiry, price: forward))
        slices.append(
          VolatilitySlice(
            underlying: coin.id, expiry: expiry,
            shape: .svi(SVIParameters(a: 0.01, b: 0.08, rho: -0.3, m: 0.02, sigma: 0.15))))
        for strike in 0..<strikesPerExpiry {
          let level =
            coin.spot * (0.6 + 0.8 * Double(strike) / Double(max(strikesPerExpiry - 1, 1)))
          for type in OptionType.allCases {
            for isInverse in [true, false] {
              let quote = isInverse ? usd : usdc
              let name = "\(coin.id)-\(isInverse ? "C" : "L")-\(place)-\(strike)-\(type.rawValue)"
              guard let id = Identifier(name) else { return nil }
              instruments.append(
                Instrument(
                  id: id, kind: .option, underlying: coin.id, quoteAsset: quote,
                  settlementAsset: isInverse ? coin.id : usdc, expiry: expiry, strike: level,
                  optionType: type, isInverse: isInverse))
            }
          }
        }
      }
      for (name, kind, isInverse) in [
        ("PERP", InstrumentKind.perpetual, true), ("LPERP", .perpetual, false), ("FUT", .future, true),
      ] {
        guard let id = Identifier("\(coin.id)-\(name)") else { return nil }
        let expiry = kind == .future ? forwards.last?.expiry : nil
        instruments.append(
          Instrument(
            id: id, kind: kind, underlying: coin.id, quoteAsset: isInverse ? usd : usdc,
            settlementAsset: isInverse ? coin.id : usdc, expiry: expiry, isInverse: isInverse))
        marks.append(Mark(instrument: id, price: coin.spot * 1.0007))
      }
    }
    instruments.sort { $0.id < $1.id }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: assets, forwards: forwards, volatility: slices, marks: marks)
    return book(
      of: market, instruments: instruments, coins: [btc, eth], cash: usdc, accounts: accounts,
      positions: positions)
  }

  private mutating func book(
    of market: MarketSnapshot, instruments: [Instrument], coins: [Identifier], cash: Identifier,
    accounts: Int, positions: Int
  ) -> Book {
    var rows: [Position] = []
    var balances: [Balance] = []
    for account in 0..<accounts {
      for row in 0..<positions {
        let place = Int.random(in: instruments.indices, using: &generator)
        let instrument = instruments[place]
        let size = Double.random(in: -5...5, using: &generator)
        let isSizedInQuote = instrument.isInverse && instrument.kind != .option
        let spot = market.spot(of: instrument.underlying) ?? 1
        rows.append(
          Position(
            account: account, instrument: place, quantity: isSizedInQuote ? size * spot : size,
            entryPrice: instrument.kind == .option
              ? nil : spot * Double.random(in: 0.8...1.2, using: &generator),
            row: row + 1))
      }
      balances.append(
        Balance(
          account: account, asset: cash, quantity: .random(in: -1e5...1e6, using: &generator), row: 1))
      for (place, coin) in coins.enumerated() where Bool.random(using: &generator) {
        balances.append(
          Balance(
            account: account, asset: coin, quantity: .random(in: -1...4, using: &generator),
            row: place + 2))
      }
    }
    let names = (0..<accounts).map { number in
      "a" + String(repeating: "0", count: 6 - min(6, String(number).count)) + String(number)
    }
    return Book(
      market: market, instruments: instruments, accounts: names.compactMap { Identifier($0) },
      positions: rows, balances: balances)
  }
}
