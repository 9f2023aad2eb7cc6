public import MarketModel
import RiskNumerics

/// European options on a spot that jumps.
///
/// ln S diffuses at volatility σ and jumps at Poisson times by normal sizes; the drift makes the forward that of rate and
/// yield. Given n jumps the spot is lognormal, so the value is Σ P(n)·Black(Fₙ, √(σ²T + nδ²)) with
/// Fₙ = F·e^(n(μ + ½δ²) − λκT) and κ = e^(μ + ½δ²) − 1. Source: Merton, "Option pricing when underlying stock returns are
/// discontinuous", Journal of Financial Economics 3 (1976), equation 16.
public enum MertonJumpDiffusion {
  /// The jumps of ln S.
  public struct Jumps: Hashable, Sendable {
    /// λ, mean number a year; ≥ 0.
    public var perYear: Double
    /// μ, mean of one jump.
    public var mean: Double
    /// δ, standard deviation of one jump; ≥ 0.
    public var deviation: Double

    /// Jumps from their rate and size.
    public init(perYear: Double, mean: Double, deviation: Double) {
      self.perYear = perYear
      self.mean = mean
      self.deviation = deviation
    }
  }

  /// The most jumps in the mean, λT and λT(1 + κ), for which the series is summed.
  public static let mostJumps = 500.0

  /// The value of one option on one unit.
  ///
  /// - Parameters:
  ///   - spot: quote asset; > 0.
  ///   - timeToExpiry: years; ≥ 0.
  ///   - volatility: of the diffusion alone, annual; ≥ 0.
  ///   - rate, dividendYield: continuously compounded a year.
  /// - Returns: within some 1e-15 of the spot plus the strike.
  /// - Throws: as `Black76.value`; `notRepresentable` where the jumps are not finite, negative, or more than `mostJumps`.
  /// - Complexity: O(λT(1 + κ) + √(λT) + 20) values of Black's formula.
  public static func value(
    type: OptionType, spot: Double, strike: Double, timeToExpiry: Double, volatility: Double, rate: Double,
    dividendYield: Double, jumps: Jumps
  ) throws(PricingError) -> Double {
    let size = jumps.mean + 0.5 * jumps.deviation * jumps.deviation
    let gain = Elementary.expMinusOne(size)
    let mean = jumps.perYear * timeToExpiry
    let tilted = mean * (1 + gain)
    guard jumps.perYear >= 0, jumps.deviation >= 0, gain.isFinite, mean <= mostJumps, tilted <= mostJumps
    else { throw .notRepresentable(figure: "price") }
    let forward = spot * Elementary.exp((rate - dividendYield) * timeToExpiry - mean * gain)
    var weight = Elementary.exp(-mean)
    // The same Poisson weights under the spot's own measure, by which the tail of the call is cut.
    var tiltedWeight = Elementary.exp(-tilted)
    var sum = 0.0
    var n = 0.0
    while true {
      let variance = volatility * volatility * timeToExpiry + n * jumps.deviation * jumps.deviation
      let own = timeToExpiry > 0 ? (variance / timeToExpiry).squareRoot() : 0
      sum +=
        weight
        * (try Black76.value(
          type: type, forward: forward * Elementary.exp(n * size), strike: strike, timeToExpiry: timeToExpiry,
          volatility: own, rate: rate))
      n += 1
      weight *= mean / n
      tiltedWeight *= tilted / n
      if n > max(mean, tilted), max(weight, tiltedWeight) < 0x1p-60 { return sum }
    }
  }
}
