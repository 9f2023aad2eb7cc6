import MarketModel
import PortfolioValuation
import RiskNumerics

/// What one account, or the whole book, holds of the rows of the table.
struct Exposure: Sendable {
  /// One instrument or coin, and its multiples of rows.
  struct Item: Sendable {
    let name: Identifier
    /// Place in the market's `assets`.
    let underlying: Int
    /// Place in `rows` and multiple; an inverse future with a row of its own has two.
    var parts: [(row: Int, coefficient: Double)]
  }

  private(set) var items: [Item] = []
  /// Names of the underlyings of the items, by place in the market's `assets`.
  private(set) var assetNames: [Int: Identifier] = [:]
  /// Distinct rows of the table.
  private(set) var rows: [Int] = []
  /// Sum of the items' multiples of each row, in order of the items.
  private(set) var coefficients: [Double] = []
  /// Where each row begins in a block of the table, and its multiple as a loss.
  private(set) var starts: [Int] = []
  private(set) var lossFactors: [Double] = []
  /// The split of its loss into classes of risk.
  private(set) var classes = ClassForms()
  /// Where each row that the classes or the loss read begins in a block; those of the loss come first.
  private(set) var sumStarts: [Int] = []
  /// An asset it depends on that does not move; nil where every one does.
  private(set) var unmoved: Identifier?

  /// The exposure of an account.
  init(_ book: ValuedBook, account: Int, table: ProfitTable, width: Int) {
    let holdings = book.holdings[book.holdingRanges[account]]
    var place = holdings.startIndex
    while place < holdings.endIndex {
      // Lots of one instrument are neighbours: they are one item.
      let instrument = holdings[place].instrument
      var effective = 0.0
      var quantity = 0.0
      while place < holdings.endIndex, holdings[place].instrument == instrument {
        effective += holdings[place].effectiveQuantity
        quantity += holdings[place].quantity
        place += 1
      }
      add(book, instrument, effective, quantity, table)
    }
    for balance in book.balances[book.balanceRanges[account]] where !balance.isCash {
      guard let asset = balance.assetIndex else { continue }
      add(book, asset: asset, balance.quantity, table)
    }
    seal(width, table)
  }

  /// The exposure of the whole book, from exactly netted quantities.
  init(_ book: ValuedBook, net: NettedBook, table: ProfitTable, width: Int) {
    for case let instrument? in book.resolved {
      let place = instrument.instrument
      add(book, place, net.effectiveQuantity[place].value, net.quantity[place].value, table)
    }
    for asset in book.book.market.assets.indices {
      add(book, asset: asset, net.balance[asset].value, table)
    }
    seal(width, table)
  }

  /// What some trades add to an account; its rows are places in the table, not in a block.
  init(_ book: ValuedBook, trades: [TradeEffect], table: ProfitTable) {
    for trade in trades where book.resolved.indices.contains(trade.instrument) {
      add(book, trade.instrument, trade.effectiveQuantity, trade.quantity, table)
    }
    seal(1, nil)
  }

  /// - Parameter table: nil where nobody asks for classes.
  private mutating func seal(_ width: Int, _ table: ProfitTable?) {
    starts = rows.map { $0 * width }
    lossFactors = coefficients.map { 0 - $0 }
    if let table { classes = ClassForms(rows: rows, coefficients: coefficients, table: table) }
    sumStarts = starts + classes.further.map { $0 * width }
  }

  private mutating func add(
    _ book: ValuedBook, _ place: Int, _ effective: Double, _ quantity: Double, _ table: ProfitTable
  ) {
    guard let instrument = book.resolved[place], effective != 0 || quantity != 0 else { return }
    let name = book.book.instruments[place].id
    guard let factor = table.risk.place[instrument.underlying] else {
      unmoved = unmoved ?? book.book.market.assets[instrument.underlying].id
      return
    }
    var parts: [(row: Int, coefficient: Double)] = []
    let row = table.rowOfInstrument[place]
    // What is linear in the spot, or in coin, is a multiple of its asset's row; a row of its own stands in for that
    // or, for a contract in coin, beside it.
    if instrument.kind != .option, row == nil || instrument.isInverse {
      parts.append((slot(factor), effective * instrument.unit))
    }
    if let row {
      let isBeside = instrument.kind != .option && instrument.isInverse
      parts.append((slot(row), isBeside ? quantity : effective))
    }
    assetNames[instrument.underlying] = book.book.market.assets[instrument.underlying].id
    enter(name, instrument.underlying, parts)
  }

  private mutating func add(_ book: ValuedBook, asset: Int, _ quantity: Double, _ table: ProfitTable) {
    guard quantity != 0 else { return }
    let quote = book.book.market.assets[asset]
    guard let factor = table.risk.place[asset] else {
      unmoved = unmoved ?? quote.id
      return
    }
    assetNames[asset] = quote.id
    enter(quote.id, asset, [(slot(factor), quantity * quote.spot)])
  }

  /// The place of a row in `rows`, entered where it is new.
  private mutating func slot(_ row: Int) -> Int {
    if let place = rows.lastIndex(of: row) { return place }
    rows.append(row)
    coefficients.append(0)
    return rows.count - 1
  }

  private mutating func enter(
    _ name: Identifier, _ underlying: Int, _ parts: [(row: Int, coefficient: Double)]
  ) {
    for part in parts { coefficients[part.row] += part.coefficient }
    items.append(Item(name: name, underlying: underlying, parts: parts))
  }
}
