import MarketModel
public import RiskNumerics

extension AmericanPricing {
  /// The value of one option and its derivatives: the 17 figures of `OptionGreeks`.
  ///
  /// Delta, gamma, speed and the fourth derivative are those of the premium integral, whose boundary does not
  /// depend on the spot. Theta, charm, color and veta follow from them by the Black–Scholes–Merton equation,
  /// dual delta and dual gamma by homogeneity. Vega, volga, ultima, rho, rho_q, vanna and zomma are central
  /// differences of fourth order (ultima second) of values and derivatives along the volatility and the rates.
  ///
  /// - Returns: raw derivatives, per 1.00 of volatility and rate, time derivatives a year of calendar time.
  ///   Relative to a strike of 1 and σ√T of 0.2, errors are about 1e-8 (delta), 1e-7 (vega, rho, rho_q; 1e-3 at r = q), 1e-6
  ///   (gamma, vanna) and 1e-4 (third derivatives); nearer to the boundary than 1e-3 σ√T gamma and higher figures are
  ///   those of the nearest resolved spot at best. Where the option is exercised at once: delta ±1, dual
  ///   delta ∓1, all else 0.
  /// - Throws: as `value`; `notRepresentable` for a figure that is no number.
  /// - Complexity: 13 options of the accurate scheme in one batch.
  public static func greeks(
    _ contract: AmericanContract, scheme: AmericanScheme = .accurate
  ) throws(PricingError) -> OptionGreeks {
    guard let result = greeks(of: [contract], scheme: scheme).first else { return OptionGreeks() }
    return try result.get()
  }

  /// The Greeks of many options in one batch, or the argument that is out of its range; see `greeks`.
  public static func greeks(
    of contracts: [AmericanContract], scheme: AmericanScheme = .accurate
  ) -> [Result<OptionGreeks, PricingError>] {
    var stencils: [Int: AmericanStencil] = [:]
    var batch = PutBatch()
    for (row, contract) in contracts.enumerated() {
      do throws(PricingError) { try contract.check() } catch { continue }
      let put = contract.scaledPut
      if put.isSearched { stencils[row] = AmericanStencil(put: put, into: &batch) }
    }
    let solution = batch.solve(scheme: scheme, derivatives: true)
    return contracts.enumerated().map { row, contract in
      Result { () throws(PricingError) in
        guard let stencil = stencils[row] else { return try other(contract, scheme: scheme) }
        if stencil.isExercised(in: solution) { return exercised(contract) }
        return try stencil.greeks(contract, in: solution).checked()
      }
    }
  }

  /// The Greeks of an option without a single boundary.
  private static func other(
    _ contract: AmericanContract, scheme: AmericanScheme
  ) throws(PricingError) -> OptionGreeks {
    try contract.check()
    guard contract.scaledPut.kind == .european else { return try differences(contract, scheme: scheme) }
    let greeks = try europeanGreeks(contract)
    return contract.intrinsic > greeks.price ? exercised(contract) : greeks
  }

  /// What a holder has who exercises now.
  private static func exercised(_ contract: AmericanContract) -> OptionGreeks {
    var greeks = OptionGreeks()
    greeks.price = contract.intrinsic
    greeks.delta = contract.type.sign
    greeks.dualDelta = -contract.type.sign
    greeks.rhoQ = 0
    return greeks
  }

  static func europeanGreeks(_ contract: AmericanContract) throws(PricingError) -> OptionGreeks {
    try BlackScholes.greeks(
      type: contract.type, spot: contract.spot, strike: contract.strike, timeToExpiry: contract.timeToExpiry,
      volatility: contract.volatility, rate: contract.rate, dividendYield: contract.dividendYield)
  }

