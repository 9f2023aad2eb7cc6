import MarketModel
import PortfolioValuation
import RiskNumerics

/// How the base value of one contract of an option answers to moves of its market.
struct OptionSensitivity: Hashable, Sendable {
  /// dV/d ln S: base value of the delta.
  var delta = 0.0
  /// S²·d²V/dS².
  var gamma = 0.0
  /// dV/dσ, a 1.00 of volatility.
  var vega = 0.0
  /// What is lost or won while time passes and the market stands still.
  var decay = 0.0
}

/// The sensitivities of every option in every state, in closed form.
///
/// Black-76 with everything proportional to spot moving at once: for V = scale·[F·N(d₁) − K·N(d₂)],
/// dV/d ln S = scale·F·N(d₁) (less scale·F for a put), S²·d²V/dS² = scale·F·φ(d₁)/(σ√T), dV/dσ = scale·F·φ(d₁)·√T.
/// Inside a settlement window only the open part u of the forward moves: delta × u, gamma × u². A coin-settled option
/// counts at its base value.
struct OptionSensitivities: Sendable {
  /// First entry of each instrument, one entry a state; nil where it is no option that is margined.
  let start: [Int?]
  let entries: [OptionSensitivity]
  private let states: [MarketState]
  private let window: Double
  private let elapsedSeconds: Double

  /// - Complexity: options × states, spread over the team.
  init(
    of context: MarginContext, isSupported: [Bool], states: [MarketState], settlementWindow: Double,
    elapsedSeconds: Double, team: ThreadTeam
  ) {
    self.states = states
    window = settlementWindow
    self.elapsedSeconds = elapsedSeconds
    var start = [Int?](repeating: nil, count: context.instruments.count)
    var options: [ResolvedInstrument] = []
    for (place, instrument) in context.instruments.enumerated() where isSupported[place] {
      guard let instrument, instrument.kind == .option else { continue }
      start[place] = options.count * states.count
      options.append(instrument)
    }
    self.start = start
    let priced = options
    entries = team.map(count: priced.count) { place in
      Self.row(of: priced[place], states: states, window: settlementWindow, elapsedSeconds: elapsedSeconds)
    }.flatMap { $0 }
  }

  /// The sensitivities of one option in one state outside the list.
  func entry(of option: ResolvedInstrument, in state: MarketState) -> OptionSensitivity {
    Self.row(of: option, states: [state], window: window, elapsedSeconds: elapsedSeconds).first
      ?? OptionSensitivity()
  }

  private static func row(
    of option: ResolvedInstrument, states: [MarketState], window: Double, elapsedSeconds: Double
  ) -> [OptionSensitivity] {
    let seconds = Double(option.secondsToExpiry)
    let strike = max(option.strike, .leastNormalMagnitude)
    let moneyness = Elementary.log(strike / max(option.forward, .leastNormalMagnitude))
    let root = option.timeToExpiry.squareRoot()
    let left = seconds > 0 ? (max(seconds - elapsedSeconds, 0) / seconds).squareRoot() : 1
    let open = option.openPart(window: window)
    return states.map { state in
      let forward = max(option.forward * state.spotMultiplier, .leastNormalMagnitude)
      let volatility = state.volatility.shocked(
        volatility: option.volatility, seconds: seconds, logMoneyness: moneyness)
      let deviation = volatility * root
      var found = OptionSensitivity()
      guard deviation > 0 else {
        let inside = (option.isCall ? forward > strike : forward < strike) ? 1.0 : 0
        found.delta = (option.isCall ? inside : -inside) * option.scale * forward * open
        return found
      }
      let d1 = Elementary.log(forward / strike) / deviation + deviation / 2
      let call = Elementary.normalDistribution(d1)
      let density = option.scale * forward * Elementary.normalDensity(d1)
      found.delta = option.scale * forward * (option.isCall ? call : call - 1) * open
      found.gamma = density / deviation * open * open
      found.vega = density * root
      if elapsedSeconds > 0 {
        // The same contract with less time to run is the same price at less deviation.
        found.decay =
          option.scale
          * (undiscounted(forward, strike, deviation * left, isCall: option.isCall)
            - undiscounted(forward, strike, deviation, isCall: option.isCall))
      }
      return found
    }
  }

  /// Black-76 without discount.
  private static func undiscounted(
    _ forward: Double, _ strike: Double, _ deviation: Double, isCall: Bool
  ) -> Double {
    let side: Double = isCall ? 1 : -1
    guard deviation > 0 else { return max(side * (forward - strike), 0) }
    let d1 = Elementary.log(forward / strike) / deviation + deviation / 2
    return side
      * (forward * Elementary.normalDistribution(side * d1)
        - strike * Elementary.normalDistribution(side * (d1 - deviation)))
  }
}
