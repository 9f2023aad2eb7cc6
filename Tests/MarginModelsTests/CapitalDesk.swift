import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics

/// A two-coin market with a small shelf of contracts, and books on it: what the laws of capital and liquidation
/// are tried on.
struct CapitalDesk {
  /// What an account holds in one instrument.
  struct Line {
    var instrument: String
    var quantity: Double
    var entry: Double?
    var isolatedMargin: Double?

    init(_ instrument: String, _ quantity: Double, entry: Double? = nil, isolatedMargin: Double? = nil) {
      self.instrument = instrument
      self.quantity = quantity
      self.entry = entry
      self.isolatedMargin = isolatedMargin
    }
  }

  /// What one account holds.
  struct Account {
    var lines: [Line] = []
    var cash = 0.0
    var btc = 0.0
    var eth = 0.0
  }

  static let team = ThreadTeam(threadCount: 1)
  static let asOf = Instant(year: 2026, month: 2, day: 5, hour: 21, minute: 29, second: 37)
  static let near = Instant(year: 2026, month: 2, day: 27, hour: 8)
  static let far = Instant(year: 2026, month: 6, day: 26, hour: 8)
  static let strikes: [String: [Double]] = [
    "BTC": [40_000, 50_000, 60_000, 65_000, 70_000, 80_000, 100_000],
    "ETH": [1_200, 1_500, 1_800, 1_900, 2_000, 2_400, 3_000],
  ]
  static let spots: [String: Double] = ["BTC": 65_010.5, "ETH": 1_912.25]
  static let basis: [String: Double] = ["near": 1.004, "far": 1.021]

  /// How a coin's market differs from today's.
  struct Move {
    var spot = 1.0
    var volatility = VolatilityShock.none
  }

  let instruments: [Instrument]

  init() {
    instruments = Self.shelf().sorted { $0.id < $1.id }
  }

  private init(instruments: [Instrument]) {
    self.instruments = instruments
  }

  /// The same desk with a second instrument of the same terms for each, its name followed by `-T`.
  func withTwins() -> CapitalDesk {
    let twins = instruments.compactMap { one in
      Identifier(one.id.text + "-T").map {
        Instrument(
          id: $0, kind: one.kind, underlying: one.underlying, quoteAsset: one.quoteAsset,
          settlementAsset: one.settlementAsset, expiry: one.expiry, strike: one.strike,
          optionType: one.optionType, exercise: one.exercise, multiplier: one.multiplier,
          isInverse: one.isInverse, isListed: one.isListed)
      }
    }
    return CapitalDesk(instruments: (instruments + twins).sorted { $0.id < $1.id })
  }

  /// The same desk with only the instruments that an account holds: fewer prices for the same figures.
  private func shelf(of account: Account) -> CapitalDesk {
    let held = Set(account.lines.map(\.instrument))
    return CapitalDesk(instruments: instruments.filter { held.contains($0.id.text) })
  }

  static func id(_ text: String) throws -> Identifier {
    guard let id = Identifier(text) else { throw DeskError.name(text) }
    return id
  }

  enum DeskError: Error {
    case name(String)
    case date
  }

  /// Options, linear and coin-settled, at two expiries, and both kinds of perpetual, of both coins.
  private static func shelf() -> [Instrument] {
    var shelf: [Instrument] = []
    for coin in ["BTC", "ETH"] {
      guard let underlying = Identifier(coin), let usdc = Identifier("USDC"), let usd = Identifier("USD")
      else { continue }
      for (name, expiry) in [("near", near), ("far", far)] {
        for strike in strikes[coin] ?? [] {
          for type in OptionType.allCases {
            for isInverse in [false, true] {
              let letter = type == .call ? "C" : "P"
              let text = "\(coin)\(isInverse ? "" : "_USDC")-\(name)-\(Int(strike))-\(letter)"
              guard let id = Identifier(text) else { continue }
              shelf.append(
                Instrument(
                  id: id, kind: .option, underlying: underlying, quoteAsset: isInverse ? usd : usdc,
                  settlementAsset: isInverse ? underlying : usdc, expiry: expiry, strike: strike,
                  optionType: type, isInverse: isInverse))
            }
          }
        }
      }
      for isInverse in [false, true] {
        let name = isInverse ? "\(coin)-PERPETUAL" : "\(coin)_USDC-PERPETUAL"
        guard let id = Identifier(name) else { continue }
        shelf.append(
          Instrument(
            id: id, kind: .perpetual, underlying: underlying, quoteAsset: isInverse ? usd : usdc,
            settlementAsset: isInverse ? underlying : usdc, isInverse: isInverse))
      }
    }
    return shelf
  }

  /// The price of a perpetual today: a little off its spot, so that the two are not taken for one another.
  static func perpetualMark(_ coin: String) -> Double { (spots[coin] ?? 0) * 1.000_7 }

  /// Today's volatility of an option.
  static func volatility(_ coin: String, strike: Double, isNear: Bool) -> Double {
    let k = Elementary.log(strike / (spots[coin] ?? 1))
    return (coin == "BTC" ? 0.55 : 0.72) + (isNear ? 0.2 : 0.08) * k * k - 0.05 * k
  }

