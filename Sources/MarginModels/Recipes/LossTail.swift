/// Value at risk and expected shortfall of a list of losses at an exact level.
///
/// The value at risk is the smallest loss x with F(x) ≥ c, the ⌈n·c⌉-th in increasing order; the expected shortfall is
/// the mean of the worst n(1 − c) losses, the next one counted by the fraction that is left (Acerbi and Tasche 2002).
package struct LossTail: Hashable, Sendable {
  package let valueAtRisk: Double
  /// ≥ valueAtRisk.
  package let expectedShortfall: Double

  /// The tail of some losses; (0, 0) of none.
  ///
  /// - Parameters:
  ///   - losses: any order, finite.
  ///   - confidence: in (0, 1).
  /// - Complexity: O(n + k²) for the k losses of the tail.
  package init(of losses: [Double], confidence: Double) {
    // A level is a decimal of a few digits: its product with a count is cleared of what binary fractions add.
    let mass = (Double(losses.count) * (1 - confidence) * 1e9).rounded() / 1e9
    let whole = min(Int(exactly: mass.rounded(.down)) ?? 0, max(0, losses.count - 1))
    let worst = Self.largest(whole + 1, of: losses)
    guard let last = worst.last else {
      (valueAtRisk, expectedShortfall) = (0, 0)
      return
    }
    valueAtRisk = last
    guard mass > 0 else {
      expectedShortfall = last
      return
    }
    var sum = 0.0
    for loss in worst.dropLast() { sum += loss }
    expectedShortfall = max(last, (sum + (mass - Double(whole)) * last) / max(mass, Double(whole)))
  }

  /// The largest losses, the greatest first.
  private static func largest(_ count: Int, of losses: [Double]) -> [Double] {
    var kept: [Double] = []
    kept.reserveCapacity(count + 1)
    for loss in losses {
      if kept.count == count {
        guard let least = kept.last, loss > least else { continue }
        kept.removeLast()
      }
      let place = kept.firstIndex { $0 < loss } ?? kept.count
      kept.insert(loss, at: place)
    }
    return kept
  }
}
