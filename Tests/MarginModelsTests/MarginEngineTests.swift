import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

@Suite struct MarginEngineTests {
  static let team = ThreadTeam(threadCount: 1)

  /// One account with two lots of an inverse perpetual (worth 1 and 2 coins at the mark), a short linear
  /// call without volatility, a coin balance and cash.
  static func valued(margins: [Double?]) throws -> ValuedBook {
    let usd = try #require(Identifier("USD"))
    let usdc = try #require(Identifier("USDC"))
    let btc = try #require(Identifier("BTC"))
    let perpetual = try #require(Identifier("BTC-PERPETUAL"))
    let call = try #require(Identifier("BTC_USDC-27MAR26-60000-C"))
    let asOf = try #require(Instant(year: 2026, month: 2, day: 5, hour: 8))
    let expiry = try #require(Instant(year: 2026, month: 3, day: 27, hour: 8))
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd,
      assets: [Asset(id: btc, spot: 50_000), Asset(id: usdc, spot: 1, isStable: true)],
      forwards: [ForwardQuote(underlying: btc, expiry: expiry, price: 50_000)],
      volatility: [
        VolatilitySlice(
          underlying: btc, expiry: expiry, shape: .quotes(strikes: [60_000], volatilities: [1e-9]))
      ],
      marks: [Mark(instrument: perpetual, price: 50_000)])
    let instruments = [
      Instrument(
        id: perpetual, kind: .perpetual, underlying: btc, quoteAsset: usd, settlementAsset: btc,
        isInverse: true),
      Instrument(
        id: call, kind: .option, underlying: btc, quoteAsset: usdc, settlementAsset: usdc,
        expiry: expiry, strike: 60_000, optionType: .call),
    ]
    let account = try #require(Identifier("a"))
    var positions = margins.enumerated().map { place, margin in
      Position(
        account: 0, instrument: 0, quantity: Double(place + 1) * 50_000, entryPrice: 50_000,
        isolatedMargin: margin, row: place + 1)
    }
    positions.append(Position(account: 0, instrument: 1, quantity: -2, row: 9))
    let book = Book(
      market: market, instruments: instruments, accounts: [account], positions: positions,
      balances: [
        Balance(account: 0, asset: usdc, quantity: 10_000), Balance(account: 0, asset: btc, quantity: 1),
      ])
    return BookValuation.value(book, team: team)
  }

  static func figures(margins: [Double?]) throws -> [MarginFigure] {
    let engine = try MarginEngine(
      book: valued(margins: margins), models: MarginLawTests.names, parts: [], team: team)
    return engine.models(ofAccount: 0)
  }

  /// The standard manager by hand.
  ///
  /// Perpetual 3 coins × 50,000 × 6.6 % and 5 %; call 20 % out of the money:
  /// initial max(13 %, 15 % − 20 %) × 2 × 50,000, maintenance 9 % × 2 × 50,000, mark 0. Equity counts the
  /// coin at 0.75; in initial margin it counts 0.75 × 0.93.
  @Test("an account's figures under the standard manager, followed by hand")
  func standardByHand() throws {
    let figures = try Self.figures(margins: [nil, nil])
    let (isolated, cross) = (figures[0], figures[1])
    #expect(abs(cross.equity - (10_000 + 37_500)) < 1e-6)
    #expect(abs(cross.maintenance - (7_500 + 9_000)) < 1e-6)
    #expect(abs(cross.initial - (9_900 + 13_000 + 37_500 * 0.07)) < 1e-6)
    #expect(abs(isolated.initial - 22_900) < 1e-6)
    #expect(isolated.perPosition.map(\.quantity) == [150_000, -2])
    #expect(cross.perPosition.allSatisfy { $0.margin == nil })
  }

  /// Lots with a stated margin keep it, at the spot of the settlement coin; the others hold their own
  /// initial requirement, 3,300 a coin.
  @Test("a position alone holds the margin that the book states, else its own initial requirement")
  func isolatedMargin() throws {
    let cases: [([Double?], Double)] = [
      ([nil, nil], 9_900), ([0.1, 0.2], 15_000), ([0.1, nil], 5_000 + 6_600),
    ]
    for (margins, expected) in cases {
      let found = try Self.figures(margins: margins)[0].perPosition.map(\.margin)
      #expect(abs((found[0] ?? 0) - expected) < 1e-6)
      #expect(abs((found[1] ?? 0) - 13_000) < 1e-6)
    }
  }

  /// The worst is a fall or a rise of 18 %: 4 coins long against 2 short calls far out of the money.
  @Test("the portfolio manager counts the whole account and names its worst scenario")
  func portfolio() throws {
    let valued = try Self.valued(margins: [nil, nil])
    let figure = try #require(try Self.figures(margins: [nil, nil]).first { $0.mode == .portfolio })
    #expect(abs(figure.equity - valued.equity[0]) < 1e-6)
    #expect(figure.worstScenario == "-18% vol up")
    // 0.8 × (4 × 50,000 × 18 %), the calls still worthless at 41,000 with volatility lifted to 50 %: their
    // value there is below one dollar a coin and earns the short nothing.
    let scan = try #require(figure.components.first { $0.name == "scan_loss" })
    #expect(scan.maintenance >= 0.8 * 36_000 && scan.maintenance < 0.8 * 36_000 + 1_000)
    // Two naked shorts at 0.3 %, three coins of perpetual at 3 %, one coin of collateral at 2 %.
    let charges = figure.components.filter { $0.name != "scan_loss" }.map(\.maintenance).reduce(0, +)
    #expect(abs(charges - (2 * 150 + 3 * 1_500 + 1_000)) < 1e-6)
  }

  @Test("every model tells its parameters in numbers that read back")
  func descriptions() {
    #expect(ModelDescription.all.map(\.name) == ModelCatalogue.names)
    for model in ModelDescription.all {
      #expect(!model.modes.isEmpty && !model.source.isEmpty && !model.confidence.isEmpty)
      #expect(Set(model.parameters.map(\.name)).count == model.parameters.count)
      // A number that a user has to supply has none to read.
      #expect(
        model.parameters.allSatisfy {
          $0.number.map(\.isFinite) ?? ($0.value == "null") && Double($0.value) == $0.number
        })
    }
  }
}
