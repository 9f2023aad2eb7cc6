import MarketModel
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct ParetoTailTests {
  private func level(_ text: String) throws -> ConfidenceLevel {
    try #require(ConfidenceLevel(decimal: text))
  }

  /// Losses ((1 − U)^(−ξ) − 1)/ξ of uniform U.
  private func losses(seed: UInt64, shape: Double, count: Int = 1_000) -> [Double] {
    var generator = SampleBook.Generator(seed: seed)
    return (0..<count).map { _ in
      let depth = 0 - Elementary.logOnePlus(0 - generator.next())
      return shape == 0 ? depth : Elementary.expMinusOne(shape * depth) / shape
    }
  }

  @Test(
    "a fit has the largest likelihood that SciPy finds, and the errors of its covariance",
    // scipy 1.17.1, Nelder–Mead on the likelihood to 1e-14; errors by numerical gradients.
    arguments: [
      (
        3 as UInt64, 0.3,
        [
          3.3494315726525223, 0.3591400091994016, 2.0195440801057956, 14.216944072408133, 23.458436292641622,
          2.1540794932496476, 6.897634021876354,
        ]
      ),
      (
        4, 0,
        [
          2.342823391548873, -0.177028291159599, 1.2663291579954707, 5.287025002724013, 5.920078756432607,
          0.24965496398550308, 0.3411863439788648,
        ]
      ),
      (
        5, -0.2,
        [
          1.791408112603911, -0.09364331942757588, 0.5165513458666788, 3.140753887349646, 3.4975376042457045,
          0.13320519423220098, 0.2045075998706571,
        ]
      ),
    ])
  func sciPy(seed: UInt64, shape: Double, expected: [Double]) throws {
    let tail = try ParetoTail(losses(seed: seed, shape: shape), exceedances: 100)
    #expect(tail.exceedances == 100 && tail.count == 1_000)
    let value = try #require(tail.valueAtRisk(try level("0.995")))
    let shortfall = try #require(tail.expectedShortfall(try level("0.995")))
    let found = [
      tail.threshold, tail.shape, tail.scale, value.value, shortfall.value, try #require(value.standardError),
      try #require(shortfall.standardError),
    ]
    // The likelihood is flat at its top: parameters agree to the root of its rounding.
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 2e-6 * (1 + abs(b)), "seed \(seed)") }
  }

  @Test("two errors reach the true quantile in some 95 of 100 samples of Student's t")
  func coverage() throws {
    let law = StudentDistribution(degreesOfFreedom: 4)
    let truth = law.quantile(0.995)
    var covered = 0
    let stream = RandomStream(seed: 41)
    for sample in 0..<100 {
      var uniforms = [Double](repeating: 0, count: 1_000)
      var span = uniforms.mutableSpan
      stream.uniforms(factor: sample, step: 0, firstPath: 0, into: &span)
      let tail = try ParetoTail(uniforms.map(law.quantile), exceedances: 100)
      let found = try #require(tail.valueAtRisk(try level("0.995")))
      if abs(found.value - truth) <= 1.96 * (try #require(found.standardError)) { covered += 1 }
    }
    // The law is Pareto's only in the limit, and errors are skewed: 82 at least.
    #expect(covered >= 82, "seed 41: \(covered) of 100")
  }

  @Test("figures scale with the losses, rise with the level, and begin at the threshold")
  func laws() throws {
    let sample = losses(seed: 9, shape: 0.2)
    let tail = try ParetoTail(sample, exceedances: 50)
    let large = try ParetoTail(sample.map { 1e9 * $0 }, exceedances: 50)
    #expect(abs(large.shape - tail.shape) < 1e-7)
    let start = try #require(tail.valueAtRisk(try level("0.95")))
    #expect(abs(start.value - tail.threshold) < 1e-12 * tail.threshold)
    let below = try level("0.94")
    #expect(tail.valueAtRisk(below) == nil && tail.expectedShortfall(below) == nil)
    var last = 0.0
    for text in ["0.95", "0.99", "0.999", "0.9999"] {
      let value = try #require(tail.valueAtRisk(try level(text))).value
      let shortfall = try #require(tail.expectedShortfall(try level(text))).value
      #expect(value > last && shortfall > value)
      let scaled = try #require(large.valueAtRisk(try level(text))).value
      #expect(abs(scaled / (1e9 * value) - 1) < 1e-6)
      last = value
    }
  }

  @Test("the exponential tail is the limit of its neighbours, errors included")
  func exponential() throws {
    func figures(_ shape: Double) throws -> [Double] {
      let tail = try #require(
        ParetoTail(threshold: 10, count: 400, exceedances: 40, shape: shape, scale: 3))
      let found = [tail.valueAtRisk(try level("0.99")), tail.expectedShortfall(try level("0.99"))]
      return try found.flatMap {
        let found = try #require($0)
        return [found.value, try #require(found.standardError)]
      }
    }
    let middle = try figures(0)
    #expect(abs(middle[0] - (10 + 3 * Elementary.log(10))) < 1e-14)
    #expect(abs(middle[2] - middle[0] - 3) < 1e-14)
    for shape in [1e-4, -1e-4, 1e-6, -1e-6, 1e-12] {
      for (a, b) in zip(try figures(shape), middle) { #expect(abs(a - b) < 40 * abs(shape) + 1e-12) }
    }
  }

  @Test("what has no tail is refused")
  func refusals() throws {
    #expect(throws: EstimationError.tooFewRows(found: 19, needed: 20)) {
      try ParetoTail(losses(seed: 1, shape: 0.1), exceedances: 19)
    }
    #expect(throws: EstimationError.tooFewRows(found: 20, needed: 20)) {
      try ParetoTail(losses(seed: 1, shape: 0.1, count: 20), exceedances: 20)
    }
    #expect(throws: EstimationError.tooFewRows(found: 0, needed: 20)) {
      try ParetoTail([Double](repeating: 7, count: 100), exceedances: 30)
    }
    #expect(throws: EstimationError.notFinite(column: 0, row: 1)) {
      try ParetoTail([1, .nan, 3], exceedances: 20)
    }
    #expect(throws: EstimationError.self) {
      try ParetoTail([Double](repeating: 1, count: 30) + [Double](repeating: 0, count: 70), exceedances: 40)
    }
    #expect(ParetoTail(threshold: 1, count: 10, exceedances: 11, shape: 0, scale: 1) == nil)
    #expect(ParetoTail(threshold: 1, count: 10, exceedances: 1, shape: 0, scale: 0) == nil)
    let heavy = try #require(ParetoTail(threshold: 1, count: 10, exceedances: 5, shape: 1.2, scale: 1))
    let deep = try level("0.99")
    #expect(heavy.expectedShortfall(deep) == nil && heavy.valueAtRisk(deep) != nil)
    #expect(LossSample([]) == nil && LossSample([1, .infinity]) == nil)
    #expect(WeightedLossSample([1, 2], weights: [1, -1]) == nil)
    #expect(WeightedLossSample([1, 2], decay: 1) == nil)
  }
}
