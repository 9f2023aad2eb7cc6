public import MarketModel
public import RiskNumerics

/// One American option and its market.
public struct AmericanContract: Hashable, Sendable {
  public var type: OptionType
  /// Price of the underlying, in the quote asset; ≥ 0.
  public var spot: Double
  /// In the quote asset; ≥ 0.
  public var strike: Double
  /// Years; ≥ 0.
  public var timeToExpiry: Double
  /// Annual, as a fraction; ≥ 0.
  public var volatility: Double
  /// Continuously compounded a year; may be negative.
  public var rate: Double
  /// Continuously compounded a year; may be negative.
  public var dividendYield: Double

  public init(
    type: OptionType, spot: Double, strike: Double, timeToExpiry: Double, volatility: Double, rate: Double,
    dividendYield: Double = 0
  ) {
    self.type = type
    self.spot = spot
    self.strike = strike
    self.timeToExpiry = timeToExpiry
    self.volatility = volatility
    self.rate = rate
    self.dividendYield = dividendYield
  }

  /// Throws `outOfDomain` for the first argument that is not finite or outside its range.
  func check() throws(PricingError) {
    try Domain.checkNotNegative(spot, .spot)
    try Domain.checkNotNegative(strike, .strike)
    try Domain.checkNotNegative(timeToExpiry, .yearsToExpiry)
    try Domain.checkNotNegative(volatility, .volatility)
    try Domain.check(rate, .rate)
    try Domain.check(dividendYield, .dividendYield)
  }

  var scaledPut: ScaledPut {
    ScaledPut(
      type: type, spot: spot, strike: strike, time: timeToExpiry, volatility: volatility, rate: rate,
      yield: dividendYield)
  }

  /// max(0, S − K) or max(0, K − S).
  var intrinsic: Double { max(0, type == .call ? spot - strike : strike - spot) }
}

/// American options under Black–Scholes–Merton with a continuous yield, one or many at a time.
///
/// Every sign of rate and yield is covered: where exercise never pays the European value is returned, where
/// q < r < 0 (for a put) exercise pays between two boundaries (`ExerciseBand`).
public enum AmericanPricing {
  /// The value of one option; see `values`.
  ///
  /// - Throws: `outOfDomain` with the argument that is out; `notRepresentable` where the value overflows.
  public static func value(
    _ contract: AmericanContract, scheme: AmericanScheme = .accurate
  ) throws(PricingError) -> Double {
    guard let result = values([contract], scheme: scheme).first else { return 0 }
    return try result.get()
  }

  /// The values of many options, calls and puts mixed, per one unit of the underlying.
  ///
  /// - Returns: for every option, in order, its value (at least the intrinsic and the European one), or the
  ///   argument that is out of its range; no option disturbs another. The bits of a value depend neither
  ///   on its neighbours nor on the kernel level.
  /// - Complexity: per option about 1 µs (`fast`) and 7 µs (`accurate`) on one AVX-512 core where early
  ///   exercise matters, 0.2 µs where it does not; some milliseconds with two boundaries.
  public static func values(
    _ contracts: [AmericanContract], scheme: AmericanScheme = .accurate
  ) -> [Result<Double, PricingError>] {
    var results: [Result<Double, PricingError>] = []
    results.reserveCapacity(contracts.count)
    var batch = PutBatch()
    for contract in contracts {
      do throws(PricingError) {
        try contract.check()
      } catch {
        results.append(.failure(error))
        continue
      }
      let put = contract.scaledPut
      if put.isSearched { batch.append(put, row: results.count) }
      results.append(.success(put.isSearched ? 0 : directValue(contract, put)))
    }
    let solved = batch.solve(scheme: scheme)
    for (index, row) in batch.rows.enumerated() {
      let contract = contracts[row]
      let put = batch.puts[index]
      // Below the boundary the difference of the inputs, not of rounded ratios.
      let value =
        put.moneyness <= solved.boundaries[index]
        ? contract.intrinsic : max(contract.intrinsic, put.scale * solved.values[index])
      results[row] = .success(value)
    }
    for row in results.indices {
      if case .success(let value) = results[row], !value.isFinite {
        results[row] = .failure(.notRepresentable(figure: "price"))
      }
    }
    return results
  }

