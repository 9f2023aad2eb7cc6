import BookSources
import Plimsoll
import Testing

@Suite("what-if on books")
struct WhatIfEngineTests {
  private struct Desk {
    let book: Book
    let plan: RunPlan
    let contracts: ContractNames

    init(seed: UInt64) throws {
      let members = SampleDesk.files(accounts: 30, seed: seed, instruments: 150).map {
        BookSource.Member(name: $0.name, bytes: $0.bytes)
      }
      let reading = try BookReader.readWithPlan(.directory(members), rules: ReadingRules())
      var plan = reading.plan
      plan.measures = [.greeks, .valueAtRisk, .stress, .margin]
      for place in plan.valueAtRisk.indices { plan.valueAtRisk[place].paths = 2_000 }
      (book, self.plan, contracts) = (reading.book, plan, reading.contracts)
    }

    /// The book with an order put through.
    func changed(by order: TradeOrder, cash: Double) throws -> Book {
      var instruments = book.instruments
      if !instruments.contains(where: { $0.id == order.instrument.id }) {
        instruments.append(order.instrument)
      }
      instruments.sort { $0.id < $1.id }
      func place(_ id: Identifier) throws -> Int { try #require(instruments.firstIndex { $0.id == id }) }
      var positions = try book.positions.map {
        Position(
          account: $0.account, instrument: try place(book.instruments[$0.instrument].id),
          quantity: $0.quantity, entryPrice: $0.entryPrice, row: $0.row)
      }
      positions.append(
        Position(
          account: order.account, instrument: try place(order.instrument.id), quantity: order.quantity,
          entryPrice: order.price, row: 99_999))
      let paid = Balance(account: order.account, asset: book.market.baseCurrency, quantity: cash, row: 99_999)
      return Book(
        market: book.market, instruments: instruments, accounts: book.accounts, positions: positions,
        balances: book.balances + [paid], history: book.history)
    }
  }

  @Test("every marginal figure is that of a run on the changed book", arguments: [3 as UInt64, 4])
  func rerun(seed: UInt64) throws {
    let desk = try Desk(seed: seed)
    let engine = try Engine(book: desk.book, plan: desk.plan, threads: 2)
    let names = desk.book.instruments.map(\.id.text)
    // Held by others, held by nobody, and one with a price of its own.
    let strange = try #require(desk.book.market.volatility.first { $0.underlying.text == "BTC" })
    let day = try #require(names.first { $0.hasPrefix("BTC-") && $0.split(separator: "-").count == 4 })
    let stem = day.split(separator: "-").prefix(2).joined(separator: "-")
    #expect(strange.underlying.text == "BTC")
    var orders: [TradeOrder] = []
    for (account, text) in [
      (0, "BTC-PERPETUAL,-30000"), (3, "\(names[5]),-2"), (7, "\(names[40]),3"), (11, "\(stem)-71234-C,-1.5"),
      (2, "BTC-PERPETUAL,20000,61000"),
    ] {
      orders.append(
        try desk.contracts.order(
          "\(desk.book.accounts[account]),\(text)", accounts: desk.book.accounts, path: "test"))
    }
    let whatIf = try WhatIfEngine(book: desk.book, plan: desk.plan, orders: orders, threads: 1)
    let report = whatIf.report(WhatIfRequest(orders: orders))
    #expect(report.failures.isEmpty && report.trades.count == orders.count)
    for (order, trade) in zip(orders, report.trades) {
      let before = try #require(engine.account(order.account)).account.figures
      let cash = trade.legs.reduce(0) { $0 + $1.cash }
      let rerun = try Engine(
        book: try desk.changed(by: order, cash: cash), plan: desk.plan, threads: 2)
      let after = try #require(rerun.account(order.account)).account.figures
      let base = report.accounts[trade.account]
      // Sums of some twenty positions of up to 1e7, in another order.
      let slack = 1e-11 * max(1e6, abs(before.equity))
      for (figure, entry) in zip(before.margin?.models ?? [], base.margin) {
        #expect(figure.model == entry.id.model && figure.initial == entry.state.initial)
      }
      for (figure, state) in zip(after.margin?.models ?? [], trade.margin) {
        let state = try #require(state)
        #expect(abs(figure.initial - state.initial) < slack && abs(figure.equity - state.equity) < slack)
        #expect(abs(figure.maintenance - state.maintenance) < slack)
      }
      for (figure, tail) in zip(before.valueAtRisk ?? [], try #require(base.tail)) {
        #expect(abs(figure.valueAtRisk - tail.valueAtRisk) < slack)
      }
      for (figure, tail) in zip(after.valueAtRisk ?? [], try #require(trade.tail)) {
        #expect(figure.confidence == tail.confidence)
        #expect(abs(figure.valueAtRisk - tail.valueAtRisk) < slack)
        #expect(abs(figure.expectedShortfall - tail.expectedShortfall) < slack)
      }
      let greeks = try #require(trade.greeks)
      let change = try #require(after.greeks).total.cashDelta - (try #require(before.greeks)).total.cashDelta
      #expect(abs(change - greeks.cashDelta) < slack)
      let vega = try #require(after.greeks).total.vega - (try #require(before.greeks)).total.vega
      #expect(abs(vega - greeks.vega) < slack)
      for ((old, new), own) in zip(zip(before.stress ?? [], after.stress ?? []), trade.stress) {
        #expect(abs(new.profitAndLoss - old.profitAndLoss - own.profitAndLoss) < slack)
      }
    }
  }

