import MarketModel
import RiskNumerics

/// What closing out a book's accounts costs, from the depths that its market quotes.
///
/// Everything that an account holds is turned into cash at once, whatever its margin mode. What follows one asset is one
/// trade in the depth of that asset: the delta of contracts and coins together, so that a hedge costs nothing to undo
/// but the hedged contracts' own spreads. An option costs that delta and, where the depth says so, a spread of its value
/// and of its volatility beside it; these add up over options and never offset. A contract with a depth of its own is
/// traded there, for its whole quantity, and leaves the delta. Cash costs nothing.
public struct BookLiquidity: Sendable {
  public let book: ValuedBook
  let movable: MovableBook
  /// One entry an asset of the market; nil where its depth is not known.
  package let assetTerms: [CloseOutTerms?]
  /// Why an asset has no terms.
  let lacks: [String]
  /// One entry an asset of the market.
  let optionSpreads: [OptionSpread]
  /// Whether each instrument has a depth of its own.
  package let isAlone: [Bool]
  /// One entry an instrument; nil where it has no depth of its own, or it is not known.
  package let ownTerms: [CloseOutTerms?]
  /// Whether anybody holds it, or the book net; one entry an instrument.
  private let isHeld: [Bool]

  private static let instrumentsPerTask = 64

  /// Looks up the depths; nil where the market quotes none.
  ///
  /// - Parameter net: the holdings behind the book's figures, whose instruments are priced beside those of `book`.
  /// - Complexity: O(instruments + holdings).
  public init?(_ book: ValuedBook, net: NettedBook) {
    let market = book.book.market
    guard !market.depths.isEmpty else { return nil }
    self.book = book
    movable = MovableBook(book)
    var terms = [CloseOutTerms?](repeating: nil, count: market.assets.count)
    var lacks = terms.map { _ in "the market quotes no depth of it" }
    var spreads = terms.map { _ in OptionSpread() }
    var own = [CloseOutTerms?](repeating: nil, count: book.resolved.count)
    var isAlone = [Bool](repeating: false, count: book.resolved.count)
    for depth in market.depths {
      switch depth.subject {
      case .underlying(let id):
        guard let asset = market.assetIndex(of: id) else { continue }
        terms[asset] = CloseOutTerms(depth, dailyVolatility: market.correlation?.dailyVolatility(of: id))
        lacks[asset] =
          depth.shape == .unknown ? "its depth was set aside" : "its depth has no daily volatility"
        spreads[asset] = OptionSpread(
          value: depth.optionHalfSpread ?? 0, volatility: depth.volatilityHalfSpread ?? 0)
      case .instrument(let id):
        guard let place = book.book.instruments.place(of: id, by: \.id) else { continue }
        let underlying = book.book.instruments[place].underlying
        isAlone[place] = true
        own[place] = CloseOutTerms(
          depth, dailyVolatility: market.correlation?.dailyVolatility(of: underlying))
      }
    }
    var isHeld = [Bool](repeating: false, count: book.resolved.count)
    for holding in book.holdings { isHeld[holding.instrument] = true }
    for place in isHeld.indices where net.quantity.indices.contains(place) {
      if net.effectiveQuantity[place].value != 0 || net.quantity[place].value != 0 { isHeld[place] = true }
    }
    (assetTerms, self.lacks, optionSpreads) = (terms, lacks, spreads)
    (self.isAlone, ownTerms, self.isHeld) = (isAlone, own, isHeld)
  }

  /// One result an instrument that is held; nil for the rest.
  func mapHeld<Result: Sendable>(
    team: ThreadTeam, _ body: @Sendable (ResolvedInstrument) -> Result?
  ) -> [Result?] {
    let count = book.resolved.count
    let size = Self.instrumentsPerTask
    return team.map(count: (count + size - 1) / size) { task in
      (task * size..<min((task + 1) * size, count)).map { place -> Result? in
        guard isHeld[place], let instrument = book.resolved[place] else { return nil }
        return body(instrument)
      }
    }.flatMap { $0 }
  }
}

extension BookLiquidity {
  /// What the figures take for granted, one sentence each.
  public var notes: [String] {
    let market = book.book.market
    var notes = [
      "liquidity: an account is closed at once and whole: the net delta of contracts and coins in each underlying, whatever "
        + "their margin mode, is one trade in the depth of that underlying, a contract with a depth of its own is one trade "
        + "there, and cash costs nothing; the book is closed as one netted account"
    ]
    for depth in market.depths {
      guard case .underlying(let id) = depth.subject, depth.shape != .unknown else { continue }
      if depth.optionHalfSpread == nil, depth.volatilityHalfSpread == nil, holdsOptions(on: id) {
        notes.append(
          "liquidity: the depth of \(id) gives no spread of its options: they are closed by the trade of their delta alone"
        )
      }
      if depth.widening == .none {
        notes.append("liquidity: the depth of \(id) stays what it is however far the market moves")
      }
      if depth.dailyVolatility == nil, depth.needsVolatility {
        notes.append(
          "liquidity: the daily volatility of \(id) is its annual one in the correlation over √365")
      }
    }
    let hasBook = market.depths.contains { if case .levels = $0.shape { true } else { false } }
    if hasBook {
      notes.append(
        "liquidity: beyond its last level an order book goes on at its mean density; beyond_book tells how much that is"
      )
    }
    return notes
  }

  private func holdsOptions(on id: Identifier) -> Bool {
    book.book.instruments.indices.contains {
      isHeld[$0] && !isAlone[$0] && book.book.instruments[$0].kind == .option
        && book.book.instruments[$0].underlying == id
    }
  }
}
