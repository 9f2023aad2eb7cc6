public import MarketModel

/// The most likely move of the market that loses an amount.
public struct ReverseStressFigure: Hashable, Sendable {
  /// What the search ended with.
  public enum Status: String, Sendable {
    /// A move that loses the amount, and no nearer one was found.
    case found
    /// No move within `bound` standard deviations loses that much.
    case unreachable
    /// There is no such loss, as of equity that is not above 0, or an asset that is held has no volatility.
    case notApplicable = "not_applicable"
  }

  /// One factor at the point that was found.
  public struct Move: Hashable, Sendable {
    public let asset: Identifier
    /// Relative move of the spot.
    public let spot: Double
    /// Move of the log price in its own standard deviations over the horizon.
    public let deviations: Double

    /// A move from its sizes.
    public init(asset: Identifier, spot: Double, deviations: Double) {
      self.asset = asset
      self.spot = spot
      self.deviations = deviations
    }
  }

  public var plan: ReverseStressPlan
  public var status: Status
  /// The loss that was looked for, base currency; nil where there is none.
  public var loss: Double?
  /// Mahalanobis distance of the point from no move at all; nil where there is none.
  public var distance: Double?
  /// Φ(-distance): chance of a normal move beyond the plane that touches the frontier there.
  public var halfSpaceProbability: Double?
  /// Chance of a normal move at least as far out in any direction: the upper tail of χ².
  public var chiSquareProbability: Double?
  /// Independent factors that the holdings depend on: the degrees of freedom of χ².
  public var degreesOfFreedom = 0
  /// By full revaluation at the point, base currency.
  public var profitAndLoss: Double?
  /// In byte order of the assets.
  public var moves: [Move] = []
  /// Distances of other points from which every small step leads further out or loses less, nearest first.
  public var otherMinima: [Double] = []
  /// The most that a move within the bound was found to lose; of `unreachable`.
  public var largestLoss: Double?
  /// Why there is no point.
  public var remark: String?

  /// Standard deviations beyond which nothing is looked for; Φ(-20) = 3·10⁻⁸⁹.
  public static let bound = 20.0

  /// A figure without a point yet.
  public init(plan: ReverseStressPlan, status: Status, loss: Double?) {
    self.plan = plan
    self.status = status
    self.loss = loss
  }
}