  private static func directValue(_ contract: AmericanContract, _ put: ScaledPut) -> Double {
    switch put.kind {
    case .european: return max(contract.intrinsic, europeanValue(contract))
    case .settled, .certain, .perpetual, .single, .double:
      return max(contract.intrinsic, put.scale * (put.direct ?? put.intrinsic))
    }
  }

  /// The European value of a checked contract, with the bits of `BlackScholes.value`.
  private static func europeanValue(_ contract: AmericanContract) -> Double {
    EuropeanFormula(
      type: contract.type, asset: contract.spot, strike: contract.strike, time: contract.timeToExpiry,
      volatility: contract.volatility, rate: contract.rate, yield: contract.dividendYield
    ).value
  }

  /// The spot below which (put) or above which (call) exercise pays today, in the quote asset.
  ///
  /// - Returns: nil where exercise never pays, or pays between two boundaries.
  /// - Throws: as `value`.
  public static func exerciseBoundary(
    _ contract: AmericanContract, scheme: AmericanScheme = .accurate
  ) throws(PricingError) -> Double? {
    try contract.check()
    // The boundary does not depend on the spot; at the strike neither number is degenerate.
    var middle = contract
    middle.spot = contract.strike
    let put = middle.scaledPut
    let ratio: Double
    switch put.kind {
    case .single:
      var batch = PutBatch()
      batch.append(put, row: 0)
      ratio = batch.solve(scheme: scheme).boundaries.first ?? 0
    case .perpetual: ratio = put.perpetual.boundary
    case .settled, .european, .certain, .double: return nil
    }
    guard ratio > 0, ratio.isFinite else { return nil }
    return contract.type == .put ? contract.strike * ratio : contract.strike / ratio
  }
}

/// Puts gathered for the kernel.
struct PutBatch {
  private(set) var rows: [Int] = []
  private(set) var puts: [ScaledPut] = []

  mutating func append(_ put: ScaledPut, row: Int) {
    rows.append(row)
    puts.append(put)
  }

  struct Solution {
    var values: [Double]
    var boundaries: [Double]
    /// Four columns one after the other, or empty.
    var derivatives: [Double]
  }

  /// Every put, unclipped.
  func solve(scheme: AmericanScheme, derivatives wanted: Bool = false) -> Solution {
    var solution = solveAll(scheme: scheme, derivatives: wanted)
    for (row, put) in puts.enumerated() where put.kind == .double {
      enter(put, row, derivatives: wanted, into: &solution)
    }
    return solution
  }

  /// A put between two boundaries in place of what the kernel made of it.
  private func enter(_ put: ScaledPut, _ row: Int, derivatives wanted: Bool, into solution: inout Solution) {
    guard let band = ExerciseBand(put) else {
      let tree = BinomialPut(years: 1, volatility: put.deviation, rate: put.rate, yield: put.yield)
      solution.boundaries[row] = 0
      solution.values[row] = max(put.european, tree.value(logMoneyness: Elementary.log(put.moneyness)))
      // No derivatives: what asks for them finds no number and refuses.
      if wanted { for order in 0..<4 { solution.derivatives[order * puts.count + row] = .nan } }
      return
    }
    solution.boundaries[row] = band.isExercised(put.moneyness) ? put.moneyness : 0
    let figures = band.figures(put)
    solution.values[row] = max(put.european, figures[0])
    if wanted { for order in 0..<4 { solution.derivatives[order * puts.count + row] = figures[order + 1] } }
  }

  private func solveAll(scheme: AmericanScheme, derivatives wanted: Bool) -> Solution {
    let moneyness = puts.map(\.moneyness)
    let rates = puts.map(\.rate)
    let yields = puts.map(\.yield)
    let deviations = puts.map(\.deviation)
    var values = [Double](repeating: 0, count: puts.count)
    var boundaries = [Double](repeating: 0, count: puts.count)
    var derivatives = [Double](repeating: 0, count: wanted ? 4 * puts.count : 0)
    var valueSpan = values.mutableSpan
    var boundarySpan = boundaries.mutableSpan
    var derivativeSpan = derivatives.mutableSpan
    AmericanKernels.puts(
      moneyness: moneyness.span, rate: rates.span, yield: yields.span, deviation: deviations.span,
      scheme: scheme, value: &valueSpan, boundary: &boundarySpan, derivatives: &derivativeSpan)
    return Solution(values: values, boundaries: boundaries, derivatives: derivatives)
  }
}