  /// The market after moves of the coins: spots, forwards and marks multiplied, quotes of volatility changed.
  func market(_ moves: [String: Move] = [:]) throws -> MarketSnapshot {
    guard let asOf = Self.asOf, let near = Self.near, let far = Self.far else { throw DeskError.date }
    var assets = [Asset(id: try Self.id("USDC"), spot: 1, isStable: true)]
    var forwards: [ForwardQuote] = []
    var slices: [VolatilitySlice] = []
    var marks: [Mark] = []
    for coin in ["BTC", "ETH"] {
      let move = moves[coin] ?? Move()
      let spot = Self.spots[coin] ?? 0
      let underlying = try Self.id(coin)
      assets.append(Asset(id: underlying, spot: spot * move.spot))
      for (name, expiry) in [("near", near), ("far", far)] {
        let forward = spot * (Self.basis[name] ?? 1)
        forwards.append(
          ForwardQuote(underlying: underlying, expiry: expiry, price: forward * move.spot))
        let strikes = Self.strikes[coin] ?? []
        let volatilities = strikes.map {
          move.volatility.shocked(
            volatility: Self.volatility(coin, strike: $0, isNear: name == "near"),
            seconds: Double(asOf.seconds(to: expiry)), logMoneyness: Elementary.log($0 / forward))
        }
        slices.append(
          VolatilitySlice(
            underlying: underlying, expiry: expiry,
            shape: .quotes(strikes: strikes, volatilities: volatilities)))
      }
      for name in ["\(coin)-PERPETUAL", "\(coin)_USDC-PERPETUAL"] {
        for id in [name, name + "-T"] where instruments.contains(where: { $0.id.text == id }) {
          marks.append(Mark(instrument: try Self.id(id), price: Self.perpetualMark(coin) * move.spot))
        }
      }
    }
    return MarketSnapshot(
      asOf: asOf, baseCurrency: try Self.id("USD"), assets: assets, forwards: forwards,
      volatility: slices, marks: marks)
  }

  /// Accounts valued on a market.
  ///
  /// A perpetual without an entry was opened at today's mark, whatever the market.
  func valued(_ accounts: [Account], on market: MarketSnapshot) throws -> ValuedBook {
    var positions: [Position] = []
    var balances: [Balance] = []
    var names: [Identifier] = []
    for (account, holdings) in accounts.enumerated() {
      names.append(try Self.id("A\(10_000 + account)"))
      for (row, line) in holdings.lines.enumerated() {
        guard let place = instruments.firstIndex(where: { $0.id.text == line.instrument }) else {
          throw DeskError.name(line.instrument)
        }
        let opened =
          instruments[place].kind == .option
          ? nil : Self.perpetualMark(instruments[place].underlying.text)
        positions.append(
          Position(
            account: account, instrument: place, quantity: line.quantity,
            entryPrice: line.entry ?? opened, isolatedMargin: line.isolatedMargin, row: row + 1))
      }
      for (asset, quantity) in [("USDC", holdings.cash), ("BTC", holdings.btc), ("ETH", holdings.eth)]
      where quantity != 0 {
        balances.append(Balance(account: account, asset: try Self.id(asset), quantity: quantity))
      }
    }
    return BookValuation.value(
      Book(
        market: market, instruments: instruments, accounts: names, positions: positions,
        balances: balances),
      team: Self.team)
  }

  /// Net maintenance margin, cash included, of one account under a model on a market: the direct path.
  func surplus(_ account: Account, model: String, on market: MarketSnapshot) throws -> Double {
    let valued = try shelf(of: account).valued([account], on: market)
    let context = MarginContext(of: valued)
    let prepared = try ModelCatalogue.prepare(
      model, context: context, states: [.today], team: Self.team)
    var sum = context.cash(ofAccount: 0, in: valued)
    for set in context.nettingSets(ofAccount: 0, in: valued) {
      sum += prepared.netMargin(of: set, state: 0).maintenance
    }
    return sum
  }
}

/// Small deterministic random numbers; a test prints the seed it started from.
struct DeskRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 9_007_199_254_740_992
  }

  mutating func pick<T>(_ list: [T]) -> T { list[min(Int(uniform() * Double(list.count)), list.count - 1)] }
}

extension CapitalDesk {
  /// An account with a handful of random positions, some coin and some cash.
  func randomAccount(_ random: inout DeskRandom, lines: Int) -> Account {
    var account = Account()
    for _ in 0..<lines {
      let instrument = random.pick(instruments)
      let isBitcoin = instrument.underlying.text == "BTC"
      var quantity = (random.uniform() - 0.55) * (isBitcoin ? 4 : 100)
      var entry: Double?
      if instrument.kind == .perpetual {
        let mark = Self.perpetualMark(instrument.underlying.text)
        if instrument.isInverse { quantity *= mark }
        if random.uniform() < 0.5 { entry = mark * (0.9 + 0.2 * random.uniform()) }
      }
      account.lines.append(Line(instrument.id.text, quantity, entry: entry))
    }
    account.cash = (random.uniform() - 0.2) * 120_000
    if random.uniform() < 0.5 { account.btc = (random.uniform() - 0.3) * 3 }
    if random.uniform() < 0.3 { account.eth = (random.uniform() - 0.3) * 60 }
    return account
  }
}
