import MarketModel
import PortfolioValuation
import RiskNumerics

/// What became of one portfolio.
struct SensitivityOutcome: Sendable {
  var figures: [ValueAtRiskFigure] = []
  var lack: Lack?

  enum Lack: Sendable {
    case position(FactorPosition.Lack)
    /// A figure is not finite, or its law could not be inverted.
    case notComputed
    /// The Cornish–Fisher expansion is no quantile function: skewness and excess kurtosis.
    case outsideRegion(skewness: Double, kurtosis: Double)
  }

  /// The failure of a portfolio, nil where it has none.
  func failure(of holder: String, _ plan: ValueAtRiskPlan) -> Failure? {
    let path = "run.json#/value_at_risk"
    switch lack {
    case nil: return nil
    case .position(.unmoved(let asset)):
      return Failure(
        path: "market.json#/correlation", reason: .missing,
        message: "\(holder) has no value at risk: it holds \(asset), which has no volatility or correlation")
    case .position(.notFinite(let name)):
      return Failure(
        path: path, reason: .calculation,
        message: "\(holder) has no value at risk: \(name) has no finite delta, gamma and theta")
    case .notComputed:
      return Failure(
        path: path, reason: .calculation,
        message: "\(holder) has no value at risk: the law of its loss could not be inverted in finite numbers"
      )
    case .outsideRegion:
      return Failure(
        path: path, reason: .notApplicable,
        message:
          "\(holder) has no cornish_fisher value at risk: \(refusal); the delta_gamma figure stands in its place"
      )
    }
  }

  /// Why the expansion is refused.
  var refusal: String {
    guard case .outsideRegion(let skewness, let kurtosis) = lack else { return "" }
    return
      "with skewness \(Rounded.text(skewness)) and excess kurtosis \(Rounded.text(kurtosis)) the expansion is not monotone"
  }
}

/// One plan on one book, ready for every portfolio of it.
struct SensitivitySolver: Sendable {
  let plan: ValueAtRiskPlan
  let risk: RiskFactors
  let greeks: GreekAggregation
  /// Of the factors' moves over the horizon that is computed.
  private let covariance: Matrix
  /// One a factor.
  private let classes: [RiskClass]
  private let years: Double
  /// What the figures are multiplied by.
  private let scaling: Double

  init(_ plan: ValueAtRiskPlan, risk: RiskFactors, greeks: GreekAggregation) {
    self.plan = plan
    self.risk = risk
    self.greeks = greeks
    classes = risk.classes
    let isScaled = plan.scaling == .squareRootOfTime
    years = (isScaled ? 1 : plan.horizonDays) / 365
    scaling = isScaled ? plan.horizonDays.squareRoot() : 1
    var covariance = risk.fullCorrelation
    for i in 0..<covariance.rowCount {
      for j in 0..<covariance.rowCount {
        covariance[i, j] *= risk.volatilities[i] * risk.volatilities[j] * years
      }
    }
    self.covariance = covariance
  }

  /// The figures of an account.
  func outcome(account: Int) -> SensitivityOutcome {
    outcome(FactorPosition(greeks, account: account, risk: risk, years: years))
  }

  /// The figures of the book.
  func outcome(net: NettedBook) -> SensitivityOutcome {
    outcome(FactorPosition(greeks, net: net, risk: risk, years: years))
  }

