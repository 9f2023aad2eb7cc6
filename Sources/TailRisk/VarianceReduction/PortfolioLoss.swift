import RiskNumerics

/// One portfolio's loss over the horizon, revalued in full on any moves of its own factors, and the quadratic
/// form that stands for it.
struct PortfolioLoss: Sendable {
  private let table: ProfitTable
  private let lossFactors: [Double]
  private let largestMove: Double?
  /// Rows of the table that it holds, in the order of its exposure, then those that its classes of risk read.
  let rows: [Int]
  /// Moving factors that it depends on, increasing.
  let factors: [Int]
  /// Mean of each factor's log return.
  private let drifts: [Double]
  /// Log return of factor f = drift + Σᵢ directions[f][i]·yᵢ.
  private let directions: [[Double]]
  /// The loss as a quadratic form of the same y.
  let form: QuadraticLoss

  /// The loss of an exposure; nil where a revaluation on the nodes is not finite.
  ///
  /// Its slopes and curvatures are differences along the factors and, for two that move one row, across them. They are
  /// taken over `span` standard deviations of each: a derivative at a point would miss how gamma changes on the way to
  /// the tail, and near an expiry that is all there is. Ageing is in the constant. With x = m + Tz, TTᵀ the covariance, and the eigenvectors U of
  /// ½TᵀBT, y = Uᵀz makes the form diagonal.
  ///
  /// - Parameters:
  ///   - span: standard deviations of the difference, > 0.
  ///   - largestMove: what every log return is held to; nil where to nothing.
  ///   - exposure: over blocks of width 1, so that its starts are rows of the table.
  ///   - table: one step to the horizon.
  /// - Complexity: rows × (2 factors + 4 pairs + 1) prices and O(factors³).
  init?(_ exposure: Exposure, table: ProfitTable, span: Double, largestMove: Double? = nil) {
    self.table = table
    self.largestMove = largestMove
    rows = exposure.sumStarts
    lossFactors = exposure.lossFactors
    factors = Set(exposure.sumStarts.flatMap { table.factors(ofRow: $0) }).sorted()
    let risk = table.risk
    let years = table.grid.horizonSeconds / 31_536_000
    let deviations = factors.map { risk.volatilities[$0] * years.squareRoot() }
    drifts = zip(factors, deviations).map { $0 < risk.lognormalCount ? -0.5 * $1 * $1 : 0 }
    let bumps = LossBumps(sizes: deviations.map { span * $0 }, pairs: Self.pairs(rows, factors, table))
    let values = table.block(
      PathBlock(width: bumps.width, factors: factors.count, logs: bumps.logs), factors: factors, rows: rows)
    let losses = Self.losses(values, lossFactors: lossFactors, width: bumps.width)
    guard losses.allSatisfy(\.isFinite) else { return nil }
    let covariance = Self.covariance(factors.map { risk.rows[$0] }, deviations)
    guard let covariance,
      let diagonal = Self.diagonal(bumps.expansion(losses), drifts: drifts, covariance: covariance)
    else { return nil }
    (form, directions) = diagonal
  }

  /// The pairs of factors that move one row together, as places among the factors.
  private static func pairs(
    _ rows: [Int], _ factors: [Int], _ table: ProfitTable
  ) -> [(row: Int, column: Int)] {
    var isPair = [Bool](repeating: false, count: factors.count * factors.count)
    for row in rows {
      let places = table.factors(ofRow: row).compactMap { factors.firstIndex(of: $0) }
      for i in places {
        for j in places where j < i { isPair[i * factors.count + j] = true }
      }
    }
    return isPair.indices.filter { isPair[$0] }.map { ($0 / factors.count, $0 % factors.count) }
  }

  private static func losses(_ values: [Double], lossFactors: [Double], width: Int) -> [Double] {
    var losses = [Double](repeating: 0, count: width)
    let starts = lossFactors.indices.map { $0 * width }
    var sum = losses.mutableSpan
    VectorMath.gatherRows(
      values.span, rowStarts: starts.span, factors: lossFactors.span, adding: 0, into: &sum)
    return losses
  }

