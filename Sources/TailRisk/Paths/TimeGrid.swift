/// The instants at which paths are read: every expiry inside the horizon, and its end.
///
/// The expiries are those of all instruments of the book, held or not, so that the draws of an account do
/// not depend on the others at hand.
struct TimeGrid: Sendable {
  /// Seconds from the as-of instant, strictly increasing; the last is the horizon.
  let seconds: [Double]
  let horizonSeconds: Double

  init(horizonDays: Double, expiries: [Int64]) {
    horizonSeconds = horizonDays * 86_400
    let horizon = horizonSeconds
    let inside = Set(expiries.filter { $0 > 0 && Double($0) < horizon }).sorted()
    seconds = inside.map(Double.init) + [horizon]
  }

  /// The step at whose end an instrument expires; nil where it outlives the horizon, −1 at the as-of instant.
  func step(ofExpiry expiry: Int64) -> Int? {
    guard Double(expiry) <= horizonSeconds else { return nil }
    if expiry <= 0 { return -1 }
    return seconds.firstIndex { $0 >= Double(expiry) }
  }

  /// Length of a step in years of 365 days.
  func years(_ step: Int) -> Double {
    (seconds[step] - (step > 0 ? seconds[step - 1] : 0)) / 31_536_000
  }
}
