import Foundation
import RunHistory
import Testing

@Suite struct RunHistoryTests {
  /// A folder of the test's own.
  private final class Place {
    let folder = NSTemporaryDirectory() + "/plimsoll-history-" + UUID().uuidString
    init() throws {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: folder) }
    func path(_ name: String) -> String { folder + "/" + name }
  }

  private static func run(_ book: String, _ day: Int, equity: Double = 0.1) -> RunRecord {
    RunRecord(
      book: book, asOf: "2026-02-0\(day)T00:00:00Z", baseCurrency: "USD", seed: .max, engineVersion: "0.1.0",
      previous: day > 1 ? "2026-02-0\(day - 1)T00:00:00Z" : nil,
      inputs: [RunRecord.Input(name: "market.json", sha256: String(repeating: "a", count: 64))],
      owners: [
        RunRecord.Owner(
          account: nil, equity: equity, isIncomplete: true, carriedEquity: 0.2,
          figures: [
            RunRecord.Figure(
              method: "monte_carlo", confidence: "0.99", horizonDays: 1, valueAtRisk: 1e-300,
              expectedShortfall: 1.0 / 3)
          ]),
        RunRecord.Owner(account: "äußerst 'O''Neill", equity: -5, isIncomplete: false, figures: []),
      ],
      holdings: [
        RunRecord.Holding(
          account: "a", name: "BTC-PERPETUAL", isBalance: false, quantity: -2, entryPrice: 7.25),
        RunRecord.Holding(account: "a", name: "USDC", isBalance: true, quantity: 5),
      ])
  }

  @Test func `what is kept comes back to the bit, in order of time`() throws {
    let place = try Place()
    let path = place.path("runs.db")
    let history = try RunHistory(writing: path)
    for day in [3, 1, 2] { try history.record(Self.run("desk", day)) }
    try history.record(Self.run("other", 1))
    let again = try RunHistory(reading: path)
    #expect(try again.books() == ["desk", "other"])
    let runs = try again.runs(of: "desk")
    #expect(runs.map(\.asOf) == (1...3).map { "2026-02-0\($0)T00:00:00Z" })
    for (day, found) in zip(1...3, runs) {
      var expected = Self.run("desk", day)
      expected.holdings = []
      #expect(found == expected)
    }
    let before = try #require(try again.run(of: "desk", before: "2026-02-03T00:00:00Z"))
    var expected = Self.run("desk", 2)
    expected.inputs = []
    #expect(before == expected)
    #expect(try again.run(of: "desk", before: "2026-02-01T00:00:00Z") == nil)
  }

  @Test func `a run recorded twice is kept once, as it was last`() throws {
    let place = try Place()
    let history = try RunHistory(writing: place.path("runs.db"))
    try history.record(Self.run("desk", 1))
    try history.record(Self.run("desk", 1, equity: 7))
    let runs = try history.runs(of: "desk")
    #expect(runs.count == 1)
    #expect(runs.first?.owners.first?.equity == 7)
    #expect(runs.first?.owners.count == 2)
  }

  @Test func `what is no run history is refused by name`() throws {
    let place = try Place()
    try Data("not a database at all, but long enough to be read as one".utf8)
      .write(to: URL(fileURLWithPath: place.path("text")))
    #expect(throws: HistoryError.notADatabase(path: place.path("text"))) {
      _ = try RunHistory(writing: place.path("text"))
    }
    #expect(throws: HistoryError.self) { _ = try RunHistory(writing: place.path("no/such/folder.db")) }
    #expect(throws: HistoryError.self) { _ = try RunHistory(reading: place.path("absent.db")) }
    try Data().write(to: URL(fileURLWithPath: place.path("empty")))
    #expect(throws: HistoryError.foreign(path: place.path("empty"))) {
      _ = try RunHistory(reading: place.path("empty"))
    }
  }

  @Test func `many writers at once wait for one another, and each run is whole`() async throws {
    let place = try Place()
    let path = place.path("runs.db")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for day in 1...5 {
            let history = try RunHistory(writing: path)
            try history.record(Self.run("desk-\(writer)", day))
          }
        }
      }
      try await group.waitForAll()
    }
    let history = try RunHistory(reading: path)
    #expect(try history.books().count == 8)
    for book in try history.books() {
      let runs = try history.runs(of: book)
      #expect(runs.count == 5 && runs.allSatisfy { $0.owners.count == 2 && $0.owners[0].figures.count == 1 })
    }
  }
}
