/// What the market asks of whoever wants to be out of a position at once: of an underlying, or of one contract.
///
/// Prices of trades are given as fractions of the mid price, so that they hold wherever the market goes. Quantities are
/// in units of the underlying, or in the contract's own unit.
public struct MarketDepth: Hashable, Sendable {
  /// What is traded.
  public enum Subject: Hashable, Sendable, Comparable {
    /// Everything that follows an asset, net; but for contracts with a depth of their own.
    case underlying(Identifier)
    /// One contract, by itself.
    case instrument(Identifier)
  }

  /// How the price gives way to a quantity.
  public enum Shape: Hashable, Sendable {
    /// A half-spread whatever the quantity, and an impact of it where one is known; the half-spread in [0, 1].
    case impact(halfSpread: Double, Impact?)
    /// A walk down the bids or up the asks, each best first and not empty.
    case levels(bids: [Level], asks: [Level])
    /// Quoted, but set aside while it was read: nothing is known of it, and nothing stands in for it.
    case unknown
  }

  /// Y·σ·(Q/V)^b: an impact as a fraction of the price, on the whole quantity.
  ///
  /// Source: the square root is Almgren, Thum, Hauptmann and Li, "Direct estimation of equity market impact" (2005)
  /// and Tóth et al., "Anomalous price impact and the critical nature of liquidity in financial markets" (2011);
  /// the line Kyle, "Continuous auctions and insider trading" (1985).
  public struct Impact: Hashable, Sendable {
    /// The power of the quantity.
    public enum Form: String, Sendable, CaseIterable {
      /// b = 1/2.
      case squareRoot = "square_root"
      /// b = 1.
      case linear
    }

    public let form: Form
    /// Y; ≥ 0.
    public let coefficient: Double
    /// V, units of what is traded in a day; > 0.
    public let dailyVolume: Double

    /// An impact from its parameters.
    public init(form: Form, coefficient: Double, dailyVolume: Double) {
      self.form = form
      self.coefficient = coefficient
      self.dailyVolume = dailyVolume
    }
  }

  /// One price of an order book.
  public struct Level: Hashable, Sendable {
    /// From the mid price, as a fraction of it; increasing from level to level, in [0, 1].
    public let distance: Double
    /// Units that can be traded at it; > 0.
    public let quantity: Double

    /// A level from its price and size.
    public init(distance: Double, quantity: Double) {
      self.distance = distance
      self.quantity = quantity
    }
  }

  /// How a move of the underlying makes the market thinner, by its size in standard deviations of a day.
  ///
  /// With z = |ln(S'/S)| / daily volatility, distances and half-spreads are times 1 + `spread`·z and quantities
  /// (levels, the daily volume) over 1 + `depth`·z. A move takes z as it is, however long it took.
  public struct Widening: Hashable, Sendable {
    /// ≥ 0.
    public let spread: Double
    /// ≥ 0.
    public let depth: Double

    /// Nothing gives way.
    public static let none = Widening(spread: 0, depth: 0)

    /// A widening from its two slopes.
    public init(spread: Double, depth: Double) {
      self.spread = spread
      self.depth = depth
    }
  }

  public let subject: Subject
  public let shape: Shape
  /// Of log returns over a day, > 0; nil: the market's own annual volatility over √365.
  public let dailyVolatility: Double?
  public let widening: Widening
  /// Of an underlying's options: what is lost on closing one, as a fraction of its value; in [0, 1], nil where not given.
  public let optionHalfSpread: Double?
  /// Of an underlying's options: the same in volatility, 0.01 being one point; ≥ 0, nil where not given.
  public let volatilityHalfSpread: Double?

  /// A depth from its parts.
  public init(
    _ subject: Subject, shape: Shape, dailyVolatility: Double? = nil, widening: Widening = .none,
    optionHalfSpread: Double? = nil, volatilityHalfSpread: Double? = nil
  ) {
    self.subject = subject
    self.shape = shape
    self.dailyVolatility = dailyVolatility
    self.widening = widening
    self.optionHalfSpread = optionHalfSpread
    self.volatilityHalfSpread = volatilityHalfSpread
  }

  /// Whether it asks for a daily volatility: an impact and a widening do.
  public var needsVolatility: Bool {
    if widening != .none { return true }
    if case .impact(_, .some) = shape { return true }
    return false
  }
}

extension Correlation {
  /// The standard deviation of an asset's log return over a day of 24 hours; nil where there is none above zero.
  public func dailyVolatility(of asset: Identifier) -> Double? {
    guard let place = assets.firstIndex(of: asset), volatilities.indices.contains(place) else { return nil }
    let annual = volatilities[place]
    return annual > 0 ? annual / 365.0.squareRoot() : nil
  }
}
