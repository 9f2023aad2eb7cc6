/// Estimates that are drawn towards a simple target, for histories that are short for their count of assets.
///
/// With S the moments of n rows (divided by n, as the authors do) and F the target the estimate is
/// (1 − δ) S + δ F. Both are positive semidefinite, so the estimate is.
extension ReturnCovariance {
  /// Towards the mean variance times the identity, by the weight of Ledoit and Wolf.
  ///
  /// δ is the share of the error of S in its distance from the target (J. Multivariate Analysis 88, 2004).
  ///
  /// - Parameter centred: takes the mean out of each column first.
  /// - Throws: `tooFewRows` below two rows.
  public static func ledoitWolf(
    _ columns: [[Double]], centred: Bool = false
  ) throws(EstimationError) -> ReturnCovariance {
    let moments = try ReturnMoments(columns, needed: 2, centred: centred)
    let rows = Double(moments.rows)
    let spread = Spread(moments)
    // Σₜ |xₜ xₜᵀ − S|² / n² = (mean of |xₜ|⁴ − |S|²) / n.
    var fourth = 0.0
    for row in 0..<moments.rows {
      let square = moments.columns.reduce(0.0) { $0 + $1[row] * $1[row] }
      fourth += square * square
    }
    let error = (fourth / rows - spread.squares) / rows
    let weight = spread.distance > 0 ? min(max(error, 0), spread.distance) / spread.distance : 0
    return spread.shrunk(weight)
  }

  /// Towards the mean variance times the identity, by oracle approximating shrinkage, for normal returns.
  ///
  /// δ = (tr S² + tr² S) / ((n + 1) (tr S² − tr² S / p)), at most 1; 0 for one asset. Source: Chen, Wiesel, Eldar
  /// and Hero (IEEE Trans. Signal Processing 58, 2010), eq. 23 without its terms in 2/p, as scikit-learn has it.
  ///
  /// - Parameter centred: takes the mean out of each column first.
  /// - Throws: `tooFewRows` below two rows.
  public static func oas(
    _ columns: [[Double]], centred: Bool = false
  ) throws(EstimationError) -> ReturnCovariance {
    let moments = try ReturnMoments(columns, needed: 2, centred: centred)
    let spread = Spread(moments)
    let count = Double(spread.count)
    let trace = count * spread.mean
    guard spread.count > 1 else { return spread.shrunk(0) }
    let numerator = spread.squares + trace * trace
    let denominator = (Double(moments.rows) + 1) * spread.distance
    let weight = denominator > 0 ? min(numerator / denominator, 1) : 1
    return spread.shrunk(weight)
  }

  /// Towards the sample's own variances with one correlation for all pairs, the mean of the sample's.
  ///
  /// δ = (π − ρ) / (γ n) of Ledoit and Wolf, "Honey, I shrunk the sample covariance matrix" (J. Portfolio
  /// Management 30, 2004). All moments are divided by n, as in the authors' program. Assets without variance take no part in the mean.
  ///
  /// - Parameter centred: takes the mean out of each column first.
  /// - Throws: `tooFewRows` below two rows.
  public static func constantCorrelation(
    _ columns: [[Double]], centred: Bool = false
  ) throws(EstimationError) -> ReturnCovariance {
    let moments = try ReturnMoments(columns, needed: 2, centred: centred)
    let count = columns.count
    let rows = Double(moments.rows)
    let sample = ReturnCovariance(count: count, matrix: moments.products(rows))
    let deviations = sample.deviations
    let moving = deviations.indices.filter { deviations[$0] > 0 }
    let mean = meanCorrelation(sample.correlation, count, moving)
    var target = sample.matrix
    for i in moving {
      for j in moving where i != j { target[i * count + j] = mean * (deviations[i] * deviations[j]) }
    }
    let cubes = moments.columns.map { $0.map { $0 * $0 * $0 } }
    let squares = moments.columns.map { $0.map { $0 * $0 } }
    var (pi, rho, gamma) = (0.0, 0.0, 0.0)
    for i in moving {
      for j in moving {
        let own = sample.matrix[i * count + j]
        let error = ReturnMoments.dot(squares[i], squares[j]) / rows - own * own
        let difference = own - target[i * count + j]
        pi += error
        gamma += difference * difference
        guard i != j else {
          rho += error
          continue
        }
        let variance = sample.matrix[i * count + i]
        let cross = ReturnMoments.dot(cubes[i], moments.columns[j]) / rows - variance * own
        rho += mean * deviations[j] / deviations[i] * cross
      }
    }
    let weight = gamma > 0 ? max(0, min(1, (pi - rho) / gamma / rows)) : 0
    let matrix = zip(sample.matrix, target).map { (1 - weight) * $0 + weight * $1 }
    return ReturnCovariance(count: count, matrix: matrix, shrinkage: weight, averageCorrelation: mean)
  }

  /// The mean of the elements off the diagonal; 0 where there are none.
  private static func meanCorrelation(_ correlation: [Double], _ count: Int, _ moving: [Int]) -> Double {
    guard moving.count > 1 else { return 0 }
    var sum = 0.0
    for i in moving {
      for j in moving where j < i { sum += correlation[i * count + j] }
    }
    let pairs = Double(moving.count) * Double(moving.count - 1) / 2
    // A mean of correlations is at least −1/(p − 1); rounding must not take the target below.
    return max(-1 / Double(moving.count - 1), sum / pairs)
  }

  /// The moments S of some rows and how far they are from the mean variance times the identity.
  private struct Spread {
    let count: Int
    let matrix: [Double]
    /// tr S / p.
    let mean: Double
    /// |S|².
    let squares: Double
    /// |S − mean × I|².
    let distance: Double

    init(_ moments: ReturnMoments) {
      let count = moments.columns.count
      matrix = moments.products(Double(moments.rows))
      self.count = count
      let matrix = matrix
      let mean = (0..<count).reduce(0.0) { $0 + matrix[$1 * count + $1] } / Double(max(count, 1))
      self.mean = mean
      squares = ReturnMoments.dot(matrix, matrix)
      var distance = 0.0
      for (place, element) in matrix.enumerated() {
        let difference = place % (count + 1) == 0 ? element - mean : element
        distance += difference * difference
      }
      self.distance = distance
    }

    func shrunk(_ weight: Double) -> ReturnCovariance {
      var shrunk = matrix.map { (1 - weight) * $0 }
      for i in 0..<count { shrunk[i * count + i] += weight * mean }
      return ReturnCovariance(count: count, matrix: shrunk, shrinkage: weight)
    }
  }
}
