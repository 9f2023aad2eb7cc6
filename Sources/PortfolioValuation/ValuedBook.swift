public import MarketModel
package import OptionPricing

/// One position, valued.
public struct Holding: Hashable, Sendable {
  /// Place in `Book.positions`.
  public let position: Int
  /// Place in `Book.instruments` (and in `ValuedBook.resolved`).
  public let instrument: Int
  /// As in the book: the instrument's own contract unit.
  public let quantity: Double
  /// What multiplies the unit row: `quantity`, or Q/entry coins for an inverse future or perpetual.
  public let effectiveQuantity: Double
  /// Price it was opened at, the mark where the book says nothing; in the quote asset (options: unused).
  public let entryPrice: Double
  /// Base value today: an option's worth, a future's or perpetual's unrealised profit and loss.
  public let value: Double

  /// A holding from its numbers.
  public init(
    position: Int, instrument: Int, quantity: Double, effectiveQuantity: Double, entryPrice: Double,
    value: Double
  ) {
    self.position = position
    self.instrument = instrument
    self.quantity = quantity
    self.effectiveQuantity = effectiveQuantity
    self.entryPrice = entryPrice
    self.value = value
  }
}

/// One balance, valued.
public struct ValuedBalance: Hashable, Sendable {
  public let asset: Identifier
  /// Place in the market's `assets`; nil for the base currency where it is not listed.
  public let assetIndex: Int?
  /// Sum of the account's rows of this asset; negative when borrowed.
  public let quantity: Double
  /// Base currency per unit.
  public let spot: Double
  /// Whether it counts as cash: base currency or stable asset.
  public let isCash: Bool
  /// quantity × spot.
  public var value: Double { quantity * spot }

  /// A balance from its numbers.
  public init(asset: Identifier, assetIndex: Int?, quantity: Double, spot: Double, isCash: Bool) {
    self.asset = asset
    self.assetIndex = assetIndex
    self.quantity = quantity
    self.spot = spot
    self.isCash = isCash
  }
}

/// A book whose every position has a value: what all measures start from.
///
/// A position whose instrument could not be resolved is not among the holdings; it is in `failures` and its
/// account among the incomplete ones.
public struct ValuedBook: Sendable {
  public let book: Book
  /// One entry an instrument of the book; nil where the market lacks what it needs.
  public let resolved: [ResolvedInstrument?]
  /// What early exercise adds to each American option as a function of spot, today; empty where none is American.
  package let premiums: [ExercisePremium?]
  /// By account, then instrument, then input order.
  public let holdings: [Holding]
  /// Places of `holdings`, one range an account.
  public let holdingRanges: [Range<Int>]
  /// By account, then asset bytes; one entry an account and asset.
  public let balances: [ValuedBalance]
  /// Places of `balances`, one range an account.
  public let balanceRanges: [Range<Int>]
  /// Equity of each account: balances, option values and unrealised profit and loss.
  public let equity: [Double]
  /// One flag an account: whether a row of it was set aside, in reading or here.
  public let isIncomplete: [Bool]
  /// What was set aside here, in order of instruments, then positions.
  public let failures: [Failure]
  /// Every default that was taken, in reading and here, one sentence each, in a fixed order.
  public let assumptions: [String]

  /// Rows of positions that were set aside here.
  public var refusedPositions: Int { book.positions.count - holdings.count }
  /// Rows of balances that were set aside here: the rest of `failures`.
  public var refusedBalances: Int { failures.count - refusedPositions }

  package init(
    book: Book, resolved: [ResolvedInstrument?], premiums: [ExercisePremium?] = [], holdings: [Holding],
    holdingRanges: [Range<Int>],
    balances: [ValuedBalance], balanceRanges: [Range<Int>], equity: [Double],
    isIncomplete: [Bool], failures: [Failure], assumptions: [String]
  ) {
    self.book = book
    self.resolved = resolved
    self.premiums = premiums
    self.holdings = holdings
    self.holdingRanges = holdingRanges
    self.balances = balances
    self.balanceRanges = balanceRanges
    self.equity = equity
    self.isIncomplete = isIncomplete
    self.failures = failures
    self.assumptions = assumptions
  }
}

extension ValuedBook {
  /// The surfaces behind the volatilities of options, by instrument; nil where the market quotes none.
  ///
  /// - Parameter isWanted: by place of the instrument.
  package func surfaces(where isWanted: (Int) -> Bool) -> [VolatilitySurface?] {
    var resolver = InstrumentResolver(book.market)
    return resolved.enumerated().map { place, option in
      guard let option, isWanted(place) else { return nil }
      return resolver.surface(of: book.instruments[place], resolved: option)
    }
  }
}
