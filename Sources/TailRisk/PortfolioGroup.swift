import MarketModel
import PortfolioValuation
import RiskNumerics

/// What became of one portfolio: its figures, or why it has none.
enum TailOutcome: Sendable {
  case figures([ValueAtRiskFigure])
  /// It depends on an asset that does not move.
  case unmoved(Identifier)
  /// A loss is not a finite number.
  case notFinite
}

/// Neighbouring portfolios that are taken through the table together, so that a block of the table is read
/// from memory once for all of them.
struct PortfolioGroup: Sendable {
  let exposures: [Exposure]
  let paths: Int

  /// Adds the losses of all portfolios on one block of paths: portfolio p, path i at p·paths + i.
  func addLosses(_ block: [Double], _ range: Range<Int>, width: Int, into losses: inout [Double]) {
    var buffer = [Double](repeating: 0, count: width)
    for place in exposures.indices where exposures[place].unmoved == nil {
      let starts = exposures[place].starts
      let factors = exposures[place].lossFactors
      var sum = buffer.mutableSpan
      VectorMath.gatherRows(block.span, rowStarts: starts.span, factors: factors.span, adding: 0, into: &sum)
      let start = place * paths + range.lowerBound
      for path in range.indices { losses[start + path - range.lowerBound] = buffer[path - range.lowerBound] }
    }
  }

  /// The tails of all portfolios; nil for one without finite losses.
  func tails(_ losses: [Double], plan: TailPlan) -> [Tail?] {
    let span = losses.span
    return exposures.indices.map { place in
      exposures[place].unmoved == nil
        ? Tail(plan, of: span.extracting(place * paths..<(place + 1) * paths)) : nil
    }
  }

  /// The figures of one portfolio from its tail and the row sums over it.
  ///
  /// The part of an item is the weighted mean of its own losses over the tail (Euler's allocation; Tasche
  /// 1999). The parts are rounded one by one; what rounding leaves between their sum and the expected
  /// shortfall goes to the largest part.
  func figures(
    _ place: Int, _ tail: Tail, _ sums: TailSums, levels: [TailLevel], plan: ValueAtRiskPlan
  ) -> TailOutcome {
    let exposure = exposures[place]
    var figures: [ValueAtRiskFigure] = []
    for (index, level) in levels.enumerated() {
      var figure = tail.measure(level, plan: plan)
      let rowSums = sums.total(level: index)
      var total = 0.0
      var largest = 0
      for item in exposure.items {
        var gain = 0.0
        for part in item.parts { gain += part.coefficient * rowSums[part.row] }
        let loss = 0 - gain / level.mass
        guard loss.isFinite else { return .notFinite }
        total += loss
        figure.components.append(
          ValueAtRiskFigure.Component(name: item.name, expectedShortfall: loss))
        let last = figure.components.count - 1
        if loss.magnitude > figure.components[largest].expectedShortfall.magnitude { largest = last }
      }
      if !figure.components.isEmpty {
        figure.components[largest].expectedShortfall += figure.expectedShortfall - total
      }
      guard figure.expectedShortfall.isFinite, figure.standardError?.isFinite ?? true,
        figure.expectedShortfallStandardError?.isFinite ?? true
      else { return .notFinite }
      figures.append(figure)
    }
    return .figures(figures)
  }
}
