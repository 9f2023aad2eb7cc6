import MarketModel
import RiskNumerics

/// The spots that move in a simulation, and the factor of their correlation.
///
/// Factors are all assets of the market but the base currency and the stable ones, in byte order of their
/// ids: the market alone decides, never the accounts at hand. An asset without covariance does not move.
struct RiskFactors: Sendable {
  /// Every factor and what it did.
  let uses: [FactorUse]
  /// Place among the moving factors, one entry an asset of the market; nil where it does not move.
  let place: [Int?]
  /// Places in the market's `assets` of the factors that move.
  let assets: [Int]
  /// Annual volatilities of the moving factors.
  let volatilities: [Double]
  /// Rows of L with L·Lᵀ = correlation, one a moving factor.
  let rows: [[Double]]
  /// Independent normals that a step draws.
  let rank: Int

  init(_ book: Book) throws(TailRiskError) {
    let market = book.market
    let factors = market.assets.indices.filter { !market.isCash(market.assets[$0].id) }
    let source = try CovarianceSource(book, factors: Set(factors.map { market.assets[$0].id }))
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
      (rows, rank) = ([], 0)
      return
    }
    let count = source.assets.count
    do throws(LinearAlgebraError) {
      let storage = picked.flatMap { i in picked.map { j in source.correlation[i * count + j] } }
      let factor = try CholeskyFactor(
        of: Matrix(rowCount: picked.count, columnCount: picked.count, storage: storage))
      rows = picked.indices.map { factor.row($0) }
      rank = factor.rank
    } catch {
      if case .notPositiveSemidefinite(let order, let pivot) = error {
        throw .indefiniteCorrelation(order: order, smallestEigenvalue: pivot)
      }
      throw .malformedCorrelation
    }
  }
}
