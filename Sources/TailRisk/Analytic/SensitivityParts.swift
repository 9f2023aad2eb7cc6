import MarketModel
import PortfolioValuation
import RiskNumerics

/// Euler's parts of a figure: by item, by underlying and by class of risk.
struct SensitivityParts: Sendable {
  private(set) var components: [ValueAtRiskFigure.Component] = []
  private(set) var byUnderlying: [ValueAtRiskFigure.Component] = []
  private(set) var byRiskClass: [ValueAtRiskFigure.Component] = []

  /// The classes, in the order in which they are printed; what two moves do together stands with the later one.
  private static let names = ["theta", "delta", "gamma", "vega", "basis", "rate"]
  /// Places of these.
  private static let (theta, delta, gamma) = (0, 1, 2)

  /// The parts of a value at risk and an expected shortfall.
  ///
  /// The parts are rounded one by one; what rounding leaves between their sum and the total goes to the largest. Theta,
  /// delta and gamma are always there, the other classes where an item has terms of them.
  ///
  /// - Parameter classes: one a factor, `delta` of a spot.
  init(
    _ items: [FactorExpansion], assets: [Asset], loss: LossForm,
    valueAtRisk: (total: Double, slopes: FactorSlopes),
    expectedShortfall: (total: Double, slopes: FactorSlopes), classes: [RiskClass], isLinear: Bool
  ) {
    var place: [Int: Int] = [:]
    for (index, factor) in loss.factors.enumerated() { place[factor] = index }
    var sums = [Int: (value: Double, tail: Double)]()
    let kinds = classes.map { Self.place($0) }
    var classes = Self.names.map { _ in (value: 0.0, tail: 0.0) }
    var isThere = Self.names.indices.map { isLinear ? $0 == Self.delta : $0 <= Self.gamma }
    for item in items {
      let value = Self.parts(item, place, loss.bending, kinds, valueAtRisk.slopes, isLinear)
      let tail = Self.parts(item, place, loss.bending, kinds, expectedShortfall.slopes, isLinear)
      for term in item.linear { isThere[kinds[term.factor]] = true }
      for term in item.quadratic where !isLinear {
        isThere[max(Self.gamma, kinds[term.row], kinds[term.column])] = true
      }
      let (v, t) = (value.reduce(0, +), tail.reduce(0, +))
      components.append(.init(name: item.name, valueAtRisk: v, expectedShortfall: t))
      let old = sums[item.asset] ?? (0, 0)
      sums[item.asset] = (old.value + v, old.tail + t)
      for index in classes.indices {
        classes[index] = (classes[index].value + value[index], classes[index].tail + tail[index])
      }
    }
    for asset in sums.keys.sorted() where assets.indices.contains(asset) {
      guard let sum = sums[asset] else { continue }
      byUnderlying.append(.init(name: assets[asset].id, valueAtRisk: sum.value, expectedShortfall: sum.tail))
    }
    for (index, sum) in classes.enumerated() where !items.isEmpty && isThere[index] {
      guard let name = Identifier(Self.names[index]) else { continue }
      byRiskClass.append(.init(name: name, valueAtRisk: sum.value, expectedShortfall: sum.tail))
    }
    let totals = (valueAtRisk.total, expectedShortfall.total)
    Self.settle(&components, totals)
    Self.settle(&byUnderlying, totals)
    Self.settle(&byRiskClass, totals)
  }

  private static func place(_ kind: RiskClass) -> Int {
    switch kind {
    case .theta: theta
    case .delta: delta
    case .gammaAndHigher: gamma
    case .vega: 3
    case .basis: 4
    case .rate: 5
    }
  }

  /// The part of one item in each class.
  private static func parts(
    _ item: FactorExpansion, _ place: [Int: Int], _ bending: Int, _ kinds: [Int], _ slopes: FactorSlopes,
    _ isLinear: Bool
  ) -> [Double] {
    var parts = [Double](repeating: 0, count: names.count)
    for term in item.linear {
      if let u = place[term.factor] { parts[kinds[term.factor]] += term.value * slopes.linear[u] }
    }
    guard !isLinear else { return parts }
    parts[theta] = item.drift * slopes.drift
    for term in item.quadratic {
      if let u = place[term.row], let v = place[term.column], u < bending, v < bending {
        // Two spots bend.
        let kind = max(gamma, kinds[term.row], kinds[term.column])
        parts[kind] += term.value * slopes.quadratic[u * bending + v]
      }
    }
    return parts
  }

  private static func settle(
    _ parts: inout [ValueAtRiskFigure.Component], _ totals: (value: Double, tail: Double)
  ) {
    guard !parts.isEmpty else { return }
    var sum = (value: 0.0, tail: 0.0)
    var largest = (value: 0, tail: 0)
    for (index, part) in parts.enumerated() {
      let value = part.valueAtRisk ?? 0
      sum = (sum.value + value, sum.tail + part.expectedShortfall)
      if value.magnitude > (parts[largest.value].valueAtRisk ?? 0).magnitude { largest.value = index }
      if part.expectedShortfall.magnitude > parts[largest.tail].expectedShortfall.magnitude {
        largest.tail = index
      }
    }
    parts[largest.value].valueAtRisk = (parts[largest.value].valueAtRisk ?? 0) + totals.value - sum.value
    parts[largest.tail].expectedShortfall += totals.tail - sum.tail
  }
}