  @Test("a report does not depend on the number of threads, and trades together are one")
  func threads() throws {
    let desk = try Desk(seed: 5)
    let orders = try (0..<40).map { number in
      try desk.contracts.order(
        "\(desk.book.accounts[number % 3]),\(desk.book.instruments[number].id),\(number % 2 == 0 ? 1 : -2)",
        accounts: desk.book.accounts, path: "test:\(number)")
    }
    let request = WhatIfRequest(orders: orders, largest: .initial)
    func bytes(_ threads: Int) throws -> [UInt8] {
      try WhatIfEngine(book: desk.book, plan: desk.plan, orders: orders, threads: threads)
        .report(request).json()
    }
    #expect(try bytes(1) == bytes(4))
    let together = try WhatIfEngine(book: desk.book, plan: desk.plan, orders: orders, threads: 1)
      .report(WhatIfRequest(orders: orders, isTogether: true))
    #expect(together.trades.map(\.legs.count) == [14, 13, 13])
  }

  @Test("a long option in a split takes nothing from the rest: its loss ends at its worth")
  func longOptions() throws {
    let desk = try Desk(seed: 92)
    let accounts = Array(desk.book.accounts.indices)
    let engine = try WhatIfEngine(
      book: desk.book, plan: desk.plan, orders: [], furtherAccounts: accounts, threads: 2)
    let options = Set(desk.book.instruments.filter { $0.kind == .option && !$0.isInverse }.map(\.id))
    var met = 0
    for entry in try engine.splits(accounts, by: .capital, limit: nil) {
      for position in entry.split.positions
      where position.quantity > 0 && options.contains(position.instrument) {
        // The worth is a product and the loss a difference of two: their rounding.
        #expect(position.contagion <= 1e-9 * abs(position.quantity) * 1e5)
        met += 1
      }
    }
    #expect(met > 10)
  }

  @Test("a split never needs more than either end that the limit allows, and a limit isolates what breaks it")
  func splits() throws {
    let desk = try Desk(seed: 6)
    let accounts = [1, 4, 9, 16]
    let engine = try WhatIfEngine(
      book: desk.book, plan: desk.plan, orders: [], furtherAccounts: accounts, threads: 2)
    for objective in SplitObjective.allCases {
      func measure(_ cost: IsolatedSplit.Cost) -> Double {
        objective == .capital ? cost.capital : cost.initial
      }
      for limit in [nil, 1e5, 0] as [Double?] {
        for entry in try engine.splits(accounts, by: objective, limit: limit) {
          let split = entry.split
          #expect(measure(split.best) <= measure(split.allIsolated) * (1 + 1e-9))
          if !split.positions.contains(where: \.isForced) {
            #expect(measure(split.best) <= measure(split.allCross) * (1 + 1e-9))
          }
          for position in split.positions {
            #expect(position.isForced == (position.contagion > limit ?? .infinity))
            #expect(position.isIsolated || !position.isForced)
          }
        }
      }
    }
  }
}
