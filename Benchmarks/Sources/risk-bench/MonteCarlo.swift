import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk

/// The value at risk of 1,000 options on 50 underlyings over 100,000 paths of ten days: 10⁸ revaluations.
///
/// The figures of one account and of the book, which holds the same: paths drawn and correlated, options priced, losses
/// summed, tails taken and split by position. `ns` is per revaluation.
struct MonteCarloBench {
  private let book: ValuedBook
  private let plan: ValueAtRiskPlan
  static let options = 1_000
  static let paths = 100_000

  init?(paths: Int = Self.paths) {
    guard let asOf = Instant(secondsSinceEpoch: 1_770_278_400), let usd = Identifier("USD"),
      let account = Identifier("desk"), let level = ConfidenceLevel(decimal: "0.99")
    else { return nil }
    var draw = Draws()
    var assets: [Asset] = []
    var names: [Identifier] = []
    var loadings: [[Double]] = []
    var volatilities: [Double] = []
    var (instruments, slices): ([Instrument], [VolatilitySlice]) = ([], [])
    var quantities: [Identifier: Double] = [:]
    for underlying in 0..<50 {
      guard let name = Identifier("U\(underlying / 10)\(underlying % 10)") else { return nil }
      let spot = 50 + 100 * draw.next()
      assets.append(Asset(id: name, spot: spot))
      names.append(name)
      loadings.append((0..<3).map { _ in draw.next() * 0.9 - 0.2 })
      volatilities.append(0.15 + 0.4 * draw.next())
      for option in 0..<20 {
        let seconds = Int64((10.5 + 700 * draw.next()) * 86_400)
        guard let expiry = Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + seconds),
          let id = Identifier("\(name.text)-\(option)")
        else { return nil }
        let strike = spot * Elementary.exp(0.4 * (draw.next() - 0.5))
        instruments.append(
          Instrument(
            id: id, kind: .option, underlying: name, quoteAsset: usd, settlementAsset: usd, expiry: expiry,
            strike: strike, optionType: draw.next() < 0.5 ? .call : .put, isInverse: false))
        slices.append(
          VolatilitySlice(
            underlying: name, expiry: expiry,
            shape: .quotes(
              strikes: [strike], volatilities: [volatilities[underlying] * (0.8 + 0.4 * draw.next())])))
        quantities[id] = (200 * draw.next() - 100).rounded()
      }
    }
    instruments.sort { $0.id < $1.id }
    let norms = loadings.map { 1 + $0.reduce(0) { $0 + $1 * $1 } }
    let matrix = loadings.indices.flatMap { i in
      loadings.indices.map { j in
        let product = zip(loadings[i], loadings[j]).reduce(0.0) { $0 + $1.0 * $1.1 }
        return i == j ? 1 : product / (norms[i] * norms[j]).squareRoot()
      }
    }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: assets, volatility: slices,
      correlation: Correlation(assets: names, matrix: matrix, volatilities: volatilities))
    let positions = instruments.enumerated().map { place, instrument in
      Position(
        account: 0, instrument: place, quantity: quantities[instrument.id] ?? 0, row: place + 1)
    }
    book = BookValuation.value(
      Book(
        market: market, instruments: instruments, accounts: [account], positions: positions, balances: []),
      team: ThreadTeam(threadCount: 1))
    plan = ValueAtRiskPlan(confidence: [level], horizonDays: 10, paths: paths)
  }

  /// The value at risk of the account; nil where something stopped it.
  func run(threads: Int) -> Double? {
    try? MonteCarloEngine(book: book, plan: plan, seed: 42, team: ThreadTeam(threadCount: threads))
      .figures(ofAccount: 0).first?.valueAtRisk
  }
}

/// A linear congruential generator (Knuth's MMIX constants).
private struct Draws {
  private var state: UInt64 = 99
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}
