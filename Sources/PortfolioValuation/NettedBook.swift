import MarketModel
public import RiskNumerics

/// What the whole book holds, netted per instrument and asset.
///
/// The sums are exact and so independent of order: shards of a book add up to the bytes of the whole.
public struct NettedBook: Sendable {
  /// Contract units, one entry an instrument of the book.
  public private(set) var quantity: [ExactSum]
  /// What multiplies the unit row, one entry an instrument.
  public private(set) var effectiveQuantity: [ExactSum]
  /// Base value today, one entry an instrument.
  public private(set) var value: [ExactSum]
  /// Non-cash balances, one entry an asset of the market.
  public private(set) var balance: [ExactSum]
  /// Balances of stable assets, one entry an asset of the market: cash that moves only where a peg breaks.
  public private(set) var stableBalance: [ExactSum]

  /// The net holdings of a valued book.
  ///
  /// - Complexity: O(holdings + balances).
  public init(_ book: ValuedBook) {
    quantity = [ExactSum](repeating: ExactSum(), count: book.resolved.count)
    effectiveQuantity = quantity
    value = quantity
    balance = [ExactSum](repeating: ExactSum(), count: book.book.market.assets.count)
    for holding in book.holdings {
      quantity[holding.instrument].add(holding.quantity)
      effectiveQuantity[holding.instrument].add(holding.effectiveQuantity)
      value[holding.instrument].add(holding.value)
    }
    stableBalance = balance
    for entry in book.balances {
      guard let asset = entry.assetIndex else { continue }
      if entry.isCash { stableBalance[asset].add(entry.quantity) } else { balance[asset].add(entry.quantity) }
    }
  }

  /// Adds the holdings of another part of the same book; parts of another shape are refused.
  ///
  /// - Returns: false, and nothing changed, where the counts of instruments or assets differ.
  @discardableResult
  public mutating func add(_ other: NettedBook) -> Bool {
    guard other.quantity.count == quantity.count, other.balance.count == balance.count else { return false }
    for place in quantity.indices {
      quantity[place].add(other.quantity[place])
      effectiveQuantity[place].add(other.effectiveQuantity[place])
      value[place].add(other.value[place])
    }
    for place in balance.indices {
      balance[place].add(other.balance[place])
      stableBalance[place].add(other.stableBalance[place])
    }
    return true
  }
}
