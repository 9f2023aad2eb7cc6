public import MarketModel
import StructuredText

/// A book and what it asks to be computed.
public struct BookReading: Sendable {
  public let book: Book
  public let plan: RunPlan
  /// What trades on the book may name.
  public let contracts: ContractNames
}

/// Reads a book of either form, strictly and completely: every row is either in the book or in its
/// failures.
///
/// A wrong file stops with the first fault. A wrong row is set aside with its place and marks its account
/// incomplete; so does a quote of the market that had to be set aside, for whoever holds its underlying, and a
/// day of the history from which covariances are estimated, for whoever holds anything that moves.
public enum BookReader {
  /// Reads the book alone; `run.json` is checked all the same.
  ///
  /// - Throws: `DocumentError` with file, place, what was found and what was expected.
  public static func read(
    _ source: BookSource, rules: ReadingRules = ReadingRules()
  ) throws(DocumentError) -> Book {
    try readWithPlan(source, rules: rules).book
  }

  /// Reads the book and its `run.json`, which may be absent.
  ///
  /// - Parameter models: margin models that the plan may name beside the built ones.
  /// - Throws: `DocumentError`; of kind `usage` where the plan names something that is not built.
  /// - Complexity: O(bytes + positions log positions).
  public static func readWithPlan(
    _ source: BookSource, rules: ReadingRules = ReadingRules(), models: [ModelDefinition] = []
  ) throws(DocumentError) -> BookReading {
    let parts = try BookParts(source)
    guard let marketTree = parts.tree("market") else {
      throw DocumentError(
        path: source.isSingleDocument ? source.members.first?.name ?? "book" : "market.json",
        message: "expected a market, found none in the book")
    }
    let plan =
      try parts.tree("run").map { tree throws(DocumentError) in try RunPlanReader.read(tree, models: models) }
      ?? RunPlan(modelDefinitions: models)

    var log = FailureLog(rules: rules)
    var market = try MarketReader(marketTree)
    var directory = InstrumentDirectory()
    if let table = try parts.table("instruments", InstrumentRows.schema) {
      try directory.read(table, asOf: market.asOf, log: &log)
    }
    let snapshot = try market.market(instruments: directory, log: &log)
    return BookReading(
      book: try assemble(parts, snapshot, market, directory, &log), plan: plan,
      contracts: ContractNames(directory: directory, asOf: snapshot.asOf))
  }

  private static func assemble(
    _ parts: BookParts, _ snapshot: MarketSnapshot, _ market: MarketReader,
    _ directory: InstrumentDirectory, _ log: inout FailureLog
  ) throws(DocumentError) -> Book {
    let positionTable = try parts.table("positions", PositionRows.schema)
    let balanceTable = try parts.table("balances", BalanceRows.schema)
    guard positionTable != nil || balanceTable != nil else {
      throw DocumentError(
        path: "positions.csv", message: "expected positions or balances, found neither in the book")
    }
    var assumptions = market.notes
    if positionTable == nil {
      assumptions.append("positions: the book has no such table; its accounts hold balances only")
    }
    if balanceTable == nil {
      assumptions.append("balances: the book has no such table; its accounts hold positions only")
    }
    var accounts = AccountLedger()
    var instruments = InstrumentLedger()
    var positions: [Position] = []
    var balances: [Balance] = []
    var (positionCount, balanceCount) = (RowCount(rows: 0), RowCount(rows: 0))
    if let table = positionTable {
      (positions, positionCount) = try PositionRows.read(
        table, directory: directory, asOf: snapshot.asOf, accounts: &accounts, instruments: &instruments,
        log: &log)
    }
    if let table = balanceTable {
      (balances, balanceCount) = try BalanceRows.read(
        table, knows: { snapshot.spot(of: $0) != nil }, accounts: &accounts, log: &log)
    }
    var history: PriceHistory?
    if let table = try parts.table("history", HistoryRows.schema) {
      let known = log.failures.count
      history = try HistoryRows.read(
        table, asOf: snapshot.asOf, known: market.listedAssets + [market.baseCurrency], log: &log)
      if log.failures.count > known, snapshot.correlation == nil {
        snapshot.markMoving(&accounts, positions, balances)
      }
    }
    market.lost.mark(&accounts, positions, instruments.instruments)

    let (accountIDs, accountPlaces) = accounts.ordered()
    let (ordered, instrumentPlaces) = instruments.ordered()
    var incomplete: [Int] = []
    for (account, isIncomplete) in accounts.isIncomplete.enumerated() where isIncomplete {
      incomplete.append(accountPlaces[account])
    }
    return Book(
      market: snapshot, instruments: ordered, accounts: accountIDs,
      positions: positions.map {
        $0.moved(account: accountPlaces[$0.account], instrument: instrumentPlaces[$0.instrument])
      },
      balances: balances.map {
        Balance(account: accountPlaces[$0.account], asset: $0.asset, quantity: $0.quantity, row: $0.row)
      },
      history: history, failures: log.failures, incompleteAccounts: incomplete.sorted(),
      positionsName: positionTable?.listName ?? "positions.csv",
      balancesName: balanceTable?.listName ?? "balances.csv", positionCount: positionCount,
      balanceCount: balanceCount, assumptions: assumptions)
  }
}

extension LostQuotes {
  /// Marks whoever holds an instrument of which a quote was set aside.
  func mark(_ accounts: inout AccountLedger, _ positions: [Position], _ instruments: [Instrument]) {
    let isLost = instruments.map(touches)
    guard isLost.contains(true) else { return }
    for position in positions where isLost[position.instrument] { accounts.lose(position.account) }
  }
}

extension MarketSnapshot {
  /// Marks whoever holds something that moves: a day lost from the history is lost for the volatility and
  /// correlation of every asset, since the estimate needs all prices of a day.
  func markMoving(_ accounts: inout AccountLedger, _ positions: [Position], _ balances: [Balance]) {
    for position in positions { accounts.lose(position.account) }
    for balance in balances where !isCash(balance.asset) { accounts.lose(balance.account) }
  }
}

extension Position {
  /// The same position at other places.
  fileprivate func moved(account: Int, instrument: Int) -> Position {
    Position(
      account: account, instrument: instrument, quantity: quantity, entryPrice: entryPrice,
      marginMode: marginMode, isolatedMargin: isolatedMargin, row: row)
  }
}
