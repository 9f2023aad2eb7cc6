/// The semismooth Newton method of `NearestCorrelation`: its state and its steps.
///
/// With G + diag y = Σ λ v vᵀ, α the eigenvectors of positive λ and β the others, the generalised Hessian takes h
/// to the diagonal of P (W ∘ (Pᵀ diag(h) P)) Pᵀ, W being 1 on α × α, λᵢ / (λᵢ − λⱼ) on α × β, 0 on β × β.
struct CorrelationSearch {
  private let given: Matrix
  private var shift: [Double]
  private var part: PositivePart
  private var gradient: [Double]
  private var value: Double
  private(set) var iterations = 0

  init(_ matrix: Matrix) throws(LinearAlgebraError) {
    given = matrix
    shift = (0..<matrix.rowCount).map { 1 - matrix[$0, $0] }
    (part, value, gradient) = try Self.evaluate(matrix, shift)
  }

  var positivePart: Matrix { part.matrix }

  /// Steps until the diagonal of the positive part is one within 1e-13 an element, or the rounding of the
  /// eigenvalues (8 × order × 2⁻⁵²), or until rounding stops the descent within 1e-9.
  mutating func run(limit: Int) throws(LinearAlgebraError) {
    let root = Double(gradient.count).squareRoot()
    let rounding = max(1e-13, 8 * Double(gradient.count) * 0x1p-52)
    while norm(gradient) > rounding * root {
      guard iterations < limit else { throw .notConverged(iterations: iterations) }
      guard try step() else {
        if norm(gradient) <= 1e-9 * root { return }
        throw .notConverged(iterations: iterations)
      }
      iterations += 1
    }
  }

  private static func evaluate(
    _ given: Matrix, _ shift: [Double]
  ) throws(LinearAlgebraError) -> (PositivePart, Double, [Double]) {
    var moved = given
    for (i, y) in shift.enumerated() { moved[i, i] += y }
    let part = try PositivePart(SymmetricEigen(of: moved))
    let squares = part.values.reduce(0.0) { $0 + $1 * $1 }
    return (part, 0.5 * squares - shift.reduce(0, +), part.diagonal.map { $0 - 1 })
  }

  /// One Newton step; false where no step length lowers the function or the gradient.
  private mutating func step() throws(LinearAlgebraError) -> Bool {
    let size = norm(gradient)
    let direction = direction(tolerance: min(1e-2, size) * size)
    let slope = dot(gradient, direction)
    guard slope < 0 else { return false }
    var length = 1.0
    for _ in 0..<30 {
      let next = zip(shift, direction).map { $0 + length * $1 }
      let (nextPart, nextValue, nextGradient) = try Self.evaluate(given, next)
      // Beside the minimum the function is flat to rounding; there the gradient tells progress.
      let isLower = nextValue <= value + 1e-4 * length * slope
      let isFlat = (nextValue - value).magnitude <= 1e-12 * (1 + value.magnitude)
      if isLower && !isFlat || isFlat && norm(nextGradient) < size {
        (shift, part, value, gradient) = (next, nextPart, nextValue, nextGradient)
        return true
      }
      if isFlat { return false }
      length *= 0.5
    }
    return false
  }

  /// The solution d of V d = −gradient by preconditioned conjugate gradients.
  private func direction(tolerance: Double) -> [Double] {
    let hessian = CorrelationHessian(part)
    let scale = hessian.diagonal.map { 1 / max($0, 1e-8) }
    var solution = [Double](repeating: 0, count: gradient.count)
    var residual = gradient.map { -$0 }
    var search = zip(residual, scale).map { $0 * $1 }
    var energy = dot(residual, search)
    for _ in 0..<max(50, 2 * min(gradient.count, 200)) where norm(residual) > tolerance {
      let image = hessian.times(search)
      let curvature = dot(search, image)
      guard curvature > 0 else { break }
      let length = energy / curvature
      for i in solution.indices {
        solution[i] += length * search[i]
        residual[i] -= length * image[i]
      }
      let preconditioned = zip(residual, scale).map { $0 * $1 }
      let next = dot(residual, preconditioned)
      search = zip(preconditioned, search).map { $0 + next / energy * $1 }
      energy = next
    }
    return solution
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 } }

  private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
}

