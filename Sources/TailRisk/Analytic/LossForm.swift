package import RiskNumerics

/// The loss of a position as a quadratic form in independent coordinates, with the way back to the factors.
///
/// With x = Lz, LLᵀ the covariance of the factors the position touches, the loss is −drift − a'Lz − z'L'CLz. The factors
/// that bend stand first and L is lower triangular, so the eigenvalue problem is as small as their number; the
/// others add to the linear part alone. Under the t law z is scaled by √((ν − 2)/ν), which keeps the covariance.
package struct LossForm: Sendable {
  /// Places of the factors, the bending ones first.
  let factors: [Int]
  /// How many of them bend.
  let bending: Int
  /// Row-major, one row a factor: x = rows × (coordinates of the form).
  let rows: [Double]
  package let form: QuadraticForm

  /// The form of some items; nil where it is not finite or the eigenvalue problem fails.
  ///
  /// - Parameters:
  ///   - covariance: of the factors' moves over the horizon.
  ///   - isLinear: leaves drift and quadratic part out.
  /// - Complexity: O(f³) for the f factors touched.
  package init?(
    _ items: [FactorExpansion], covariance: Matrix, isLinear: Bool, degreesOfFreedom: Double?
  ) {
    var bends = [Bool](repeating: false, count: covariance.rowCount)
    var touched = bends
    for item in items {
      for term in item.linear where touched.indices.contains(term.factor) { touched[term.factor] = true }
      for term in item.quadratic where !isLinear && bends.indices.contains(max(term.row, term.column)) {
        (bends[term.row], bends[term.column]) = (true, true)
      }
    }
    let first = bends.indices.filter { bends[$0] }
    let factors = first + touched.indices.filter { touched[$0] && !bends[$0] }
    let (n, k) = (factors.count, first.count)
    var place = [Int](repeating: -1, count: covariance.rowCount)
    for (index, factor) in factors.enumerated() { place[factor] = index }
    var (drift, slopes) = (0.0, [Double](repeating: 0, count: n))
    var bend = [Double](repeating: 0, count: k * k)
    for item in items {
      for term in item.linear { slopes[place[term.factor]] += term.value }
      guard !isLinear else { continue }
      drift += item.drift
      for term in item.quadratic {
        let (i, j) = (place[term.row], place[term.column])
        bend[i * k + j] += 0.5 * term.value
        bend[j * k + i] += 0.5 * term.value
      }
    }
    let shrink = degreesOfFreedom.map { ($0 - 2) / $0 } ?? 1
    let root = Self.root(factors.map { i in factors.map { j in shrink * covariance[i, j] } })
    guard let (values, vectors) = Self.axes(root, bend, count: k) else { return nil }
    // The first k coordinates turn into principal axes.
    var rows = [Double](repeating: 0, count: n * n)
    for u in 0..<n {
      for j in 0..<n {
        if j >= k {
          rows[u * n + j] = root[u][j]
        } else {
          for i in 0..<k { rows[u * n + j] += root[u][i] * vectors[i * k + j] }
        }
      }
    }
    var linear = [Double](repeating: 0, count: n)
    for j in 0..<n {
      for u in 0..<n { linear[j] -= slopes[u] * rows[u * n + j] }
    }
    guard
      let form = QuadraticForm(
        constant: 0 - drift, linear: linear,
        quadratic: values.map { 0 - $0 } + [Double](repeating: 0, count: n - k),
        degreesOfFreedom: degreesOfFreedom)
    else { return nil }
    self.factors = factors
    bending = k
    self.rows = rows
    self.form = form
  }

  /// A lower triangle L with LLᵀ the covariance; a pivot within rounding of 0 leaves its column empty.
  private static func root(_ covariance: [[Double]]) -> [[Double]] {
    let n = covariance.count
    var root = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for j in 0..<n {
      var pivot = covariance[j][j]
      for i in 0..<j { pivot -= root[j][i] * root[j][i] }
      guard pivot > 4e-16 * Double(n) * covariance[j][j] else { continue }
      root[j][j] = pivot.squareRoot()
      for u in j + 1..<max(n, j + 1) {
        var sum = covariance[u][j]
        for i in 0..<j { sum -= root[u][i] * root[j][i] }
        root[u][j] = sum / root[j][j]
      }
    }
    return root
  }

  /// Eigenvalues and, row-major, eigenvectors of the bending block.
  private static func axes(
    _ root: [[Double]], _ bend: [Double], count k: Int
  ) -> (values: [Double], vectors: [Double])? {
    guard k > 0 else { return ([], []) }
    if k == 1 { return ([root[0][0] * root[0][0] * bend[0]], [1]) }
    var matrix = Matrix(rowCount: k, columnCount: k)
    for i in 0..<k {
      for j in 0...i {
        var sum = 0.0
        for u in 0..<k {
          var row = 0.0
          for v in 0..<k { row += bend[u * k + v] * root[v][j] }
          sum += root[u][i] * row
        }
        matrix[i, j] = sum
        matrix[j, i] = sum
      }
    }
    do throws(LinearAlgebraError) {
      let eigen = try SymmetricEigen(of: matrix)
      return (eigen.values, (0..<k).flatMap { i in (0..<k).map { eigen.vectors[i, $0] } })
    } catch { return nil }
  }
}

