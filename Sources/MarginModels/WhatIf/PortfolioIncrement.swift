import MarketModel
import PortfolioValuation

/// An account under the Derive portfolio manager: a trade is margined by its expiry, whose sums over the scenarios
/// replace the old ones among those of the other expiries.
///
/// The sums are added in the order of a full evaluation, so that the figures are the same to the bit.
struct PortfolioIncrement: MarginIncrement {
  /// The options of one expiry.
  private struct Expiry {
    var group: Int
    /// Rank of the first leg, which orders the expiries of a set.
    var rank: Int
    var legs: [Leg]
    var sums: ScenarioSums
    var totals: OptionTotals
  }

  /// One underlying.
  private struct Scan {
    var underlying: Int
    var collateral: Double
    /// What is no option, in margin order.
    var linear: [Leg]
    var exposure: DeltaOne
    var expiries: [Expiry]
  }

  let model: DerivePortfolioModel
  let modes = DerivePortfolioModel.modes
  let base: [MarginState]
  private let cash: Double
  /// By place of the underlying, with what each contributes today.
  private var scans: [(scan: Scan, part: PortfolioRequirement)] = []

  init(_ model: DerivePortfolioModel, _ holdings: AccountHoldings) {
    self.model = model
    cash = holdings.cash
    base = modes.map { model.state(of: holdings, mode: $0) }
    for set in holdings.sets {
      let scan = scan(of: set)
      scans.append((scan, part(of: scan)))
    }
  }

  func after(_ trades: [TradeEffect]) -> [MarginState] {
    var money = cash
    for trade in trades { money += trade.cash }
    let changed = changed(by: trades)
    var sum = PortfolioRequirement()
    var next = 0
    for (scan, part) in scans {
      while next < changed.count, changed[next].underlying < scan.underlying {
        sum += self.part(of: changed[next])
        next += 1
      }
      if next < changed.count, changed[next].underlying == scan.underlying {
        sum += self.part(of: changed[next])
        next += 1
      } else {
        sum += part
      }
    }
    for scan in changed[next...] { sum += part(of: scan) }
    return [
      MarginState(equity: money + sum.counted, initial: sum.initial, maintenance: sum.maintenance)
    ]
  }

  func branches(after trades: [TradeEffect], mode: Int, test: MarginTest) -> [Double]? {
    guard model.isConcave else { return nil }
    return after(trades).map { $0.surplus(test) }
  }

  /// A skew scenario counts gains as losses: −|P| bends the wrong way where P's discount changes its side, which is
  /// where the shocked value of the expiry changes its sign.
  func kinks(along trade: TradeEffect) -> [Double] {
    guard let start = model.table.start[trade.instrument] else { return [] }
    let group = model.context.terms[trade.instrument].expiryGroup
    let expiry = scans.lazy.flatMap(\.scan.expiries).first { $0.group == group }
    let legs = (expiry?.legs ?? []).filter { model.supports(instrument: $0.instrument) }
    let isCommon = model.commonDiscounts(of: legs.map(\.instrument) + [trade.instrument]) != nil
    // Discounts of its own each: the side changes where the two sums cross.
    func weight(_ instrument: Int) -> Double {
      isCommon ? 1 : model.shortDiscount[instrument] - model.longDiscount[instrument]
    }
    return model.flipsGains.indices.compactMap { scenario in
      guard model.flipsGains[scenario] else { return nil }
      let column = 1 + scenario
      var held = 0.0
      for leg in legs {
        if let first = model.table.start[leg.instrument] {
          held += leg.effectiveQuantity * model.table.cells[first + column] * weight(leg.instrument)
        }
      }
      let unit = trade.effectiveQuantity * model.table.cells[start + column] * weight(trade.instrument)
      let zero = -held / unit
      return zero.isFinite && zero > 0 ? zero : nil
    }
  }

  // MARK: Parts

  private func scan(of set: NettingSet) -> Scan {
    var scan = Scan(
      underlying: set.underlying, collateral: set.collateral, linear: [], exposure: DeltaOne(), expiries: [])
    var options: [Leg] = []
    for leg in set.legs {
      if model.table.start[leg.instrument] == nil { scan.linear.append(leg) } else { options.append(leg) }
    }
    scan.exposure = exposure(of: scan)
    var first = 0
    while first < options.count {
      var last = first + 1
      while last < options.count,
        model.context.sharesExpiry(options[first].instrument, options[last].instrument)
      {
        last += 1
      }
      scan.expiries.append(expiry(of: Array(options[first..<last]), in: scan))
      first = last
    }
    return scan
  }

