public import MarketModel
public import TailRisk

/// Forecasts held against what came: series by series, with their tests.
public struct BacktestResult: Sendable {
  /// Where forecasts and outcomes come from.
  public enum Source: String, Sendable {
    /// Today's positions carried through the history of closes.
    case walkForward = "walk_forward"
    /// The figures of past runs, as a file of run history keeps them.
    case runHistory = "run_history"
  }

  /// What the profit of a day is.
  public enum Basis: String, Sendable {
    /// The same positions valued again at the end of the horizon.
    case revaluation
    /// The equity of one run less that of the run before: trades and transfers in between count.
    case equityChange = "equity_change"
  }

  /// How a walk-forward was cut.
  public struct Setting: Hashable, Sendable {
    /// Closes that each forecast saw, its own day's included.
    public var window: Int
    /// Most forecasts of a series.
    public var days: Int
    /// `past` or `today`.
    public var market: String

    /// A setting from its numbers.
    public init(window: Int, days: Int, market: String) {
      self.window = window
      self.days = days
      self.market = market
    }
  }

  /// One day: its forecast, when the outcome was seen, and what it is.
  public struct Day: Hashable, Sendable {
    public var forecast: BacktestDay
    public var until: Instant
    public var basis: Basis

    /// A day from its parts.
    public init(forecast: BacktestDay, until: Instant, basis: Basis) {
      self.forecast = forecast
      self.until = until
      self.basis = basis
    }
  }

  /// The forecasts of one method and level for one owner.
  public struct Series: Sendable {
    /// nil for the book.
    public var account: Identifier?
    public var method: String
    public var confidence: ConfidenceLevel
    public var horizonDays: Double
    public var days: [Day]
    public var statistics: BacktestStatistics
    /// Why there is no third test of expected shortfall; nil where there is one.
    public var rankNote: String?

    /// A series and its tests.
    ///
    /// - Parameters:
    ///   - ranks: of the outcomes in the distributions that were foreseen; nil where there were none.
    ///   - seed: of the simulated p-values.
    public init(
      account: Identifier?, method: String, confidence: ConfidenceLevel, horizonDays: Double, days: [Day],
      ranks: ShortfallRanks? = nil, seed: UInt64
    ) {
      self.account = account
      self.method = method
      self.confidence = confidence
      self.horizonDays = horizonDays
      self.days = days
      statistics = BacktestStatistics(days.map(\.forecast), level: confidence, ranks: ranks, seed: seed)
      rankNote = statistics.shortfallRanks == nil ? Self.note(ranks) : nil
    }

    private static func note(_ ranks: ShortfallRanks?) -> String {
      guard let ranks else {
        return "not_applicable: no distribution was kept, or fewer than one day in the tail"
      }
      return ranks.isBroken
        ? "not_applicable: a forecast has no distribution, or one without a loss in its tail"
        : "not_applicable: \(ranks.ranks.count) of \(ranks.days) days have a profit"
    }
  }

  public var engineVersion: String
  public var source: Source
  /// Name of the book in a run history; nil for a walk-forward.
  public var book: String?
  public var baseCurrency: Identifier
  public var seed: UInt64
  public var inputDigests: [InputDigest]
  public var assumptions: [String]
  /// nil for a run history.
  public var setting: Setting?
  /// The book's first, then account by account.
  public var series: [Series]
  public var failures: [Failure]

  /// A result from its parts.
  public init(
    engineVersion: String, source: Source, book: String? = nil, baseCurrency: Identifier, seed: UInt64,
    inputDigests: [InputDigest] = [], assumptions: [String], setting: Setting?, series: [Series],
    failures: [Failure]
  ) {
    self.engineVersion = engineVersion
    self.source = source
    self.book = book
    self.baseCurrency = baseCurrency
    self.seed = seed
    self.inputDigests = inputDigests
    self.assumptions = assumptions
    self.setting = setting
    self.series = series
    self.failures = failures
  }

  /// Whether a series stands in the supervisors' red zone.
  public var isRed: Bool { series.contains { $0.statistics.trafficLight?.zone == .red } }
}
