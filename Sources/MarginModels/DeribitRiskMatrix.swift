import RiskNumerics

/// The columns of the extended risk matrix of one underlying, and how simulated profit and loss becomes the
/// loss that is margined.
///
/// Contracts that settle in the coin and contracts that settle in a stable asset are two vectors over the same
/// columns: price buckets from the lowest to the highest, each with volatility up, unmoved and down, then the
/// extended moves with volatility up. Within a vector profit and loss adds whatever the expiry; between the
/// vectors a gain counts in part.
package struct DeribitRiskMatrix: Sendable {
  /// The contracts of one underlying and settlement.
  struct Vector: Sendable {
    let terms: DeribitPortfolioParameters.CurrencyTerms
    /// What the simulated profit and loss of each column is multiplied with; 1 in the standard table.
    let scale: [Double]
    /// By how much at most each column shrinks, base currency; 0 in the standard table.
    let dampener: [Double]
  }

  /// Moves of spot, one a column.
  package let moves: [Double]
  /// Moves of volatility, one a column.
  let volatilities: [VolatilityShock]
  package let names: [String]
  let pair: DeribitPortfolioParameters.PairTerms
  let coin: Vector
  let linear: Vector

  /// The matrix of one underlying.
  package init(asset: String, parameters: DeribitPortfolioParameters) {
    let pair = parameters.pairTerms(of: asset)
    self.pair = pair
    let scenarios = Self.scenarios(of: parameters, range: pair.priceRange)
    moves = scenarios.map { $0.spotMultiplier - 1 }
    names = scenarios.map(\.name)
    volatilities = scenarios.map { pair.shock(of: $0) }
    let standardCount = scenarios.count - parameters.extendedMoves.count
    func vector(_ terms: DeribitPortfolioParameters.CurrencyTerms, isCoin: Bool) -> Vector {
      var scale = [Double](repeating: 1, count: standardCount)
      var dampener = [Double](repeating: 0, count: standardCount)
      let range = pair.priceRange
      for move in parameters.extendedMoves {
        let edge = 1 + (move < 0 ? -range : range)
        let ratio = range / abs(move) * parameters.extendedFactor
        scale.append(isCoin ? ratio * (1 + move) / edge : ratio)
        let reach = max(abs(move) / range, 1) - 1
        dampener.append(reach * terms.extendedDampener / (isCoin ? edge : 1))
      }
      return Vector(terms: terms, scale: scale, dampener: dampener)
    }
    coin = vector(parameters.currencyTerms(ofCoin: asset), isCoin: true)
    linear = vector(parameters.linear, isCoin: false)
  }

  /// Buckets of the price range with three volatilities each, then the extended moves.
  static func scenarios(of parameters: DeribitPortfolioParameters, range: Double) -> [PortfolioScenario] {
    let count = max(parameters.bucketCount, 1)
    let buckets = (-count...count).flatMap { bucket in
      let multiplier = 1 + range * Double(bucket) / Double(count)
      return [PortfolioScenario.Volatility.up, .none, .down].map { PortfolioScenario(multiplier, $0) }
    }
    return buckets + parameters.extendedMoves.map { PortfolioScenario(1 + $0, .up) }
  }

  /// Profit and loss of one base-currency unit of coin-settled delta, in coin at today's spot: q(1 − 1/(1+s)).
  ///
  /// - Parameter open: the part of the settlement average that is still to come: the average moves by open × s, and a
  ///   contract of which open × q is at risk by open × q·s/(1 + open × s).
  static func coinMove(_ move: Double, open: Double = 1) -> Double { move / (1 + open * move) }

  /// What a column of one vector counts after scale, dampener and offset.
  ///
  /// - Parameters:
  ///   - simulated: profit and loss of the vector's contracts, base currency.
  ///   - column: of the matrix.
  package func counted(_ simulated: Double, column: Int, isCoin: Bool) -> Double {
    let vector = isCoin ? coin : linear
    let scaled = simulated * vector.scale[column]
    let size = max(abs(scaled) - vector.dampener[column], 0)
    if scaled < 0 { return -size }
    return min(size * vector.terms.gainOffset, vector.terms.maximumOffset)
  }

  /// Worst sum of both vectors over the columns, and the columns that reach it as a bit mask; 0 and no column
  /// where nothing can be lost.
  func worst(coin: [Double], linear: [Double]) -> (loss: Double, decisive: UInt64) {
    var worst = 0.0
    var decisive: UInt64 = 0
    for column in moves.indices {
      let sum =
        counted(coin[column], column: column, isCoin: true)
        + counted(linear[column], column: column, isCoin: false)
      if sum < worst {
        (worst, decisive) = (sum, 1 << column)
      } else if sum == worst, sum < 0 {
        decisive |= 1 << column
      }
    }
    return (-worst, decisive)
  }

  /// Fraction of net delta at an expiry that the roll shock charges.
  package func rollRate(years: Double, isPerpetual: Bool, isCoin: Bool) -> Double {
    let terms = (isCoin ? coin : linear).terms
    guard !isPerpetual else { return terms.minimumMove }
    return max(terms.minimumMove, Elementary.exp(terms.annualMoveRisk * years) - 1)
  }

  /// Charge for a net delta that the market could hardly take, base currency.
  ///
  /// - Parameters:
  ///   - futures: net delta of futures and perpetuals, base currency.
  ///   - options: net delta of options, which may only reduce it.
  ///   - spot: of the underlying.
  func deltaShock(futures: Double, options: Double, spot: Double) -> Double {
    guard pair.deltaShockSlope > 0 else { return 0 }
    let net = min(abs(futures), abs(futures + options))
    let beyond = max(net - pair.deltaShockThreshold, 0) / spot
    return net * min(beyond * pair.deltaShockSlope, pair.deltaShockMaximum)
  }
}

extension DeribitPortfolioParameters.PairTerms {
  /// The shock of volatility behind a column.
  func shock(of scenario: PortfolioScenario) -> VolatilityShock {
    switch scenario.volatility {
    case .up: .powerLaw(volatilityUp)
    case .down: .powerLaw(volatilityDown)
    case .none, .linearSkew, .absoluteSkew: .none
    }
  }
}
