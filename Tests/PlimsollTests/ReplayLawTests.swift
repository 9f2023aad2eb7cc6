import MarginModels
import MarketModel
import Plimsoll
import TestSupport
import Testing

@Suite("laws of the replay")
struct ReplayLawTests {
  @Test("the same market again brings no profit and the figures of the first day")
  func unmoved() throws {
    let week = try ReplayWeek()
    let result = try week.result([week.unmoved])
    var plan = RunPlan()
    plan.measures = [.margin]
    let engine = try Engine(book: week.book, plan: plan, threads: 2)
    for (place, account) in result.accounts.enumerated() {
      let profit = try #require(account.steps[1].profit)
      #expect(profit.factors == ProfitFactors())
      #expect(profit.residual == 0)
      #expect(account.steps[1].modes == account.steps[0].modes)
      #expect(account.steps[1].equity == account.steps[0].equity)
      let margin = try #require(engine.account(place)?.account.figures.margin)
      let modes = account.steps[0].modes
      // A replay follows what a model margins, also of an account that it does not margin all of.
      func today(_ model: String, _ mode: MarginMode) throws -> MarginFigure {
        try #require(margin.models.first { $0.model == model && $0.mode == mode })
      }
      #expect(try modes.isolated.maintenance == today("derive-srm", .isolated).maintenance)
      #expect(try modes.cross.initial == today("derive-srm", .cross).initial)
      #expect(try modes.portfolio.maintenance == today("derive-pmrm2", .portfolio).maintenance)
      #expect(try modes.portfolio.surplus == today("derive-pmrm2", .portfolio).surplus)
      if let whole = margin.comparison?.portfolio.maintenance {
        #expect(modes.portfolio.maintenance == whole)
      }
      // The surface of a day at that day's own market is that day.
      let predicted = try #require(account.steps[1].predicted)
      let scale = 1 + abs(modes.portfolio.equity) + modes.portfolio.initial
      #expect(abs(predicted.portfolio.maintenance - modes.portfolio.surplus) < 1e-12 * scale)
      #expect(
        abs(predicted.cross.initial - modes.cross.surplusInitial) < 1e-12 * (scale + modes.cross.initial))
    }
  }

  @Test("the parts of the profit sum to it, and it is the change of equity")
  func profit() throws {
    let result = try ReplayWeek().result()
    for account in result.accounts {
      for step in 1..<account.steps.count {
        let profit = try #require(account.steps[step].profit)
        let parts = profit.factors
        #expect(
          parts.total == parts.balances + parts.forward + parts.volatility + parts.time + parts.rates)
        let change = account.steps[step].equity - account.steps[step - 1].equity
        let scale = abs(account.steps[step].equity) + abs(parts.forward) + abs(parts.balances)
        // Rounding of sums over a hundred positions.
        #expect(abs(parts.total - change) < 1e-11 * scale, "\(account.id) at \(step)")
      }
    }
    let totals = ReplayTotals(result.accounts)
    // Marks of the week are the model's own to a millionth of a coin.
    for step in totals.steps.dropFirst() { #expect(try #require(step.residualShare) < 2e-4) }
  }

  @Test("twice the quantities make twice the profit, to the bit")
  func scaling() throws {
    let once = try ReplayWeek().result()
    let twice = try ReplayWeek { lines in
      lines.map { line in
        var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        cells[2] = String(2 * (Double(cells[2]) ?? 0))
        return cells.joined(separator: ",")
      }
    }.result()
    for (one, two) in zip(once.accounts, twice.accounts) {
      for step in 1..<one.steps.count {
        let (left, right) = (try #require(one.steps[step].profit), try #require(two.steps[step].profit))
        #expect(right.factors.volatility == 2 * left.factors.volatility)
        #expect(right.factors.time == 2 * left.factors.time)
        #expect(right.factors.forward == 2 * left.factors.forward)
      }
    }
  }

  @Test("neither the order of rows nor the number of threads changes a byte")
  func sameBytes() throws {
    var options = Replay.Options()
    options.historyDays = 5
    options.keepsSurface = true
    let week = try ReplayWeek()
    let document = ReplayWriter(try week.result(options: options)).document()
    #expect(ReplayWriter(try week.result(threads: 1, options: options)).document() == document)
    let reversed = try ReplayWeek { Array($0.reversed()) }
    #expect(ReplayWriter(try reversed.result(threads: 3, options: options)).document() == document)
    try TestReports.keep(document, folder: "replay-week", file: "replay.json")
  }

  @Test("going by way of another market ends where going there at once ends")
  func merged() throws {
    let week = try ReplayWeek()
    let through = try week.result()
    let direct = try week.result([week.markets[1]])
    for (long, short) in zip(through.accounts, direct.accounts) {
      // What expired did so near the first day: the nearest market is the same.
      #expect(long.steps[2].equity == short.steps[1].equity)
      #expect(long.steps[2].modes == short.steps[1].modes)
      #expect(long.steps[2].predicted == short.steps[1].predicted)
      let parts = try long.steps[1...].map { try #require($0.profit).factors.total }
      let whole = try #require(short.steps[1].profit).factors.total
      #expect(abs(parts[0] + parts[1] - whole) < 1e-10 * (abs(parts[0]) + abs(parts[1]) + abs(whole)))
    }
  }

  @Test("who holds the capital survives, who holds less does not")
  func capital() throws {
    let result = try ReplayWeek().result()
    var seen = 0
    for account in result.accounts where account.unsupported.isEmpty {
      let equity = account.steps[0].equity
      let worst = account.steps.map(\.modes.portfolio.surplus).min() ?? 0
      // K = c* + V and cash = equity − V: the surplus at its worst is what equity exceeds K by.
      #expect(abs(equity - account.fates.portfolio.capital - worst) < 1e-9 * (abs(equity) + abs(worst)))
      #expect((account.fates.portfolio.liquidated != nil) == (worst < 0))
      if account.fates.cross.liquidated != nil { #expect(account.fates.cross.capital > equity) }
      #expect(account.fates.isolated.capital >= account.fates.cross.capital - 1e-9 * abs(equity))
      seen += 1
    }
    #expect(seen > 10)
  }

  @Test("in isolated mode a position loses its margin and no more")
  func isolated() throws {
    let result = try ReplayWeek(accounts: 40).result()
    let closed = result.accounts.flatMap(\.liquidated)
    #expect(closed.count > 5)
    for position in closed {
      #expect(position.lost >= 0 && position.lost <= position.margin && position.beyond >= 0)
      #expect(position.beyond == 0 || position.lost == position.margin)
    }
    for account in result.accounts where account.liquidated.isEmpty {
      #expect(account.kept == account.steps[2].equity)
    }
  }

  @Test("a past that stands still needs the same every day")
  func history() throws {
    var options = Replay.Options()
    options.historyDays = 30
    let week = try ReplayWeek(accounts: 10)
    let result = try week.result([], options: options)
    let history = try #require(result.history)
    #expect(history.days.count == 30)
    // The last date is today's market.
    let today = ReplayTotals(result.accounts).steps[0]
    let last = try #require(history.days.last)
    for mode in MarginMode.allCases {
      #expect(abs(last.requirement[mode] - today.initial[mode]) < 1e-9 * today.initial[mode])
      #expect(history.book[mode].peak >= last.requirement[mode])
    }
    #expect(throws: EngineError.self) {
      var bare = week
      bare.book = Book(
        market: week.book.market, instruments: week.book.instruments, accounts: week.book.accounts,
        positions: week.book.positions, balances: week.book.balances)
      return try bare.result([], options: options)
    }
  }

  @Test("models that live on a history look back from every market and every day of a replay")
  func recipes() throws {
    let week = try ReplayWeek(accounts: 10)
    var options = Replay.Options()
    options.historyDays = 10
    let result = try #require(
      try Replay(
        book: week.book,
        comparison: ComparisonPlan(isolated: "derive-srm", cross: "derive-srm", portfolio: "es-margin"),
        markets: week.markets, options: options, threads: 2
      ).result())
    let history = try #require(result.history)
    let today = ReplayTotals(result.accounts).steps[0].initial.portfolio
    #expect(history.days.allSatisfy { $0.requirement.portfolio > 0.1 * today })
    #expect(abs((history.days.last?.requirement.portfolio ?? 0) - today) < 1e-9 * today)
    // What the first day foresees of a later market is near what it asks: cash alone is far from both.
    var (apart, needed) = (0.0, 0.0)
    for account in result.accounts {
      let step = try #require(account.steps.last)
      let said = try #require(step.predicted?.portfolio)
      apart += abs(said.initial - step.surplus(.portfolio).initial)
      needed += step.modes.portfolio.initial
    }
    #expect(needed > 0 && apart < 0.2 * needed, "\(apart) of \(needed)")
  }
}
