public import MarketModel
import PortfolioValuation

/// What a split should make least.
public enum SplitObjective: String, Sendable, CaseIterable {
  /// Capital to survive the worst of the comparison's scenarios.
  case capital
  /// Initial requirement of today.
  case requirement
}

/// Which positions of an account to hold isolated and which in cross margin, at the least cost.
public struct IsolatedSplit: Hashable, Sendable {
  /// What a split needs.
  public struct Cost: Hashable, Sendable {
    /// K at the worst scenario: Σ over isolated positions of max(c*, 0) + V, and max(c*, 0) + V of the rest.
    public var capital: Double
    /// Initial requirements of the isolated positions alone, and of the rest together.
    public var initial: Double
  }

  /// One position.
  public struct Position: Hashable, Sendable {
    public var instrument: Identifier
    public var quantity: Double
    public var isIsolated: Bool
    /// The largest loss over the scenarios beyond its own initial requirement and worth: what it may take from the
    /// rest in cross.
    public var contagion: Double
    /// Whether the limit leaves no choice.
    public var isForced: Bool
  }

  public var isolatedModel: String
  public var crossModel: String
  public var objective: SplitObjective
  /// Contagion that a position in cross may have; nil: any.
  public var limit: Double?
  /// Whether every split was tried.
  public var isExact: Bool
  public var best: Cost
  public var allIsolated: Cost
  public var allCross: Cost
  /// By instrument.
  public var positions: [Position]
  public var note: String?
}

extension MarginEngine {
  /// Positions without a forced side up to which every split is tried.
  private static let mostTried = 12

  /// The cheapest split of an account between isolated and cross margin under the models of the comparison.
  ///
  /// Coins stay in cross. Up to 12 positions that are free to lie on either side every split is tried; beyond that the
  /// search moves one position at a time, from both ends, as long as one move helps, and says that it is no proof.
  ///
  /// - Parameters:
  ///   - account: place in `Book.accounts`.
  ///   - limit: the contagion that a position in cross may have, base currency; nil: any.
  /// - Returns: nil outside the book, or without the comparison's part of the engine.
  public func split(
    ofAccount account: Int, by objective: SplitObjective, limit: Double?
  ) -> IsolatedSplit? {
    guard let capital, valued.book.accounts.indices.contains(account) else { return nil }
    let holdings = AccountHoldings(of: account, in: valued, context: context)
    let problem = SplitProblem(
      capital: capital, isolated: compared.isolated, cross: compared.cross, holdings: holdings)
    let forced = problem.contagion.map { contagion in limit.map { contagion > $0 } ?? false }
    let free = forced.indices.filter { !forced[$0] }
    let isExact = free.count <= Self.mostTried
    let best =
      isExact
      ? problem.tryAll(forced, free, objective) : problem.improve(forced, free, objective)
    let all = forced.map { _ in true }
    return IsolatedSplit(
      isolatedModel: compared.isolated.name, crossModel: compared.cross.name, objective: objective,
      limit: limit, isExact: isExact, best: problem.cost(best), allIsolated: problem.cost(all),
      allCross: problem.cost(all.map { !$0 }),
      positions: problem.legs.indices.sorted { problem.legs[$0].instrument < problem.legs[$1].instrument }
        .map { place in
          IsolatedSplit.Position(
            instrument: valued.book.instruments[problem.legs[place].instrument].id,
            quantity: problem.legs[place].rawQuantity, isIsolated: best[place],
            contagion: problem.contagion[place], isForced: forced[place])
        },
      note: Self.note(limit, best, problem, objective))
  }

  private static func note(
    _ limit: Double?, _ best: [Bool], _ problem: SplitProblem, _ objective: SplitObjective
  ) -> String? {
    guard limit == nil, !best.contains(true) else { return nil }
    return
      "without a limit everything in cross is cheapest: what is pooled never needs more under an additive model"
  }
}

/// The costs of all splits of one account, from what each position needs alone.
private struct SplitProblem {
  let capital: CapitalEngine
  let cross: any ReportableModel
  let sets: [NettingSet]
  /// Positions that all models margin, set by set.
  let legs: [Leg]
  /// Of each position, base currency, ≥ 0.
  let contagion: [Double]
  /// max(c*, 0) + V of each position alone, a state each.
  private let alone: [[Double]]
  private let loneInitial: [Double]

