import BookSources
import Plimsoll
import Testing

/// A book and later markets, as files would be read.
struct ReplayWeek {
  var book: Book
  var markets: [MarketReading]

  /// The synthetic week.
  ///
  /// - Parameter change: of `positions.csv`, line by line, the header left out.
  init(accounts: Int = 20, _ change: ([String]) -> [String] = { $0 }) throws {
    let files = SampleWeek.files(accounts: accounts, seed: 5, instruments: 200)
    func file(_ name: String) throws -> [UInt8] { try #require(files.first { $0.name == name }).bytes }
    var lines = String(decoding: try file("positions.csv"), as: UTF8.self).split(separator: "\n").map(
      String.init)
    let header = lines.removeFirst()
    lines = change(lines)
    let positions = Array(([header] + lines).map { $0 + "\n" }.joined().utf8)
    book = try BookReader.read(
      .directory([
        .init(name: "market.json", bytes: try file("market.json")),
        .init(name: "positions.csv", bytes: positions),
        .init(name: "balances.csv", bytes: try file("balances.csv")),
        .init(name: "history.csv", bytes: try file("history.csv")),
      ]))
    markets = try ["afternoon/market.json", "night/market.json"].map {
      try BookReader.readMarket(.init(name: $0, bytes: try file($0)))
    }
  }

  /// The first day's market as a later one.
  var unmoved: MarketReading { MarketReading(name: "again/market.json", market: book.market) }

  func result(
    _ markets: [MarketReading]? = nil, threads: Int = 2, options: Replay.Options = Replay.Options()
  ) throws -> ReplayResult {
    try #require(
      try Replay(
        book: book, comparison: ComparisonPlan(), markets: markets ?? self.markets, options: options,
        threads: threads
      ).result())
  }
}
