public import MarketModel

/// A small crypto market and books over it, made from a seed: linear and coin-settled options, futures,
/// perpetuals and balances on two coins.
public struct SampleBook {
  /// A linear congruential generator (Knuth, MMIX constants): enough for making test cases.
  public struct Generator {
    private var state: UInt64

    /// A generator of a seed.
    public init(seed: UInt64) { state = seed }

    /// A number in [0, 1).
    public mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }

    /// An index below a count ≥ 1.
    public mutating func next(below count: Int) -> Int { Int(next() * Double(count)) }
  }

  /// Every relative move of one coin's spot, forwards and marks.
  public var spotFactor: [String: Double] = [:]
  public var correlation: Correlation?
  public var depths: [MarketDepth] = []
  public var extraInstruments: [Instrument] = []
  public var extraMarks: [Mark] = []
  public var positions: [(account: Int, instrument: String, quantity: Double, entry: Double?)] = []
  public var balances: [(account: Int, asset: String, quantity: Double)] = []
  public var accountCount = 1

  public static let asOf = Instant(secondsSinceEpoch: 1_770_326_977)
  public static let coins = [("BTC", 65_010.5, 0.62), ("ETH", 1_893.25, 0.81)]
  /// Days to the expiries.
  public static let days: [Int64] = [7, 30, 91]

  /// An empty book of one account, correlation 0.85.
  public init() {
    let assets = Self.coins.compactMap { Identifier($0.0) }
    correlation = Correlation(
      assets: assets, matrix: [1, 0.85, 0.85, 1], volatilities: Self.coins.map(\.2))
  }

  /// Books of random positions and balances.
  public static func random(accounts: Int, positions: Int, seed: UInt64) -> SampleBook {
    var sample = SampleBook()
    var generator = Generator(seed: seed)
    sample.accountCount = accounts
    let instruments = sample.instruments()
    for account in 0..<accounts {
      for _ in 0..<positions {
        let instrument = instruments[generator.next(below: instruments.count)]
        let isUSD = instrument.isInverse && instrument.kind != .option
        let size = (generator.next() - 0.5) * (isUSD ? 200_000 : 8)
        let spot = coins.first { $0.0 == instrument.underlying.text }?.1 ?? 1
        let entry = spot * (0.9 + 0.2 * generator.next())
        sample.positions.append((account, instrument.id.text, size, instrument.kind == .option ? nil : entry))
      }
      sample.balances.append((account, "BTC", 3 * (generator.next() - 0.3)))
      sample.balances.append((account, "ETH", 20 * (generator.next() - 0.3)))
      sample.balances.append((account, "USDC", 100_000 * generator.next()))
    }
    return sample
  }

  private func expiry(_ day: Int64) -> Instant? {
    Self.asOf.flatMap { Instant(secondsSinceEpoch: $0.secondsSinceEpoch + day * 86_400) }
  }

  /// The instruments of the market, in byte order.
  public func instruments() -> [Instrument] {
    var list = extraInstruments
    for (coin, spot, _) in Self.coins {
      for isInverse in [true, false] {
        let quote = isInverse ? "USD" : "USDC"
        let stem = isInverse ? coin : "\(coin)_USDC"
        func add(
          _ name: String, _ kind: InstrumentKind, _ day: Int64?, strike: Double? = nil,
          type: OptionType? = nil
        ) {
          guard let id = Identifier(name), let underlying = Identifier(coin), let quote = Identifier(quote)
          else {
            return
          }
          list.append(
            Instrument(
              id: id, kind: kind, underlying: underlying, quoteAsset: quote,
              settlementAsset: isInverse ? underlying : quote, expiry: day.flatMap(expiry), strike: strike,
              optionType: type, isInverse: isInverse))
        }
        add("\(stem)-PERPETUAL", .perpetual, nil)
        for day in Self.days {
          add("\(stem)-F\(day)", .future, day)
          for share in [0.8, 0.95, 1, 1.1, 1.3] {
            let strike = (spot * share / 10).rounded() * 10
            for type in OptionType.allCases {
              add(
                "\(stem)-\(day)-\(Int(strike))-\(type == .call ? "C" : "P")", .option, day, strike: strike,
                type: type)
            }
          }
        }
      }
    }
    return list.sorted { $0.id < $1.id }
  }

  /// The market, its spots moved by `spotFactor`.
  public func market() -> MarketSnapshot? {
    guard let asOf = Self.asOf, let usd = Identifier("USD"), let usdc = Identifier("USDC") else { return nil }
    var assets = [Asset(id: usdc, spot: 1, isStable: true)]
    var forwards: [ForwardQuote] = []
    var slices: [VolatilitySlice] = []
    var marks = extraMarks
    for (coin, quoted, volatility) in Self.coins {
      guard let id = Identifier(coin) else { return nil }
      let factor = spotFactor[coin] ?? 1
      assets.append(Asset(id: id, spot: quoted * factor))
      for day in Self.days {
        guard let expiry = expiry(day) else { return nil }
        let forward = quoted * (1 + 0.0004 * Double(day))
        forwards.append(ForwardQuote(underlying: id, expiry: expiry, price: forward * factor))
        slices.append(
          VolatilitySlice(
            underlying: id, expiry: expiry,
            shape: .quotes(
              strikes: [quoted * 0.7, quoted, quoted * 1.5],
              volatilities: [volatility + 0.12, volatility - 0.02, volatility + 0.05])))
      }
      for name in ["\(coin)-PERPETUAL", "\(coin)_USDC-PERPETUAL"] {
        guard let id = Identifier(name) else { return nil }
        marks.append(Mark(instrument: id, price: quoted * 1.0003 * factor))
      }
    }
    return MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: assets, forwards: forwards, volatility: slices, marks: marks,
      correlation: correlation, depths: depths)
  }

  /// The book.
  public func book(history: PriceHistory? = nil) -> Book? {
    guard let market = market() else { return nil }
    let instruments = instruments()
    var places: [String: Int] = [:]
    for (place, instrument) in instruments.enumerated() { places[instrument.id.text] = place }
    let width = String(accountCount).count
    let accounts = (0..<accountCount).compactMap { number in
      let digits = String(number)
      return Identifier("A" + String(repeating: "0", count: width - digits.count) + digits)
    }
    return Book(
      market: market, instruments: instruments, accounts: accounts,
      positions: positions.enumerated().compactMap { row, entry in
        places[entry.instrument].map {
          Position(
            account: entry.account, instrument: $0, quantity: entry.quantity, entryPrice: entry.entry,
            row: row + 1)
        }
      },
      balances: balances.enumerated().compactMap { row, entry in
        Identifier(entry.asset).map {
          Balance(account: entry.account, asset: $0, quantity: entry.quantity, row: row + 1)
        }
      }, history: history)
  }
}
