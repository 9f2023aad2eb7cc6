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
  func addLosses(_ block: [Double], _ range: Range<Int>, into losses: inout [Double]) {
    let width = range.count
    var buffer = [Double](repeating: 0, count: width)
    for (place, exposure) in exposures.enumerated() where exposure.unmoved == nil {
      let starts = exposure.rows.map { $0 * width }
      let factors = exposure.coefficients.map { 0 - $0 }
      var sum = buffer.mutableSpan
      VectorMath.gatherRows(block.span, rowStarts: starts.span, factors: factors.span, adding: 0, into: &sum)
      let start = place * paths + range.lowerBound
      for path in 0..<width { losses[start + path] = buffer[path] }
    }
  }

  /// The tails of all portfolios; nil for one without finite losses.
  func tails(_ losses: [Double], depth: Int) -> [Tail?] {
    let span = losses.span
    return exposures.indices.map { place in
      exposures[place].unmoved == nil
        ? Tail(depth, of: span.extracting(place * paths..<(place + 1) * paths)) : nil
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
    var figures: [ValueAtRiskFigure] = []
    let exposure = exposures[place]
    for (index, level) in levels.enumerated() {
      var figure = tail.measure(level, count: paths, method: plan.method, horizonDays: plan.horizonDays)
      var total = 0.0
      var largest = 0
      for item in exposure.items {
        var gain = 0.0
        for part in item.parts { gain += part.coefficient * sums[part.row, index] }
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
      guard figure.expectedShortfall.isFinite, figure.standardError.isFinite,
        figure.expectedShortfallStandardError.isFinite
      else { return .notFinite }
      figures.append(figure)
    }
    return .figures(figures)
  }
}

/// Weighted sums of one portfolio's table rows over its tail, one a row and level.
struct TailSums: Sendable {
  private let levels: Int
  /// Tail paths in increasing order with their weights, level after level.
  private let paths: [Int]
  private let weights: [Double]
  private var next = 0
  private var sums: [Double]

  init(_ tail: Tail, rows: Int, levels: [TailLevel]) {
    self.levels = levels.count
    let depth = min(tail.paths.count, levels.map { $0.whole + 1 }.max() ?? 0)
    let order = (0..<depth).sorted { tail.paths[$0] < tail.paths[$1] }
    paths = order.map { tail.paths[$0] }
    weights = order.flatMap { place in levels.map { $0.weight(place) } }
    sums = [Double](repeating: 0, count: rows * levels.count)
  }

  /// Adds the tail paths of one block; blocks come in order of their paths.
  mutating func add(_ block: [Double], _ range: Range<Int>, rows: [Int]) {
    let start = next
    while next < paths.count, paths[next] < range.upperBound { next += 1 }
    guard next > start else { return }
    let width = range.count
    for (place, row) in rows.enumerated() {
      let offset = row * width - range.lowerBound
      for level in 0..<levels {
        var sum = sums[place * levels + level]
        for index in start..<next { sum += weights[index * levels + level] * block[offset + paths[index]] }
        sums[place * levels + level] = sum
      }
    }
  }

  /// The sum of a portfolio's row at a level.
  subscript(row: Int, level: Int) -> Double { sums[row * levels + level] }
}
