package import MarketModel
import PortfolioValuation
import RiskNumerics

/// The profit of one holding to second order in the moves of factors, base currency.
///
/// dV ≈ drift + Σ aᵤxᵤ + Σ cᵤᵥxᵤxᵥ, with x the move of a factor over the horizon: relative for spots and volatility
/// levels, absolute for the others. An option on S has a = ΔS and c = ½ΓS²; its drift is theta × horizon, where it
/// expires earlier theta × what is left of it. Forwards and marks move in proportion to their spot
/// (`InstrumentGreeks`), and beyond it as `MoveSlopes` says; cash does not move.
package struct FactorExpansion: Sendable {
  /// An instrument or a coin.
  let name: Identifier
  /// Its underlying among the market's assets.
  let asset: Int
  let drift: Double
  /// A factor may occur more than once.
  private(set) var linear: [(factor: Int, value: Double)]
  /// A pair of factors counts 1 in either order, and may occur more than once.
  private(set) var quadratic: [(row: Int, column: Int, value: Double)]

  /// An expansion from its coefficients.
  package init(
    name: Identifier, asset: Int, drift: Double, linear: [(factor: Int, value: Double)],
    quadratic: [(row: Int, column: Int, value: Double)]
  ) {
    self.name = name
    self.asset = asset
    self.drift = drift
    self.linear = linear
    self.quadratic = quadratic
  }

  /// Adds what an instrument makes of the moves beside its spot.
  mutating func add(_ moves: RowMoves, spot: Int, _ slopes: MoveSlopes) {
    let added = slopes.terms(moves, spot: spot)
    linear += added.linear.filter { $0.value != 0 }
    quadratic += added.quadratic.filter { $0.value != 0 }
  }

  var isFinite: Bool {
    drift.isFinite && linear.allSatisfy(\.value.isFinite) && quadratic.allSatisfy(\.value.isFinite)
  }
}

/// The holdings of one account, or of the book, as expansions.
struct FactorPosition: Sendable {
  private(set) var items: [FactorExpansion] = []
  /// Why there is no figure; nil where there may be one.
  private(set) var lack: Lack?

  enum Lack: Sendable {
    /// It depends on an asset that does not move.
    case unmoved(Identifier)
    /// A Greek of it is not a finite number.
    case notFinite(Identifier)
  }

  /// The position of an account.
  init(_ greeks: GreekAggregation, account: Int, risk: RiskFactors, years: Double) {
    let book = greeks.book
    let holdings = book.holdings[book.holdingRanges[account]]
    var place = holdings.startIndex
    while place < holdings.endIndex {
      // Lots of one instrument are neighbours: they are one item.
      let instrument = holdings[place].instrument
      var sums = (effective: 0.0, quantity: 0.0, value: 0.0)
      while place < holdings.endIndex, holdings[place].instrument == instrument {
        sums.effective += holdings[place].effectiveQuantity
        sums.quantity += holdings[place].quantity
        sums.value += holdings[place].value
        place += 1
      }
      add(greeks, instrument, sums, risk, years)
    }
    for balance in book.balances[book.balanceRanges[account]] where !balance.isCash {
      guard let asset = balance.assetIndex else { continue }
      add(book.book.market, asset: asset, balance.quantity, risk)
    }
  }

  /// The position of the whole book, from exactly netted quantities.
  init(_ greeks: GreekAggregation, net: NettedBook, risk: RiskFactors, years: Double) {
    for case let instrument? in greeks.book.resolved {
      let place = instrument.instrument
      add(
        greeks, place,
        (net.effectiveQuantity[place].value, net.quantity[place].value, net.value[place].value), risk, years)
    }
    let market = greeks.book.book.market
    for asset in market.assets.indices { add(market, asset: asset, net.balance[asset].value, risk) }
  }

  private mutating func add(
    _ greeks: GreekAggregation, _ place: Int, _ held: (effective: Double, quantity: Double, value: Double),
    _ risk: RiskFactors, _ years: Double
  ) {
    guard let instrument = greeks.book.resolved[place], held.effective != 0 || held.quantity != 0 else {
      return
    }
    let book = greeks.book.book
    let name = book.instruments[place].id
    guard let factor = risk.place[instrument.underlying] else {
      lack = lack ?? .unmoved(book.market.assets[instrument.underlying].id)
      return
    }
    guard let unit = greeks.units[place] else {
      lack = lack ?? .notFinite(name)
      return
    }
    let set = unit.scaled(by: held.effective, value: held.value, spot: instrument.spot)
    let isDated = instrument.kind != .perpetual
    let time = isDated ? min(years, max(0, instrument.timeToExpiry)) : years
    let bend = 0.5 * set.gamma * instrument.spot * instrument.spot
    var item = FactorExpansion(
      name: name, asset: instrument.underlying, drift: set.theta * time,
      linear: set.cashDelta == 0 ? [] : [(factor, set.cashDelta)],
      quadratic: bend == 0 ? [] : [(factor, factor, bend)])
    let left = instrument.timeToExpiry - years
    if !isDated || left > 0,
      let moves = RowMoves.steps(
        instrument, named: book.instruments[place], in: book.market, risk: risk, years: left
      ).last?.1
    {
      item.add(
        moves, spot: factor,
        MoveSlopes(
          instrument, unit, cashDelta: set.cashDelta, effective: held.effective, quantity: held.quantity)
      )
    }
    enter(item)
  }

  private mutating func add(
    _ market: MarketSnapshot, asset: Int, _ quantity: Double, _ risk: RiskFactors
  ) {
    guard quantity != 0 else { return }
    let quote = market.assets[asset]
    guard let factor = risk.place[asset] else {
      lack = lack ?? .unmoved(quote.id)
      return
    }
    enter(
      FactorExpansion(
        name: quote.id, asset: asset, drift: 0, linear: [(factor, quantity * quote.spot)], quadratic: []))
  }

  private mutating func enter(_ item: FactorExpansion) {
    if !item.isFinite { lack = lack ?? .notFinite(item.name) }
    items.append(item)
  }
}
