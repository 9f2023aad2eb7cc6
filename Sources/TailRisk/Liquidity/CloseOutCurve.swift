import MarketModel
import PortfolioValuation
import RiskNumerics

/// What closing out one portfolio's holdings of one underlying costs, as a function of the move of its spot.
///
/// The delta and the costs of single contracts are known at the nodes of a grid and linear between them; the trade of
/// the delta is then priced on each path by its terms, with no interpolation. Beyond the grid, where an option is as
/// good as its payoff or nothing, both stay what they are at its end.
struct CloseOutCurve: Sendable {
  let terms: CloseOutTerms?
  /// Base price today.
  let spot: Double
  /// Place of the spot among the moving factors.
  let factor: Int
  /// The last node; the first is its negative.
  let reach: Double
  /// At the nodes, units of the underlying.
  private(set) var quantities: [Double]
  /// At the nodes, base currency.
  private(set) var contractCosts: [Double]

  init(terms: CloseOutTerms?, spot: Double, factor: Int, reach: Double, nodes: Int) {
    self.terms = terms
    self.spot = spot
    self.factor = factor
    self.reach = reach
    quantities = [Double](repeating: 0, count: nodes)
    contractCosts = quantities
  }

  mutating func add(quantity: Double, contractCost: Double, at node: Int) {
    quantities[node] += quantity
    contractCosts[node] += contractCost
  }

  /// Adds the cost on each path to its loss.
  ///
  /// - Parameters:
  ///   - logMoves: ln(S'/S), one a path.
  ///   - moves: S'/S − 1, one a path.
  ///   - scale: what a cost is divided by.
  ///   - held: room for as many numbers as there are paths.
  func addCosts(
    logMoves: Span<Double>, moves: Span<Double>, dividedBy scale: Double, held: inout MutableSpan<Double>,
    to losses: inout MutableSpan<Double>
  ) {
    let (quantities, costs) = (quantities.span, contractCosts.span)
    let last = Double(quantities.count - 1)
    let lastCell = max(0, quantities.count - 2)
    for path in logMoves.indices {
      let place = min(max((logMoves[path] / reach + 1) * (last / 2), 0), last)
      let low = min(Int(exactly: place.rounded(.down)) ?? 0, lastCell)
      let share = place - Double(low)
      held[path] = quantities[low] + share * (quantities[low + 1] - quantities[low])
      losses[path] += (costs[low] + share * (costs[low + 1] - costs[low])) / scale
    }
    terms?.addCosts(
      of: held.span.extracting(first: logMoves.count), spot: spot, logMoves: logMoves, moves: moves,
      dividedBy: scale, to: &losses)
  }
}

/// The curves of every contract that is held, on the grids of a simulation.
struct PathLiquidity: Sendable {
  static let nodeCount = 257
  /// Every grid reaches at least half a unit of ln S, and twelve standard deviations of the horizon.
  static let leastReach = 0.5
  static let deviations = 12.0

  let liquidity: BookLiquidity
  private let risk: RiskFactors
  /// The end of each asset's grid.
  private let reach: [Double]
  private let nodes: [[Double]]
  private let units: [[CloseOutUnit]?]

  /// - Complexity: O(contracts held × nodes).
  init(_ liquidity: BookLiquidity, risk: RiskFactors, grid: TimeGrid, team: ThreadTeam) {
    self.liquidity = liquidity
    self.risk = risk
    let root = (grid.horizonSeconds / 31_536_000).squareRoot()
    reach = risk.place.map { place in
      place.map { max(Self.leastReach, Self.deviations * risk.volatilities[$0] * root) } ?? Self.leastReach
    }
    let half = Self.nodeCount / 2
    nodes = reach.map { end in (-half...half).map { end * Double($0) / Double(half) } }
    units = liquidity.curves(at: nodes, horizonSeconds: grid.horizonSeconds, team: team)
  }

  /// The curves of an account, and behind the last account of the netted book.
  func curves(ofPortfolio place: Int, net: NettedBook) -> [CloseOutCurve]? {
    let isAccount = place < liquidity.book.book.accounts.count
    return curves(of: isAccount ? liquidity.holdings(ofAccount: place) : liquidity.holdings(net))
  }

  /// The curves of a portfolio, one an underlying; nil where its cost is not known.
  func curves(of holdings: CloseOutHoldings) -> [CloseOutCurve]? {
    var curves: [CloseOutCurve] = []
    for group in holdings.groups {
      guard liquidity.lack(group) == nil, let factor = risk.place[group.asset] else { return nil }
      let terms = liquidity.assetTerms[group.asset]
      var curve = CloseOutCurve(
        terms: terms, spot: liquidity.book.book.market.assets[group.asset].spot, factor: factor,
        reach: reach[group.asset], nodes: Self.nodeCount)
      for node in nodes[group.asset].indices {
        curve.add(quantity: group.coins, contractCost: 0, at: node)
      }
      for contract in group.contracts {
        guard let own = units[contract.instrument] else { return nil }
        for (node, unit) in own.enumerated() {
          let logMove = nodes[group.asset][node]
          curve.add(
            quantity: liquidity.quantity(contract, unit),
            contractCost: liquidity.cost(contract, unit, logMove: logMove), at: node)
        }
      }
      // A contract traded by itself may leave coins behind whose depth nobody knows.
      if terms == nil, curve.quantities.contains(where: { $0 != 0 }) { return nil }
      curves.append(curve)
    }
    return curves
  }

  /// What a reader of the figures should know.
  static let notes = [
    "liquidity: value at risk adds to each path the cost of closing out on that path's market: spread, depth and price follow "
      + "the path's spots, delta and options' spreads follow them between 257 nodes over at least 12 standard deviations, at "
      + "today's volatilities and rates; what is settled inside the horizon costs nothing"
  ]
}
