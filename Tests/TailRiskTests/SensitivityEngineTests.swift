import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

@Suite struct SensitivityEngineTests {
  private let team = ThreadTeam(threadCount: 2)

  private func run(
    _ sample: SampleBook, _ method: ValueAtRiskPlan.Method, days: Double = 1,
    distribution: ValueAtRiskPlan.Distribution = .normal, nu: Double = 4,
    scaling: ValueAtRiskPlan.HorizonScaling = .simulated, levels: [String] = ["0.95", "0.99"]
  ) throws -> SensitivityEngine {
    let plan = ValueAtRiskPlan(
      method: method, confidence: levels.compactMap(ConfidenceLevel.init(decimal:)), horizonDays: days,
      distribution: distribution, degreesOfFreedom: nu, scaling: scaling)
    return try SensitivityEngine(
      book: BookValuation.value(try #require(sample.book()), team: team), plan: plan, team: team)
  }

  private func checkSums(_ figure: ValueAtRiskFigure) {
    for parts in [figure.components, figure.byUnderlying, figure.byRiskClass] where !parts.isEmpty {
      let value = parts.reduce(0) { $0 + ($1.valueAtRisk ?? .nan) }
      let tail = parts.reduce(0) { $0 + $1.expectedShortfall }
      let gross = parts.reduce(0) { $0 + abs($1.valueAtRisk ?? 0) + abs($1.expectedShortfall) }
      #expect(abs(value - figure.valueAtRisk) <= 1e-12 * gross)
      #expect(abs(tail - figure.expectedShortfall) <= 1e-12 * gross)
    }
  }

  @Test("two coins have the textbook's portfolio value at risk, and Jorion's components")
  func textbook() throws {
    // Jorion, Value at Risk, chapter 7: positions of 2 and 1, volatilities 5 % and 12 %, no correlation; the
    // components are z·σᵢ²wᵢ²/σ. The volatilities there are of the horizon: here 365 days.
    var sample = SampleBook()
    let coins = SampleBook.coins
    sample.correlation = Correlation(
      assets: coins.compactMap { Identifier($0.0) }, matrix: [1, 0, 0, 1], volatilities: [0.05, 0.12])
    sample.balances = [(0, "BTC", 2e6 / coins[0].1), (0, "ETH", 1e6 / coins[1].1)]
    let figure = try #require(try run(sample, .parametric, days: 365).figures(ofAccount: 0).first)
    let (z, sigma) = (1.6448536269514722, 0.1562049935181331)
    #expect(abs(figure.valueAtRisk - 1e6 * z * sigma) < 1e-6)
    #expect(abs((figure.components[0].valueAtRisk ?? 0) - 1e6 * z * 0.01 / sigma) < 1e-6)
    #expect(abs((figure.components[1].valueAtRisk ?? 0) - 1e6 * z * 0.0144 / sigma) < 1e-6)
    #expect(figure.standardError == nil && figure.interval.kind == .certifiedBound)
    #expect(figure.interval.upper - figure.interval.lower < 1e-7)
    // McNeil, Frey and Embrechts: 10,000 at 20 % a year over one of 250 days; t₄ of the same variance.
    sample.correlation = Correlation(
      assets: coins.compactMap { Identifier($0.0) }, matrix: [1, 0, 0, 1],
      volatilities: [0.2 * (365.0 / 250).squareRoot(), 0.1])
    sample.balances = [(0, "BTC", 10_000 / coins[0].1)]
    let normal = [247.91801292182458, 295.7112617463117, 325.8194985207905, 365.80577876637125]
    let student = [248.33279964075285, 357.19459899230424, 411.80276428786925, 565.7100553599623]
    for distribution in [ValueAtRiskPlan.Distribution.normal, .studentT] {
      let expected = distribution == .normal ? normal : student
      for method in [ValueAtRiskPlan.Method.parametric, .deltaGamma] {
        let figures = try run(sample, method, distribution: distribution, levels: ["0.975", "0.995"])
          .figures(ofAccount: 0)
        let found = figures.flatMap { [$0.valueAtRisk, $0.expectedShortfall] }
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9 * b) }
      }
    }
  }

