import MarketModel
import PortfolioValuation
import RiskNumerics

/// Euler's parts of a figure: by item, by underlying and by class of risk.
struct SensitivityParts: Sendable {
  private(set) var components: [ValueAtRiskFigure.Component] = []
  private(set) var byUnderlying: [ValueAtRiskFigure.Component] = []
  private(set) var byRiskClass: [ValueAtRiskFigure.Component] = []

  /// The classes, in the order in which they are printed.
  private static let classes = ["theta", "delta", "gamma"]

  /// The parts of a value at risk and an expected shortfall.
  ///
  /// The parts are rounded one by one; what rounding leaves between their sum and the total goes to the largest.
  init(
    _ items: [FactorExpansion], assets: [Asset], loss: LossForm,
    valueAtRisk: (total: Double, slopes: FactorSlopes),
    expectedShortfall: (total: Double, slopes: FactorSlopes), isLinear: Bool
  ) {
    var place: [Int: Int] = [:]
    for (index, factor) in loss.factors.enumerated() { place[factor] = index }
    var sums = [Int: (value: Double, tail: Double)]()
    var classes = Self.classes.map { _ in (value: 0.0, tail: 0.0) }
    for item in items {
      let value = Self.parts(item, place, loss.bending, valueAtRisk.slopes, isLinear)
      let tail = Self.parts(item, place, loss.bending, expectedShortfall.slopes, isLinear)
      let (v, t) = (value[0] + value[1] + value[2], tail[0] + tail[1] + tail[2])
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
    for (name, sum) in zip(Self.classes, classes) where !items.isEmpty && !(isLinear && name != "delta") {
      guard let name = Identifier(name) else { continue }
      byRiskClass.append(.init(name: name, valueAtRisk: sum.value, expectedShortfall: sum.tail))
    }
    let totals = (valueAtRisk.total, expectedShortfall.total)
    Self.settle(&components, totals)
    Self.settle(&byUnderlying, totals)
    Self.settle(&byRiskClass, totals)
  }

  /// Drift, linear and quadratic part of one item.
  private static func parts(
    _ item: FactorExpansion, _ place: [Int: Int], _ bending: Int, _ slopes: FactorSlopes, _ isLinear: Bool
  ) -> [Double] {
    var delta = 0.0
    for term in item.linear {
      if let u = place[term.factor] { delta += term.value * slopes.linear[u] }
    }
    guard !isLinear else { return [0, delta, 0] }
    var gamma = 0.0
    for term in item.quadratic {
      if let u = place[term.row], let v = place[term.column], u < bending, v < bending {
        gamma += term.value * slopes.quadratic[u * bending + v]
      }
    }
    return [item.drift * slopes.drift, delta, gamma]
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
