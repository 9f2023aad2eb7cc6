import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// A random book, what its accounts would be after random trades by the short way and by a full rerun.
struct WhatIfDesk {
  let book: Book
  let valued: ValuedBook
  let engine: MarginEngine
  /// Those of crypto venues: the listed ones margin nothing of such a desk.
  static let models = MarginLawTests.names.filter { $0 != "reg-t" && $0 != "tims-cpm" }

  init(seed: UInt64, accounts: Int = 4, positions: Int = 12) throws {
    var desk = RandomDesk(seed: seed)
    let made = desk.book(accounts: accounts, positions: positions)
    book = try #require(made)
    let team = ThreadTeam(threadCount: 1)
    valued = BookValuation.value(book, team: team)
    engine = try MarginEngine(book: valued, models: Self.models, parts: [], team: team)
  }

  /// The book with trades put through: rows appended, premiums taken from a balance in the base currency.
  func rerun(_ account: Int, _ trades: [TradeEffect]) throws -> [MarginFigure] {
    var positions = book.positions
    var balances = book.balances
    for trade in trades {
      let instrument = book.instruments[trade.instrument]
      positions.append(
        Position(account: account, instrument: trade.instrument, quantity: trade.quantity, row: 9_999))
      guard instrument.kind == .option, let usd = Identifier("USD") else { continue }
      balances.append(Balance(account: account, asset: usd, quantity: trade.cash, row: 9_999))
    }
    let changed = Book(
      market: book.market, instruments: book.instruments, accounts: book.accounts, positions: positions,
      balances: balances)
    let team = ThreadTeam(threadCount: 1)
    let again = try MarginEngine(
      book: BookValuation.value(changed, team: team), models: Self.models, parts: [], team: team)
    return again.models(ofAccount: account)
  }

  func trade(_ place: Int, _ quantity: Double) throws -> TradeEffect {
    try #require(valued.resolved[place]?.trade(quantity: quantity))
  }
}

@Suite struct WhatIfTests {
  @Test(
    "marginal figures are those of a full rerun on the changed book", arguments: [31 as UInt64, 32, 33, 34])
  func rerun(seed: UInt64) throws {
    let desk = try WhatIfDesk(seed: seed)
    var generator = SeededGenerator(state: seed)
    for account in desk.book.accounts.indices {
      let whatIf = desk.engine.whatIf(ofAccount: account)
      let before = desk.engine.models(ofAccount: account)
      for (entry, figure) in zip(whatIf.entries, before) {
        #expect(entry.id == ModelMode(model: figure.model, mode: figure.mode))
        #expect(entry.base.initial == figure.initial && entry.base.equity == figure.equity)
      }
      for round in 0..<12 {
        let trades = try (0...round % 3).map { _ in
          let place = Int.random(in: desk.book.instruments.indices, using: &generator)
          let instrument = desk.book.instruments[place]
          let size = Double.random(in: -6...6, using: &generator)
          return try desk.trade(place, instrument.isInverse && instrument.kind != .option ? size * 3e4 : size)
        }
        let after = whatIf.after(trades)
        for (state, figure) in zip(after, try desk.rerun(account, trades)) {
          guard let state else {
            #expect(trades.contains { figure.unsupported.contains(desk.book.instruments[$0.instrument].id) })
            continue
          }
          // Sums of some hundred terms of up to 1e7, in another order where pieces are taken out and put back.
          let scale = 1e-11 * max(1e6, abs(figure.equity), figure.initial)
          #expect(abs(state.initial - figure.initial) < scale, "\(figure.model) \(figure.mode)")
          #expect(abs(state.maintenance - figure.maintenance) < scale, "\(figure.model) \(figure.mode)")
          #expect(abs(state.equity - figure.equity) < scale, "\(figure.model) \(figure.mode)")
        }
      }
    }
  }

  @Test("a trade and its reverse leave every figure as it was")
  func reverse() throws {
    let desk = try WhatIfDesk(seed: 41)
    let whatIf = desk.engine.whatIf(ofAccount: 0)
    for place in stride(from: 0, to: desk.book.instruments.count, by: 7) {
      let states = whatIf.after([try desk.trade(place, 2), try desk.trade(place, -2)])
      for (entry, state) in zip(whatIf.entries, states) {
        guard let state else { continue }
        // The two effects cancel to the bit; what is left are pieces taken out and put back.
        #expect(abs(state.initial - entry.base.initial) < 1e-5)
        #expect(abs(state.equity - entry.base.equity) < 1e-5)
      }
    }
  }

  @Test(
    "an option bought at the mark leaves equity alone where its value counts, and takes the premium where not"
  )
  func premium() throws {
    let desk = try WhatIfDesk(seed: 42)
    let whatIf = desk.engine.whatIf(ofAccount: 1)
    let place = try #require(desk.book.instruments.firstIndex { $0.kind == .option && !$0.isInverse })
    let trade = try desk.trade(place, 3)
    #expect(trade.cash < 0 && trade.value == -trade.cash)
    for (entry, state) in zip(whatIf.entries, whatIf.after([trade])) {
      let isNamed = ["derive-pmrm2", "derive-srm", "deribit-sm"].contains(entry.id.model)
      // A model that margins no options has no figure of one.
      guard let state else {
        #expect(!isNamed)
        continue
      }
      let change = state.equity - entry.base.equity
      switch entry.id.model {
      case "derive-pmrm2": #expect(abs(change) < 1e-6)
      case "derive-srm", "deribit-sm": #expect(abs(change - trade.cash) < 1e-6)
      default: break
      }
    }
  }
}
