public import MarketModel
public import PortfolioValuation

/// Profit and loss of an account or of the book under one named stress.
public struct StressFigure: Hashable, Sendable {
  public var scenario: Identifier
  /// Signed, base currency; of a ladder that of its worst cell.
  public var profitAndLoss: Double
  /// What moved; nil where not asked for, where a Greek is not finite, and of ladders.
  public var explanation: StressExplanation?
  /// Of a ladder: every cell, volatility by volatility.
  public var grid: StressGrid?
  /// What closing out on the moved market costs, of a ladder in its worst cell; nil where the market quotes no depth.
  public var closeOut: CloseOutCost?
  /// What the stress did to the market; of the book's figures alone.
  public var market: StressMarket?

  /// A figure from its number.
  public init(scenario: Identifier, profitAndLoss: Double) {
    self.scenario = scenario
    self.profitAndLoss = profitAndLoss
  }
}

/// The cells of a ladder.
public struct StressGrid: Hashable, Sendable {
  public let ladder: StressLadder
  /// One row a volatility move, one column a spot move; base currency.
  public let profits: [[Double]]

  /// A grid from its cells.
  public init(ladder: StressLadder, profits: [[Double]]) {
    self.ladder = ladder
    self.profits = profits
  }
}

/// What a stress did to the market.
public struct StressMarket: Hashable, Sendable {
  /// One asset that moved.
  public struct Move: Hashable, Sendable {
    public let asset: Identifier
    /// Relative.
    public let spot: Double
    /// Relative.
    public let volatility: Double
    /// Bend of the smile per unit of ln(K/F).
    public let skew: Double
    /// Relative, of forwards and marks beyond the spot.
    public let basis: Double

    /// A move from its fractions.
    public init(asset: Identifier, spot: Double, volatility: Double, skew: Double, basis: Double) {
      self.asset = asset
      self.spot = spot
      self.volatility = volatility
      self.skew = skew
      self.basis = basis
    }
  }

  /// The dates of the history between which the moves were taken.
  public struct Window: Hashable, Sendable {
    public let from: Instant
    public let to: Instant

    /// A window from its ends.
    public init(from: Instant, to: Instant) {
      self.from = from
      self.to = to
    }
  }

  public var window: Window?
  /// Assets that moved, in byte order.
  public var moves: [Move]

  /// What moved.
  public init(window: Window?, moves: [Move]) {
    self.window = window
    self.moves = moves
  }
}
