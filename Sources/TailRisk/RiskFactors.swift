import MarketModel
import RiskNumerics

/// What moves in a simulation, and the factor of its correlation: spots first, then what `moving` adds to them.
///
/// Factors are all assets of the market but the base currency and the stable ones, in byte order of their
/// ids: the market alone decides, never the accounts at hand. An asset without covariance does not move.
struct RiskFactors: Sendable {
  /// Every factor and what it did.
  var uses: [FactorUse]
  /// Place among the moving factors, one entry an asset of the market; nil where it does not move.
  let place: [Int?]
  /// Places in the market's `assets` of the factors that move.
  let assets: [Int]
  /// Annual volatilities of the moving factors, the spots first.
  var volatilities: [Double]
  /// Rows of L with L·Lᵀ = correlation, one a moving factor.
  var rows: [[Double]]
  /// Independent normals that a step draws.
  var rank: Int
  /// The correlation of the moving spots, positive semidefinite.
  let correlation: Matrix
  /// What a reader of the figures should know of the covariance.
  let notes: [String]
  /// Factors beside the spots.
  var beside = MarketFactors()

  /// The factors of a book under the covariance of a plan, and what the plan moves beside the spots.
  ///
  /// - Throws: `indefiniteCorrelation` where the plan does not repair it, `malformedCorrelation`; what
  ///   `HistoryCovariance` and `moving` throw.
  init(_ book: Book, plan: ValueAtRiskPlan) throws(TailRiskError) {
    self = try RiskFactors(spotsOf: book, plan: plan).moving(plan, in: book.market)
  }

  private init(spotsOf book: Book, plan: ValueAtRiskPlan) throws(TailRiskError) {
    let market = book.market
    let factors = market.assets.indices.filter { !market.isCash(market.assets[$0].id) }
    let source = try CovarianceSource(
      book, factors: Set(factors.map { market.assets[$0].id }),
      plan: plan.covariance, horizonDays: plan.horizonDays)
    var columns: [Identifier: Int] = [:]
    for (column, asset) in source.assets.enumerated() where columns[asset] == nil { columns[asset] = column }
    let moving = factors.filter { columns[market.assets[$0].id] != nil }
    let picked = moving.compactMap { columns[market.assets[$0].id] }
    assets = moving
    volatilities = picked.map { source.volatilities[$0] }
    guard volatilities.allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw .malformedCorrelation }
    var place = [Int?](repeating: nil, count: market.assets.count)
    for (index, asset) in moving.enumerated() { place[asset] = index }
    self.place = place
    let volatilities = volatilities
    uses = factors.map { asset in
      let name = market.assets[asset].id
      guard let index = place[asset] else {
        return FactorUse(kind: "spot", name: name, moved: false, volatility: nil, reason: source.lack)
      }
      return FactorUse(kind: "spot", name: name, moved: true, volatility: volatilities[index], reason: nil)
    }
    guard !picked.isEmpty else {
      (rows, rank, correlation, notes) = ([], 0, Matrix(rowCount: 0, columnCount: 0), source.notes)
      return
    }
    let count = source.assets.count
    let storage = picked.flatMap { i in picked.map { j in source.correlation[i * count + j] } }
    let factor: CholeskyFactor
    (correlation, factor, notes) = try Self.factorise(storage, order: picked.count, source)
    rows = picked.indices.map { factor.row($0) }
    rank = factor.rank
  }

  /// The factor of a correlation, or of the nearest one where it is indefinite and the source may repair it.
  private static func factorise(
    _ storage: [Double], order: Int, _ source: CovarianceSource
  ) throws(TailRiskError) -> (Matrix, CholeskyFactor, [String]) {
    do throws(LinearAlgebraError) {
      let matrix = try Matrix(rowCount: order, columnCount: order, storage: storage)
      do throws(LinearAlgebraError) {
        return (matrix, try CholeskyFactor(of: matrix), source.notes)
      } catch {
        guard case .notPositiveSemidefinite = error, source.mayRepair else { throw error }
        let nearest = try NearestCorrelation(to: matrix)
        let note =
          "value_at_risk: \(source.name) is indefinite and the nearest correlation stands in for it: distance "
          + "\(Rounded.text(nearest.distance)) (Frobenius), smallest eigenvalue "
          + "\(Rounded.text(nearest.smallestBefore)) before and \(Rounded.text(nearest.smallestAfter)) after, "
          + "\(nearest.iterations) Newton steps"
        return (nearest.matrix, try CholeskyFactor(of: nearest.matrix), source.notes + [note])
      }
    } catch {
      if case .notPositiveSemidefinite(let order, let pivot) = error {
        throw .indefiniteCorrelation(order: order, smallestEigenvalue: pivot)
      }
      throw .malformedCorrelation
    }
  }
}