  @Test("without options all three methods agree, and a hedged coin has no risk")
  func linear() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-F30", 2, 64_000), (0, "ETH-PERPETUAL", -30_000, 1_900)]
    sample.balances = [(0, "BTC", -0.5), (0, "ETH", 7), (0, "USDC", 1e6)]
    let figures = try [.parametric, .cornishFisher, .deltaGamma].map { method in
      try #require(try run(sample, method).figures(ofAccount: 0).last)
    }
    for figure in figures {
      checkSums(figure)
      #expect(abs(figure.valueAtRisk / figures[0].valueAtRisk - 1) < 1e-12)
      #expect(abs(figure.expectedShortfall / figures[0].expectedShortfall - 1) < 1e-12)
    }
    var hedged = SampleBook()
    hedged.positions = [(0, "BTC_USDC-PERPETUAL", -1, 60_000)]
    hedged.balances = [(0, "BTC", 1 * 1.0003)]
    let rest = try #require(try run(hedged, .deltaGamma).figures(ofAccount: 0).last)
    #expect(abs(rest.valueAtRisk) < 1e-6)
  }

  @Test("an empty account has zeros; an asset without covariance is named")
  func edges() throws {
    var sample = SampleBook()
    sample.accountCount = 2
    sample.balances = [(0, "USDC", 5), (1, "ETH", 1)]
    sample.correlation = Correlation(
      assets: [try #require(Identifier("BTC"))], matrix: [1], volatilities: [0.5])
    for method in [ValueAtRiskPlan.Method.parametric, .cornishFisher, .deltaGamma] {
      let result = try run(sample, method)
      let figure = try #require(result.figures(ofAccount: 0).first)
      #expect(figure.valueAtRisk == 0 && figure.expectedShortfall == 0 && figure.components.isEmpty)
      #expect(result.figures(ofAccount: 1).isEmpty && result.bookFigures.isEmpty)
      #expect(result.failures.count == 2 && result.failures[0].message.contains("ETH"))
      #expect(result.figures(ofAccount: 7).isEmpty && result.figures(ofAccount: -1).isEmpty)
    }
  }

  @Test("a sold straddle: outside its region Cornish–Fisher gives way to the exact figure, which says so")
  func refusal() throws {
    var sample = SampleBook()
    sample.positions = [(0, "BTC_USDC-7-65010-C", -10, nil), (0, "BTC_USDC-7-65010-P", -10, nil)]
    let exact = try run(sample, .deltaGamma)
    let refused = try run(sample, .cornishFisher)
    let (a, b) = (
      try #require(exact.figures(ofAccount: 0).last), try #require(refused.figures(ofAccount: 0).last)
    )
    #expect(b.method == "delta_gamma" && b.remark?.contains("not monotone") == true)
    #expect(a.valueAtRisk == b.valueAtRisk && a.components == b.components)
    #expect(refused.failures.first?.reason == .notApplicable)
    #expect(a.valueAtRisk > 0 && a.interval.upper - a.interval.lower < 1e-6 * a.valueAtRisk)
    // One factor: the loss exceeds q where a square does, P by the normal law.
    checkSums(a)
    #expect(a.byRiskClass.map(\.name.text) == ["theta", "delta", "gamma"])
  }

  @Test(
    "random books: parts sum, figures scale, the horizon rule is its square root, threads change nothing",
    arguments: [1, 2, 3])
  func laws(seed: UInt64) throws {
    let sample = SampleBook.random(accounts: 5, positions: 6, seed: seed)
    for method in [ValueAtRiskPlan.Method.parametric, .cornishFisher, .deltaGamma] {
      for distribution in [ValueAtRiskPlan.Distribution.normal, .studentT] {
        if method == .cornishFisher, distribution == .studentT { continue }
        let result = try run(sample, method, distribution: distribution, nu: 5)
        #expect(result.failures.allSatisfy { $0.reason == .notApplicable })
        for figure in (0..<5).flatMap(result.figures(ofAccount:)) + result.bookFigures {
          checkSums(figure)
          #expect(figure.expectedShortfall >= figure.valueAtRisk)
        }
        let single = try SensitivityEngine(
          book: BookValuation.value(try #require(sample.book()), team: team), plan: result.plan,
          team: ThreadTeam(threadCount: 1))
        #expect(
          single.figures(ofAccount: 3) == result.figures(ofAccount: 3)
            && single.bookFigures == result.bookFigures)
        let tenDays = try run(
          sample, method, days: 10, distribution: distribution, nu: 5, scaling: .squareRootOfTime)
        for (long, short) in zip(tenDays.figures(ofAccount: 1), result.figures(ofAccount: 1)) {
          #expect(
            abs(long.valueAtRisk - 10.0.squareRoot() * short.valueAtRisk) <= 1e-9 * abs(long.valueAtRisk))
          checkSums(long)
        }
        var triple = sample
        triple.positions = sample.positions.map { ($0.account, $0.instrument, 3 * $0.quantity, $0.entry) }
        triple.balances = sample.balances.map { ($0.account, $0.asset, 3 * $0.quantity) }
        for (large, small) in zip(
          try run(triple, method, distribution: distribution, nu: 5).figures(ofAccount: 2),
          result.figures(ofAccount: 2))
        {
          #expect(abs(large.valueAtRisk - 3 * small.valueAtRisk) <= 1e-9 * abs(large.valueAtRisk))
          #expect(
            abs(large.expectedShortfall - 3 * small.expectedShortfall) <= 1e-9 * abs(large.expectedShortfall))
        }
      }
    }
  }

  @Test(
    "parts are what a little more of a position adds",
    arguments: [ValueAtRiskPlan.Method.cornishFisher, .deltaGamma])
  func marginal(method: ValueAtRiskPlan.Method) throws {
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC_USDC-91-65010-C", 3, nil), (0, "ETH-91-1890-P", -80, nil),
      (0, "BTC-PERPETUAL", -113_000, 64_000),
    ]
    // Curvatures of opposite sign: the skewnesses nearly cancel, which the expansion needs.
    sample.balances = [(0, "ETH", -32)]
    let base = try #require(try run(sample, method).figures(ofAccount: 0).last)
    #expect(base.method == method.rawValue)
    for place in sample.positions.indices {
      var (more, less) = (sample, sample)
      more.positions[place].quantity *= 1.00001
      less.positions[place].quantity *= 0.99999
      let up = try #require(try run(more, method).figures(ofAccount: 0).last)
      let down = try #require(try run(less, method).figures(ofAccount: 0).last)
      let id = try #require(Identifier(sample.positions[place].instrument))
      let part = try #require(base.components.first { $0.name == id })
      // A hedged position's parts are several times the figure: the difference errs by
      // their third power times the step squared, below 1e-6, and by the certified bounds over the step.
      #expect(
        abs((up.valueAtRisk - down.valueAtRisk) / 0.00002 - (part.valueAtRisk ?? .nan)) < 2e-5
          * base.valueAtRisk)
      #expect(
        abs((up.expectedShortfall - down.expectedShortfall) / 0.00002 - part.expectedShortfall) < 2e-5
          * base.expectedShortfall)
    }
  }

  @Test("the exact figure is that of a simulation of the same quadratic loss")
  func simulation() throws {
    var sample = SampleBook()
    sample.positions = [
      (0, "BTC_USDC-30-65010-P", -4, nil), (0, "ETH-30-1890-C", -60, nil), (0, "BTC_USDC-PERPETUAL", -1, nil),
    ]
    let book = BookValuation.value(try #require(sample.book()), team: team)
    let greeks = try #require(GreekAggregation(book, team: team).account(0))
    let years = 1 / 365.0
    let vol = SampleBook.coins.map { $0.2 * years.squareRoot() }
    let count = 200_000
    var normals = [[Double]](repeating: [Double](repeating: 0, count: count), count: 2)
    let stream = RandomStream(seed: 77)
    for factor in 0..<2 {
      var span = normals[factor].mutableSpan
      stream.normals(factor: factor, step: 0, firstPath: 0, into: &span)
    }
    var losses = [Double](repeating: 0, count: count)
    for path in 0..<count {
      let x = [
        vol[0] * normals[0][path],
        vol[1] * (0.85 * normals[0][path] + (1 - 0.85 * 0.85).squareRoot() * normals[1][path]),
      ]
      for (place, entry) in greeks.byUnderlying.enumerated() {
        let g = entry.greeks
        losses[path] -=
          g.theta * years + g.cashDelta * x[place] + 50 * g.cashGamma1Percent * x[place] * x[place]
      }
    }
    losses.sort()
    let exact = try #require(try run(sample, .deltaGamma).figures(ofAccount: 0).last)
    // Ranks of the 99 % quantile of 200,000 losses, five standard deviations (222) either way.
    #expect(losses[198_000 - 223] < exact.valueAtRisk && exact.valueAtRisk < losses[198_000 + 222])
    let mean = losses[198_000...].reduce(0, +) / 2_000
    #expect(abs(mean / exact.expectedShortfall - 1) < 0.02)
  }

  @Test("what the methods do not do is refused by name")
  func refusals() throws {
    let sample = SampleBook()
    #expect(throws: TailRiskError.unsupported(field: "distribution", value: "student_t")) {
      try run(sample, .cornishFisher, distribution: .studentT)
    }
    #expect(throws: TailRiskError.outOfRange(field: "degrees_of_freedom", value: 2)) {
      try run(sample, .deltaGamma, distribution: .studentT, nu: 2)
    }
    #expect(throws: TailRiskError.unsupported(field: "method", value: "historical")) {
      try run(sample, .historical)
    }
    #expect(throws: TailRiskError.outOfRange(field: "horizon_days", value: 0)) {
      try run(sample, .parametric, days: 0)
    }
  }
}