  private func exposure(of scan: Scan) -> DeltaOne {
    model.deltaOne(of: NettingSet(underlying: scan.underlying, legs: scan.linear, collateral: 0))
  }

  private func expiry(of legs: [Leg], in scan: Scan) -> Expiry {
    let first = legs.first?.instrument ?? 0
    let set = NettingSet(underlying: scan.underlying, legs: legs, collateral: 0)
    var sums = ScenarioSums(states: 1, scenarios: model.linearMove.count)
    let rows = OptionRows(starts: legs.map { model.table.start[$0.instrument] ?? -1 }, multipliers: [1])
    let totals = model.addOptions(
      of: set, beside: scan.exposure, cells: model.table.cells.span, rows: rows, to: &sums)
    return Expiry(
      group: model.context.terms[first].expiryGroup, rank: model.context.rank[first], legs: legs, sums: sums,
      totals: totals)
  }

  /// The sets that the trades touch as they would be, by place of the underlying.
  private func changed(by trades: [TradeEffect]) -> [Scan] {
    var found: [Scan] = []
    for trade in trades {
      guard model.supports(instrument: trade.instrument),
        let underlying = model.context.instruments[trade.instrument]?.underlying
      else { continue }
      var place = found.firstIndex { $0.underlying >= underlying } ?? found.count
      if place == found.count || found[place].underlying != underlying {
        let known = scans.first { $0.scan.underlying == underlying }?.scan
        found.insert(
          known ?? scan(of: NettingSet(underlying: underlying, legs: [], collateral: 0)), at: place)
      }
      place = min(place, found.count - 1)
      add(Leg(trade), to: &found[place])
    }
    return found
  }

  private func add(_ leg: Leg, to scan: inout Scan) {
    let context = model.context
    guard model.table.start[leg.instrument] != nil else {
      context.add(leg, to: &scan.linear)
      let before = scan.exposure.confidence
      scan.exposure = exposure(of: scan)
      guard scan.exposure.confidence != before else { return }
      // The penalty of every option depends on the least trusted perpetual beside it.
      for place in scan.expiries.indices {
        scan.expiries[place] = expiry(of: scan.expiries[place].legs, in: scan)
      }
      return
    }
    let group = context.terms[leg.instrument].expiryGroup
    if let place = scan.expiries.firstIndex(where: { $0.group == group }) {
      var legs = scan.expiries[place].legs
      context.add(leg, to: &legs)
      scan.expiries[place] = expiry(of: legs, in: scan)
    } else {
      let new = expiry(of: [leg], in: scan)
      scan.expiries.insert(new, at: scan.expiries.firstIndex { $0.rank > new.rank } ?? scan.expiries.count)
    }
  }

  private func part(of scan: Scan) -> PortfolioRequirement {
    var sums = ScenarioSums(states: 1, scenarios: model.linearMove.count)
    var totals = OptionTotals()
    for expiry in scan.expiries {
      for scenario in sums.profit.indices { sums.profit[scenario] += expiry.sums.profit[scenario] }
      sums.today[0] += expiry.sums.today[0]
      sums.basis[0] += expiry.sums.basis[0]
      totals += expiry.totals
    }
    let coins = model.ownCoins(
      of: NettingSet(underlying: scan.underlying, legs: [], collateral: scan.collateral))
    let parts = model.parts(
      underlying: scan.underlying, exposure: scan.exposure, coins: coins, scan: sums, options: totals,
      multipliers: [1])
    return parts.first ?? PortfolioRequirement()
  }
}

extension OptionTotals {
  static func += (sum: inout OptionTotals, term: OptionTotals) {
    sum.value += term.value
    sum.tableValue += term.tableValue
    sum.nakedShorts += term.nakedShorts
    sum.untrusted += term.untrusted
  }
}

extension DerivePortfolioModel {
  /// Whether a loss is convex in the quantities: a shocked value is discounted no less when it is owed than when it is
  /// owned, in every expiry.
  var isConcave: Bool { takesLesser(of: longDiscount.indices) }
}