  /// The kinds without a boundary of their own: first and second derivatives as differences of values.
  private static func differences(
    _ contract: AmericanContract, scheme: AmericanScheme
  ) throws(PricingError) -> OptionGreeks {
    let price = try value(contract, scheme: scheme)
    // No time or no asset: the European limits, which know the step and its middle.
    if contract.timeToExpiry == 0 || contract.spot == 0 || contract.strike == 0 {
      var greeks = try europeanGreeks(contract)
      greeks.price = price
      if greeks.rhoQ == nil { greeks.rhoQ = 0 }
      return greeks
    }
    if price == contract.intrinsic, price > 0 { return exercised(contract) }
    var greeks = OptionGreeks()
    greeks.price = price
    func change(_ path: WritableKeyPath<AmericanContract, Double>, _ step: Double) throws(PricingError)
      -> (Double, Double)
    {
      var up = contract
      var down = contract
      up[keyPath: path] += step
      down[keyPath: path] -= step
      let high = try value(up, scheme: scheme)
      let low = try value(down, scheme: scheme)
      return ((high - low) / (2 * step), (high - 2 * price + low) / (step * step))
    }
    (greeks.delta, greeks.gamma) = try change(\.spot, 1e-3 * contract.spot)
    (greeks.rho, _) = try change(\.rate, 1e-4)
    let (rhoQ, _) = try change(\.dividendYield, 1e-4)
    greeks.rhoQ = rhoQ
    if contract.volatility > 0 {
      (greeks.vega, greeks.volga) = try change(\.volatility, 1e-2 * contract.volatility)
    }
    let carry = (contract.rate - contract.dividendYield) * contract.spot
    let variance = contract.volatility * contract.spot
    greeks.theta =
      contract.rate * price - carry * greeks.delta - variance * variance * greeks.gamma / 2
    greeks.dualDelta = (price - contract.spot * greeks.delta) / contract.strike
    let ratio = contract.spot / contract.strike
    greeks.dualGamma = ratio * ratio * greeks.gamma
    return try greeks.checked()
  }
}

/// One put with its neighbours in deviation, rate and yield in a batch.
struct AmericanStencil {
  private let put: ScaledPut
  private let steps: (deviation: Double, rate: Double, yield: Double)
  private let first: Int

  /// Appends 13 rows: 0 the put itself; 1–4 deviation −2 −1 +1 +2 steps; 5–8 rate; 9–12 yield.
  init(put: ScaledPut, into batch: inout PutBatch) {
    self.put = put
    first = batch.rows.count
    let v = put.deviation
    // A rate stays above 0, where early exercise would end. Where rate and yield are equal the boundary
    // changes its form and the value bends sharply in both: small steps there.
    let apart = max(0.05 * abs(put.rate - put.yield), 1e-3 * v)
    let yieldStep = min(0.01 * v, apart)
    // Between two boundaries q < r < 0 has to stay so.
    let room = put.kind == .double ? 0.2 * min(-put.rate, put.rate - put.yield) : .infinity
    let rateStep = put.rate > 0 ? min(yieldStep, 0.2 * put.rate) : min(yieldStep, room)
    steps = (0.02 * v, rateStep, min(yieldStep, room))
    batch.append(put, row: 0)
    for axis in 0..<3 {
      for offset in [-2.0, -1, 1, 2] {
        batch.append(
          put.moved(
            deviation: axis == 0 ? offset * steps.deviation : 0, rate: axis == 1 ? offset * steps.rate : 0,
            yield: axis == 2 ? offset * steps.yield : 0), row: 0)
      }
    }
  }

  func isExercised(in solution: PutBatch.Solution) -> Bool { put.moneyness <= solution.boundaries[first] }

  /// The value (order 0) or its derivative in the moneyness, in row.
  private func figure(_ order: Int, _ row: Int, _ solution: PutBatch.Solution) -> Double {
    let place = first + row
    if solution.boundaries[place] >= put.moneyness {
      return order == 0 ? 1 - put.moneyness : order == 1 ? -1 : 0
    }
    return order == 0
      ? solution.values[place] : solution.derivatives[(order - 1) * solution.values.count + place]
  }

