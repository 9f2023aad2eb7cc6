/// One named stress: a move of the whole market, to be valued in full.
///
/// Moves compose. `source` says where the spots go; `volatility`, `skew`, `basis`, `rates` and `days` hold for every
/// underlying beside it; `moves` replaces, for one underlying, what was said of all; `depeg` and `funding` come on top.
public struct StressScenario: Hashable, Sendable {
  /// Where the moves of the spots come from.
  public enum Source: Hashable, Sendable {
    /// One relative move of every spot, forward and mark; > -1.
    case all(Double)
    /// The moves of the history between two dates, by the prices on them or last before them.
    case history(from: Instant, to: Instant)
    /// The window of so many days in which the book would have lost most.
    case worstHistory(days: Int)
    /// A published move of the past.
    case preset(StressPreset)
    /// Every pair of a spot and a volatility move.
    case ladder(StressLadder)
    /// Moves of a number of standard deviations, with correlations that broke.
    case correlationBreak(CorrelationBreak)
  }

  public let name: Identifier
  public let source: Source
  /// Relative move of every volatility; > -1.
  public let volatility: Double
  /// Bend of every smile: volatilities times 1 + skew·ln(K/F), not below 0.
  public var skew = 0.0
  /// Relative move of forwards and marks beyond that of the spot; > -1.
  public var basis = 0.0
  /// Parallel shift of every rate curve, continuously compounded a year.
  public var rates = 0.0
  /// Days of 24 hours that pass; ≥ 0.
  public var days = 0.0
  /// What is said of single underlyings, each once.
  public var moves: [UnderlyingStress] = []
  public var depeg: Depeg?
  public var funding: FundingSpike?

  /// A stress of every underlying alike.
  public init(name: Identifier, spot: Double = 0, volatility: Double = 0) {
    self.init(name: name, source: .all(spot), volatility: volatility)
  }

  /// A stress from where its spots go.
  public init(name: Identifier, source: Source, volatility: Double = 0) {
    self.name = name
    self.source = source
    self.volatility = volatility
  }

  /// The two moves of a stress that is nothing but one move of every spot and one of every volatility; else nil.
  public var uniform: (spot: Double, volatility: Double)? {
    guard case .all(let spot) = source, skew == 0, basis == 0, rates == 0, days == 0, moves.isEmpty,
      depeg == nil, funding == nil
    else { return nil }
    return (spot, volatility)
  }
}

/// What a stress does to one underlying in place of what it does to all; nil leaves that as it is.
public struct UnderlyingStress: Hashable, Sendable {
  public let underlying: Identifier
  public var spot: Double?
  public var volatility: Double?
  public var skew: Double?
  public var basis: Double?

  /// What is said of an underlying.
  public init(
    underlying: Identifier, spot: Double? = nil, volatility: Double? = nil, skew: Double? = nil,
    basis: Double? = nil
  ) {
    self.underlying = underlying
    self.spot = spot
    self.volatility = volatility
    self.skew = skew
    self.basis = basis
  }
}

/// A grid of moves: every spot with every volatility.
public struct StressLadder: Hashable, Sendable {
  /// Relative moves, each > -1; not empty.
  public let spots: [Double]
  /// Relative moves, each > -1; not empty.
  public let volatilities: [Double]

  /// A grid from its two sides.
  public init(spots: [Double], volatilities: [Double]) {
    self.spots = spots
    self.volatilities = volatilities
  }

  /// Spot from -50 % to +50 % by volatility at -30 %, as it is, and +50 %.
  public static let standard = StressLadder(
    spots: [-0.5, -0.3, -0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.3, 0.5], volatilities: [-0.3, 0, 0.5])
}

/// Every underlying moves by so many standard deviations, in the signs of a broken correlation.
///
/// Which of the possible signs it is, is decided by the loss of the whole book.
public struct CorrelationBreak: Hashable, Sendable {
  /// Which correlation is put in place of the estimated one.
  public enum Pattern: String, Sendable, CaseIterable {
    /// +1: all up or all down, whichever loses more.
    case together
    /// -1 between `against` and the rest: one goes up where the others go down, or the other way round.
    case against
    /// 0: one underlying moves alone, the one and the way that lose most.
    case alone
    /// Any signs: those that lose most.
    case worstSigns = "worst_signs"
  }

  public var pattern: Pattern
  /// Standard deviations of the log price over the horizon; > 0.
  public var deviations: Double
  /// Days of 24 hours; > 0.
  public var horizonDays: Double
  /// Of the pattern `against`.
  public var against: Identifier?

  /// A break from its pattern.
  public init(
    pattern: Pattern, deviations: Double = 3, horizonDays: Double = 1, against: Identifier? = nil
  ) {
    self.pattern = pattern
    self.deviations = deviations
    self.horizonDays = horizonDays
    self.against = against
  }
}

/// A stable asset that falls from its peg while everything else keeps its price in the base currency.
public struct Depeg: Hashable, Sendable {
  public let asset: Identifier
  /// Base currency per unit afterwards; > 0.
  public let price: Double

  /// A fall to a price.
  public init(asset: Identifier, price: Double) {
    self.asset = asset
    self.price = price
  }
}

/// Perpetuals pay a rate of funding for some hours: those who are long pay a positive one.
public struct FundingSpike: Hashable, Sendable {
  /// A fraction of the marked position per eight hours, signed.
  public let rate8h: Double
  /// ≥ 0.
  public let hours: Double

  /// Funding from its rate and duration.
  public init(rate8h: Double, hours: Double) {
    self.rate8h = rate8h
    self.hours = hours
  }
}

/// A loss of which the most likely cause is looked for.
public struct ReverseStressPlan: Hashable, Sendable {
  /// How large it is.
  public enum Loss: Hashable, Sendable {
    /// Base currency; > 0.
    case amount(Double)
    /// Of equity; > 0.
    case fractionOfEquity(Double)
  }

  public var loss: Loss
  /// Days of 24 hours over which the market moves; > 0.
  public var horizonDays: Double

  /// A loss over a horizon.
  public init(loss: Loss, horizonDays: Double = 1) {
    self.loss = loss
    self.horizonDays = horizonDays
  }
}

extension StressScenario {
  /// The stresses of a run that names none: a crash, a rally, and a calm market that falls asleep.
  public static var standard: [StressScenario] {
    [("crash", -0.2, 0.3), ("rally", 0.2, 0.1), ("volatility-collapse", 0, -0.3)]
      .compactMap { name, spot, volatility in
        Identifier(name).map { StressScenario(name: $0, spot: spot, volatility: volatility) }
      }
  }
}
