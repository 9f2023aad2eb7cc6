import MarketModel
import RiskNumerics
import TailRisk
import Testing

@Suite struct ReturnCovarianceTests {
  /// Every estimator by name, about zero.
  static let estimators: [(name: String, estimate: @Sendable ([[Double]]) throws -> ReturnCovariance)] = [
    ("sample", { columns in try ReturnCovariance.sample(columns) }),
    ("sample about the mean", { columns in try ReturnCovariance.sample(columns, centred: true) }),
    ("ewma", { columns in try ReturnCovariance.ewma(columns, decay: 0.94) }),
    ("ledoit_wolf", { columns in try ReturnCovariance.ledoitWolf(columns) }),
    ("constant_correlation", { columns in try ReturnCovariance.constantCorrelation(columns) }),
    ("oas", { columns in try ReturnCovariance.oas(columns) }),
    ("garch", { columns in try ReturnCovariance.garch(columns) }),
    ("garch of sums", { columns in try ReturnCovariance.garch(columns, steps: 10, span: 3) }),
  ]

  private func smallestEigenvalue(_ covariance: ReturnCovariance) throws -> Double {
    let n = covariance.count
    return try #require(
      try SymmetricEigen.values(of: Matrix(rowCount: n, columnCount: n, storage: covariance.matrix)).first)
  }

  /// Largest difference relative to the roots of the diagonal.
  private func difference(_ a: [Double], _ b: [Double], _ scale: [Double]) -> Double {
    let n = scale.count
    return (0..<n * n).reduce(0.0) { max($0, (a[$1] - b[$1]).magnitude / (scale[$1 / n] * scale[$1 % n])) }
  }

  @Test("every estimate is positive semidefinite and symmetric, with rows to spare and with too few")
  func semidefinite() throws {
    for (assets, rows) in [(1, 5), (2, 2), (5, 200), (12, 8), (30, 20)] {
      let columns = SampleReturns.columns(seed: 31 + UInt64(assets), assets: assets, count: rows)
      for (name, estimate) in Self.estimators {
        guard name != "garch of sums" || rows >= 3 else { continue }
        let covariance = try estimate(columns)
        let largest = covariance.matrix.map(\.magnitude).max() ?? 0
        let smallest = try smallestEigenvalue(covariance)
        #expect(smallest >= -1e-14 * Double(assets) * largest, "\(name) \(assets)")
        for i in 0..<assets {
          for j in 0..<i {
            #expect(covariance.matrix[i * assets + j] == covariance.matrix[j * assets + i], "\(name)")
          }
        }
        // Its correlation can be factorised, whatever its rank.
        _ = try CholeskyFactor(
          of: Matrix(rowCount: assets, columnCount: assets, storage: covariance.correlation))
      }
    }
  }

  @Test("a factor on all returns comes back squared; one an asset does where the target has no unit")
  func scales() throws {
    let columns = SampleReturns.columns(seed: 41, assets: 5, count: 150)
    let factors = [0x1p-10, 3, 1e-4, 0x1p7, 1]
    for (name, estimate) in Self.estimators {
      let covariance = try estimate(columns)
      // Rounding moves the optimum of a GARCH fit by 1e-6 or so; sums round at 1e-14.
      let allowed = name.hasPrefix("garch") ? 1e-5 : 1e-12
      for factor in [0x1p9, 100, 1e-5] {
        let scaled = try estimate(columns.map { $0.map { $0 * factor } })
        let expected = covariance.matrix.map { $0 * factor * factor }
        #expect(
          difference(scaled.matrix, expected, covariance.deviations.map { $0 * factor }) < allowed, "\(name)")
      }
      guard name != "ledoit_wolf", name != "oas" else { continue }
      let scaled = try estimate(zip(columns, factors).map { column, factor in column.map { $0 * factor } })
      let deviations = zip(covariance.deviations, factors).map { $0 * $1 }
      let expected = (0..<25).map { covariance.matrix[$0] * factors[$0 / 5] * factors[$0 % 5] }
      // The weight of the shrinkage sums over assets of different units.
      guard name != "constant_correlation" else { continue }
      #expect(difference(scaled.matrix, expected, deviations) < allowed, "\(name)")
    }
  }

  @Test("renaming the assets renames rows and columns")
  func permutation() throws {
    let columns = SampleReturns.columns(seed: 42, assets: 6, count: 130)
    let order = [4, 2, 0, 5, 1, 3]
    for (name, estimate) in Self.estimators {
      let covariance = try estimate(columns)
      let moved = try estimate(order.map { columns[$0] })
      let expected = (0..<36).map { covariance.matrix[order[$0 / 6] * 6 + order[$0 % 6]] }
      #expect(difference(moved.matrix, expected, order.map { covariance.deviations[$0] }) < 1e-13, "\(name)")
    }
  }

  @Test("an asset without variance keeps a row of zeros, and nothing is NaN")
  func zeroVariance() throws {
    var columns = SampleReturns.columns(seed: 43, assets: 3, count: 120)
    columns.insert([Double](repeating: 0, count: 120), at: 1)
    for (name, estimate) in Self.estimators where name != "ledoit_wolf" && name != "oas" {
      let covariance = try estimate(columns)
      #expect(
        (0..<4).allSatisfy { covariance.matrix[4 + $0] == 0 && covariance.matrix[4 * $0 + 1] == 0 }, "\(name)"
      )
      #expect(covariance.matrix.allSatisfy { $0.isFinite }, "\(name)")
      #expect(covariance.correlation[5] == 1 && covariance.correlation[4] == 0)
    }
    // Constant correlation among the rest is what it is without the silent asset.
    let alone = try ReturnCovariance.constantCorrelation([columns[0], columns[2], columns[3]])
    let beside = try ReturnCovariance.constantCorrelation(columns)
    #expect(alone.shrinkage == beside.shrinkage && alone.averageCorrelation == beside.averageCorrelation)
    for (name, estimate) in Self.estimators {
      let nothing = try estimate([[Double]](repeating: [Double](repeating: 0, count: 120), count: 2))
      #expect(nothing.matrix == [0, 0, 0, 0], "\(name)")
    }
  }

  @Test("perfect correlation is legal: one, or minus one, and rank one")
  func perfect() throws {
    let one = SampleReturns.columns(seed: 44, assets: 1, count: 200)[0]
    for sign in [2.0, -2] {
      for (name, estimate) in Self.estimators where name != "ledoit_wolf" && name != "oas" {
        let covariance = try estimate([one, one.map { sign * $0 }])
        #expect((covariance.correlation[1] - (sign > 0 ? 1 : -1)).magnitude < 1e-12, "\(name)")
        let factor = try CholeskyFactor(
          of: Matrix(rowCount: 2, columnCount: 2, storage: covariance.correlation))
        #expect(factor.rank == 1, "\(name)")
      }
    }
  }

  @Test("EWMA tends to the sample as the decay tends to one, and its diagonal is the filter's forecast")
  func ewma() throws {
    let columns = SampleReturns.columns(seed: 45, assets: 3, count: 90)
    let sample = try ReturnCovariance.sample(columns)
    let slow = try ReturnCovariance.ewma(columns, decay: 1 - 1e-9)
    #expect(difference(slow.matrix, sample.matrix, sample.deviations) < 1e-6)
    let ewma = try ReturnCovariance.ewma(columns, decay: 0.94)
    let forecasts = try VolatilityFilter.columns(columns, plan: .init()).map(\.forecast)
    #expect(zip(ewma.deviations, forecasts).allSatisfy { ($0 - $1).magnitude < 1e-14 * $1 })
    // The weights (1 − λ) λᵏ + λⁿ/n, newest first.
    let weights = (0..<90).map { 0.06 * Elementary.power(0.94, Double($0)) + Elementary.power(0.94, 90) / 90 }
    #expect((weights.reduce(0, +) - 1).magnitude < 1e-14)
    let expected = zip(weights, zip(columns[0], columns[2]).reversed()).reduce(0) {
      $0 + $1.0 * $1.1.0 * $1.1.1
    }
    #expect((ewma.matrix[2] - expected).magnitude < 1e-13 * ewma.deviations[0] * ewma.deviations[2])
  }

  @Test("the sample about the mean has the figures of QuantLib's test")
  func quantLib() throws {
    // pricing_cases.json covariance.001: QuantLib test-suite, testCovariance.
    let found = try ReturnCovariance.sample([[3, 2, 4, 5, 6], [9, 7, 12, 15, 17]], centred: true)
    #expect(zip(found.matrix, [2.5, 6.5, 6.5, 17]).allSatisfy { ($0 - $1).magnitude < 1e-14 })
    #expect((found.correlation[1] - 0.9970544855015813).magnitude < 1e-15)
  }

  /// scikit-learn 1.9.1 on `SampleReturns.columns` of (seed, assets, rows): weight and first row's beginning.
  static let scikit: [(seed: UInt64, assets: Int, rows: Int, isOAS: Bool, centred: Bool, figures: [Double])] =
    [
      (21, 4, 30, false, false, [0.10661803833339663, 0.00036809462085211973, 0.00014262563435357893]),
      (21, 4, 30, true, false, [0.1564869111526628, 0.0004461182718382569, 0.00013466422487193094]),
      (21, 4, 30, false, true, [0.115182411191726, 0.0003611533185589043, 0.00014414949621414287]),
      (21, 4, 30, true, true, [0.16295719060595204, 0.00042809599230202123, 0.0001363662983308617]),
      (22, 10, 8, false, false, [0.30138029541586214, 0.003551940142538905, 0.00019914927460185972]),
      (22, 10, 8, true, false, [0.4681128543244165, 0.005401079542659953, 0.0001516203143660245]),
      (22, 10, 8, false, true, [0.3497623162749663, 0.003406158588723082, 0.0001754467882398378]),
      (22, 10, 8, true, true, [0.45849439620595817, 0.004400096462701476, 0.0001461087558864302]),
    ]

  @Test("Ledoit-Wolf and OAS have scikit-learn's weights and matrices", arguments: scikit)
  func scikitLearn(
    _ sample: (seed: UInt64, assets: Int, rows: Int, isOAS: Bool, centred: Bool, figures: [Double])
  ) throws {
    let columns = SampleReturns.columns(seed: sample.seed, assets: sample.assets, count: sample.rows)
    let found: ReturnCovariance =
      sample.isOAS
      ? try .oas(columns, centred: sample.centred) : try .ledoitWolf(columns, centred: sample.centred)
    // Sums of some hundred terms in another order.
    #expect(areClose([found.shrinkage ?? 0] + found.matrix.prefix(2), sample.figures, 1e-11))
  }

  @Test("one asset is never shrunk into another number")
  func single() throws {
    let column = SampleReturns.columns(seed: 46, assets: 1, count: 20)
    let sample = try ReturnCovariance.sample(column).matrix
    for found in [
      try ReturnCovariance.ledoitWolf(column), try ReturnCovariance.oas(column),
      try ReturnCovariance.constantCorrelation(column),
    ] {
      #expect(areClose(found.matrix, sample, 1e-14))
    }
  }

  @Test("GARCH gives forecast volatilities and the correlation of residuals, and names what fell back")
  func garch() throws {
    let long = SampleReturns.garch(seed: 51, count: 500, 0.05, 0.1, 0.85)
    let noise = SampleReturns.garch(seed: 52, count: 500, 0.02, 0.05, 0.9)
    let columns = [long, zip(long, noise).map { 0.5 * $0 + $1 }]
    let covariance = try ReturnCovariance.garch(columns)
    let filters = try VolatilityFilter.columns(columns, plan: .init(model: .garch))
    #expect(areClose(covariance.deviations, filters.map(\.forecast), 1e-12))
    let residuals = try ReturnCovariance.sample(filters.map(\.residuals)).correlation
    #expect((covariance.correlation[1] - residuals[1]).magnitude < 1e-14)
    #expect(covariance.fallbacks.isEmpty)
    // Over ten steps a variance above its long run comes down, one below goes up.
    let ten = try ReturnCovariance.garch(columns, steps: 10)
    for (place, filter) in filters.enumerated() {
      let level = try #require(filter.parameters).longRunVariance.squareRoot()
      let (near, far) = (covariance.deviations[place], ten.deviations[place])
      #expect((far - level).magnitude < (near - level).magnitude)
      #expect((far - level) * (near - level) > 0)
    }
    let short = try ReturnCovariance.garch(columns.map { Array($0.prefix(60)) })
    #expect(short.fallbacks.map(\.column) == [0, 1])
    #expect(short.fallbacks[0].reason == "it has 60 returns, and GARCH needs 100")
  }

  @Test("NaN is refused by column and row; so are ragged and empty columns and a decay outside its range")
  func refused() {
    let columns = SampleReturns.columns(seed: 47, assets: 3, count: 10)
    for (name, estimate) in Self.estimators {
      for value in [Double.nan, .infinity, -.infinity] {
        var broken = columns
        broken[1][7] = value
        #expect(throws: EstimationError.notFinite(column: 1, row: 7), "\(name)") { try estimate(broken) }
      }
      var ragged = columns
      ragged[2].removeLast()
      #expect(throws: EstimationError.ragged(column: 2, expected: 10, found: 9), "\(name)") {
        try estimate(ragged)
      }
      #expect(throws: EstimationError.self, "\(name)") { try estimate([[], []]) }
      #expect(throws: EstimationError.self, "\(name)") { try estimate([[1e200, 1e200, 1e200]]) }
    }
    #expect(throws: EstimationError.outOfRange(field: "decay", value: 0)) {
      try ReturnCovariance.ewma([[1]], decay: 0)
    }
    #expect(throws: EstimationError.outOfRange(field: "span", value: 0)) {
      try ReturnCovariance.garch([[1]], span: 0)
    }
  }
}
