import Foundation
import Testing

@Suite("The replay on the command line")
struct ReplayTests {
  @Test("the sample week is replayed in every format, and the document is the same in each")
  func week() throws {
    let stage = try Stage()
    #expect(stage.run("sample", "@/week", "--week", "--accounts", "20", "--instruments", "150").status == 0)
    let names = try stage.names("week")
    for name in ["afternoon", "balances.csv", "market.json", "night", "positions.csv"] {
      #expect(names.contains(name))
    }
    let later = ["@/week/afternoon", "@/week/night/market.json"]
    let json = stage.run(["replay", "@/week"] + later + ["--format", "json"])
    #expect(json.status == 0 && json.err.isEmpty)
    #expect(stage.run(["replay", "@/week"] + later + ["--out", "@/out", "--quiet"]).status == 0)
    #expect(try stage.read("out/replay.json") == json.out)
    let whole = try #require(try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any])
    #expect((whole["accounts"] as? [Any])?.count == 20)
    let markets = (whole["steps"] as? [[String: Any]])?.compactMap { $0["market"] as? String }
    #expect(markets == ["market.json", "afternoon/market.json", "market.json"])
    let lines = stage.run(["replay", "@/week"] + later + ["--format", "jsonl"]).out.split(separator: "\n")
    #expect(lines.count == 21)
    #expect(lines.first?.hasPrefix("{\"account_id\":\"") == true)
    let table = stage.run(["replay", "@/week"] + later + ["--history", "--days", "30", "--format", "table"])
    #expect(table.status == 0)
    for word in ["afternoon/market.json", "residual", "foreseen", "peak/trough", "derive-pmrm2"] {
      #expect(table.out.contains(word), "\(word)")
    }
  }

  @Test("lines that cannot be replayed are refused with a sentence")
  func refusals() throws {
    let stage = try Stage()
    try stage.writeBook()
    #expect(stage.run("replay", "@/book").status == 64)
    #expect(stage.run("replay", "@/book", "@/book", "--days", "5").status == 64)
    #expect(stage.run("replay", "@/book", "@/book", "--history", "--days", "1").status == 64)
    #expect(stage.run("replay", "@/book", "@/nowhere").status == 66)
    #expect(
      stage.run("replay", "@/book", "@/book", "--models", "derive-pmrm2,derive-srm,derive-srm").status == 64)
    let past = Stage.market.replacingOccurrences(of: "2026-02-05", with: "2026-02-04")
    try stage.write(past, "past.json")
    let early = stage.run("replay", "@/book", "@/past.json")
    #expect(early.status == 65)
    #expect(
      early.err.hasPrefix(
        "plimsoll: past.json#/as_of: found 2026-02-04T21:29:37Z, earlier than 2026-02-05T21:29:37Z"))
    #expect(stage.run("replay", "@/book", "--history").err.contains("history.csv"))
    #expect(stage.run("replay", "@/book", "@/book", "--out", "@/book").status == 64)
    #expect(stage.run("replay", "@/book", "@/book", "--out", "@/out", "--quiet").status == 0)
  }

  @Test("desks are drawn over what a given market quotes")
  func market() throws {
    let stage = try Stage()
    try stage.writeBook()
    #expect(stage.run("sample", "@/desks", "--market", "@/book", "--accounts", "20").status == 0)
    let positions = try stage.read("desks/positions.csv")
    // Two strikes are quoted and no option is marked: both sides of each of them.
    #expect(positions.contains("BTC-27MAR26-60000-P"))
    #expect(try stage.read("desks/market.json") == Stage.market)
    #expect(stage.run("check", "@/desks").status == 0)
    #expect(stage.run("sample", "@/more", "--market", "@/book", "--week").status == 64)
    let bare = """
      {"schema": "plimsoll.market/1", "as_of": "2026-02-05T21:29:37Z", "base_currency": "USD",
       "assets": [{"asset": "BTC", "spot": 65010.5}]}
      """
    try stage.write(bare, "none.json")
    #expect(stage.run("sample", "@/none", "--market", "@/none.json").status == 65)
  }
}
