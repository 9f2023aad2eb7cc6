import MarketModel

extension TiltedPortfolio {
  /// The figure of one natural sample under a control variate.
  ///
  /// The interval holds the losses of the sample at which P(L > x) = 1 − c is not rejected (`ControlVariate.accepted`).
  func controlled(
    _ sample: WeightedTail, _ losses: [Double], _ weights: [Double], _ control: ControlVariate?,
    _ level: ConfidenceLevel, _ tail: Double
  ) -> Outcome {
    guard let control else {
      return .plain(reason: "the quantile of its delta-gamma form leaves fewer than 10 paths on a side")
    }
    let variance = control.variance(losses.map { $0 > sample.valueAtRisk ? 1 : 0 })
    let natural = tail * (1 - tail) / Double(losses.count)
    guard variance <= 0.5 * natural else {
      let percent = Int(exactly: (100 * variance / natural).rounded()) ?? 100
      return .plain(
        reason: "the control left \(percent) % of plain sampling's variance; at most 50 % were to be left")
    }
    let order = losses.indices.sorted { losses[$1] < losses[$0] || (losses[$0] == losses[$1] && $0 < $1) }
    guard let accepted = control.accepted(order, tail: tail) else {
      return .plain(reason: "the sample is too small for an interval")
    }
    let (lower, upper) = (losses[order[accepted.upperBound]], losses[order[accepted.lowerBound]])
    let excess = control.variance(losses.map { max(0, $0 - sample.valueAtRisk) })
    var figure = figure(sample, level, varianceRatio: variance > 0 ? natural / variance : nil)
    figure.standardError = (upper - lower) / (2 * 1.959963984540054)
    figure.expectedShortfallStandardError = excess.squareRoot() / tail
    figure.rank = losses.count { $0 <= sample.valueAtRisk }
    figure.interval = ValueAtRiskFigure.Interval(
      confidence: 0.95, lower: lower, upper: upper, lowerRank: losses.count - accepted.upperBound,
      upperRank: losses.count - accepted.lowerBound)
    return .figure(figure)
  }
}