/// What one unit of each coefficient of an expansion adds to a figure: its gradient.
///
/// A figure that is homogeneous of degree one is Σ coefficient × slope (Euler), and an item's part is that sum over its
/// own coefficients.
struct FactorSlopes: Sendable {
  /// Of drift.
  let drift: Double
  /// Of aᵤ, by place in `LossForm.factors`.
  let linear: [Double]
  /// Of cᵤᵥ, row-major over the bending factors.
  let quadratic: [Double]
}

extension LossForm {
  /// The slopes of E(loss | …) under given moments of the coordinates.
  func slopes(_ moments: QuadraticTail.Moments) -> FactorSlopes {
    let (n, k) = (factors.count, bending)
    let linear = (0..<n).map { u in
      var sum = 0.0
      for j in 0..<n { sum += rows[u * n + j] * moments.first[j] }
      return 0 - sum
    }
    var half = [Double](repeating: 0, count: k * k)
    for u in 0..<k {
      for j in 0..<k {
        for i in 0..<k { half[u * k + j] += rows[u * n + i] * moments.second[i * moments.order + j] }
      }
    }
    var quadratic = [Double](repeating: 0, count: k * k)
    for u in 0..<k {
      for v in 0..<k {
        for j in 0..<k { quadratic[u * k + v] -= half[u * k + j] * rows[v * n + j] }
      }
    }
    return FactorSlopes(drift: -1, linear: linear, quadratic: quadratic)
  }

  /// The slopes of a figure that depends on the first four cumulants of the loss alone.
  ///
  /// From ∂K(s)/∂aᵤ = −s·mᵤ(s) and ∂K(s)/∂cᵤᵥ = −s·(mᵤ(s)mᵥ(s) + vᵤᵥ(s)), m and v the mean and covariance of x under
  /// the tilt e^{sQ}, whose series in s are sums over the principal axes.
  func slopes(ofCumulants weights: [Double]) -> FactorSlopes {
    let (n, k) = (factors.count, bending)
    let factorials = [1.0, 2, 6, 24]
    // m[power][u], power 0…3.
    var means = [[Double]](repeating: [Double](repeating: 0, count: n), count: 4)
    var powers = [Double](repeating: 1, count: n)
    for power in 1...3 {
      for u in 0..<n {
        for j in 0..<n { means[power][u] += rows[u * n + j] * form.linear[j] * powers[j] }
      }
      for j in 0..<n { powers[j] *= 2 * form.quadratic[j] }
    }
    var linear = [Double](repeating: 0, count: n)
    for u in 0..<n {
      for order in 1...4 { linear[u] -= weights[order - 1] * factorials[order - 1] * means[order - 1][u] }
    }
    var quadratic = [Double](repeating: 0, count: k * k)
    for u in 0..<k {
      for v in 0..<k {
        var powers = [Double](repeating: 1, count: n)
        for order in 1...4 {
          var sum = 0.0
          for j in 0..<n {
            sum += rows[u * n + j] * rows[v * n + j] * powers[j]
            powers[j] *= 2 * form.quadratic[j]
          }
          for power in 0..<order { sum += means[power][u] * means[order - 1 - power][v] }
          quadratic[u * k + v] -= weights[order - 1] * factorials[order - 1] * sum
        }
      }
    }
    return FactorSlopes(drift: 0 - weights[0], linear: linear, quadratic: quadratic)
  }
}
