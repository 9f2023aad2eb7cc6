public import MarketModel
import RiskNumerics

/// Discount factors of one currency from zero rates.
///
/// The continuously compounded rate is linear in years between the nodes and flat outside them.
public struct DiscountCurve: Hashable, Sendable {
  private let years: [Double]
  private let rates: [Double]

  /// A curve through quoted nodes (times strictly increasing, counts equal; a node without a rate is left out).
  public init(_ curve: RateCurve) {
    let count = min(curve.years.count, curve.rates.count)
    years = Array(curve.years.prefix(count))
    rates = Array(curve.rates.prefix(count))
  }

  /// The same rate at all times.
  public init(flat rate: Double) {
    years = [0]
    rates = [rate]
  }

  /// The zero rate to a time in years; 0 for a curve without nodes.
  ///
  /// - Complexity: O(log(nodes)).
  public func rate(years time: Double) -> Double {
    Interpolation.linear(at: time, years, rates) ?? 0
  }

  /// e^(−rate·time).
  public func discount(years time: Double) -> Double {
    Elementary.exp(-rate(years: time) * time)
  }
}

/// Piecewise linear functions with flat ends.
enum Interpolation {
  /// The place of the last node ≤ x, −1 before the first.
  static func place(of x: Double, in nodes: [Double]) -> Int {
    var low = 0
    var high = nodes.count
    while low < high {
      let middle = (low + high) / 2
      if nodes[middle] <= x { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// The value at x; nil without nodes.
  static func linear(at x: Double, _ nodes: [Double], _ values: [Double]) -> Double? {
    guard let first = values.first, let last = values.last else { return nil }
    let place = place(of: x, in: nodes)
    if place < 0 { return first }
    if place >= nodes.count - 1 { return last }
    let share = (x - nodes[place]) / (nodes[place + 1] - nodes[place])
    return values[place] + (values[place + 1] - values[place]) * share
  }
}
