import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskNumerics

/// The way of every option from one market of a replay to the next.
struct ReplayExplanation: Sendable {
  /// One entry an instrument; nil for other contracts and where one end has no value.
  private let steps: [OptionSteps?]
  /// Base value of each option by its mark at both ends, per contract; nil where a mark is missing.
  private let marks: [(start: Double, end: Double)?]
  private let from: ReplayStage
  private let to: ReplayStage

  init(from: ReplayStage, to: ReplayStage, team: ThreadTeam) {
    self.from = from
    self.to = to
    let book = to.valued.book
    var places: [Int] = []
    var starts: [ResolvedInstrument] = []
    var ends: [OptionEnd] = []
    for case let start? in from.valued.resolved where start.kind == .option {
      guard let end = Self.end(of: start, from, to) else { continue }
      places.append(start.instrument)
      starts.append(start)
      ends.append(end)
    }
    var steps = [OptionSteps?](repeating: nil, count: book.instruments.count)
    var marks = [(start: Double, end: Double)?](repeating: nil, count: book.instruments.count)
    for (offset, found) in OptionSteps.steps(from: starts, to: ends, team: team).enumerated() {
      steps[places[offset]] = found
      guard let start = Self.markValue(starts[offset]) else { continue }
      switch ends[offset] {
      case .alive(let option): marks[places[offset]] = Self.markValue(option).map { (start, $0) }
      case .settled: marks[places[offset]] = (start, found.end)
      }
    }
    self.steps = steps
    self.marks = marks
  }

  /// Where an option ends: settled where it expired on the way, else on the later market.
  private static func end(
    of start: ResolvedInstrument, _ from: ReplayStage, _ to: ReplayStage
  ) -> OptionEnd? {
    let instrument = to.valued.book.instruments[start.instrument]
    let (before, after) = (from.valued.book.market, to.valued.book.market)
    guard let expiry = instrument.expiry, expiry <= after.asOf else {
      return to.valued.resolved[start.instrument].map { .alive($0) }
    }
    guard expiry > before.asOf, let price = ReplayBook.settlementPrice(instrument, expiry, before, after),
      let spot = after.spot(of: instrument.settlementAsset)
    else { return nil }
    let perUnit = (instrument.isInverse ? spot / price : spot) * instrument.multiplier
    return .settled(price: price, perUnit: perUnit)
  }

  private static func markValue(_ option: ResolvedInstrument) -> Double? {
    option.optionMark.map { $0 * (option.isInverse ? option.spot : option.quoteSpot) * option.multiplier }
  }

  /// The profit of one account on the way.
  func profit(ofAccount account: Int) -> ReplayProfit {
    var profit = ReplayProfit()
    addBalances(account, to: &profit)
    var ends = to.valued.holdings[to.valued.holdingRanges[account]].map { holding in
      (
        row: to.valued.book.positions[holding.position].row, instrument: holding.instrument,
        value: holding.value
      )
    }[...]
    for holding in from.valued.holdings[from.valued.holdingRanges[account]] {
      let row = from.valued.book.positions[holding.position].row
      while let next = ends.first, (next.instrument, next.row) < (holding.instrument, row) {
        ends.removeFirst()
      }
      let match = ends.first.flatMap { $0.row == row && $0.instrument == holding.instrument ? $0.value : nil }
      guard from.valued.resolved[holding.instrument]?.kind != .option else {
        addOption(holding, to: &profit)
        continue
      }
      if let end = match ?? settled(holding, account) { profit.factors.forward += end - holding.value }
    }
    return profit
  }

  /// What was held at both ends, at its new spot.
  private func addBalances(_ account: Int, to profit: inout ReplayProfit) {
    for balance in from.valued.balances[from.valued.balanceRanges[account]] {
      guard let spot = to.valued.book.market.spot(of: balance.asset) else { continue }
      profit.factors.balances += balance.quantity * (spot - balance.spot)
    }
  }

  private func addOption(_ holding: Holding, to profit: inout ReplayProfit) {
    guard let found = steps[holding.instrument] else { return }
    let factors = found.profit(quantity: holding.quantity)
    profit.factors += factors
    guard let mark = marks[holding.instrument] else {
      profit.unmarkedCount += 1
      return
    }
    profit.markedCount += 1
    profit.byMarks += holding.quantity * (mark.end - mark.start)
    profit.ofMarked += holding.quantity * (found.end - found.start)
  }

  /// What a future that expired on the way paid, at the later spot of its settlement asset.
  private func settled(_ holding: Holding, _ account: Int) -> Double? {
    let book = from.valued.book
    let instrument = book.instruments[holding.instrument]
    guard let expiry = instrument.expiry, expiry <= to.valued.book.market.asOf,
      let price = ReplayBook.settlementPrice(instrument, expiry, book.market, to.valued.book.market),
      let paid = ReplayBook.payment(
        book.positions[holding.position], instrument, price, holding.entryPrice),
      let spot = to.valued.book.market.spot(of: instrument.settlementAsset)
    else { return nil }
    return paid * spot
  }
}
