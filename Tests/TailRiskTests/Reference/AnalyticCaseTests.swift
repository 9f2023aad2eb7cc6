import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// Published or recomputed cases of closed forms and quadratic laws, each within its own tolerance.
@Suite struct AnalyticCaseTests {
  private let team = ThreadTeam(threadCount: 1)

  /// Two coins of given volatilities over the horizon of a year of 365 days, and positions of given worth.
  private func figure(
    _ worth: [Double], _ volatilities: [Double], correlation: Double = 0, level: String,
    method: ValueAtRiskPlan.Method = .parametric, nu: Double? = nil
  ) throws -> ValueAtRiskFigure {
    var sample = SampleBook()
    let coins = SampleBook.coins
    sample.correlation = Correlation(
      assets: coins.compactMap { Identifier($0.0) }, matrix: [1, correlation, correlation, 1],
      volatilities: volatilities)
    sample.balances = zip(coins, worth).map { (0, $0.0, $1 / $0.1) }
    let plan = ValueAtRiskPlan(
      method: method, confidence: [try #require(ConfidenceLevel(decimal: level))], horizonDays: 365,
      distribution: nu == nil ? .normal : .studentT, degreesOfFreedom: nu ?? 4)
    let engine = try SensitivityEngine(
      book: BookValuation.value(try #require(sample.book()), team: team), plan: plan, team: team)
    return try #require(engine.figures(ofAccount: 0).first)
  }

  private func z(_ p: Double) -> Double { Elementary.normalQuantile(p) }

  @Test("Hull's position in one stock: the quantile of the book is rounded to 2.33")
  func textbook() throws {
    // var_textbook.001: 10 million at 2 % a day; 465,270 with the exact 99 % quantile.
    let day = try figure([1e7, 0], [0.02, 0.1], level: "0.99")
    #expect(abs(day.valueAtRisk - 465_269.5748) < 1e-3)
    guard let cases = ReferenceCase.all("var_textbook") else { return }
    #expect(cases.count == 1)
    for one in cases {
      let found = try one.numbers("horizon_days").map { days in
        try figure(
          [one.number("position"), 0], [one.number("daily_vol") * days.squareRoot(), 0.1], level: "0.99"
        ).valueAtRisk / z(0.99) * one.number("z")
      }
      #expect(one.faults("var", found) == [])
    }
  }

  @Test("value at risk and expected shortfall of the normal and the t law")
  func closedForms() throws {
    guard let cases = ReferenceCase.all("var_es_closed_form") else { return }
    #expect(cases.count == 2)
    for one in cases {
      let deviation = one.number("annual_vol") / one.number("days").squareRoot()
      for (law, nu) in [("normal", Double?.none), ("t", one.number("nu"))] {
        for method in [ValueAtRiskPlan.Method.parametric, .deltaGamma] {
          let found = try figure(
            [one.number("position"), 0], [deviation, 0.1], level: "\(one.number("level"))", method: method,
            nu: nu)
          #expect(one.faults("var_\(law)", found.valueAtRisk) == [])
          #expect(one.faults("es_\(law)", found.expectedShortfall) == [])
          #expect(abs(found.valueAtRisk / one.exactNumbers("var_\(law)")[0] - 1) < 1e-9)
          #expect(abs(found.expectedShortfall / one.exactNumbers("es_\(law)")[0] - 1) < 1e-9)
        }
      }
    }
  }

  @Test("Jorion's two currencies: single figures, components, marginals and what leaving one out saves")
  func decomposition() throws {
    // var_decomposition.002: 0.2570 together, 0.1645 and 0.1974 alone, at z = 1.645.
    let scale = 1.645 / z(0.95)
    let both = try figure([2, 1], [0.05, 0.12], level: "0.95")
    #expect(abs(both.valueAtRisk * scale - 0.256957214337329) < 1e-12)
    guard let cases = ReferenceCase.all("var_decomposition") else { return }
    #expect(cases.count == 1)
    for one in cases {
      let (worth, vols) = (one.numbers("positions"), one.numbers("vols"))
      let scale = one.number("z") / z(0.95)
      func value(_ worth: [Double]) throws -> ValueAtRiskFigure {
        try figure(worth, vols, correlation: one.number("rho"), level: "0.95")
      }
      let whole = try value(worth)
      let alone = try [[worth[0], 0], [0, worth[1]]].map { try value($0).valueAtRisk * scale }
      let parts = try whole.components.map { try #require($0.valueAtRisk) * scale }
      let total = whole.valueAtRisk * scale
      #expect(one.faults("sd", whole.valueAtRisk / z(0.95)) == [])
      #expect(one.faults("individual", alone) == [])
      #expect(one.faults("diversified", total) == [])
      #expect(one.faults("component", parts) == [])
      #expect(one.faults("marginal", zip(parts, worth).map { $0 / $1 }) == [])
      #expect(one.faults("incremental_remove", alone.reversed().map { total - $0 }) == [])
    }
  }

  /// The loss of δ'x + ½x'Γx as the engine puts it together: factors correlate and bend across.
  private func form(_ one: ReferenceCase) throws -> QuadraticForm {
    let (delta, gamma) = (one.numbers("delta"), one.numbers("gamma"))
    let n = delta.count
    var terms: [(row: Int, column: Int, value: Double)] = []
    for i in 0..<n {
      for j in 0...i { terms.append((i, j, (i == j ? 0.5 : 1) * gamma[i * n + j])) }
    }
    let item = FactorExpansion(
      name: try #require(Identifier("book")), asset: 0, drift: 0,
      linear: delta.enumerated().map { ($0.offset, $0.element) }, quadratic: terms)
    let covariance = try Matrix(rowCount: n, columnCount: n, storage: one.numbers("covariance"))
    return try #require(
      LossForm([item], covariance: covariance, isLinear: false, degreesOfFreedom: nil)?.form)
  }

  @Test("delta-gamma quantiles: three factors with cross gamma, and one square")
  func deltaGamma() throws {
    guard let cases = ReferenceCase.all("delta_gamma_var") else { return }
    #expect(cases.count == 2)
    for one in cases {
      let loss = try form(one)
      switch one.model {
      case "delta_gamma_quantiles":
        let profit = try #require(loss.negated)
        let law = CornishFisher(profit)
        let levels = one.numbers("levels")
        #expect(one.faults("mean", law.mean) == [])
        #expect(one.faults("variance", law.deviation * law.deviation) == [])
        #expect(one.faults("skewness", law.skewness) == [])
        #expect(one.faults("excess_kurtosis", law.kurtosis) == [])
        // Without delta the linear law does not move at all.
        #expect(one.numbers("delta").allSatisfy { $0 == 0 })
        #expect(one.faults("delta_normal", levels.map { _ in 0 }) == [])
        #expect(
          one.faults("delta_gamma_normal", levels.map { law.mean + law.deviation * z($0) }) == [])
        #expect(one.faults("cornish_fisher", levels.map { law.quantile(upper: 1 - $0) }) == [])
        let exact = try levels.map { try #require(loss.upperTail(ofProbability: $0)).quantile }
        #expect(one.faults("exact", exact.map { 0 - $0.value }) == [])
        #expect(exact.allSatisfy { $0.error < 1e-6 })
      case "chi2_pure_gamma":
        let profit = try #require(loss.negated)
        let found = try #require(profit.upperTail(ofProbability: 1 - one.number("level")))
        #expect(one.faults("exact", found.quantile.value) == [])
      default: Issue.record("\(one.id): the model \(one.model) is not met")
      }
    }
  }

  @Test("Cornish–Fisher quantiles and weighted chi-squares")
  func quadratic() throws {
    guard let expansions = ReferenceCase.all("cornish_fisher"),
      let forms = ReferenceCase.all("quadratic_form")
    else { return }
    #expect(expansions.count == 12 && forms.count == 10)
    for one in expansions {
      let law = CornishFisher(
        mean: 0, deviation: 1, skewness: one.number("skew"), kurtosis: one.number("excess_kurtosis"))
      #expect(one.faults("z", law.standardQuantile(z(one.number("p")))) == [])
    }
    for one in forms {
      var (constant, linear, quadratic) = (0.0, [Double](), [Double]())
      let counts = one.numbers("degrees_of_freedom")
      for (weight, (count, centre)) in zip(one.numbers("weights"), zip(counts, one.numbers("noncentrality")))
      {
        constant += weight * centre
        for copy in 0..<Int(count) {
          linear.append(copy == 0 ? 2 * weight * centre.squareRoot() : 0)
          quadratic.append(weight)
        }
      }
      let form = try #require(QuadraticForm(constant: constant, linear: linear, quadratic: quadratic))
      let isUpper = one.inputs["probability"] as? String == "P(Q>x)"
      let found = isUpper ? form.upperTail(one.number("x")) : form.distribution(one.number("x"))
      #expect(one.faults("p", found.value) == [])
      #expect(abs(found.value - one.exactNumbers("p")[0]) < 6e-9, "\(one.id)")
    }
  }

  @Test("covariance, EWMA, GARCH, Sobol and Philox")
  func series() throws {
    for one in ReferenceCase.all("covariance") ?? [] {
      let rows = one.numbers("data")
      let columns = [0, 1].map { column in stride(from: column, to: rows.count, by: 2).map { rows[$0] } }
      let found = try ReturnCovariance.sample(columns, centred: true)
      #expect(one.faults("covariance", found.matrix) == [])
      #expect(one.faults("correlation", found.correlation[1]) == [])
    }
    for one in ReferenceCase.all("ewma") ?? [] {
      let days = Elementary.log(one.number("tolerance")) / Elementary.log(one.number("lambda_"))
      #expect(one.faults("days", days.rounded()) == [])
    }
    for one in ReferenceCase.all("garch") ?? [] {
      let (alpha, beta) = (one.number("alpha"), one.number("beta"))
      let recursion = GARCHParameters(
        omega: (1 - alpha - beta) * one.number("long_run_variance"), alpha: alpha, beta: beta)
      let returns = one.numbers("returns")
      let found = recursion.variances(of: returns, presample: returns[0] * returns[0])
      #expect(one.faults("vols", found.prefix(returns.count).map { $0.squareRoot() }) == [])
    }
    for one in ReferenceCase.all("qmc") ?? [] {
      let index = one.whole("index")
      let found = try (0..<one.whole("dimensions")).map { dimension in
        var column = [Double](repeating: 0, count: index + 1)
        var span = column.mutableSpan
        try #require(SobolDimension(dimension)).fill(firstPoint: 0, into: &span)
        return column[index]
      }
      #expect(one.faults("point", found) == [])
    }
    for one in ReferenceCase.all("rng") ?? [] {
      let words = try [one.inputs["counter"], one.inputs["key"]].map { entry in
        try #require(entry as? [String]).map { try #require(UInt32($0, radix: 16)) }
      }
      let (c, k) = (words[0], words[1])
      let found = RandomStream.philox(counter: (c[0], c[1], c[2], c[3]), key: (k[0], k[1]))
      let expected = try #require(one.expected["output_hex"] as? String)
      #expect(
        [found.0, found.1, found.2, found.3] == expected.split(separator: " ").map { UInt32($0, radix: 16) })
    }
  }
}
