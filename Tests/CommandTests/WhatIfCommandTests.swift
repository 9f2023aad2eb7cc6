import Foundation
import TestSupport
import Testing

@Suite("plimsoll what-if")
struct WhatIfCommandTests {
  @Test("a trade is told in a table, in JSON and line by line")
  func formats() throws {
    let stage = try Stage()
    try stage.writeBook()
    let trade = "alice,BTC-PERPETUAL,-1000"
    let table = stage.run("what-if", "@/book", "--trade", trade, "--largest")
    #expect(table.status == 0, "\(table.err)")
    #expect(table.out.contains("sell 1,000 USD of BTC-PERPETUAL") && table.out.contains("derive-pmrm2"))
    #expect(table.out.contains("Value at risk 0.99") && table.out.contains("Largest that passes initial"))
    let json = stage.run(
      "what-if", "@/book", "--trade", trade, "--trade", "bob,BTC-27MAR26-70000-P,-0.5", "--largest", "--cure",
      "bob",
      "--target", "40000", "--split", "alice", "--format", "json")
    #expect(json.status == 0 && json.err.isEmpty, "\(json.err)")
    try TestReports.keep(Array(json.out.utf8), folder: "what-if", file: "what-if.json")
    let read = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
    #expect(read?["schema"] as? String == "plimsoll.what-if/1")
    #expect((read?["trades"] as? [Any])?.count == 2 && (read?["splits"] as? [Any])?.count == 1)
    let lines = stage.run("what-if", "@/book", "--trade", trade, "--trade", trade, "--format", "jsonl").out
    #expect(lines.split(separator: "\n").count == 2)
  }

  @Test("a file of trades is read, and rows that cannot be used are set aside with their places")
  func files() throws {
    let stage = try Stage()
    try stage.writeBook()
    try stage.write(
      """
      account_id,instrument,quantity,price
      alice,BTC-27MAR26-60000-P,2,
      alice,BTC-27MAR26-60000-P,0,
      carol,BTC-PERPETUAL,1,
      bob,BTC-27MAR20-60000-P,1,
      bob,BTC-PERPETUAL,nan,
      bob,BTC-PERPETUAL,-5000,64000

      """, "trades.csv")
    let run = stage.run(
      "what-if", "@/book", "--trades", "@/trades.csv", "--max-refused", "5", "--format", "json")
    #expect(run.status == 2, "\(run.err)")
    let read = try JSONSerialization.jsonObject(with: Data(run.out.utf8)) as? [String: Any]
    #expect((read?["trades"] as? [Any])?.count == 2)
    for place in ["3:quantity", "4:account_id", "5:instrument", "6:quantity"] {
      #expect(run.out.contains("trades.csv:\(place)"), "\(place)")
    }
    let strict = stage.run("what-if", "@/book", "--trades", "@/trades.csv", "--strict")
    #expect(strict.status == 65 && strict.err.contains("trades.csv:3:quantity"))
  }

  @Test(
    "a wrong trade on the line is a usage error that says what is wrong",
    arguments: [
      ("alise,BTC-PERPETUAL,1", "no account \"alise\""), ("alice,BTC-PERPETUAL,0", "not 0"),
      ("alice,BTC-PERPETUAL,x", "found \"x\""),
      ("alice,BTC-PERPETUAL", "expected ACCOUNT,INSTRUMENT,QUANTITY"),
      ("alice,BTC-NONSENSE,1", "BTC-NONSENSE"), ("alice,BTC-27MAR20-60000-P,1", "expired"),
      ("alice,BTC-PERPETUAL,1,-5", "a price above 0"),
    ])
  func wrong(trade: String, sentence: String) throws {
    let stage = try Stage()
    try stage.writeBook()
    let run = stage.run("what-if", "@/book", "--trade", trade)
    #expect(run.status == 64 && run.out.isEmpty)
    #expect(run.err.contains(sentence), "\(run.err)")
  }

  @Test("a question without a trade, a lot of nothing and a cost of nothing are refused")
  func refusals() throws {
    let stage = try Stage()
    try stage.writeBook()
    #expect(stage.run("what-if", "@/book").status == 64)
    #expect(stage.run("what-if", "@/book", "--trade", "alice,BTC-PERPETUAL,1", "--lot", "0").status == 64)
    #expect(stage.run("what-if", "@/book", "--cure", "alice", "--cost-bps", "0").status == 64)
    #expect(stage.run("what-if", "@/book", "--split", "nobody").err.contains("nobody"))
    #expect(stage.run("what-if", "@/book", "--cure", "alice", "--with", "NONSENSE").status == 64)
  }

  @Test("an instrument that the market cannot price is a failure, and the rest goes on")
  func unpriced() throws {
    let stage = try Stage()
    try stage.writeBook()
    let run = stage.run(
      "what-if", "@/book", "--trade", "alice,ETH-PERPETUAL,10", "--trade", "alice,BTC-PERPETUAL,10",
      "--format",
      "json")
    #expect(run.status == 2)
    #expect(run.out.contains("the market has no asset ETH"))
  }
}
