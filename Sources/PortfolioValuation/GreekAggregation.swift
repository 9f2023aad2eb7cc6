import MarketModel
public import RiskNumerics

/// Greeks of positions, accounts and the book, from one set of unit Greeks an instrument.
public struct GreekAggregation: Sendable {
  public let book: ValuedBook
  /// One entry an instrument; nil where it is unresolved or a Greek is not finite.
  public let units: [InstrumentGreeks?]

  /// Instruments that one task of the team takes.
  private static let instrumentsPerTask = 64

  /// Computes the unit Greeks.
  ///
  /// - Complexity: O(instruments), shared by the team.
  public init(_ book: ValuedBook, team: ThreadTeam) {
    self.book = book
    let resolved = book.resolved
    let size = Self.instrumentsPerTask
    units = team.map(count: (resolved.count + size - 1) / size) { task in
      resolved[task * size..<min((task + 1) * size, resolved.count)].map { instrument in
        instrument.flatMap { InstrumentGreeks($0, premium: book.premium(of: $0)) }
      }
    }.flatMap { $0 }
  }

  /// The Greeks of one holding, for its whole quantity; nil where they are not finite.
  ///
  /// - Parameter place: in `ValuedBook.holdings`.
  public func holding(_ place: Int) -> GreekSet? {
    guard book.holdings.indices.contains(place) else { return nil }
    let holding = book.holdings[place]
    guard let unit = units[holding.instrument], let instrument = book.resolved[holding.instrument] else {
      return nil
    }
    return unit.scaled(by: holding.effectiveQuantity, value: holding.value, spot: instrument.spot)
  }

  /// The Greeks of one account: positions and non-cash balances, by underlying and expiry.
  ///
  /// - Returns: nil where a holding has none.
  /// - Complexity: O(holdings of the account × distinct expiries).
  public func account(_ account: Int) -> AggregateGreeks? {
    guard book.holdingRanges.indices.contains(account) else { return nil }
    var groups = GreekGroups()
    for place in book.holdingRanges[account] {
      guard let set = holding(place), let instrument = book.resolved[book.holdings[place].instrument] else {
        return nil
      }
      groups.add(set, instrument, asOf: book.book.market.asOf)
    }
    for place in book.balanceRanges[account] {
      let balance = book.balances[place]
      guard !balance.isCash, let asset = balance.assetIndex else { continue }
      groups.add(GreekSet(coins: balance.quantity, spot: balance.spot), asset, nil)
    }
    return groups.aggregate()
  }

  /// The Greeks of the whole book, from exactly netted quantities.
  public func net(_ net: NettedBook) -> AggregateGreeks? {
    var groups = GreekGroups()
    for case let instrument? in book.resolved {
      let place = instrument.instrument
      let quantity = net.effectiveQuantity[place].value
      let value = net.value[place].value
      guard quantity != 0 || value != 0 else { continue }
      guard let unit = units[place] else { return nil }
      groups.add(
        unit.scaled(by: quantity, value: value, spot: instrument.spot), instrument,
        asOf: book.book.market.asOf)
    }
    for (asset, quote) in book.book.market.assets.enumerated() {
      let quantity = net.balance[asset].value
      if quantity != 0 { groups.add(GreekSet(coins: quantity, spot: quote.spot), asset, nil) }
    }
    return groups.aggregate()
  }
}

/// Sums by underlying and expiry; few enough for a linear search.
private struct GreekGroups {
  private var keys: [(underlying: Int, expiry: Int64?)] = []
  private var sums: [GreekSet] = []

  mutating func add(_ set: GreekSet, _ instrument: ResolvedInstrument, asOf: Instant) {
    let expiry =
      instrument.kind == .perpetual ? nil : asOf.secondsSinceEpoch + instrument.secondsToExpiry
    add(set, instrument.underlying, expiry)
  }

  mutating func add(_ set: GreekSet, _ underlying: Int, _ expiry: Int64?) {
    var place = keys.count - 1
    while place >= 0, keys[place] != (underlying, expiry) { place -= 1 }
    if place >= 0 {
      sums[place] += set
    } else {
      keys.append((underlying, expiry))
      sums.append(set)
    }
  }

  func aggregate() -> AggregateGreeks? {
    let order = keys.indices.sorted {
      if keys[$0].underlying != keys[$1].underlying { return keys[$0].underlying < keys[$1].underlying }
      return (keys[$0].expiry ?? Int64.min) < (keys[$1].expiry ?? Int64.min)
    }
    var result = AggregateGreeks(byUnderlying: [], total: GreekSet())
    for place in order {
      let (underlying, expiry) = keys[place]
      if result.byUnderlying.last?.underlying != underlying {
        result.byUnderlying.append(
          UnderlyingGreeks(underlying: underlying, greeks: GreekSet(), byExpiry: []))
      }
      let last = result.byUnderlying.count - 1
      result.byUnderlying[last].greeks += sums[place]
      result.byUnderlying[last].byExpiry.append(
        UnderlyingGreeks.ExpiryGreeks(expiry: expiry, greeks: sums[place]))
    }
    for entry in result.byUnderlying { result.total += entry.greeks }
    return result.total.isFinite ? result : nil
  }
}

extension GreekSet {
  /// Whether every figure is a finite number.
  public var isFinite: Bool {
    value.isFinite && delta.isFinite && gamma.isFinite && coinDelta.isFinite && coinGamma.isFinite
      && cashDelta.isFinite && cashGamma1Percent.isFinite && vega.isFinite && theta.isFinite && rho.isFinite
  }
}