  init(
    capital: CapitalEngine, isolated: any ReportableModel, cross: any ReportableModel,
    holdings: AccountHoldings
  ) {
    self.capital = capital
    self.cross = cross
    sets = holdings.sets.map { set in
      NettingSet(
        underlying: set.underlying, legs: set.legs.filter { capital.margins(instrument: $0.instrument) },
        collateral: set.collateral)
    }
    let legs = sets.flatMap(\.legs)
    self.legs = legs
    var net = [Double](repeating: 0, count: capital.states.count)
    alone = legs.map { leg in
      capital.isolated.fill(&net, leg: leg)
      return net.map { max(-$0, 0) + leg.value }
    }
    let loneInitial = legs.map { isolated.loneRequirement(of: $0).initial }
    self.loneInitial = loneInitial
    let profits = sets.flatMap {
      ContagionTable.profits(of: $0, context: capital.context, states: capital.states)
    }
    contagion = legs.indices.map { place in
      let worst = -(profits[place].min() ?? 0)
      return max(worst - legs[place].contained(byMargin: loneInitial[place]), 0)
    }
  }

  func cost(_ isIsolated: [Bool]) -> IsolatedSplit.Cost {
    var rest: [NettingSet] = []
    var sums = [Double](repeating: 0, count: capital.states.count)
    var initial = 0.0
    var value = 0.0
    var place = 0
    for set in sets {
      var left = NettingSet(underlying: set.underlying, legs: [], collateral: set.collateral)
      for leg in set.legs {
        if isIsolated[place] {
          for state in sums.indices { sums[state] += alone[place][state] }
          initial += loneInitial[place]
        } else {
          left.legs.append(leg)
          value += leg.value
        }
        place += 1
      }
      value += set.collateral * capital.context.assets[set.underlying].spot
      if !left.legs.isEmpty || left.collateral != 0 { rest.append(left) }
    }
    var nets = [Double](repeating: 0, count: sums.count)
    for group in capital.cross.groups(of: rest) {
      for (state, net) in capital.cross.netMargins(ofGroup: group).enumerated()
      where nets.indices.contains(state) {
        nets[state] += net.maintenance
      }
    }
    var worst = -Double.infinity
    for state in sums.indices { worst = max(worst, sums[state] + max(-nets[state], 0) + value) }
    initial += cross.requirement(of: AccountHoldings(sets: rest, cashBalances: []), mode: .cross).initial
    return IsolatedSplit.Cost(capital: worst.isFinite ? worst : 0, initial: initial)
  }

  private func measure(_ isIsolated: [Bool], _ objective: SplitObjective) -> Double {
    let cost = cost(isIsolated)
    return objective == .capital ? cost.capital : cost.initial
  }

  /// Every split; of equally cheap ones that with the fewest isolated positions.
  func tryAll(_ forced: [Bool], _ free: [Int], _ objective: SplitObjective) -> [Bool] {
    var best = forced
    var least = measure(best, objective)
    for mask in 1..<(1 << free.count) where !free.isEmpty {
      var split = forced
      for (bit, place) in free.enumerated() where mask & (1 << bit) != 0 { split[place] = true }
      let found = measure(split, objective)
      if Self.isLess(found, least) || (found <= least && Self.count(split) < Self.count(best)) {
        (best, least) = (split, min(found, least))
      }
    }
    return best
  }

  /// One position after another to the other side, from both ends.
  func improve(_ forced: [Bool], _ free: [Int], _ objective: SplitObjective) -> [Bool] {
    let ends = [forced, forced.map { _ in true }].map { start -> (split: [Bool], cost: Double) in
      var split = start
      var least = measure(split, objective)
      var isBetter = true
      while isBetter {
        isBetter = false
        for place in free {
          split[place].toggle()
          let found = measure(split, objective)
          if Self.isLess(found, least) {
            (least, isBetter) = (found, true)
          } else {
            split[place].toggle()
          }
        }
      }
      return (split, least)
    }
    return Self.isLess(ends[1].cost, ends[0].cost) ? ends[1].split : ends[0].split
  }

  private static func count(_ split: [Bool]) -> Int { split.count { $0 } }

  /// Less by more than the rounding of a sum of some hundred terms.
  private static func isLess(_ left: Double, _ right: Double) -> Bool {
    left < right - 1e-9 * max(1, abs(right))
  }
}
