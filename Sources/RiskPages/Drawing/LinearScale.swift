/// A straight map from figures to places, and the round figures to mark on it.
struct LinearScale {
  let low: Double
  let high: Double
  /// Places of `low` and `high`.
  let start: Double
  let end: Double

  /// A scale over some values; it always has a width.
  ///
  /// - Parameter values: those that are not finite are passed over.
  init(over values: [Double], start: Double, end: Double) {
    let finite = values.filter { $0.isFinite && $0.magnitude < 1e300 }
    let low = finite.min() ?? 0
    let high = finite.max() ?? 1
    self.low = low
    self.high = high > low ? high : low + max(1, low.magnitude)
    self.start = start
    self.end = end
  }

  /// The place of a figure, kept inside the scale.
  func callAsFunction(_ value: Double) -> Double {
    let share = (min(max(value, low), high) - low) / (high - low)
    return start + share * (end - start)
  }

  /// Round figures inside the scale, at most `count` and some: 1, 2 or 5 times a power of ten apart.
  func ticks(_ count: Int) -> [Double] {
    let wanted = (high - low) / Double(max(count, 1))
    var power = 1.0
    while power > wanted, power > 1e-12 { power /= 10 }
    while power * 10 <= wanted, power < 1e300 { power *= 10 }
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= wanted } ?? wanted
    var tick = (low / step).rounded(.up)
    var ticks: [Double] = []
    while tick * step <= high * (1 + 1e-12), ticks.count < 20 {
      ticks.append(tick * step)
      tick += 1
    }
    return ticks
  }
}