/// The generalised Hessian, by whichever of α and β is the smaller: with 1 − W in place of W the β side gives the
/// difference from the identity.
private struct CorrelationHessian {
  /// Eigenvectors of the smaller side by columns, then of the other.
  private let near: Matrix
  private let nearRows: Matrix
  private let far: Matrix
  /// W, or 1 − W, on the smaller side × the other.
  private let weights: Matrix
  private let isComplement: Bool
  /// Of the Hessian, its diagonal.
  let diagonal: [Double]

  init(_ part: PositivePart) {
    isComplement = part.positive.columnCount > part.other.columnCount
    near = isComplement ? part.other : part.positive
    nearRows = near.transposed
    far = isComplement ? part.positive : part.other
    let nearValues = isComplement ? part.otherValues : part.values
    let farValues = isComplement ? part.values : part.otherValues
    var weights = Matrix(rowCount: nearValues.count, columnCount: farValues.count)
    for (j, b) in farValues.enumerated() {
      // λᵢ/(λᵢ − λⱼ) and its complement −λⱼ/(λᵢ − λⱼ) are one formula: the near value over the difference.
      for (i, a) in nearValues.enumerated() { weights[i, j] = a == b ? 0 : a / (a - b) }
    }
    self.weights = weights
    diagonal = Self.diagonal(near, far, weights, isComplement)
  }

  /// Element i: (Σ v²)² over the near side + 2 Σ W v² v² over both, taken from 1 for the complement.
  private static func diagonal(
    _ near: Matrix, _ far: Matrix, _ weights: Matrix, _ isComplement: Bool
  ) -> [Double] {
    let n = near.rowCount
    var mixed = [Double](repeating: 0, count: n)
    let farSquares = far.squared
    let nearSquares = near.squared
    let product = nearSquares.times(weights)
    for j in 0..<far.columnCount {
      for i in 0..<n { mixed[i] += product[i, j] * farSquares[i, j] }
    }
    var own = [Double](repeating: 0, count: n)
    for k in 0..<near.columnCount {
      for i in 0..<n { own[i] += nearSquares[i, k] }
    }
    return zip(own, mixed).map { own, mixed in
      let sum = own * own + 2 * mixed
      return isComplement ? 1 - sum : sum
    }
  }

  /// V h + 1e-10 h; the last keeps a singular Hessian solvable.
  func times(_ h: [Double]) -> [Double] {
    let n = near.rowCount
    var sum = [Double](repeating: 0, count: n)
    if near.columnCount > 0 {
      let scaled = scaledRows(h)
      add(near.times(scaled.times(near)), near, factor: 1, to: &sum)
      if far.columnCount > 0 { add(near.times(weighted(scaled.times(far))), far, factor: 2, to: &sum) }
    }
    return zip(h, sum).map { h, sum in (isComplement ? h - sum : sum) + 1e-10 * h }
  }

  /// The near side by rows, each element times that of h: dgemm is quickest with nothing to transpose.
  private func scaledRows(_ h: [Double]) -> Matrix {
    var result = nearRows
    for i in 0..<result.columnCount {
      for k in 0..<result.rowCount { result[k, i] *= h[i] }
    }
    return result
  }

  private func weighted(_ matrix: Matrix) -> Matrix {
    var result = matrix
    for j in 0..<matrix.columnCount {
      for i in 0..<matrix.rowCount { result[i, j] *= weights[i, j] }
    }
    return result
  }

  /// Adds factor × the diagonal of a bᵀ.
  private func add(_ a: Matrix, _ b: Matrix, factor: Double, to sum: inout [Double]) {
    for k in 0..<a.columnCount {
      for i in 0..<a.rowCount { sum[i] += factor * (a[i, k] * b[i, k]) }
    }
  }
}

extension Matrix {
  /// The square of every element.
  fileprivate var squared: Matrix {
    var result = self
    for j in 0..<columnCount {
      for i in 0..<rowCount { result[i, j] *= self[i, j] }
    }
    return result
  }
}
