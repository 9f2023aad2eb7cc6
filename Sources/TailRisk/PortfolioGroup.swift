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

/// What the losses of one portfolio leave behind.
struct PortfolioTail: Sendable {
  let tail: Tail
  /// One a level, where the paths are replicates.
  let errors: [ReplicateError]?
  /// Signed, in order of the paths, where the plan asks for them.
  let profits: [Double]?
  /// Of the losses with the cost of closing out; nil where that is not known.
  var closedOut: ClosedOutTail?

  /// The figure of a level without its components.
  func figure(
    _ place: Int, _ level: TailLevel, plan: ValueAtRiskPlan, paths: PathPlan
  ) -> ValueAtRiskFigure {
    var figure = tail.measure(level, plan: plan)
    // Once a portfolio: the levels share the paths.
    figure.profits = place == 0 ? profits : nil
    figure.sampling = SamplingUse(
      kind: paths.kind, paths: paths.pathCount, replicates: paths.replicates,
      varianceRatio: errors?[place].varianceRatio)
    if let error = errors?[place] {
      figure.interval = error.interval
      figure.standardError = error.standardError
      figure.expectedShortfallStandardError = error.expectedShortfallStandardError
    }
    figure.liquidity = closedOut?.figure(place, level, plan: plan)
    return figure
  }
}

/// What the losses of one portfolio with the cost of closing out leave behind.
struct ClosedOutTail: Sendable {
  /// nil where a loss is not a finite number.
  let tail: Tail?
  let errors: [ReplicateError]?

  func figure(_ place: Int, _ level: TailLevel, plan: ValueAtRiskPlan) -> LiquidityAdjusted {
    guard let own = tail?.measure(level, plan: plan) else {
      return LiquidityAdjusted(reason: "a simulated cost of closing out is not a finite number")
    }
    return LiquidityAdjusted(
      valueAtRisk: own.valueAtRisk, expectedShortfall: own.expectedShortfall,
      standardError: errors == nil ? own.standardError : errors?[place].standardError)
  }
}

extension ValueAtRiskFigure {
  /// The figure with all money multiplied, and a remark that it was.
  func scaled(by factor: Double) -> ValueAtRiskFigure {
    func scaled(_ parts: [Component]) -> [Component] {
      parts.map {
        Component(
          name: $0.name, valueAtRisk: $0.valueAtRisk.map { $0 * factor },
          expectedShortfall: $0.expectedShortfall * factor)
      }
    }
    var figure = self
    figure.valueAtRisk *= factor
    figure.expectedShortfall *= factor
    figure.standardError = standardError.map { $0 * factor }
    figure.expectedShortfallStandardError = expectedShortfallStandardError.map { $0 * factor }
    figure.interval.lower *= factor
    figure.interval.upper *= factor
    figure.components = scaled(components)
    figure.byUnderlying = scaled(byUnderlying)
    figure.byRiskClass = scaled(byRiskClass)
    figure.profits = profits?.map { $0 * factor }
    figure.liquidity = liquidity?.scaled(by: factor)
    figure.remark = "one day times the square root of \(horizonDays) days; not simulated over the horizon"
    return figure
  }
}

/// Neighbouring portfolios that are taken through the table together, so that a block of the table is read
/// from memory once for all of them.
struct PortfolioGroup: Sendable {
  let exposures: [Exposure]
  let paths: Int
  /// What closing each portfolio out costs, nil for one where that is not known; nil where nobody asks.
  var closeOut: CloseOutGroup?
  /// Columns of losses: one a portfolio, and behind them one more with the cost of closing out.
  var columns: Int { exposures.count * (closeOut == nil ? 1 : 2) }

  /// The same portfolios over another number of paths.
  func over(paths: Int) -> PortfolioGroup {
    PortfolioGroup(exposures: exposures, paths: paths, closeOut: closeOut)
  }

  /// Adds the losses of all portfolios on one block of paths: portfolio p, path i at p·paths + i; with the cost of
  /// closing out in the second half of the columns.
  func addLosses(_ block: [Double], _ range: Range<Int>, width: Int, into losses: inout [Double]) {
    var buffer = [Double](repeating: 0, count: width)
    for place in exposures.indices where exposures[place].unmoved == nil {
      let starts = exposures[place].starts
      let factors = exposures[place].lossFactors
      var sum = buffer.mutableSpan
      VectorMath.gatherRows(block.span, rowStarts: starts.span, factors: factors.span, adding: 0, into: &sum)
      let start = place * paths + range.lowerBound
      for path in range.indices { losses[start + path - range.lowerBound] = buffer[path - range.lowerBound] }
      if let closeOut {
        let second = start + exposures.count * paths
        closeOut.add(place, block, width: width, count: range.count, to: &buffer)
        for path in range.indices {
          losses[second + path - range.lowerBound] = buffer[path - range.lowerBound]
        }
      }
    }
  }

  /// The tails of all portfolios; nil for one without finite losses.
  func tails(_ losses: [Double], plan: TailPlan, replicates: Int, keepsProfits: Bool) -> [PortfolioTail?] {
    let span = losses.span
    return exposures.indices.map { place in
      guard exposures[place].unmoved == nil else { return nil }
      let own = span.extracting(place * paths..<(place + 1) * paths)
      guard let tail = Tail(plan, of: own) else { return nil }
      var found = PortfolioTail(
        tail: tail,
        errors: replicates > 1
          ? ReplicateError.all(own, replicates: replicates, plan: plan, tail: tail) : nil,
        profits: keepsProfits ? own.indices.map { 0 - own[$0] } : nil)
      guard closeOut?.curves[place] != nil else { return found }
      let second = exposures.count + place
      let closed = span.extracting(second * paths..<(second + 1) * paths)
      let closedTail = Tail(plan, of: closed)
      found.closedOut = ClosedOutTail(
        tail: closedTail,
        errors: replicates > 1
          ? closedTail.map { ReplicateError.all(closed, replicates: replicates, plan: plan, tail: $0) } : nil)
      return found
    }
  }

  /// The figures of one portfolio from its tail and the row sums over it.
  ///
  /// The part of an item in the expected shortfall is the weighted mean of its own losses over the tail, its part in
  /// the value at risk the weighted mean of them around the quantile (`QuantileWindow`; `Allocation` says how they
  /// come to sum to it). Euler's allocation: Tasche, *Risk contributions and performance measurement*, 1999.
  func figures(
    _ place: Int, _ tail: PortfolioTail, _ sums: TailSums, levels: [TailLevel], plan: ValueAtRiskPlan,
    paths: PathPlan
  ) -> TailOutcome {
    let exposure = exposures[place]
    var figures: [ValueAtRiskFigure] = []
    for (index, level) in levels.enumerated() {
      var figure = tail.figure(index, level, plan: plan, paths: paths)
      let allocation = Allocation(
        exposure, tail: sums.total(level: index), mass: level.mass, window: sums.window(level: index),
        windowMass: QuantileWindow.mass(level, count: tail.tail.count))
      guard allocation.isFinite else { return .notFinite }
      allocation.fill(&figure)
      guard figure.expectedShortfall.isFinite, figure.standardError?.isFinite ?? true,
        figure.expectedShortfallStandardError?.isFinite ?? true
      else { return .notFinite }
      if paths.scale != 1 { figure = figure.scaled(by: paths.scale) }
      if plan.smile == .stickyDelta {
        let smile = "smiles move with their forwards (sticky_delta)"
        figure.remark = figure.remark.map { "\($0); \(smile)" } ?? smile
      }
      figures.append(figure)
    }
    return .figures(figures)
  }
}
