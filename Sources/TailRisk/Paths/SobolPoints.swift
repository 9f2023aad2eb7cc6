import RiskNumerics

/// Motions from scrambled points of Sobol, the first dimensions where the most variance is.
///
/// The motions of all factors at all instants of the grid have the covariance min(s, t) ⊗ Σ, whose eigenvectors are the
/// products of those of its two parts: with eigenvalues μ in time and λ among the factors the dimensions are taken by
/// falling μ·λ (Acworth, Broadie and Glasserman 1998). Numbers that lead come before, others after; what has no dimension
/// in the table is drawn by Philox.
///
/// Path p is point p mod `pointCount` of replicate p / `pointCount`, each replicate with a scramble of its own.
struct SobolPoints: Sendable {
  let seed: UInt64
  /// Points of a replicate, a power of two.
  let pointCount: Int
  private let leading: Int
  /// Components in the order of their dimensions.
  private let order: [(time: Int, factor: Int)]
  /// √μ·e of each instant, and σ-scaled √λ·v of each factor.
  private let times: [[Double]]
  private let factors: [[Double]]
  private let components: Int

  /// - Parameters:
  ///   - leading: extra numbers that come before the components.
  /// - Throws: `malformedCorrelation` where the components cannot be found.
  init(
    _ risk: RiskFactors, _ grid: TimeGrid, seed: UInt64, pointCount: Int, leading: Int
  ) throws(TailRiskError) {
    self.seed = seed
    self.pointCount = max(1, pointCount)
    self.leading = leading
    let count = risk.volatilities.count
    do throws(LinearAlgebraError) {
      let scaled = (0..<count).map { i in risk.rows[i].map { $0 * risk.volatilities[i] } }
      var covariance = [Double](repeating: 0, count: count * count)
      for i in 0..<count {
        for j in 0...i {
          var sum = 0.0
          for (a, b) in zip(scaled[i], scaled[j]) { sum += a * b }
          covariance[i * count + j] = sum
          covariance[j * count + i] = sum
        }
      }
      let years = grid.seconds.map { $0 / 31_536_000 }
      let time = try PrincipalFactor(
        of: Matrix(
          rowCount: years.count, columnCount: years.count,
          storage: years.flatMap { s in years.map { min(s, $0) } }))
      times = years.indices.map { time.row($0) }
      var values: [Double] = []
      if count > 0 {
        let factor = try PrincipalFactor(
          of: Matrix(rowCount: count, columnCount: count, storage: covariance))
        factors = (0..<count).map { factor.row($0) }
        values = factor.values
      } else {
        factors = []
      }
      components = values.count
      let pairs = time.values.indices.flatMap { t in values.indices.map { (time: t, factor: $0) } }
      // Falling variance; the order of the list where two are equal.
      order = pairs.enumerated().sorted { a, b in
        let (left, right) = (
          time.values[a.element.time] * values[a.element.factor],
          time.values[b.element.time] * values[b.element.factor]
        )
        return left == right ? a.offset < b.offset : left > right
      }.map(\.element)
    } catch {
      throw .malformedCorrelation
    }
  }

  /// The uniform numbers of an extra place.
  func extra(_ place: Int, firstPath: Int, width: Int) -> [Double] {
    uniforms(place < leading ? place : order.count + place, firstPath, width)
  }

  /// The motions at the ends of all steps, laid out as in `PathBlock`.
  func motions(firstPath: Int, width: Int) -> [Double] {
    var scores = [Double](repeating: 0, count: times.count * components * width)
    var normals = [Double](repeating: 0, count: width)
    var sum = normals
    for (place, component) in order.enumerated() {
      let points = uniforms(leading + place, firstPath, width)
      var span = normals.mutableSpan
      VectorMath.normalQuantile(points.span, into: &span)
      for step in times.indices {
        let start = (step * components + component.factor) * width
        let weight = times[step][component.time]
        for path in 0..<width { scores[start + path] += weight * normals[path] }
      }
    }
    var motions: [Double] = []
    motions.reserveCapacity(times.count * factors.count * width)
    for step in times.indices {
      let starts = (0..<components).map { (step * components + $0) * width }
      for weights in factors {
        var span = sum.mutableSpan
        VectorMath.gatherRows(
          scores.span, rowStarts: starts.span, factors: weights.span, adding: 0, into: &span)
        motions.append(contentsOf: sum)
      }
    }
    return motions
  }

  private func uniforms(_ dimension: Int, _ firstPath: Int, _ width: Int) -> [Double] {
    var column = [Double](repeating: 0, count: width)
    var span = column.mutableSpan
    guard dimension < SobolDimension.count else {
      RandomStream(seed: seed).uniforms(
        factor: PathPlace.beyondTable + dimension, step: 0, firstPath: firstPath, into: &span)
      return column
    }
    var parts: [Double] = []
    while parts.count < width {
      let path = firstPath + parts.count
      let point = path % pointCount
      var run = [Double](repeating: 0, count: min(pointCount - point, width - parts.count))
      let scrambled = SobolDimension(
        dimension, replicate: path / pointCount, seed: seed, points: pointCount)
      var span = run.mutableSpan
      scrambled?.fill(firstPoint: point, into: &span)
      if run.count == width { return run }
      parts.append(contentsOf: run)
    }
    return parts
  }
}

/// Counter words that keep the draws of one path apart; those of normals count from 0.
enum PathPlace {
  static let beyondTable = 0x4000_0000
  static let extra = 0x8000_0000
  static let day = 0xC000_0000
}
