import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The covariance of a plan as it reaches the figures of a book.
@Suite struct HistoryCovarianceTests {
  private let team = ThreadTeam(threadCount: 2)

  /// Prices of BTC and ETH over `days` dates before the as-of instant, by the returns of `SampleReturns`.
  private func history(days: Int, seed: UInt64 = 61) throws -> PriceHistory {
    let columns = SampleReturns.columns(seed: seed, assets: 2, count: days)
    return try history(
      columns.map { returns in
        var price = 100.0
        return returns.map { value in
          price *= Elementary.exp(value)
          return price
        }
      })
  }

  private func history(_ prices: [[Double?]]) throws -> PriceHistory {
    let last = try #require(SampleBook.asOf).secondsSinceEpoch / 86_400
    let days = prices[0].count
    return PriceHistory(
      dates: try (0..<days).map {
        try #require(Instant(secondsSinceEpoch: (last - Int64(days) + Int64($0)) * 86_400))
      }, assets: SampleBook.coins.compactMap { Identifier($0.0) }, prices: prices)
  }

  private func engine(
    _ covariance: CovariancePlan, _ history: PriceHistory? = nil, correlation: Correlation? = nil,
    horizonDays: Double = 1
  ) throws -> MonteCarloEngine {
    var sample = SampleBook()
    sample.correlation = correlation
    sample.balances = [(0, "BTC", 1), (0, "ETH", 10)]
    return try MonteCarloEngine(
      book: BookValuation.value(try #require(sample.book(history: history)), team: team),
      plan: ValueAtRiskPlan(
        confidence: ["0.99"].compactMap(ConfidenceLevel.init(decimal:)), horizonDays: horizonDays,
        paths: 1_000,
        covariance: covariance), seed: 7, team: team)
  }

  private func volatilities(_ engine: MonteCarloEngine) -> [Double] {
    engine.factors.compactMap(\.volatility)
  }

  @Test(
    "each estimator's annual volatility is the root of 365 times the daily variance, and a note counts rows")
  func estimators() throws {
    let history = try history(days: 201)
    let returns = history.prices.map { column in
      zip(column, column.dropFirst()).map { Elementary.log(($1 ?? 0) / ($0 ?? 1)) }
    }
    let expected: [(CovariancePlan.Estimator, ReturnCovariance)] = [
      (.sample, try .sample(returns)), (.ewma, try .ewma(returns, decay: 0.94)),
      (.ledoitWolf, try .ledoitWolf(returns)), (.constantCorrelation, try .constantCorrelation(returns)),
      (.oas, try .oas(returns)), (.garch, try .garch(returns)),
    ]
    for (estimator, covariance) in expected {
      let engine = try engine(CovariancePlan(estimator: estimator), history)
      let annual = covariance.deviations.map { $0 * 365.0.squareRoot() }
      // A GARCH optimum of returns in another unit differs by 1e-6 or so.
      #expect(areClose(volatilities(engine), annual, estimator == .garch ? 1e-5 : 1e-12), "\(estimator)")
      #expect(
        engine.notes.first
          == "value_at_risk: the covariance is estimated by \(estimator.rawValue) from 200 returns over 201 of 201 "
          + "dates of the history", "\(estimator)")
    }
  }

  @Test("GARCH forecasts the mean variance of the steps of the horizon")
  func horizon() throws {
    let history = try history(days: 301)
    let plan = CovariancePlan(estimator: .garch)
    let returns = history.prices.map { column in
      zip(column, column.dropFirst()).map { Elementary.log(($1 ?? 0) / ($0 ?? 1)) }
    }
    let ten = try ReturnCovariance.garch(returns, steps: 10)
    let annual = ten.deviations.map { $0 * 365.0.squareRoot() }
    #expect(areClose(volatilities(try engine(plan, history, horizonDays: 10)), annual, 1e-5))
  }

  @Test("a quoted correlation stands before the history, unless the plan prefers the history")
  func preference() throws {
    var sample = SampleBook()
    let quoted = try #require(sample.correlation)
    sample.correlation = nil
    let history = try history(days: 120)
    let byQuote = try engine(CovariancePlan(), history, correlation: quoted)
    #expect(volatilities(byQuote) == quoted.volatilities && byQuote.notes.isEmpty)
    let byHistory = try engine(CovariancePlan(prefersHistory: true), history, correlation: quoted)
    let alone = try engine(CovariancePlan(), history)
    #expect(byHistory.bookFigures == alone.bookFigures && volatilities(byHistory) == volatilities(alone))
    let without = try engine(CovariancePlan(prefersHistory: true), nil, correlation: quoted)
    #expect(without.bookFigures.isEmpty)
    #expect(without.factors.allSatisfy { $0.reason == "an estimator is named and no history is given" })
  }

