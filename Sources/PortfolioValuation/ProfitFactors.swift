import MarketModel
import OptionPricing
public import RiskNumerics

/// Profit and loss between two markets, by what moved, base currency.
///
/// The order is fixed and each step is a full revaluation: balances at their new spots; forwards, marks and spots
/// of positions, volatility and time as they were; then the new volatilities; then the new time to expiry; then the
/// new discount factors. So the parts sum to the whole without a rest, and what two moves do together stands with
/// the later one.
public struct ProfitFactors: Hashable, Sendable {
  /// Coins and cash that are held, at their new spots.
  public var balances = 0.0
  /// Delta, gamma and everything beyond them; futures and perpetuals altogether.
  public var forward = 0.0
  public var volatility = 0.0
  public var time = 0.0
  public var rates = 0.0

  /// No profit.
  public init() {}

  /// The sum, from left to right.
  public var total: Double { balances + forward + volatility + time + rates }

  /// Adds another part of a book.
  public static func += (sum: inout ProfitFactors, term: ProfitFactors) {
    sum.balances += term.balances
    sum.forward += term.forward
    sum.volatility += term.volatility
    sum.time += term.time
    sum.rates += term.rates
  }
}

/// Where an option ends: on another market, or at its settlement price.
public enum OptionEnd: Sendable {
  case alive(ResolvedInstrument)
  /// It expired at a price of its quote asset; `perUnit` is the base value, at the end of the step, of one quote unit of
  /// payoff of one contract, as it was paid.
  case settled(price: Double, perUnit: Double)
}

/// One option's unit on the way from one market to another, base currency.
public struct OptionSteps: Hashable, Sendable {
  public let start: Double
  /// With the new forward and spot.
  public let moved: Double
  /// With the new volatility too.
  public let revolved: Double
  /// With the new time to expiry too.
  public let aged: Double
  /// With the new discount factor too: the value on the new market.
  public let end: Double

  /// The profit of a quantity.
  public func profit(quantity: Double) -> ProfitFactors {
    var factors = ProfitFactors()
    factors.forward = quantity * (moved - start)
    factors.volatility = quantity * (revolved - moved)
    factors.time = quantity * (aged - revolved)
    factors.rates = quantity * (end - aged)
    return factors
  }

  /// Revalues options step by step.
  ///
  /// American options are priced as such at each step, with the spot moved in place of the forward; what their yields
  /// do stands with the rates.
  /// - Parameters:
  ///   - starts: options on the first market, with their units.
  ///   - ends: one entry an option.
  /// - Complexity: three prices an option, shared by the team.
  public static func steps(
    from starts: [ResolvedInstrument], to ends: [OptionEnd], team: ThreadTeam
  ) -> [OptionSteps] {
    let count = min(starts.count, ends.count)
    let size = 512
    let chunks = team.map(count: (count + size - 1) / size) { chunk -> [OptionSteps] in
      let range = chunk * size..<min((chunk + 1) * size, count)
      return steps(starts[range], ends[range])
    }
    return chunks.flatMap { $0 }
  }

  private static func steps(
    _ starts: ArraySlice<ResolvedInstrument>, _ ends: ArraySlice<OptionEnd>
  ) -> [OptionSteps] {
    var columns = StepColumns()
    for (start, end) in zip(starts, ends) { columns.append(start, end) }
    let values = columns.values()
    return zip(starts, ends).enumerated().map { place, pair in
      let (start, end) = pair
      let formula = StepPrices(
        moved: values[3 * place], revolved: values[3 * place + 1], aged: values[3 * place + 2],
        end: columns.finals[place])
      guard case .alive(let option) = end else { return formula.steps(from: start.unit, to: formula.end) }
      return (StepPrices.american(start, option) ?? formula).steps(from: start.unit, to: option.unit)
    }
  }
}

/// The prices of one option on its way, by one pricer.
private struct StepPrices {
  var moved: Double
  var revolved: Double
  var aged: Double
  var end: Double

