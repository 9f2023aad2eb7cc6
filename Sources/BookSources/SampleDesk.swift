public import MarketModel
internal import StructuredText

/// A synthetic crypto desk of any size.
///
/// Market makers, covered-call sellers, leveraged perpetual traders, put-spread buyers, borrowers and
/// basis traders hold coin-margined and USDC-margined contracts. Nothing in it was quoted anywhere, so it
/// may be copied and published freely.
public enum SampleDesk {
  /// The files of a book.
  ///
  /// Account k holds the same positions whatever `accounts` is, as long as the contracts are the same.
  /// - Parameters:
  ///   - accounts: how many; about twenty positions each.
  ///   - seed: chooses history and accounts; the market's quotes do not depend on it.
  ///   - instruments: the most contracts that are traded, between 100 and 10,000; nil takes 500 for a
  ///     small desk and 1,500 from 700 accounts on.
  /// - Returns: file names and contents, in a fixed order; the same arguments give the same bytes.
  /// - Complexity: O(accounts + instruments).
  public static func files(
    accounts: Int, seed: UInt64, instruments: Int? = nil
  ) -> [(name: String, bytes: [UInt8])] {
    let accounts = accounts.clamped(to: 0...10_000_000)
    let market = DeskMarket(contractCount: instruments ?? (accounts * 2 + 100).clamped(to: 500...1_500))
    let (positions, balances) = tables(accounts: accounts, seed: seed, market: market)
    return [
      ("market.json", market.document), ("positions.csv", positions), ("balances.csv", balances),
      ("history.csv", DeskHistory.table(seed: seed)), ("run.json", RunDocument.standard(seed: 7)),
    ]
  }

  /// The files of a book whose accounts trade what a given market quotes, with that market as it is.
  ///
  /// Balances are in the market's coins and in USDC, another stable asset, or the base currency. `run.json` asks
  /// for value at risk where the market says how its assets move together.
  /// - Parameters:
  ///   - quotes: the market.
  ///   - document: its `market.json`, copied.
  ///   - accounts: how many; account k is the same whatever their number.
  ///   - seed: chooses the accounts.
  /// - Returns: nil where the market quotes no crypto option to trade.
  /// - Complexity: O(accounts + quotes).
  public static func files(
    on quotes: MarketSnapshot, document: [UInt8], accounts: Int, seed: UInt64
  ) -> [(name: String, bytes: [UInt8])]? {
    guard let market = DeskMarket(quotes) else { return nil }
    let accounts = accounts.clamped(to: 0...10_000_000)
    let (positions, balances) = tables(accounts: accounts, seed: seed, market: market)
    let measures = ["greeks", "stress", "margin", "liquidation"]
    let plan =
      quotes.correlation == nil
      ? RunDocument.standard(seed: 7, measures: measures) : RunDocument.standard(seed: 7)
    return [
      ("market.json", document), ("positions.csv", positions), ("balances.csv", balances), ("run.json", plan),
    ]
  }

  /// `positions.csv` and `balances.csv`.
  private static func tables(
    accounts: Int, seed: UInt64, market: DeskMarket
  ) -> (positions: [UInt8], balances: [UInt8]) {
    var positions = Array(BookTables.positionsHeader.utf8)
    var balances = Array(BookTables.balancesHeader.utf8)
    let width = max(4, String(accounts).utf8.count)
    for number in 0..<accounts {
      let account = DeskAccount(number: number + 1, width: width, seed: seed, market: market)
      for position in account.positions {
        append(account.id, market.contracts[position.contract].name, to: &positions)
        append(position.quantity, to: &positions)
        append(position.entryPrice, to: &positions)
        positions.append(0x2C)
        positions.append(contentsOf: (position.mode ?? "").utf8)
        append(position.isolatedMargin, to: &positions)
        positions.append(0x0A)
      }
      for balance in account.balances {
        append(account.id, balance.asset, to: &balances)
        append(balance.quantity, to: &balances)
        balances.append(0x0A)
      }
    }
    return (positions, balances)
  }

  private static func append(_ account: String, _ name: String, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: account.utf8)
    bytes.append(0x2C)
    bytes.append(contentsOf: name.utf8)
  }

  private static func append(_ number: Double?, to bytes: inout [UInt8]) {
    bytes.append(0x2C)
    // Every number here is finite; one that were not would leave its cell empty.
    if let number { _ = NumberText.append(number, to: &bytes) }
  }
}
