import MarketModel
public import PortfolioValuation

/// One account under the models of an engine, laid out so that thousands of trades are margined in one pass.
public struct AccountWhatIf: Sendable {
  /// One model in one mode.
  public struct Entry: Hashable, Sendable {
    public let id: ModelMode
    /// The account as it stands: the numbers of the report.
    public let base: MarginState
    /// Place of the model, and of the mode among its own.
    let model: Int
    let mode: Int
  }

  let context: MarginContext
  let models: [any ReportableModel]
  let increments: [any MarginIncrement]
  let holdings: AccountHoldings
  /// By model in the order asked for, then by mode.
  public let entries: [Entry]

  init(_ holdings: AccountHoldings, models: [any ReportableModel], context: MarginContext) {
    self.context = context
    self.models = models
    self.holdings = holdings
    let increments = models.map { $0.increment(of: holdings, context: context) }
    self.increments = increments
    entries = models.indices.flatMap { model in
      increments[model].modes.indices.map { mode in
        Entry(
          id: ModelMode(model: models[model].name, mode: increments[model].modes[mode]),
          base: increments[model].base[mode], model: model, mode: mode)
      }
    }
  }

  /// The account after some trades at once, one state an entry.
  ///
  /// - Returns: nil for an entry whose model cannot margin one of the instruments, or whose numbers are not finite.
  /// - Complexity: O(legs of the expiries or groups touched × scenarios) a model.
  public func after(_ trades: [TradeEffect]) -> [MarginState?] {
    var states: [MarginState?] = []
    states.reserveCapacity(entries.count)
    for (model, increment) in zip(models, increments) {
      guard trades.allSatisfy({ model.supports(instrument: $0.instrument) }) else {
        states += increment.modes.map { _ in nil }
        continue
      }
      states += increment.after(trades).map { $0.isFinite ? $0 : nil }
    }
    return states
  }

  /// Whether the model of an entry can margin an instrument, by its place in `Book.instruments`.
  public func supports(instrument: Int, entry: Int) -> Bool {
    entries.indices.contains(entry) && models[entries[entry].model].supports(instrument: instrument)
  }

  /// The surplus of one entry after trades; nil where `after` has none.
  func surplus(_ entry: Int, after trades: [TradeEffect], _ test: MarginTest) -> Double? {
    let place = entries[entry]
    guard trades.allSatisfy({ models[place.model].supports(instrument: $0.instrument) }) else { return nil }
    let found = increments[place.model].after(trades)[place.mode].surplus(test)
    return found.isFinite ? found : nil
  }
}

extension MarginEngine {
  /// An account under the reported models, laid out for trades.
  ///
  /// - Parameter account: place in `Book.accounts`.
  /// - Complexity: one evaluation of every model.
  public func whatIf(ofAccount account: Int) -> AccountWhatIf {
    AccountWhatIf(
      AccountHoldings(of: account, in: valued, context: context), models: reported, context: context)
  }
}