  /// The way to a value: what its maker knows beyond this pricer stays out of the differences.
  func steps(from start: Double, to value: Double) -> OptionSteps {
    func shifted(_ price: Double) -> Double { price == end ? value : price + (value - end) }
    return OptionSteps(
      start: start, moved: shifted(moved), revolved: shifted(revolved), aged: shifted(aged), end: value)
  }

  /// With early exercise, where the option is American on both markets; nil elsewhere and where it has no price.
  ///
  /// By the way its unit is priced, a European value and the premium of exercise: what is left of one factor where
  /// another alone moved is rounding.
  static func american(_ start: ResolvedInstrument, _ end: ResolvedInstrument) -> StepPrices? {
    guard start.isAmerican, end.isAmerican, end.quoteSpot > 0 else { return nil }
    let scale = end.quoteSpot * end.multiplier
    let spot = end.spot / end.quoteSpot
    func price(
      _ years: Double, _ volatility: Double, _ rates: ResolvedInstrument
    ) throws(PricingError) -> Double {
      let european = try BlackScholes.value(
        type: end.isCall ? .call : .put, spot: spot, strike: end.strike, timeToExpiry: years,
        volatility: volatility, rate: rates.rate, dividendYield: rates.impliedYield)
      guard let premium = rates.exercisePremium(volatility: volatility, years: years) else {
        return scale * max(european, end.isCall ? spot - end.strike : end.strike - spot)
      }
      return premium.value(european: scale * european, spot: spot, scale: scale)
    }
    do throws(PricingError) {
      return StepPrices(
        moved: try price(start.timeToExpiry, start.volatility, start),
        revolved: try price(start.timeToExpiry, end.volatility, start),
        aged: try price(end.timeToExpiry, end.volatility, start),
        end: try price(end.timeToExpiry, end.volatility, end))
    } catch {
      return nil
    }
  }
}

/// The arguments of the three intermediate prices of each option, for one call of the kernel.
private struct StepColumns {
  private var forward: [Double] = []
  private var strike: [Double] = []
  private var deviation: [Double] = []
  private var sign: [Double] = []
  private var scale: [Double] = []
  /// The last price of each option: by the formula where it lives, its payoff where it was settled.
  var finals: [Double] = []
  private var lastScale: [(option: Int, factor: Double)] = []

  mutating func append(_ start: ResolvedInstrument, _ end: OptionEnd) {
    let root = start.timeToExpiry.squareRoot()
    switch end {
    case .alive(let option):
      // An unchanged discount factor leaves the scale as it is, to the bit.
      let isSame = option.discount == start.discount || option.discount <= 0
      let held = isSame ? option.scale : option.scale / option.discount * start.discount
      add(option.forward, start, start.volatility * root, held)
      add(option.forward, start, option.volatility * root, held)
      add(option.forward, start, option.volatility * option.timeToExpiry.squareRoot(), held)
      lastScale.append((lastScale.count, held > 0 ? option.scale / held : 1))
    case .settled(let price, let perUnit):
      let held = perUnit * start.discount
      add(price, start, start.volatility * root, held)
      add(price, start, start.volatility * root, held)
      add(price, start, 0, held)
      lastScale.append((lastScale.count, start.discount > 0 ? 1 / start.discount : 1))
    }
  }

  private mutating func add(
    _ forward: Double, _ option: ResolvedInstrument, _ deviation: Double, _ scale: Double
  ) {
    self.forward.append(forward)
    strike.append(option.strike)
    self.deviation.append(deviation)
    sign.append(option.isCall ? 1 : -1)
    self.scale.append(scale)
  }

  mutating func values() -> [Double] {
    var result = [Double](repeating: 0, count: forward.count)
    price(into: &result)
    finals = lastScale.map { result[3 * $0.option + 2] * $0.factor }
    return result
  }

  private func price(into result: inout [Double]) {
    var span = result.mutableSpan
    BlackKernels.values(
      forward: forward.span, strike: strike.span, standardDeviation: deviation.span, sign: sign.span,
      scale: scale.span, into: &span)
  }
}
