import RiskNumerics

/// A move of volatility that grows as expiry comes near: vol × (1 + range × (30 days / max(T, floor))^p).
///
/// Source: the scenario tables of Derive and Deribit portfolio margin; p differs below and above 30 days.
public struct PowerLawShock: Hashable, Sendable {
  /// Relative move at 30 days; negative for a fall.
  public var range: Double
  /// Power up to 30 days.
  public var shortTermPower: Double
  /// Power beyond 30 days.
  public var longTermPower: Double
  /// Days below which the move grows no further; > 0.
  public var floorDays: Double
  /// The shocked volatility is at least this; 0 for a fall.
  public var minimum: Double

  /// A shock from its parameters.
  public init(
    range: Double, shortTermPower: Double, longTermPower: Double, floorDays: Double, minimum: Double
  ) {
    self.range = range
    self.shortTermPower = shortTermPower
    self.longTermPower = longTermPower
    self.floorDays = floorDays
    self.minimum = minimum
  }
}

/// A bend of the smile around the forward: vol × (1 + clip(k·cap/k*, −cap, cap)), k = ln(K/F) or |ln(K/F)|.
///
/// Source: the skew scenarios of the Derive portfolio manager (second version). With T in years,
/// cap = baseCap + slope·√T and k* = max(minimumWidth, √T·widthScale·(static + scale·√T)).
public struct SkewShock: Hashable, Sendable {
  /// Whether both wings move up together instead of one up and one down.
  public var isAbsolute: Bool
  public var baseCap: Double
  /// Per square root of a year.
  public var slope: Double
  public var minimumWidth: Double
  public var widthScale: Double
  public var volatilityStatic: Double
  /// Per square root of a year.
  public var volatilityScale: Double

  /// A shock from its parameters.
  public init(
    isAbsolute: Bool, baseCap: Double, slope: Double, minimumWidth: Double, widthScale: Double,
    volatilityStatic: Double, volatilityScale: Double
  ) {
    self.isAbsolute = isAbsolute
    self.baseCap = baseCap
    self.slope = slope
    self.minimumWidth = minimumWidth
    self.widthScale = widthScale
    self.volatilityStatic = volatilityStatic
    self.volatilityScale = volatilityScale
  }
}

/// A volatility scan after some time has passed: (vol × (1 + relative) + points) × √((T − elapsed) / T).
///
/// The root takes the time that passes out of the total deviation, so that one price serves volatility and time;
/// forward and discounting stay those of today. Source: CME Group, "SPAN Methodology", volatility scan range and
/// look-ahead time.
public struct VolatilityScan: Hashable, Sendable {
  /// Relative move.
  public var relative: Double
  /// Move in annual volatility.
  public var points: Double
  /// Seconds that pass, ≥ 0; at expiry nothing is left but the payoff.
  public var elapsed: Double

  /// A scan from its moves.
  public init(relative: Double, points: Double, elapsed: Double) {
    self.relative = relative
    self.points = points
    self.elapsed = elapsed
  }
}

/// How a market state moves the volatility of an option.
public enum VolatilityShock: Hashable, Sendable {
  case none
  /// vol × (1 + move); move > −1.
  case relative(Double)
  case powerLaw(PowerLawShock)
  case skew(SkewShock)
  case scan(VolatilityScan)

  /// The shocked volatility of one option; finite and not negative for finite input.
  ///
  /// - Parameters:
  ///   - volatility: annual, ≥ 0.
  ///   - seconds: to expiry, ≥ 0.
  ///   - logMoneyness: ln(K/F), with the forward at which the option is priced before this shock.
  public func shocked(volatility: Double, seconds: Double, logMoneyness: Double) -> Double {
    atExpiry(seconds: seconds).applied(to: volatility, logMoneyness: logMoneyness)
  }

  /// The shock with everything worked out that depends on the expiry alone.
  func atExpiry(seconds: Double) -> VolatilityShockAtExpiry {
    switch self {
    case .none:
      return .scale(1, minimum: 0)
    case .relative(let move):
      return .scale(max(0, 1 + move), minimum: 0)
    case .powerLaw(let shock):
      let day = 86_400.0
      let month = 30 * day
      let power = seconds <= month ? shock.shortTermPower : shock.longTermPower
      let growth = Elementary.power(month / max(seconds, shock.floorDays * day), power)
      return .scale(max(0, 1 + shock.range * growth), minimum: shock.minimum)
    case .skew(let shock):
      let root = (seconds / 31_536_000).squareRoot()
      let cap = shock.baseCap + shock.slope * root
      let breadth = root * shock.widthScale * (shock.volatilityStatic + shock.volatilityScale * root)
      return .bend(
        cap: cap, width: max(shock.minimumWidth, breadth), isAbsolute: shock.isAbsolute)
    case .scan(let scan):
      let left = seconds > 0 ? max(0, seconds - scan.elapsed) / seconds : 0
      let root = left.squareRoot()
      return .line(factor: max(0, 1 + scan.relative) * root, points: scan.points * root)
    }
  }
}

/// A volatility shock of one expiry: what is left depends on volatility and moneyness.
enum VolatilityShockAtExpiry {
  case scale(Double, minimum: Double)
  case bend(cap: Double, width: Double, isAbsolute: Bool)
  case line(factor: Double, points: Double)

  func applied(to volatility: Double, logMoneyness: Double) -> Double {
    switch self {
    case .scale(let factor, let minimum):
      return max(volatility * factor, minimum)
    case .bend(let cap, let width, let isAbsolute):
      let k = isAbsolute ? abs(logMoneyness) : logMoneyness
      // One clip a wing, as the manager does it: a cap may be negative at long expiries, and a clip on
      // both sides of a negative cap would contradict itself.
      let bend = k >= 0 ? min(k * cap / width, cap) : max(k * cap / width, -cap)
      return volatility * max(1 + bend, 0)
    case .line(let factor, let points):
      return max(volatility * factor + points, 0)
    }
  }
}