  /// First and second difference of fourth order, third of second order, along an axis from `row`.
  private func difference(
    _ order: Int, from row: Int, step: Double, _ solution: PutBatch.Solution
  ) -> (Double, Double, Double) {
    let low2 = figure(order, row, solution)
    let low = figure(order, row + 1, solution)
    let high = figure(order, row + 2, solution)
    let high2 = figure(order, row + 3, solution)
    let middle = figure(order, 0, solution)
    return (
      (8 * (high - low) - (high2 - low2)) / (12 * step),
      (16 * (high + low - 2 * middle) - (high2 + low2 - 2 * middle)) / (12 * step * step),
      ((high2 - low2) - 2 * (high - low)) / (2 * step * step * step)
    )
  }

  /// All figures of a contract in the continuation region.
  func greeks(_ contract: AmericanContract, in solution: PutBatch.Solution) -> OptionGreeks {
    let time = contract.timeToExpiry
    let root = time.squareRoot()
    let scale = put.scale
    var g = OptionGreeks()
    g.price = max(contract.intrinsic, scale * figure(0, 0, solution))
    let (f1, f2) = (figure(1, 0, solution), figure(2, 0, solution))
    let (f3, f4) = (figure(3, 0, solution), figure(4, 0, solution))
    let value = difference(0, from: 1, step: steps.deviation, solution)
    let slope = difference(1, from: 1, step: steps.deviation, solution)
    let bend = difference(2, from: 1, step: steps.deviation, solution)
    let (byRate, _, _) = difference(0, from: 5, step: steps.rate, solution)
    let (byYield, _, _) = difference(0, from: 9, step: steps.yield, solution)
    g.vega = scale * root * value.0
    g.volga = scale * time * value.1
    g.ultima = scale * time * root * value.2
    let m = put.moneyness
    let fourth: Double
    if contract.type == .put {
      g.delta = f1
      g.gamma = f2 / scale
      g.speed = f3 / (scale * scale)
      fourth = f4 / (scale * scale * scale)
      g.vanna = root * slope.0
      g.zomma = root * bend.0 / scale
      g.dualDelta = figure(0, 0, solution) - m * f1
      g.dualGamma = m * m * f2 / scale
      g.rho = scale * time * byRate
      g.rhoQ = scale * time * byYield
    } else {
      // V(S) = S·f(K/S): Δ = f − m f′, Γ = m² f″/S, and so on, m = K/S.
      let spot = scale
      g.delta = figure(0, 0, solution) - m * f1
      g.gamma = m * m * f2 / spot
      g.speed = -m * m * (3 * f2 + m * f3) / (spot * spot)
      fourth = m * m * (12 * f2 + 8 * m * f3 + m * m * f4) / (spot * spot * spot)
      g.vanna = root * (value.0 - m * slope.0)
      g.zomma = root * m * m * bend.0 / spot
      g.dualDelta = f1
      g.dualGamma = f2 / spot
      // The put of the symmetry has rate and yield exchanged.
      g.rho = scale * time * byYield
      g.rhoQ = scale * time * byRate
    }
    timeFigures(contract, fourth, &g)
    return g
  }

  /// Theta by the equation V_t + (r − q) S V_S + σ² S² V_SS/2 = r V, charm, color and veta by its derivatives.
  private func timeFigures(_ contract: AmericanContract, _ fourth: Double, _ g: inout OptionGreeks) {
    let spot = contract.spot
    let carry = contract.rate - contract.dividendYield
    let yield = contract.dividendYield
    let half = contract.volatility * contract.volatility / 2
    let square = spot * spot
    g.theta = contract.rate * g.price - carry * spot * g.delta - half * square * g.gamma
    g.charm = yield * g.delta - carry * spot * g.gamma - half * (2 * spot * g.gamma + square * g.speed)
    g.color =
      (yield - carry) * g.gamma - carry * spot * g.speed
      - half * (2 * g.gamma + 4 * spot * g.speed + square * fourth)
    g.veta =
      contract.rate * g.vega - carry * spot * g.vanna - half * square * g.zomma
      - contract.volatility * square * g.gamma
  }
}
