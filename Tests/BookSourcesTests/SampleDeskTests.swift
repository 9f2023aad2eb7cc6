import BookSources
import Foundation
import RiskNumerics
import StructuredText
import Testing

/// What a desk's files hold, read back.
struct DeskFiles {
  let files: [(name: String, bytes: [UInt8])]

  init(accounts: Int, seed: UInt64 = 7, instruments: Int? = nil) {
    files = SampleDesk.files(accounts: accounts, seed: seed, instruments: instruments)
  }

  func bytes(_ name: String) -> [UInt8] {
    files.first { $0.name == name }?.bytes ?? []
  }

  /// Rows of a CSV file as texts, the header first.
  func rows(_ name: String) -> [[String]] {
    String(decoding: bytes(name), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  var market: JSONDocument {
    get throws { try JSONReader.parse(bytes("market.json")) }
  }
}

@Suite struct SampleDeskTests {
  @Test func `the same arguments give the same bytes, another seed other positions in the same market`() {
    let one = DeskFiles(accounts: 40)
    let again = DeskFiles(accounts: 40)
    let other = DeskFiles(accounts: 40, seed: 8)
    let names = ["market.json", "positions.csv", "balances.csv", "history.csv", "run.json"]
    #expect(one.files.map(\.name) == names)
    for name in names { #expect(one.bytes(name) == again.bytes(name)) }
    #expect(one.bytes("positions.csv") != other.bytes("positions.csv"))
    #expect(one.bytes("history.csv") != other.bytes("history.csv"))
    #expect(one.bytes("market.json") == other.bytes("market.json"))
  }

  @Test func `an account is the same in a desk of any size`() {
    let few = DeskFiles(accounts: 20, instruments: 300).rows("positions.csv")
    let many = DeskFiles(accounts: 200, instruments: 300).rows("positions.csv")
    #expect(Array(many.prefix(few.count)) == few)
  }

  @Test(arguments: [(0, 500), (40, 100), (1_000, 1_500)])
  func `an account holds about twenty positions, all of them contracts that are quoted`(
    accounts: Int, instruments: Int
  ) throws {
    let desk = DeskFiles(accounts: accounts, instruments: instruments)
    let rows = desk.rows("positions.csv").dropFirst()
    // Kinds differ widely (3 to 97 positions), their rota averages out over twenty accounts.
    if accounts >= 1_000 { #expect((17 * accounts...23 * accounts).contains(rows.count)) }
    let names = Set(rows.map { $0[1] })
    #expect(names.count <= instruments)
    if accounts >= 1_000 { #expect(names.count > instruments - 60) }
    let forwards = try Quotes(desk.market)
    for name in names where !name.hasSuffix("PERPETUAL") {
      #expect(forwards.covers(contract: name), "\(name)")
    }
  }

  @Test func `every number is finite, and what is borrowed or sold is written with its sign`() {
    let desk = DeskFiles(accounts: 100)
    for row in desk.rows("positions.csv").dropFirst() {
      #expect(row.count == 6)
      #expect(Double(row[2]).map { $0.isFinite && $0 != 0 } == true)
      for cell in [row[3], row[5]] where !cell.isEmpty { #expect(Double(cell).map { $0 > 0 } == true) }
      #expect((row[4] == "isolated") == !row[5].isEmpty)
    }
    let balances = desk.rows("balances.csv").dropFirst()
    #expect(balances.contains { $0[0].hasPrefix("borrower") && $0[2].hasPrefix("-") })
    #expect(balances.allSatisfy { Double($0[2]).map { $0.isFinite && $0 != 0 } == true })
  }

  @Test func `isolated margin lies within the balance of its settlement asset`() {
    let desk = DeskFiles(accounts: 300)
    var held: [String: Double] = [:]
    for row in desk.rows("balances.csv").dropFirst() { held[row[0] + " " + row[1]] = Double(row[2]) }
    var used: [String: Double] = [:]
    for row in desk.rows("positions.csv").dropFirst() where !row[5].isEmpty {
      let family = row[1].prefix { $0 != "-" }
      let asset = family.hasSuffix("_USDC") ? "USDC" : String(family)
      used[row[0] + " " + asset, default: 0] += Double(row[5]) ?? .infinity
    }
    #expect(used.count > 30)
    for (place, margin) in used { #expect(margin <= held[place] ?? 0, "\(place)") }
  }

  @Test func `the history ends near spot and moves as much as the market says`() throws {
    let rows = DeskFiles(accounts: 0).rows("history.csv")
    #expect(rows[0] == ["date", "BTC", "ETH", "SOL"])
    #expect(rows.count == 401)
    #expect(rows.last?[0] == "2026-01-29")
    for (column, volatility, spot) in [(1, 0.46, 84_250.5), (2, 0.68, 2_812.35), (3, 0.84, 118.42)] {
      let logs = rows.dropFirst().compactMap { Double($0[column]) }.map(Elementary.log)
      let moves = zip(logs.dropFirst(), logs).map { $0 - $1 }
      let variance = moves.map { $0 * $0 }.reduce(0, +) / Double(moves.count) * 365
      // The deviation of 399 squared normals: 1 / √(2 · 399) = 3.5 % of the volatility; four of them.
      #expect(abs(variance.squareRoot() / volatility - 1) < 0.14)
      #expect(abs((logs.last ?? 0) - Elementary.log(spot)) < 5 * volatility / 19)
    }
  }

  @Test func `the committed book is the one that the generator writes`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "notebooks-data/books/crypto-desk")
    for (name, bytes) in SampleDesk.files(accounts: 200, seed: 7) {
      let committed = try Data(contentsOf: folder.appending(path: name))
      #expect(Array(committed) == bytes, "\(name): regenerate with plimsoll sample")
    }
  }

  @Test func `the committed week is the one that the generator writes`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "notebooks-data/books/sell-off")
    var size = 0
    for (name, bytes) in SampleWeek.files(accounts: 40, seed: 3) {
      let committed = try Data(contentsOf: folder.appending(path: name))
      #expect(Array(committed) == bytes, "\(name): regenerate with plimsoll sample --week")
      size += bytes.count
    }
    #expect(size < 600_000)
  }
}
