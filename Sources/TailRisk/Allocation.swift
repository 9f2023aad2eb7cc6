import MarketModel

/// A value at risk and an expected shortfall split by item, underlying and class of risk.
///
/// Parts of the expected shortfall sum to it but for rounding, which goes to the largest part. Parts of the value at
/// risk are smoothed, so what they lack is spread over them in proportion to their size without sign: where all have
/// one sign that is one factor for all, and where they cancel nothing blows up.
struct Allocation {
  private let exposure: Exposure
  /// Of items and of classes, over the tail and around the quantile.
  private let itemTail: [Double]
  private let itemWindow: [Double]
  private let classTail: [Double]
  private let classWindow: [Double]

  /// The parts from weighted sums of rows.
  ///
  /// - Parameters:
  ///   - tail: over the tail, one a row of `Exposure.sumStarts`; `mass` is the sum of the weights.
  ///   - window: the same around the quantile.
  init(_ exposure: Exposure, tail: [Double], mass: Double, window: [Double], windowMass: Double) {
    self.exposure = exposure
    itemTail = exposure.items.map { Self.loss($0, tail, mass) }
    itemWindow = exposure.items.map { Self.loss($0, window, windowMass) }
    classTail = exposure.classes.losses(tail, mass: mass)
    classWindow = exposure.classes.losses(window, mass: windowMass)
  }

  private static func loss(_ item: Exposure.Item, _ sums: [Double], _ mass: Double) -> Double {
    var gain = 0.0
    for part in item.parts { gain += part.coefficient * sums[part.row] }
    return 0 - gain / mass
  }

  var isFinite: Bool {
    [itemTail, itemWindow, classTail, classWindow].allSatisfy { $0.allSatisfy(\.isFinite) }
  }

  /// Writes the parts into a figure.
  func fill(_ figure: inout ValueAtRiskFigure) {
    let (value, shortfall) = (figure.valueAtRisk, figure.expectedShortfall)
    let tails = Self.settled(itemTail, to: shortfall)
    let windows = Self.settled(Self.spread(itemWindow, to: value), to: value)
    figure.components = exposure.items.indices.map {
      ValueAtRiskFigure.Component(
        name: exposure.items[$0].name, valueAtRisk: windows[$0], expectedShortfall: tails[$0])
    }
    let assets = exposure.items.map(\.underlying)
    let groups = Set(assets).sorted()
    func sums(_ parts: [Double], to total: Double) -> [Double] {
      var sums = [Double](repeating: 0, count: groups.count)
      for (asset, part) in zip(assets, parts) {
        if let group = groups.firstIndex(of: asset) { sums[group] += part }
      }
      return Self.settled(sums, to: total)
    }
    let (groupTails, groupWindows) = (sums(tails, to: shortfall), sums(windows, to: value))
    figure.byUnderlying = groups.indices.compactMap { group in
      exposure.assetNames[groups[group]].map {
        ValueAtRiskFigure.Component(
          name: $0, valueAtRisk: groupWindows[group], expectedShortfall: groupTails[group])
      }
    }
    let forms = exposure.classes.forms
    let classTails = Self.settled(classTail, to: shortfall)
    let classWindows = Self.settled(Self.spread(classWindow, to: value), to: value)
    figure.byRiskClass = forms.indices.compactMap { form in
      Identifier(forms[form].kind.rawValue).map {
        ValueAtRiskFigure.Component(
          name: $0, valueAtRisk: classWindows[form], expectedShortfall: classTails[form])
      }
    }
  }

  /// What the parts lack of a total, spread in proportion to their size without sign.
  private static func spread(_ parts: [Double], to total: Double) -> [Double] {
    let gross = parts.reduce(0) { $0 + $1.magnitude }
    guard gross > 0 else { return parts }
    let share = (total - parts.reduce(0, +)) / gross
    return parts.map { $0 + share * $0.magnitude }
  }

  /// What rounding leaves between the parts and their total goes to the first of the largest.
  private static func settled(_ parts: [Double], to total: Double) -> [Double] {
    var parts = parts
    var largest = 0
    for place in parts.indices where parts[place].magnitude > parts[largest].magnitude { largest = place }
    if !parts.isEmpty { parts[largest] += total - parts.reduce(0, +) }
    return parts
  }
}