  @Test("dates without a price are dropped and counted; with pairs only where one of the pair lacks it")
  func gaps() throws {
    let full = try history(days: 100)
    var prices = full.prices
    for day in stride(from: 10, to: 100, by: 10) { prices[1][day] = nil }
    let holed = PriceHistory(dates: full.dates, assets: full.assets, prices: prices)
    let common = try engine(CovariancePlan(), holed)
    #expect(
      common.notes.first
        == "value_at_risk: the covariance is estimated by sample from 90 returns over 91 of 100 dates of the history; "
        + "9 dates are dropped, on which an asset has no price (ETH has 91)")
    let pairs = try engine(CovariancePlan(gaps: .pairwise), holed)
    #expect(
      pairs.notes.first
        == "value_at_risk: the covariance is estimated by sample from 90 returns a pair of assets, over the "
        + "dates on which both have a price, of 100 dates of the history")
    // BTC keeps its own dates, ETH and the correlation are what the common dates say.
    let whole = try engine(CovariancePlan(), full)
    #expect(volatilities(pairs)[0] == volatilities(whole)[0])
    #expect(volatilities(pairs)[1] == volatilities(common)[1])
    // Without gaps both rules are one.
    let same = try engine(CovariancePlan(gaps: .pairwise), full)
    #expect(areClose(volatilities(same), volatilities(whole), 1e-14))
    let estimators: [CovariancePlan.Estimator] = [.ledoitWolf, .constantCorrelation, .oas, .garch]
    for estimator in estimators {
      #expect(
        throws: TailRiskError.unsupported(
          field: "covariance gaps", value: "pairwise with \(estimator.rawValue)")
      ) { try engine(CovariancePlan(estimator: estimator, gaps: .pairwise), holed) }
    }
  }

  @Test("returns over several rows find the correlation that closes of different hours hide")
  func asynchronous() throws {
    // ETH's price is BTC's of the day before: neighbouring returns are uncorrelated, sums of five are not.
    let single = SampleReturns.columns(seed: 71, assets: 1, count: 2_000)[0]
    var price = 100.0
    let prices = single.map { value in
      price *= Elementary.exp(value)
      return price
    }
    let history = try history([Array(prices.dropFirst()), Array(prices.dropLast())])
    func correlation(_ days: Int) throws -> Double {
      let engine = try engine(CovariancePlan(returnDays: days), history)
      #expect(engine.notes.first?.contains(days > 1 ? "each over \(days) rows" : "estimated by") == true)
      let returns = history.prices.map { column in
        zip(column, column.dropFirst(days)).map { Elementary.log(($1 ?? 0) / ($0 ?? 1)) }
      }
      let expected = try ReturnCovariance.sample(returns)
      let annual = expected.deviations.map { $0 * (365 / Double(days)).squareRoot() }
      #expect(areClose(volatilities(engine), annual, 1e-12))
      return expected.correlation[1]
    }
    #expect(try correlation(1).magnitude < 0.1)
    // Four of five daily returns are shared.
    #expect((try correlation(5) - 0.8).magnitude < 0.05)
  }

  @Test("an indefinite correlation is refused, or repaired and reported where the plan says so")
  func repair() throws {
    let ids = SampleBook.coins.compactMap { Identifier($0.0) }
    let quoted = Correlation(assets: ids, matrix: [1, 1.25, 1.25, 1], volatilities: [0.6, 0.8])
    #expect(throws: TailRiskError.self) { try engine(CovariancePlan(), correlation: quoted) }
    let repaired = try engine(CovariancePlan(repairs: true), correlation: quoted)
    let note = try #require(repaired.notes.first)
    #expect(
      note.hasPrefix(
        "value_at_risk: the correlation of the market is indefinite and the nearest correlation stands in for it: "
          + "distance 0.35355339 (Frobenius), smallest eigenvalue -0.25 before and 0 after, "))
    let perfect = Correlation(assets: ids, matrix: [1, 1, 1, 1], volatilities: [0.6, 0.8])
    let legal = try engine(CovariancePlan(), correlation: perfect)
    let (a, b) = (try #require(repaired.bookFigures.first), try #require(legal.bookFigures.first))
    #expect((a.valueAtRisk - b.valueAtRisk).magnitude < 1e-6 * b.valueAtRisk)
    // What needs no repair is not touched.
    let fine = Correlation(assets: ids, matrix: [1, 0.5, 0.5, 1], volatilities: [0.6, 0.8])
    #expect(
      try engine(CovariancePlan(repairs: true), correlation: fine).bookFigures
        == engine(CovariancePlan(), correlation: fine).bookFigures)
  }

  @Test(
    "pairs of assets that never met together can contradict each other: the nearest correlation stands in")
  func contradiction() throws {
    // A and B rise together, B and C rise together, A and C move against each other, each on days of its own.
    let ids = ["A", "B", "C"].compactMap(Identifier.init)
    let (usd, asOf) = (try #require(Identifier("USD")), try #require(SampleBook.asOf))
    var prices = [[Double?]](repeating: [], count: 3)
    for (pair, sign) in [((0, 1), 1.0), ((1, 2), 1), ((0, 2), -1)] {
      var random = SampleReturns(seed: 81)
      for _ in 0..<60 {
        let move = 0.2 * random.normal()
        for asset in 0..<3 {
          let own: Double? = asset == pair.0 ? move : asset == pair.1 ? sign * move : nil
          prices[asset].append(own.map { 100 * Elementary.exp($0) })
        }
      }
    }
    let first = asOf.secondsSinceEpoch / 86_400 - 180
    let history = PriceHistory(
      dates: try (0..<180).map { try #require(Instant(secondsSinceEpoch: (first + $0) * 86_400)) },
      assets: ids, prices: prices)
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: ids.map { Asset(id: $0, spot: 100) })
    let book = Book(
      market: market, instruments: [], accounts: [try #require(Identifier("X"))], positions: [],
      balances: ids.enumerated().map { Balance(account: 0, asset: $1, quantity: 1, row: $0 + 1) },
      history: history)
    let plan = ValueAtRiskPlan(
      confidence: ["0.99"].compactMap(ConfidenceLevel.init(decimal:)), paths: 500,
      covariance: CovariancePlan(gaps: .pairwise))
    let engine = try MonteCarloEngine(
      book: BookValuation.value(book, team: team), plan: plan, seed: 1, team: team)
    // The matrix [[1, 1, −1], [1, 1, 1], [−1, 1, 1]] has the eigenvalue −1.
    #expect(
      engine.notes.contains {
        $0.contains("the correlation of the history is indefinite")
          && $0.contains("smallest eigenvalue -1 before")
      })
    #expect(engine.bookFigures.allSatisfy { $0.valueAtRisk > 0 } && engine.bookFigures.count == 1)
    // By common dates there is nothing to estimate.
    var common = plan
    common.covariance.gaps = .common
    let none = try MonteCarloEngine(
      book: BookValuation.value(book, team: team), plan: common, seed: 1, team: team)
    #expect(none.bookFigures.isEmpty)
    #expect(none.factors.allSatisfy { $0.reason == "fewer than two common dates in the history" })
  }

  @Test("an asset whose price never moves is a factor of volatility zero")
  func zeroVariance() throws {
    let full = try history(days: 120)
    let history = PriceHistory(
      dates: full.dates, assets: full.assets, prices: [full.prices[0], full.prices[1].map { _ in 3 }])
    for estimator in CovariancePlan.Estimator.allCases where estimator != .ledoitWolf && estimator != .oas {
      let engine = try engine(CovariancePlan(estimator: estimator), history)
      #expect(engine.factors.allSatisfy(\.moved) && volatilities(engine)[1] == 0, "\(estimator)")
      #expect(engine.bookFigures.allSatisfy { $0.valueAtRisk.isFinite && $0.valueAtRisk > 0 }, "\(estimator)")
    }
  }

  @Test("two dates suffice for a sample, one does not; a span below one is refused")
  func short() throws {
    #expect(volatilities(try engine(CovariancePlan(), history(days: 2))).count == 2)
    #expect(try engine(CovariancePlan(), history(days: 1)).bookFigures.isEmpty)
    #expect(try engine(CovariancePlan(estimator: .oas), history(days: 2)).bookFigures.isEmpty)
    #expect(try engine(CovariancePlan(returnDays: 5), history(days: 5)).bookFigures.isEmpty)
    #expect(throws: TailRiskError.outOfRange(field: "return_days", value: 0)) {
      try engine(CovariancePlan(returnDays: 0), history(days: 5))
    }
  }
}
