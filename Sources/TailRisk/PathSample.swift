public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// The simulated spots behind a value at risk as plain columns, for measures that are no sum over a table.
///
/// The same seed, factors and readings give the same paths as `monte_carlo` with `normal` factors has.
public struct PathSample: Sendable {
  /// Ranks that one confidence level reads in a sample, counted from 1 in increasing order.
  public struct Ranks: Hashable, Sendable {
    public let confidence: ConfidenceLevel
    /// ⌈n·c⌉.
    public let rank: Int
    /// The quantile of the law lies between them with probability `coverage`.
    public let lower: Int
    public let upper: Int
    public let coverage: Double
  }

  public let count: Int
  public let horizonDays: Double
  /// Every factor of the market, moved or not.
  public let factors: [FactorUse]
  public let ranks: [Ranks]
  /// ln(S'/S) at the horizon by path: one entry an asset of the market, nil where it does not move.
  public private(set) var logs: [[Double]?]
  /// S'/S at the horizon.
  public private(set) var multipliers: [[Double]?]
  /// Seconds to the expiries inside the horizon, increasing.
  public let readingSeconds: [Double]
  /// S'/S there: reading, asset, path.
  public private(set) var readings: [[[Double]?]]

  /// Draws the paths.
  ///
  /// - Parameters:
  ///   - plan: `monte_carlo`, `normal`; its paths, horizon and levels count.
  ///   - seed: of all random numbers.
  /// - Throws: as a simulation of value at risk does.
  public init(
    book: ValuedBook, plan: ValueAtRiskPlan, seed: UInt64, team: ThreadTeam
  ) throws(TailRiskError) {
    try MonteCarloEngine.check(book.book, plan: plan)
    let risk = try RiskFactors(book.book, plan: plan)
    let asOf = book.book.market.asOf
    let grid = TimeGrid(
      horizonDays: plan.horizonDays,
      expiries: book.book.instruments.compactMap { $0.expiry.map { asOf.seconds(to: $0) } })
    let width = 512
    let source = GaussianPaths(risk: risk, grid: grid, stream: RandomStream(seed: seed))
    let paths = plan.paths
    let blocks = team.map(count: (paths + width - 1) / width) { block in
      source.block(firstPath: block * width, width: min(width, paths - block * width))
    }
    func column(_ read: (PathBlock) -> [Double]) -> [Double] { blocks.flatMap(read) }
    let end = grid.seconds.count - 1
    count = paths
    horizonDays = plan.horizonDays
    factors = risk.uses
    ranks = plan.confidence.map { level in
      let found = TailLevel(level, count: paths)
      return Ranks(
        confidence: level, rank: found.rank, lower: found.lowerRank, upper: found.upperRank,
        coverage: found.coverage)
    }
    logs = risk.place.map { place in place.map { factor in column { $0.log(factor, step: end) } } }
    multipliers = risk.place.map { place in
      place.map { factor in column { $0.multiplier(factor, step: end) } }
    }
    readingSeconds = Array(grid.seconds.dropLast())
    readings = (0..<end).map { step in
      risk.place.map { place in place.map { factor in column { $0.multiplier(factor, step: step) } } }
    }
  }
}
