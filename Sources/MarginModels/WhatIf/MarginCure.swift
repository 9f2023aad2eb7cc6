public import MarketModel
public import PortfolioValuation

/// An instrument that may be traded to bring an account to a surplus.
public struct CureCandidate: Hashable, Sendable {
  /// Place in `Book.instruments`.
  public var instrument: Int
  /// Most that may be sold, ≤ 0, and bought, ≥ 0, in the contract unit; infinite where nothing limits it.
  public var from: Double
  public var to: Double
  /// Quantities are multiples of it, or the whole of a limit; > 0.
  public var lot: Double
  /// What a contract unit costs to trade, base currency; > 0.
  public var cost: Double

  /// A candidate from its numbers.
  public init(instrument: Int, from: Double, to: Double, lot: Double, cost: Double) {
    self.instrument = instrument
    self.from = from
    self.to = to
    self.lot = lot
    self.cost = cost
  }
}

/// The cheapest trades found that bring an account to a surplus under one model and mode.
public struct MarginCure: Hashable, Sendable {
  /// What became of the search.
  public enum Status: String, Sendable {
    case notNeeded = "not_needed"
    case reached
    case outOfReach = "out_of_reach"
    case refused
  }

  /// How trades were looked for.
  public enum Method: String, Sendable {
    /// Over the scenarios of the model: the cheapest there are, but for whole lots.
    case linearProgramme = "linear_programme"
    /// The best surplus for its cost, one instrument after another.
    case greedy
  }

  /// One trade.
  public struct Trade: Hashable, Sendable {
    /// Place in `Book.instruments`.
    public var instrument: Int
    public var quantity: Double
    public var cost: Double
  }

  /// A scenario that binds at the cheapest cure, by the prices of the linear programme.
  public struct Binding: Hashable, Sendable {
    public var underlying: Identifier
    public var scenario: String
    /// Of the scenarios of the underlying, 0 to 1.
    public var weight: Double
  }

  public var id: ModelMode
  public var test: MarginTest
  /// Surplus to reach.
  public var target: Double
  public var status: Status
  public var method: Method?
  /// As the account stands.
  public var surplus: Double
  /// Of the real model with the trades, their cost paid.
  public var achieved: Double
  /// Greatest cost first.
  public var trades: [Trade]
  public var binding: [Binding]
  public var reason: String?

  /// Of all trades.
  public var cost: Double { trades.reduce(0) { $0 + $1.cost } }
  /// The cash that would do without a trade.
  public var cash: Double { max(0, target - surplus) }
}

/// The effects of candidates at the mark, and trades of them by quantity.
struct CureDesk {
  let candidates: [CureCandidate]
  /// Of one contract unit each.
  let units: [TradeEffect]

  /// The effects of quantities, with what trading them costs; 0 trades nothing.
  func effects(_ quantities: [Double]) -> [TradeEffect] {
    var effects: [TradeEffect] = []
    for (place, quantity) in quantities.enumerated() where quantity != 0 {
      let unit = units[place]
      effects.append(
        TradeEffect(
          instrument: unit.instrument, quantity: quantity,
          effectiveQuantity: quantity * unit.effectiveQuantity,
          value: quantity * unit.value,
          cash: quantity * unit.cash - quantity.magnitude * candidates[place].cost))
    }
    return effects
  }

  /// The next quantity of whole lots away from zero, within the limits of a candidate.
  func rounded(_ quantity: Double, _ place: Int) -> Double {
    let candidate = candidates[place]
    let lots = (quantity.magnitude / candidate.lot * (1 - 1e-12)).rounded(.up)
    let size = lots * candidate.lot
    let limit = quantity < 0 ? -candidate.from : candidate.to
    return (quantity < 0 ? -1 : 1) * min(size, limit)
  }
}

extension AccountWhatIf {
  /// The cheapest trades found after which the account passes a test with a surplus, their cost paid from cash.
  ///
  /// Under the Derive portfolio manager a linear programme over its scenarios finds them: losses are convex and piecewise
  /// linear in the quantities. Every other model gets a greedy search. Either way the trades are rounded to lots and
  /// the real model has the last word: `achieved` is its surplus.
  ///
  /// - Parameters:
  ///   - entry: place in `entries`.
  ///   - target: surplus to reach, base currency.
  ///   - candidates: what may be traded.
  ///   - unit: the effect of one contract unit at the mark; nil leaves a candidate out.
  /// - Returns: nil outside `entries`.
  public func cure(
    entry: Int, test: MarginTest, target: Double, candidates: [CureCandidate], unit: (Int) -> TradeEffect?
  ) -> MarginCure? {
    guard entries.indices.contains(entry) else { return nil }
    var cure = MarginCure(
      id: entries[entry].id, test: test, target: target, status: .notNeeded, method: nil,
      surplus: entries[entry].base.surplus(test), achieved: entries[entry].base.surplus(test), trades: [],
      binding: [], reason: nil)
    guard cure.surplus < target else { return cure }
    let usable = candidates.compactMap { candidate -> (CureCandidate, TradeEffect)? in
      guard supports(instrument: candidate.instrument, entry: entry), candidate.cost > 0, candidate.lot > 0,
        candidate.from <= 0, candidate.to >= 0, let effect = unit(candidate.instrument)
      else { return nil }
      return (candidate, effect)
    }
    guard !usable.isEmpty else {
      cure.status = .refused
      cure.reason = "nothing that the model margins may be traded"
      return cure
    }
    let desk = CureDesk(candidates: usable.map(\.0), units: usable.map(\.1))
    if let model = models[entries[entry].model] as? DerivePortfolioModel, model.isConcave {
      search(&cure, entry, desk, programme: CureProgramme(model, holdings, desk, test: test))
    } else {
      GreedyCure(desk: desk, target: target) { surplus(entry, after: $0, test) }.search(&cure)
    }
    return cure
  }

