import MarketModel
import PortfolioValuation

/// What one account needs under every model that it is compared by, each figure worked out once.
struct AccountComparison {
  let engine: MarginEngine
  let account: Int
  let holdings: AccountHoldings
  private var figures: [MarginFigure]
  private var leverages: [(model: String, mode: MarginMode, leverage: ModeLeverage)] = []
  private let exposure: (positions: Double, coins: Double)

  /// - Parameter known: figures of the account that are there already.
  init(engine: MarginEngine, account: Int, known: [MarginFigure]) {
    self.engine = engine
    self.account = account
    holdings = AccountHoldings(of: account, in: engine.valued, context: engine.context)
    figures = known
    var (positions, coins) = (0.0, 0.0)
    for set in holdings.sets {
      coins += abs(set.collateral * engine.context.assets[set.underlying].spot)
      for leg in set.legs { positions += abs(leg.effectiveQuantity * engine.unitCashDelta[leg.instrument]) }
    }
    exposure = (positions, coins)
  }

  /// The account's figure under a model; nil where the model has not the mode.
  mutating func figure(_ model: any ReportableModel, _ mode: MarginMode) -> MarginFigure? {
    let known = figures.first { $0.model == model.name && $0.mode == mode }
    if let known { return known }
    figures += engine.figures(of: holdings, under: model)
    return figures.first { $0.model == model.name && $0.mode == mode }
  }

  /// How far a mode lets the account go.
  mutating func leverage(_ model: any ReportableModel, of figure: MarginFigure) -> ModeLeverage {
    let known = leverages.first { $0.model == figure.model && $0.mode == figure.mode }
    if let known { return known.leverage }
    let found = searched(model, figure)
    leverages.append((figure.model, figure.mode, found))
    return found
  }

  private func searched(_ model: any ReportableModel, _ figure: MarginFigure) -> ModeLeverage {
    let equity = engine.valued.equity[account]
    var leverage = ModeLeverage(exposure: exposure.positions + exposure.coins, equity: equity)
    guard equity > 0 else {
      leverage.reason = "equity is not above zero"
      return leverage
    }
    guard holdings.legs.contains(where: { model.supports(instrument: $0.instrument) }) else {
      leverage.reason = "the model margins no position of the account"
      return leverage
    }
    guard engine.parts.contains(.leverage) else {
      leverage.reason = "worked out where margin detail is full"
      return leverage
    }
    let search = LeverageSearch(
      holdings: holdings, model: model, mode: figure.mode, context: engine.context)
    let scales = search.scales(today: (figure.equity, figure.initial, figure.maintenance))
    let permitted = { (scale: Double?) -> Double? in
      guard let scale else { return nil }
      let leverage = (scale * exposure.positions + exposure.coins) / equity
      return leverage.isFinite ? leverage : nil
    }
    leverage.initial = permitted(scales.initial)
    leverage.maintenance = permitted(scales.maintenance)
    if leverage.initial == nil || leverage.maintenance == nil {
      leverage.reason =
        figure.equity > 0
        ? "no size of these positions uses up the equity that counts, or none leaves any"
        : "no equity counts in this mode"
    }
    return leverage
  }

  /// One side of a comparison, its capital still open.
  ///
  /// - Parameter leftOut: positions that are in none of the sides that it is compared with.
  mutating func side(
    _ model: any ReportableModel, _ mode: MarginMode, leftOut: [Identifier] = []
  ) -> ComparedMode? {
    guard let figure = figure(model, mode) else { return nil }
    guard figure.unsupported.allSatisfy({ leftOut.contains($0) }) else {
      let leverage = ModeLeverage(
        exposure: exposure.positions + exposure.coins, equity: engine.valued.equity[account],
        reason: "the model cannot margin every position")
      return ComparedMode(model: figure.model, unsupported: figure.unsupported.sorted(), leverage: leverage)
    }
    return ComparedMode(
      model: figure.model, initial: figure.initial, maintenance: figure.maintenance, capital: 0,
      surplus: figure.surplus, equity: figure.equity, leverage: leverage(model, of: figure))
  }

  /// A venue's three modes side by side.
  ///
  /// What none of the three margins is in none of them, by its name; a mode that cannot margin something else has no
  /// figures, and none has any where no position is left.
  mutating func comparison(_ venue: VenueComparison, table: CapitalTable) -> MarginComparison? {
    let strange = holdings.legs.filter { !venue.capital.marginsSomehow(instrument: $0.instrument) }
    let leftOut =
      strange.count == holdings.legs.count
      ? [] : strange.map { engine.valued.book.instruments[$0.instrument].id }
    var sides: [MarginMode: ComparedMode] = [:]
    var unsupported: [Identifier] = []
    for mode in MarginMode.allCases {
      let model = venue.compared.model(of: mode)
      sides[mode] = side(model, mode, leftOut: leftOut)
      for id in figure(model, mode)?.unsupported ?? [] where !unsupported.contains(id) {
        unsupported.append(id)
      }
    }
    var comparison = venue.capital.comparison(of: holdings.sets, table: table) { sides[$0] }
    comparison?.unsupported = unsupported.sorted()
    comparison?.venue = venue.plan.venue
    return comparison
  }

  /// The entries of a ranking that belong to one venue, in no order yet.
  mutating func entries(
    _ venue: RankedVenue, table: CapitalTable, values: MarketValues
  ) -> [RankedMode] {
    var entries: [RankedMode] = []
    for mode in venue.modes {
      let model = venue.compared.model(of: mode)
      guard let side = side(model, mode) else { continue }
      guard side.unsupported.isEmpty else {
        entries.append(
          RankedMode(
            venue: venue.name, model: side.model, mode: mode, capital: nil, scenario: nil, initial: nil,
            maintenance: nil, equity: nil, leverage: side.leverage, parts: [], unsupported: side.unsupported))
        continue
      }
      let worst = table.worstState(mode)
      let capital = table.capital(mode)[worst]
      let parts = venue.capital.parts(
        of: holdings.sets, mode: mode, state: worst, capital: capital, value: table.value, values: values)
      entries.append(
        RankedMode(
          venue: venue.name, model: side.model, mode: mode, capital: capital,
          scenario: venue.capital.states[worst].name, initial: side.initial,
          maintenance: side.maintenance, equity: side.equity, leverage: side.leverage, parts: parts))
    }
    return entries
  }
}
