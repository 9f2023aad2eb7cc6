public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// One value-at-risk entry of a plan, computed for every account and for the book.
public protocol TailMeasure: Sendable {
  var plan: ValueAtRiskPlan { get }
  /// Every factor of the market, moved or not.
  var factors: [FactorUse] { get }
  /// Why accounts, or the book, have no figure, in order of accounts, the book last.
  var failures: [Failure] { get }
  /// What a reader of the figures should know.
  var notes: [String] { get }
  /// The figures of one account, one or more a confidence level; empty where it has none (see `failures`).
  func figures(ofAccount account: Int) -> [ValueAtRiskFigure]
  /// The figures of the whole book, from exactly netted quantities; empty where it has none.
  var bookFigures: [ValueAtRiskFigure] { get }
}

extension TailMeasure {
  /// The figures of one account with the factors behind them.
  public func statedFigures(ofAccount account: Int) -> [ValueAtRiskFigure] {
    figures(ofAccount: account).map(stated)
  }

  /// The figures of the book with the factors behind them.
  public var statedBookFigures: [ValueAtRiskFigure] { bookFigures.map(stated) }

  private func stated(_ figure: ValueAtRiskFigure) -> ValueAtRiskFigure {
    var figure = figure
    figure.factors = factors
    return figure
  }
}

extension MonteCarloEngine: TailMeasure {}

/// The methods of value at risk by name.
public enum TailMeasures {
  /// Computes one entry of a plan.
  ///
  /// - Parameters: as `MonteCarloEngine.init`.
  /// - Throws: `TailRiskError.unsupported` for a method that is not built; what stops the method itself.
  public static func prepare(
    book: ValuedBook, plan: ValueAtRiskPlan, seed: UInt64, net: NettedBook? = nil,
    liquidity: BookLiquidity? = nil, team: ThreadTeam,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) throws(TailRiskError) -> any TailMeasure {
    switch plan.method {
    case .monteCarlo where plan.varianceReduction != .none:
      return try TiltedEngine(
        book: book, plan: plan, seed: seed, net: net, liquidity: liquidity, team: team, isStopped: isStopped)
    case .monteCarlo, .historical, .filteredHistorical:
      return try MonteCarloEngine(
        book: book, plan: plan, seed: seed, net: net, liquidity: liquidity, team: team, isStopped: isStopped)
    case .parametric, .cornishFisher, .deltaGamma:
      return try SensitivityEngine(book: book, plan: plan, net: net, team: team, isStopped: isStopped)
    }
  }

  /// Checks what would stop an entry, without computing it.
  ///
  /// - Throws: as `prepare`.
  public static func check(_ book: Book, plan: ValueAtRiskPlan) throws(TailRiskError) {
    switch plan.method {
    case .monteCarlo where plan.varianceReduction != .none: try TiltedEngine.check(book, plan: plan)
    case .monteCarlo, .historical, .filteredHistorical: try MonteCarloEngine.check(book, plan: plan)
    case .parametric, .cornishFisher, .deltaGamma: try SensitivityEngine.check(book, plan: plan)
    }
  }
}
