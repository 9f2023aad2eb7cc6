import MarketModel
import PortfolioValuation
import RiskNumerics
import TailRisk

/// `risk-bench importance < CHAIN.csv`: what importance sampling makes of the 99 % value at risk of short options.
///
/// A chain of coin-settled options as `plimsoll import deribit` reads it comes from standard input. For each book the
/// same plan (10,000 paths) runs with every seed, plain and reduced, on one thread. Out come the variance of the value at
/// risk over the seeds, the processor time of a run, and the gain: the ratio of (variance × time).
enum ImportanceBench {
  static func main() {
    guard let chain = BenchChain() else {
      print("{\"name\":\"importance\",\"error\":\"no chain on standard input\"}")
      return
    }
    for (name, quantity) in BenchChain.books {
      guard let book = chain.book(quantity) else { continue }
      let valued = BookValuation.value(book, team: ThreadTeam(threadCount: 1))
      guard let plain = run(valued, .none) else { continue }
      for reduction in [ValueAtRiskPlan.VarianceReduction.importance, .importanceStratified] {
        guard let reduced = run(valued, reduction) else { continue }
        let variance = plain.variance / reduced.variance
        let time = plain.nanoseconds / reduced.nanoseconds
        print(
          "{\"name\":\"\(reduction.rawValue): \(name)\",\"options\":\(valued.holdings.count),"
            + "\"plain_ms\":\(rounded(plain.nanoseconds / 1e6)),\"ms\":\(rounded(reduced.nanoseconds / 1e6)),"
            + "\"plain_mean\":\(rounded(plain.mean)),\"mean\":\(rounded(reduced.mean)),"
            + "\"variance_ratio\":\(rounded(variance)),\"gain\":\(rounded(variance * time)),"
            + "\"fallbacks\":\(reduced.fallbacks)}")
      }
    }
  }

  private static let seeds: Range<UInt64> = 1..<101

  private static func run(
    _ book: ValuedBook, _ reduction: ValueAtRiskPlan.VarianceReduction
  ) -> (mean: Double, variance: Double, nanoseconds: Double, fallbacks: Int)? {
    guard let level = ConfidenceLevel(decimal: "0.99") else { return nil }
    let plan = ValueAtRiskPlan(confidence: [level], paths: 10_000, varianceReduction: reduction)
    let team = ThreadTeam(threadCount: 1)
    var values: [Double] = []
    var fallbacks = 0
    let start = processorTime()
    for seed in seeds {
      guard
        let figure = try? TailMeasures.prepare(book: book, plan: plan, seed: seed, team: team)
          .figures(ofAccount: 0).first
      else { return nil }
      values.append(figure.valueAtRisk)
      if figure.sampling?.fallback != nil { fallbacks += 1 }
    }
    let time = (processorTime() - start) / Double(seeds.count)
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count - 1), time, fallbacks)
  }

  private static func rounded(_ x: Double) -> Double { (x * 100).rounded() / 100 }
}

/// A chain from standard input, and books of one account on it.
private struct BenchChain {
  struct Quote {
    let instrument: Instrument
    let strike: Double
    let forward: Double
    let volatility: Double
    var distance: Double { strike / forward - 1 }
    var isCall: Bool { instrument.optionType == .call }
    var size: Double { instrument.underlying.text == "BTC" ? 1 : 30 }
  }

  /// Quantity by quote: out of the money by 5 to 15 %; at the money; puts against half as many further out.
  static let books: [(String, @Sendable (Quote) -> Double)] = [
    (
      "short strangles",
      { $0.isCall == ($0.distance > 0) && (0.05...0.15).contains(abs($0.distance)) ? -$0.size : 0 }
    ),
    ("short straddles", { abs($0.distance) < 0.03 ? -$0.size : 0 }),
    (
      "short put spreads",
      {
        if $0.isCall { return 0 }
        let isSold = (-0.1 ... -0.03).contains($0.distance)
        return isSold ? -$0.size : (-0.25 ... -0.2).contains($0.distance) ? 0.5 * $0.size : 0
      }
    ),
  ]

