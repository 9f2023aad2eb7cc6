import MarketModel
import RiskNumerics

/// One netting set laid out for attribution: everything of an item that is the same on all paths.
struct AttributedSet {
  /// A position, or the coins of the set.
  struct Item {
    /// nil for the coins.
    var instrument: Int?
    /// V of this item.
    var value = 0.0
    var quantity = 0.0
    /// Where its row begins in a tile; nil for what is linear.
    var start: Int?
    var isPaid = false
    /// What a linear item needs under the standard manager, and under the portfolio manager beside the scan.
    var standard = CapitalProgram.Line()
    var portfolio = CapitalProgram.Line()
    /// Times m: what moves in the scenarios.
    var moving = 0.0
    /// A short option alone; nil for others.
    var short: CapitalProgram.Short?
    /// Its part of the largest loss of its expiry.
    var relief = CapitalProgram.Line()
    /// Times m: its part of the charge for naked shorts.
    var naked = 0.0
  }

  /// The options that share an expiry and its discounts: places of items.
  struct Expiry {
    var items: [Int]
    var longDiscount: Double
    var shortDiscount: Double
    var basis: Double
  }

  let underlying: Int
  private(set) var items: [Item] = []
  private(set) var expiries: [Expiry] = []
  /// The options that relieve each other under the standard manager: places of items, an expiry each.
  private(set) var reliefs: [Range<Int>] = []
  let models: PathModels

  init(_ set: NettingSet, tiles: PathTiles) {
    underlying = set.underlying
    models = tiles.models
    items.reserveCapacity(set.legs.count + 1)
    for leg in set.legs {
      var item = Item(instrument: leg.instrument, value: leg.value, quantity: leg.effectiveQuantity)
      item.start = tiles.row[leg.instrument].map { $0 * tiles.rowWidth }
      item.isPaid = tiles.market.settlement[leg.instrument] != nil
      if !item.isPaid, item.start == nil { lay(perpetual: leg, to: &item) }
      items.append(item)
    }
    shareOpenSide()
    addExpiries(set)
    if set.collateral != 0 { items.append(coins(of: set)) }
  }

  private var spot: Double { models.standard.context.assets[underlying].spot }
  private var asset: String { models.standard.context.assets[underlying].id.text }

  private func lay(perpetual leg: Leg, to item: inout Item) {
    let terms = models.standard.context.terms[leg.instrument]
    let value = leg.effectiveQuantity * terms.unit
    let rate = models.standard.parameters.perpetualTerms(of: asset).maintenance
    item.moving = value
    item.standard = CapitalProgram.Line(value - leg.value, abs(value) * rate - value)
    item.portfolio = CapitalProgram.Line(value - leg.value, -value)
  }

  /// The charge for open perpetuals, by the side that is left open.
  private mutating func shareOpenSide() {
    func units(_ item: Item) -> Double {
      guard item.start == nil, !item.isPaid, let place = item.instrument else { return 0 }
      return item.quantity * models.portfolio.context.terms[place].units
    }
    let side: Double = items.reduce(0) { $0 + units($1) } < 0 ? -1 : 1
    let rate = spot * models.portfolio.parameters.perpetualMaintenance
    for place in items.indices { items[place].portfolio.slope += side * units(items[place]) * rate }
  }

  private func coins(of set: NettingSet) -> Item {
    let coins = models.portfolio.ownCoins(of: set)
    let counted = min(coins.value, coins.value * models.standard.parameters.baseTerms(of: asset).factor)
    var item = Item(value: coins.value, quantity: set.collateral)
    item.moving = coins.riskCancelling
    item.standard = CapitalProgram.Line(0, -counted)
    item.portfolio = CapitalProgram.Line(0, coins.maintenanceHaircut - coins.value)
    return item
  }

  private mutating func addExpiries(_ set: NettingSet) {
    let context = models.portfolio.context
    var first = 0
    while first < set.legs.count {
      guard items[first].start != nil, !items[first].isPaid else {
        first += 1
        continue
      }
      var last = first + 1
      while last < set.legs.count, !items[last].isPaid,
        context.sharesExpiry(set.legs[first].instrument, set.legs[last].instrument)
      { last += 1 }
      let place = set.legs[first].instrument
      let rules = models.portfolio.parameters
      let basis = rules.basisAdd + rules.basisMultiple * context.terms[place].years
      for group in models.portfolio.discountGroups(of: set.legs[first..<last].map(\.instrument)) {
        let own = set.legs[first + group[0]].instrument
        expiries.append(
          Expiry(
            items: group.map { first + $0 }, longDiscount: models.portfolio.longDiscount[own],
            shortDiscount: models.portfolio.shortDiscount[own], basis: basis))
      }
      reliefs.append(first..<last)
      addShorts(set, first..<last)
      addRelief(set, first..<last)
      first = last
    }
  }

  /// Short options one by one, and the naked ones among the strikes.
  private mutating func addShorts(_ set: NettingSet, _ range: Range<Int>) {
    for place in range {
      let leg = set.legs[place]
      let terms = models.standard.context.terms[leg.instrument]
      let units = leg.effectiveQuantity * terms.units
      if units < 0 {
        let row = CapitalProgram.Leg(row: 0, quantity: leg.effectiveQuantity)
        items[place].short = models.short(row, terms, units: -units, spot: spot)
      }
      var net = 0.0
      for other in range {
        let beside = models.standard.context.terms[set.legs[other].instrument]
        if beside.strike == terms.strike { net += set.legs[other].effectiveQuantity * beside.units }
      }
      if net < 0 { items[place].naked = -units * spot * models.portfolio.parameters.optionMaintenance }
    }
  }

  /// The largest loss of an expiry, by payoffs at the price where it falls and by unpaired calls.
  private mutating func addRelief(_ set: NettingSet, _ range: Range<Int>) {
    let terms = models.standard.context.terms
    func payoff(_ place: Int, _ price: Double) -> Double {
      let option = terms[set.legs[place].instrument]
      let units = set.legs[place].effectiveQuantity * option.units
      return units * max(0, option.isCall ? price - option.strike : option.strike - price)
    }
    var (worst, at, calls, forward) = (0.0, Double.infinity, 0.0, 0.0)
    for candidate in -1..<range.count {
      let price = candidate < 0 ? 0 : terms[set.legs[range.lowerBound + candidate].instrument].strike
      let sum = range.reduce(0.0) { $0 + payoff($1, price) }
      if sum < worst { (worst, at) = (sum, price) }
    }
    for place in range {
      let option = terms[set.legs[place].instrument]
      forward = option.forward
      if option.isCall { calls += set.legs[place].effectiveQuantity * option.units }
    }
    let charge = calls < 0 ? forward * models.standard.parameters.unpairedMaintenance : 0
    for place in range {
      let option = terms[set.legs[place].instrument]
      let units = set.legs[place].effectiveQuantity * option.units
      items[place].relief = CapitalProgram.Line(
        at.isFinite ? -payoff(place, at) : 0, option.isCall ? -units * charge : 0)
    }
  }
}