  /// T with TTᵀ the covariance of the factors, by rows; nil where it has none.
  private static func covariance(_ rows: [[Double]], _ deviations: [Double]) -> [[Double]]? {
    let count = rows.count
    guard count > 0 else { return [] }
    var matrix = Matrix(rowCount: count, columnCount: count)
    for i in 0..<count {
      for j in 0...i {
        let sum = zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 }
        matrix[i, j] = deviations[i] * deviations[j] * sum
        matrix[j, i] = matrix[i, j]
      }
    }
    guard let factor = try? PrincipalFactor(of: matrix) else { return nil }
    return (0..<count).map { factor.row($0) }
  }

  private static func diagonal(
    _ loss: LossBumps.Expansion, drifts: [Double], covariance rows: [[Double]]
  ) -> (QuadraticLoss, [[Double]])? {
    let rank = rows.first?.count ?? 0
    var constant = loss.rest
    var slopes = loss.slopes
    for place in drifts.indices {
      let bent = loss.bends(place, along: drifts)
      constant += drifts[place] * (loss.slopes[place] + 0.5 * bent)
      slopes[place] += bent
    }
    guard rank > 0 else {
      return (QuadraticLoss(constant: constant, linear: [], quadratic: []), rows)
    }
    var half = Matrix(rowCount: rank, columnCount: rank)
    for i in 0..<rank {
      for j in 0...i {
        var sum = 0.0
        for (place, row) in rows.enumerated() { sum += 0.5 * loss.curvatures[place] * row[i] * row[j] }
        for cross in loss.crosses {
          let (a, b) = (rows[cross.row], rows[cross.column])
          sum += 0.5 * cross.value * (a[i] * b[j] + a[j] * b[i])
        }
        half[i, j] = sum
        half[j, i] = sum
      }
    }
    guard let eigen = try? SymmetricEigen(of: half) else { return nil }
    let directions = rows.map { row in
      (0..<rank).map { i in (0..<rank).reduce(0) { $0 + row[$1] * eigen.vectors[$1, i] } }
    }
    let linear = (0..<rank).map { i in
      directions.indices.reduce(0) { $0 + slopes[$1] * directions[$1][i] }
    }
    return (QuadraticLoss(constant: constant, linear: linear, quadratic: eigen.values), directions)
  }

  /// The moves of its factors on paths given by their y.
  ///
  /// - Parameter normals: one column a component of the form, each of `width`.
  func moves(_ normals: [[Double]], width: Int) -> PathBlock {
    var logs: [Double] = []
    logs.reserveCapacity(factors.count * width)
    for (place, direction) in directions.enumerated() {
      var x = [Double](repeating: drifts[place], count: width)
      for (scale, column) in zip(direction, normals) where scale != 0 {
        var sum = x.mutableSpan
        VectorMath.addScaled(scale, column.span, to: &sum)
      }
      if let most = largestMove {
        for path in x.indices { x[path] = max(-most, min(most, x[path])) }
      }
      logs += x
    }
    return PathBlock(width: width, factors: factors.count, logs: logs)
  }

  /// The profits of its rows on such paths, row-major, in the order of `rows`.
  func profits(_ moves: PathBlock) -> [Double] { table.block(moves, factors: factors, rows: rows) }

  /// Losses to which each path adds what closing out costs on it.
  ///
  /// - Parameters:
  ///   - curves: of this portfolio.
  ///   - losses: on the paths of `moves`, undiminished by their scaling.
  /// - Returns: NaN where a curve follows a spot that the losses do not.
  func closedOut(_ losses: [Double], _ curves: [CloseOutCurve], on moves: PathBlock) -> [Double] {
    var (closed, held) = (losses, losses)
    for curve in curves {
      guard let factor = factors.firstIndex(of: curve.factor) else {
        return [Double](repeating: .nan, count: losses.count)
      }
      let (logs, returns) = (moves.log(factor, step: 0), moves.multiplier(factor, step: 0).map { $0 - 1 })
      var sum = closed.mutableSpan
      var room = held.mutableSpan
      curve.addCosts(logMoves: logs.span, moves: returns.span, dividedBy: 1, held: &room, to: &sum)
    }
    return closed
  }

  /// The losses over profits of its rows.
  func losses(_ profits: [Double], width: Int) -> [Double] {
    Self.losses(profits, lossFactors: lossFactors, width: width)
  }
}
