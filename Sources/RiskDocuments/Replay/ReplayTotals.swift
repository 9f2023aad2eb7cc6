public import MarginModels
public import MarketModel
import PortfolioValuation
import RiskNumerics

/// How often the surface of the first day was right.
public struct ReplayAgreement: Hashable, Sendable {
  /// Accounts times steps after the first.
  public var count = 0
  /// Of these: said and were the same about being called.
  public var called = 0
  /// And about being liquidated.
  public var liquidated = 0

  /// Shares of the count, 0 to 1; nil without steps.
  public var calledShare: Double? { count > 0 ? Double(called) / Double(count) : nil }
  public var liquidatedShare: Double? { count > 0 ? Double(liquidated) / Double(count) : nil }
}

/// One step of the whole book.
public struct ReplayBookStep: Hashable, Sendable {
  public var equity = 0.0
  /// nil on the first market.
  public var profit: ReplayProfit?
  /// Σ |residual| over accounts, over Σ |profit of marked options by marks| over accounts; nil where there is none.
  public var residualShare: Double?
  /// Sums of the requirements.
  public var initial = ByMode(isolated: 0.0, cross: 0.0, portfolio: 0.0)
  public var maintenance = ByMode(isolated: 0.0, cross: 0.0, portfolio: 0.0)
  /// Accounts below the initial and below the maintenance requirement at this step.
  public var called = ByMode(isolated: 0, cross: 0, portfolio: 0)
  public var liquidated = ByMode(isolated: 0, cross: 0, portfolio: 0)
}

/// What the accounts of a replay add up to.
public struct ReplayTotals: Hashable, Sendable {
  public private(set) var steps: [ReplayBookStep] = []
  /// Accounts that were called and liquidated at any step.
  public private(set) var called = ByMode(isolated: 0, cross: 0, portfolio: 0)
  public private(set) var liquidated = ByMode(isolated: 0, cross: 0, portfolio: 0)
  /// Σ of the accounts' capital.
  public private(set) var capital = ByMode(isolated: 0.0, cross: 0.0, portfolio: 0.0)
  public private(set) var agreement = ByMode(
    isolated: ReplayAgreement(), cross: ReplayAgreement(), portfolio: ReplayAgreement())
  /// Margins lost by positions that isolated mode closed, and what went beyond them.
  public private(set) var lostMargin = 0.0
  public private(set) var beyondMargin = 0.0

  /// The totals of some accounts, all of one replay.
  ///
  /// Sums are exact, so that the order of the accounts does not matter.
  public init(_ accounts: [ReplayAccount]) {
    let count = accounts.map(\.steps.count).max() ?? 0
    for step in 0..<count {
      steps.append(Self.step(accounts.compactMap { $0.steps.indices.contains(step) ? $0.steps[step] : nil }))
    }
    for mode in MarginMode.allCases {
      capital[mode] = Self.sum(accounts.map { $0.fates[mode].capital })
      called[mode] = accounts.count { $0.fates[mode].called != nil }
      liquidated[mode] = accounts.count { $0.fates[mode].liquidated != nil }
      for account in accounts {
        for step in account.steps {
          guard let predicted = step.predicted?[mode] else { continue }
          let realised = step.surplus(mode)
          agreement[mode].count += 1
          if (predicted.initial < 0) == (realised.initial < 0) { agreement[mode].called += 1 }
          if (predicted.maintenance < 0) == (realised.maintenance < 0) { agreement[mode].liquidated += 1 }
        }
      }
    }
    lostMargin = Self.sum(accounts.flatMap { $0.liquidated.map(\.lost) })
    beyondMargin = Self.sum(accounts.flatMap { $0.liquidated.map(\.beyond) })
  }

  /// How the book's initial requirement moved over the steps.
  public func panel(_ mode: MarginMode) -> ProcyclicalityPanel {
    Procyclicality.panel(
      requirement: steps.map { $0.initial[mode] }, values: steps.map(\.equity), horizons: [1])
  }

  private static func step(_ parts: [ReplayAccountStep]) -> ReplayBookStep {
    var step = ReplayBookStep()
    step.equity = sum(parts.map(\.equity))
    let profits = parts.compactMap(\.profit)
    if !profits.isEmpty {
      var whole = ReplayProfit()
      whole.factors.balances = sum(profits.map(\.factors.balances))
      whole.factors.forward = sum(profits.map(\.factors.forward))
      whole.factors.volatility = sum(profits.map(\.factors.volatility))
      whole.factors.time = sum(profits.map(\.factors.time))
      whole.factors.rates = sum(profits.map(\.factors.rates))
      whole.byMarks = sum(profits.map(\.byMarks))
      whole.ofMarked = sum(profits.map(\.ofMarked))
      whole.markedCount = profits.reduce(0) { $0 + $1.markedCount }
      whole.unmarkedCount = profits.reduce(0) { $0 + $1.unmarkedCount }
      step.profit = whole
      let marked = sum(profits.map { abs($0.byMarks) })
      step.residualShare = marked > 0 ? sum(profits.map { abs($0.residual) }) / marked : nil
    }
    for mode in MarginMode.allCases {
      step.initial[mode] = sum(parts.map { $0.modes[mode].initial })
      step.maintenance[mode] = sum(parts.map { $0.modes[mode].maintenance })
      step.called[mode] = parts.count { $0.surplus(mode).initial < 0 }
      step.liquidated[mode] = parts.count { $0.surplus(mode).maintenance < 0 }
    }
    return step
  }

  private static func sum(_ values: [Double]) -> Double {
    var sum = ExactSum()
    for value in values { sum.add(value) }
    return sum.value
  }
}
