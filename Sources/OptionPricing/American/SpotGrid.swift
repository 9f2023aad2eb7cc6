import MarketModel
import RiskNumerics

/// An option on a uniform grid of ln S, marched back from expiry by TR-BDF2.
///
/// TR-BDF2 (Bank and others 1985) is of second order and damps what the kink of the payoff excites, so that no
/// starting steps of another kind are needed; the payoff is averaged over the cell of the strike. Early exercise is
/// a linear complementarity problem solved in every stage by policy iteration: rows where exercise is worth more are
/// replaced, the tridiagonal system is solved again, until no row changes (Forsyth and Vetzal 2002 without penalty).
struct SpotGrid {
  private let contract: AmericanContract
  private let isAmerican: Bool
  let step: Double
  private let spots: [Double]
  let payoff: [Double]
  private let middle: Int
  private let stepsPerYear: Double
  private(set) var values: [Double]

  init(_ contract: AmericanContract, isAmerican: Bool, dividends: [DiscreteDividend], points: Int) {
    self.contract = contract
    self.isAmerican = isAmerican
    let years = contract.timeToExpiry
    let spread = contract.volatility * years.squareRoot()
    let carry = abs(contract.rate - contract.dividendYield) * years
    let away = abs(Elementary.log(contract.strike / contract.spot))
    // What the payments can move the spot by, seen from a quarter of it.
    let paid = dividends.reduce(0.0) { sum, dividend in
      switch dividend.amount {
      case .cash(let cash): sum + min(1, 2 * cash / contract.spot)
      case .proportional(let share): sum - Elementary.log(1 - share)
      }
    }
    let half = min(60, 6 * spread + carry + 1.1 * away + paid + spread * spread / 2)
    middle = points / 2
    step = half / Double(points / 2)
    let centre = Elementary.log(contract.spot)
    let (step, middle) = (step, middle)
    spots = (0..<points).map { Elementary.exp(centre + step * Double($0 - middle)) }
    stepsPerYear = Double(points) / 2 / years
    payoff = spots.map { max(0, contract.type.sign * ($0 - contract.strike)) }
    values = spots.map { Self.averaged(contract, $0, step) }
  }

  /// The payoff averaged over a cell of ln S; away from the strike its value there.
  private static func averaged(_ contract: AmericanContract, _ spot: Double, _ step: Double) -> Double {
    let place = Elementary.log(contract.strike / spot) / step
    guard abs(place) < 0.5 else { return max(0, contract.type.sign * (spot - contract.strike)) }
    // ∫ (S e^y − K) dy over the side of the strike that pays.
    let (from, to) =
      contract.type == .call ? (place * step, 0.5 * step) : (-0.5 * step, place * step)
    let area = spot * (Elementary.exp(to) - Elementary.exp(from)) - contract.strike * (to - from)
    return contract.type.sign * area / step
  }

  /// Marches from expiry to today.
  mutating func solve(_ dividends: [DiscreteDividend]) throws(LinearAlgebraError) -> GridValue {
    var now = contract.timeToExpiry
    for dividend in dividends.reversed() {
      try march(years: now - dividend.time)
      pay(dividend)
      now = dividend.time
    }
    try march(years: now)
    return today
  }

  /// At an ex-date the option on S before is the option on what is left after; or exercise before it.
  private mutating func pay(_ dividend: DiscreteDividend) {
    let old = values
    let low = Elementary.log(spots.first ?? 1)
    values = spots.indices.map { index in
      let after = dividend.after(spots[index])
      let place = after > 0 ? (Elementary.log(after) - low) / step : 0
      let kept = Self.cubic(old, at: place)
      return isAmerican ? max(kept, payoff[index]) : kept
    }
  }

  /// Lagrange's cubic through the four nearest nodes; the first node below the grid.
  private static func cubic(_ y: [Double], at place: Double) -> Double {
    guard place > 0, y.count >= 4 else { return y.first ?? 0 }
    let base = min(max(Int(exactly: place.rounded(.down)) ?? 0, 1), y.count - 3)
    let t = place - Double(base)
    let (a, b) = (y[base - 1], y[base])
    let (c, d) = (y[base + 1], y[base + 2])
    return -a * t * (t - 1) * (t - 2) / 6 + b * (t + 1) * (t - 1) * (t - 2) / 2
      - c * (t + 1) * t * (t - 2) / 2 + d * (t + 1) * t * (t - 1) / 6
  }