  private var asOf: Instant?
  private var quotes: [Quote] = []
  private var spots: [String: Double] = [:]

  init?() {
    guard let header = readLine() else { return nil }
    var columns: [Substring: Int] = [:]
    for (place, name) in header.split(separator: ",").enumerated() { columns[name] = place }
    while let line = readLine() {
      let row = line.split(separator: ",", omittingEmptySubsequences: false)
      func text(_ name: Substring) -> String {
        columns[name].flatMap { row.indices.contains($0) ? String(row[$0]) : nil } ?? ""
      }
      asOf = asOf ?? Instant(cutting: text("timestamp"))
      let name = text("instrument_name")
      guard let asOf, let coin = name.split(separator: "-").first.map(String.init),
        ["BTC", "ETH"].contains(coin), let id = Identifier(name), let asset = Identifier(coin),
        let usd = Identifier("USD"), let expiry = Instant(rfc3339: text("expiry_datetime")),
        asOf.seconds(to: expiry) > 2 * 86_400, let strike = Double(text("strike")),
        let forward = Double(text("underlying")), let volatility = Double(text("implied_volatility")),
        volatility > 0.05, let index = Double(text("index_price"))
      else { continue }
      spots[coin] = spots[coin] ?? index
      let type: OptionType = text("option_type") == "call" ? .call : .put
      quotes.append(
        Quote(
          instrument: Instrument(
            id: id, kind: .option, underlying: asset, quoteAsset: usd, settlementAsset: asset,
            expiry: expiry, strike: strike, optionType: type, isInverse: true), strike: strike,
          forward: forward, volatility: volatility))
    }
    quotes.sort { $0.instrument.id < $1.instrument.id }
    guard !quotes.isEmpty else { return nil }
  }

  /// A book; spots move with the volatility nearest their money and a correlation of 0.8.
  func book(_ quantity: (Quote) -> Double) -> Book? {
    guard let asOf, let usd = Identifier("USD"), let account = Identifier("desk") else { return nil }
    let coins = spots.keys.sorted().compactMap { Identifier($0) }
    var positions: [Position] = []
    for (place, quote) in quotes.enumerated() where quantity(quote) != 0 {
      positions.append(Position(account: 0, instrument: place, quantity: quantity(quote), row: place + 1))
    }
    var (forwards, slices): ([ForwardQuote], [VolatilitySlice]) = ([], [])
    for coin in coins {
      let own = quotes.filter { $0.instrument.underlying == coin }
      for expiry in Set(own.compactMap(\.instrument.expiry)).sorted() {
        let listed = own.filter { $0.instrument.expiry == expiry }
        guard let forward = listed.first?.forward else { continue }
        let kept = listed.filter { ($0.strike >= forward) == $0.isCall }.sorted { $0.strike < $1.strike }
        forwards.append(ForwardQuote(underlying: coin, expiry: expiry, price: forward))
        slices.append(
          VolatilitySlice(
            underlying: coin, expiry: expiry,
            shape: .quotes(strikes: kept.map(\.strike), volatilities: kept.map(\.volatility))))
      }
    }
    let volatilities = coins.map { coin in
      quotes.filter { $0.instrument.underlying == coin }
        .min { abs($0.distance) < abs($1.distance) }?.volatility ?? 0.5
    }
    let matrix = coins.indices.flatMap { i in coins.indices.map { i == $0 ? 1 : 0.8 } }
    return Book(
      market: MarketSnapshot(
        asOf: asOf, baseCurrency: usd,
        assets: coins.map { Asset(id: $0, spot: spots[$0.text] ?? 1) }, forwards: forwards,
        volatility: slices,
        correlation: Correlation(assets: coins, matrix: matrix, volatilities: volatilities)),
      instruments: quotes.map(\.instrument), accounts: [account], positions: positions, balances: [])
  }
}
