import Foundation
import TestSupport
import Testing

@Suite("The backtest on the command line")
struct BacktestTests {
  /// A market whose BTC costs so much at midnight of a day of February 2026.
  private func market(_ day: Int, _ spot: Double) -> String {
    Stage.market.replacingOccurrences(of: "2026-02-05T21:29:37Z", with: "2026-02-0\(day)T00:00:00Z")
      .replacingOccurrences(of: "65010.5", with: "\(spot)")
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("the sample desk is walked forward in every format")
  func desk() throws {
    let stage = try Stage()
    #expect(stage.run("sample", "@/desk", "--accounts", "4", "--instruments", "150").status == 0)
    let line = [
      "backtest", "@/desk", "--method", "monte_carlo", "--window", "60", "--days", "12", "--paths", "200",
    ]
    let json = stage.run(line + ["--format", "json"])
    #expect(json.status == 0 && json.err.isEmpty)
    let document = try object(json.out)
    #expect(document["schema"] as? String == "plimsoll.backtest/1")
    let series = try #require(document["series"] as? [[String: Any]])
    #expect(series.count == 2)
    #expect(series.allSatisfy { ($0["days"] as? [Any])?.count == 12 && $0["account_id"] is NSNull })
    let all = try object(stage.run(line + ["--accounts", "--market", "today", "--format", "json"]).out)
    #expect((all["series"] as? [Any])?.count == 10)
    #expect(stage.run(line + ["--format", "jsonl"]).out.split(separator: "\n").count == 3)
    let table = stage.run(line + ["--format", "table"])
    for word in ["exceptions", "zone", "Kupiec", "monte_carlo", "nothing later"] {
      #expect(table.out.contains(word), "\(word)")
    }
    try TestReports.keep(Array(json.out.utf8), folder: "backtest", file: "backtest.json")
  }

  @Test("runs that were kept meet the profit of the next one, trades or no trades")
  func history() throws {
    let stage = try Stage()
    let spots = [60_000.0, 61_000, 50_000, 40_000]
    for (place, spot) in spots.enumerated() {
      // Bob doubles his coins on the third day: no profit of the positions he had.
      try stage.writeBook([
        "market.json": market(place + 1, spot), "positions.csv": "account_id,instrument,quantity\n",
        "balances.csv": "account_id,asset,quantity\nalice,BTC,1\nbob,BTC,\(place < 2 ? 1 : 2)\n",
        "run.json":
          "{\"schema\": \"plimsoll.run/1\", \"measures\": [\"value_at_risk\"], \"value_at_risk\": "
          + "[{\"method\": \"monte_carlo\", \"confidence\": [\"0.99\"], \"horizon_days\": 1, \"paths\": 2000}]}",
      ])
      let run = stage.run("run", "@/book", "--out", "@/out", "--history", "@/runs.db", "--quiet")
      #expect(run.status == 0 && run.err.isEmpty, "\(run.err)")
      if place == 0 {
        let alone = stage.run("backtest", "--history", "@/runs.db")
        #expect(alone.status == 2 && alone.err.contains("found 1 runs of book and no value at risk"))
      }
    }
    let again = stage.run("run", "@/book", "--out", "@/out", "--history", "@/runs.db", "--quiet")
    #expect(again.status == 0)
    let found = stage.run("backtest", "--history", "@/runs.db", "--format", "json", "--quiet")
    #expect(found.status == 0, "\(found.err)")
    let series = try #require(try object(found.out)["series"] as? [[String: Any]])
    #expect(series.map { $0["account_id"] as? String } == [nil, "alice", "bob"])
    for (number, quantities) in [[2.0, 2, 3], [1.0, 1, 1], [1.0, 1, 2]].enumerated() {
      let days = try #require(series[number]["days"] as? [[String: Any]])
      #expect(days.count == 3)
      for (place, day) in days.enumerated() {
        let profit = try #require(day["profit_and_loss"] as? Double)
        #expect(abs(profit - quantities[place] * (spots[place + 1] - spots[place])) < 1e-6)
        #expect(day["basis"] as? String == "revaluation")
        // 62 % a year: one day at 99 % is some 7.5 %, and the last two fell by 18 and 20 %.
        #expect(day["exception"] as? Bool == (place > 0))
      }
    }
    // Two of three days at 99 % are red on any count.
    #expect(stage.run("backtest", "--history", "@/runs.db", "--fail-on", "breach", "--quiet").status == 3)
    #expect(stage.run("backtest", "--history", "@/runs.db", "--book", "desk").status == 65)
    #expect(stage.run("backtest", "--history", "@/nowhere.db").status == 66)
  }

  @Test("lines that contradict themselves are refused, and a file that cannot be used stops a run at once")
  func refusals() throws {
    let stage = try Stage()
    try stage.writeBook()
    #expect(stage.run("backtest").status == 64)
    #expect(stage.run("backtest", "@/book", "--history", "@/runs.db").status == 64)
    #expect(stage.run("backtest", "@/book", "--book", "desk").status == 64)
    #expect(stage.run("backtest", "@/book", "--window", "2").status == 64)
    #expect(stage.run("backtest", "@/book", "--days", "0").status == 64)
    let none = stage.run("backtest", "@/book")
    #expect(none.status == 65 && none.err.contains("history.csv"))
    #expect(stage.run("run", "@/book", "--history", "@/runs.db").status == 64)
    #expect(stage.run("run", "@/book", "--out", "@/out", "--book", "desk").status == 64)
    try stage.write(
      "not a database, but a text that is longer than a header of one, so that it is read", "text.db")
    let text = stage.run("run", "@/book", "--out", "@/out", "--history", "@/text.db")
    #expect(text.status == 74)
    #expect(text.err.contains("found no SQLite database"))
    #expect((try? stage.names("out").contains("report.json")) != true)
  }
}