  func outcome(_ position: FactorPosition) -> SensitivityOutcome {
    if let lack = position.lack { return SensitivityOutcome(lack: .position(lack)) }
    let degrees = plan.distribution == .studentT ? plan.degreesOfFreedom : nil
    guard
      let loss = LossForm(
        position.items, covariance: covariance, isLinear: plan.method == .parametric,
        degreesOfFreedom: degrees)
    else { return SensitivityOutcome(lack: .notComputed) }
    var outcome = SensitivityOutcome()
    var expansion: CornishFisher?
    if plan.method == .cornishFisher {
      let law = CornishFisher(loss.form)
      if law.isValid {
        expansion = law
      } else {
        outcome.lack = .outsideRegion(skewness: law.skewness, kurtosis: law.kurtosis)
      }
    }
    for level in plan.confidence {
      let p = Double(level.denominator - level.numerator) / Double(level.denominator)
      let figure: ValueAtRiskFigure?
      if let expansion {
        figure = self.figure(level, p, position.items, loss, expansion)
      } else {
        figure = exact(level, p, position.items, loss, remark: outcome.lack == nil ? nil : outcome.refusal)
      }
      guard let figure, figure.valueAtRisk.isFinite, figure.expectedShortfall.isFinite else {
        return SensitivityOutcome(lack: .notComputed)
      }
      outcome.figures.append(figure)
    }
    return outcome
  }

  /// The figure of the exact law of the form, linear or quadratic.
  private func exact(
    _ level: ConfidenceLevel, _ p: Double, _ items: [FactorExpansion], _ loss: LossForm, remark: String?
  ) -> ValueAtRiskFigure? {
    guard let tail = loss.form.upperTail(ofProbability: p) else { return nil }
    let method: ValueAtRiskPlan.Method = plan.method == .parametric ? .parametric : .deltaGamma
    return finish(
      method, level, items, loss, tail.quantile.value, tail.quantile.error,
      loss.slopes(tail.momentsAtQuantile(order: loss.bending)), tail.expectedShortfall.value,
      loss.slopes(tail.momentsInTail(order: loss.bending)),
      remark: remark.map {
        "cornish_fisher is refused here: \($0); this is the exact figure of the same loss"
      })
  }

  /// The figure of the Cornish–Fisher expansion.
  private func figure(
    _ level: ConfidenceLevel, _ p: Double, _ items: [FactorExpansion], _ loss: LossForm, _ law: CornishFisher
  ) -> ValueAtRiskFigure? {
    let slopes = law.slopes(upper: p)
    let value = law.quantile(upper: p)
    return finish(
      .cornishFisher, level, items, loss, value, 1e-14 * (value.magnitude + law.deviation),
      loss.slopes(ofCumulants: slopes.quantile), law.expectedShortfall(upper: p),
      loss.slopes(ofCumulants: slopes.expectedShortfall), remark: nil)
  }

  private func finish(
    _ method: ValueAtRiskPlan.Method, _ level: ConfidenceLevel, _ items: [FactorExpansion], _ loss: LossForm,
    _ value: Double, _ error: Double, _ valueSlopes: FactorSlopes, _ tail: Double, _ tailSlopes: FactorSlopes,
    remark: String?
  ) -> ValueAtRiskFigure? {
    let parts = SensitivityParts(
      items, assets: greeks.book.book.market.assets, loss: loss, valueAtRisk: (value, valueSlopes),
      expectedShortfall: (tail, tailSlopes), classes: classes, isLinear: plan.method == .parametric)
    var figure = ValueAtRiskFigure(
      method: method.rawValue, confidence: level, horizonDays: plan.horizonDays, valueAtRisk: scaling * value,
      expectedShortfall: scaling * tail, standardError: nil, expectedShortfallStandardError: nil, rank: nil,
      interval: ValueAtRiskFigure.Interval(
        kind: .certifiedBound, confidence: 1, lower: scaling * (value - error),
        upper: scaling * (value + error)),
      remark: remark, components: parts.components.map(scaled))
    figure.byUnderlying = parts.byUnderlying.map(scaled)
    figure.byRiskClass = parts.byRiskClass.map(scaled)
    return figure
  }

  private func scaled(_ part: ValueAtRiskFigure.Component) -> ValueAtRiskFigure.Component {
    ValueAtRiskFigure.Component(
      name: part.name, valueAtRisk: part.valueAtRisk.map { scaling * $0 },
      expectedShortfall: scaling * part.expectedShortfall)
  }
}
