import RiskNumerics

/// All orders of x exceptions among n days, each equally likely: the law of their transitions.
///
/// The exceptions fall into r runs, which take r of the m = n − x + 1 gaps between the other days:
/// P(r) = C(x − 1, r − 1)·C(m, r)/C(n, x). The transitions follow from r and from whether the first and the last gap
/// are taken, which is hypergeometric given r. Source: David and Barton, *Combinatorial Chance*, chapter on runs
/// (Stevens 1939).
struct ExceptionOrders {
  let days: Int
  let exceptions: Int

  /// The probability of the orders whose transitions a rule takes.
  ///
  /// - Complexity: O(min(exceptions, days − exceptions)) calls of the rule.
  func probability(_ isTaken: (ExceptionTransitions) -> Bool) -> Double {
    let gaps = days - exceptions + 1
    guard exceptions > 0, gaps > 1 else {
      return isTaken(transitions(runs: min(exceptions, 1), first: exceptions > 0, last: exceptions > 0))
        ? 1 : 0
    }
    var sum = ExactSum()
    var total = ExactSum()
    for (offset, weight) in weights(gaps: gaps).enumerated() where weight > 0 {
      let runs = offset + 1
      total.add(weight)
      let pairs = Double(gaps) * Double(gaps - 1)
      let (taken, free) = (Double(runs), Double(gaps - runs))
      for (first, last, ways) in [
        (true, true, taken * (taken - 1)), (true, false, taken * free), (false, true, free * taken),
        (false, false, free * (free - 1)),
      ] where ways > 0 && isTaken(transitions(runs: runs, first: first, last: last)) {
        sum.add(weight * (ways / pairs))
      }
    }
    return min(1, sum.value / total.value)
  }

  /// Multiples of P(r) for r = 1, 2, …: from the mode outwards, so that nothing overflows.
  private func weights(gaps: Int) -> [Double] {
    let most = min(exceptions, gaps)
    func ratio(_ runs: Int) -> Double {
      Double(exceptions - runs) / Double(runs) * (Double(gaps - runs) / Double(runs + 1))
    }
    var mode = 1
    while mode < most, ratio(mode) > 1 { mode += 1 }
    var weights = [Double](repeating: 0, count: most)
    weights[mode - 1] = 1
    for runs in stride(from: mode, to: most, by: 1) { weights[runs] = weights[runs - 1] * ratio(runs) }
    for runs in stride(from: mode - 1, to: 0, by: -1) { weights[runs - 1] = weights[runs] / ratio(runs) }
    return weights
  }

  private func transitions(runs: Int, first: Bool, last: Bool) -> ExceptionTransitions {
    let into = runs - (first ? 1 : 0)
    let out = runs - (last ? 1 : 0)
    let inside = exceptions - runs
    return ExceptionTransitions(n00: days - 1 - into - out - inside, n01: into, n10: out, n11: inside)
  }
}