  /// Solves the programme, rounds to lots, asks the model, and aims higher where rounding or a skew scenario that turned
  /// took something away.
  private func search(
    _ cure: inout MarginCure, _ entry: Int, _ desk: CureDesk, programme first: CureProgramme
  ) {
    var programme = first
    var aim = cure.target
    cure.method = .linearProgramme
    for _ in 0..<12 {
      let found = programme.cheapest(target: aim)
      guard case .success(let point) = found else {
        return refuse(&cure, found, entry, desk, programme)
      }
      var quantities = point.quantities.enumerated().map { desk.rounded($0.element, $0.offset) }
      guard let reached = surplus(entry, after: desk.effects(quantities), cure.test) else { break }
      if reached >= cure.target {
        trim(&quantities, desk) { surplus(entry, after: $0, cure.test) ?? -.infinity >= cure.target }
        return finish(&cure, quantities, desk, entry, point.binding)
      }
      // Discounts of skew scenarios go by the side on which the values ended.
      programme.turn(to: quantities)
      aim += (cure.target - reached) + 1e-9 * max(1, cure.target.magnitude)
    }
    cure.status = .outOfReach
    cure.reason = "the model did not confirm the programme's trades"
  }

  private func refuse(
    _ cure: inout MarginCure, _ found: Result<CureProgramme.Point, CureProgramme.Failure>, _ entry: Int,
    _ desk: CureDesk, _ programme: CureProgramme
  ) {
    cure.status = .outOfReach
    guard case .failure(.infeasible) = found, case .success(let best) = programme.best(),
      let most = surplus(entry, after: desk.effects(best.quantities), cure.test)
    else {
      cure.reason = "the solver found no optimum"
      return
    }
    cure.achieved = max(most, cure.surplus)
    cure.reason = "the candidates bring the surplus to no more than this"
  }

  private func finish(
    _ cure: inout MarginCure, _ quantities: [Double], _ desk: CureDesk, _ entry: Int,
    _ binding: [MarginCure.Binding]
  ) {
    cure.status = .reached
    cure.binding = binding
    cure.trades = desk.trades(quantities)
    cure.achieved = surplus(entry, after: desk.effects(quantities), cure.test) ?? cure.surplus
  }
}

extension CureDesk {
  /// The trades behind quantities, greatest cost first, ties by instrument.
  func trades(_ quantities: [Double]) -> [MarginCure.Trade] {
    quantities.indices.filter { quantities[$0] != 0 }
      .map {
        MarginCure.Trade(
          instrument: candidates[$0].instrument, quantity: quantities[$0],
          cost: quantities[$0].magnitude * candidates[$0].cost)
      }
      .sorted { ($1.cost, $0.instrument) < ($0.cost, $1.instrument) }
  }
}

/// Takes back what lots too many there are: each trade in turn, the dearest first, to the fewest lots that still pass.
func trim(_ quantities: inout [Double], _ desk: CureDesk, passes: ([TradeEffect]) -> Bool) {
  let order = quantities.indices.sorted {
    let left = quantities[$0].magnitude * desk.candidates[$0].cost
    let right = quantities[$1].magnitude * desk.candidates[$1].cost
    return (right, $0) < (left, $1)
  }
  for place in order where quantities[place] != 0 {
    let lot = desk.candidates[place].lot
    let whole = quantities[place]
    var enough = Int(exactly: (whole.magnitude / lot).rounded(.up)) ?? 0
    var few = 0
    // The last number tried that passes is kept: whatever the shape in between, what is returned passed.
    while enough - few > 1 {
      let middle = few + (enough - few) / 2
      var other = quantities
      other[place] = (whole < 0 ? -lot : lot) * Double(middle)
      if passes(desk.effects(other)) {
        enough = middle
        quantities = other
      } else {
        few = middle
      }
    }
    var without = quantities
    without[place] = 0
    if enough == 1, passes(desk.effects(without)) { quantities = without }
  }
}