  /// The operator L of V_τ = L V, as its three diagonals; at the ends V_SS = 0.
  private var operators: (lower: [Double], diagonal: [Double], upper: [Double]) {
    let count = spots.count
    let variance = contract.volatility * contract.volatility
    let carry = contract.rate - contract.dividendYield
    let drift = carry - variance / 2
    let down = variance / (2 * step * step) - drift / (2 * step)
    let up = variance / (2 * step * step) + drift / (2 * step)
    var lower = [Double](repeating: down, count: count - 1)
    var diagonal = [Double](repeating: -down - up - contract.rate, count: count)
    var upper = [Double](repeating: up, count: count - 1)
    upper[0] = carry / step
    diagonal[0] = -carry / step - contract.rate
    lower[count - 2] = -carry / step
    diagonal[count - 1] = carry / step - contract.rate
    return (lower, diagonal, upper)
  }

  private mutating func march(years: Double) throws(LinearAlgebraError) {
    guard years > 0 else { return }
    let count = max(8, Int(exactly: (years * stepsPerYear).rounded(.up)) ?? 8)
    let gamma = 2 - 2.0.squareRoot()
    let weight = gamma / 2 * years / Double(count)
    let (lower, diagonal, upper) = operators
    let system = Stage(
      lower: lower.map { -weight * $0 }, diagonal: diagonal.map { 1 - weight * $0 },
      upper: upper.map { -weight * $0 })
    let free = try TridiagonalFactor(lower: system.lower, diagonal: system.diagonal, upper: system.upper)
    let (share, rest) = (1 / (gamma * (2 - gamma)), (1 - gamma) * (1 - gamma) / (gamma * (2 - gamma)))
    for _ in 0..<count {
      let old = values
      var right = old.indices.map { i in
        var sum = (1 + weight * diagonal[i]) * old[i]
        if i > 0 { sum += weight * lower[i - 1] * old[i - 1] }
        if i < old.count - 1 { sum += weight * upper[i] * old[i + 1] }
        return sum
      }
      let between = try solved(system, free, &right)
      var second = old.indices.map { share * between[$0] - rest * old[$0] }
      values = try solved(system, free, &second)
    }
  }

  private struct Stage {
    let lower: [Double]
    let diagonal: [Double]
    let upper: [Double]
  }

  /// One stage; with early exercise the policy is iterated until no row changes.
  private func solved(
    _ stage: Stage, _ free: TridiagonalFactor, _ right: inout [Double]
  ) throws(LinearAlgebraError) -> [Double] {
    guard isAmerican else {
      free.solve(&right)
      return right
    }
    // Yesterday's region is a good first guess: it moves by a node or two.
    var exercised = values.indices.map { payoff[$0] > 0 && values[$0] <= payoff[$0] }
    var solution = right
    for _ in 0..<20 {
      solution = try constrained(stage, exercised, right)
      var changed = false
      for i in solution.indices where payoff[i] > 0 {
        let best: Bool
        if exercised[i] {
          // Exercise stays best where waiting there would not earn: the residual of the equation.
          var residual = stage.diagonal[i] * solution[i] - right[i]
          if i > 0 { residual += stage.lower[i - 1] * solution[i - 1] }
          if i < solution.count - 1 { residual += stage.upper[i] * solution[i + 1] }
          best = residual >= -1e-14 * contract.strike
        } else {
          best = solution[i] < payoff[i]
        }
        if best != exercised[i] {
          exercised[i] = best
          changed = true
        }
      }
      if !changed { break }
    }
    return zip(solution, payoff).map { max($0, $1) }
  }

  private func constrained(
    _ stage: Stage, _ exercised: [Bool], _ right: [Double]
  ) throws(LinearAlgebraError) -> [Double] {
    var (lower, diagonal, upper) = (stage.lower, stage.diagonal, stage.upper)
    var solution = right
    for i in exercised.indices where exercised[i] {
      if i > 0 { lower[i - 1] = 0 }
      if i < upper.count { upper[i] = 0 }
      diagonal[i] = 1
      solution[i] = payoff[i]
    }
    try TridiagonalFactor(lower: lower, diagonal: diagonal, upper: upper).solve(&solution)
    return solution
  }

  /// The figures at the node of the spot, derivatives of fourth order.
  private var today: GridValue {
    let v = values[middle]
    let (low, high) = (values[middle - 1], values[middle + 1])
    let (low2, high2) = (values[middle - 2], values[middle + 2])
    let first = (8 * (high - low) - (high2 - low2)) / (12 * step)
    let second = (16 * (high + low - 2 * v) - (high2 + low2 - 2 * v)) / (12 * step * step)
    let spot = contract.spot
    let delta = first / spot
    let gamma = (second - first) / (spot * spot)
    let variance = contract.volatility * contract.volatility
    let carry = contract.rate - contract.dividendYield
    let theta = contract.rate * v - carry * first - variance * (second - first) / 2
    return GridValue(price: v, delta: delta, gamma: gamma, theta: theta)
  }
}
