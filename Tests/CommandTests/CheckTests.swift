import Foundation
import Testing

@Suite("A check finds what would stop the run")
struct CheckTests {
  private func expectStop(_ stage: Stage, _ sentence: String, status: Int32 = 65) throws {
    for words in [["check", "@/book"], ["run", "@/book", "--out", "@/out"]] {
      let outcome = stage.run(words)
      #expect(outcome.status == status, "\(words[0]): \(outcome.err)")
      #expect(outcome.err.contains(sentence), "\(words[0]): \(outcome.err)")
      #expect(outcome.err.split(separator: "\n").count == 1)
      #expect(try !stage.names().contains("out"))
    }
  }

  @Test("an indefinite correlation, a mode that a model does not offer, a peg that the market has not")
  func wholeBook() throws {
    let stage = try Stage()
    let assets =
      "{\"asset\": \"ETH\", \"spot\": 1900}, {\"asset\": \"SOL\", \"spot\": 90}, {\"asset\": \"USDC\""
    let correlation =
      "{\"assets\": [\"BTC\", \"ETH\", \"SOL\"], \"matrix\": [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]],"
      + " \"volatilities\": [0.6, 0.7, 0.8]}"
    try stage.writeBook([
      "market.json": Stage.market.replacingOccurrences(of: "{\"asset\": \"USDC\"", with: assets)
        .replacingOccurrences(
          of: "{\"assets\": [\"BTC\"], \"matrix\": [[1]], \"volatilities\": [0.62]}", with: correlation)
    ])
    try expectStop(stage, "market.json#/correlation/matrix: ")
    try stage.writeBook(["run.json": "{\"compare\": {\"portfolio\": \"derive-srm\"}}"])
    try expectStop(stage, "run.json#/compare: ", status: 64)
    try stage.writeBook(["run.json": "{\"value_at_risk\": [{\"paths\": 100000000}]}"])
    try expectStop(stage, "run.json#/value_at_risk/0: ")
    let depeg = "{\"margin\": {\"collateral\": {\"depeg\": [{\"asset\": \"BTC\", \"price\": 0.97}]}}}"
    try stage.writeBook(["run.json": depeg])
    try expectStop(stage, "run.json#/margin/collateral/depeg/0/asset: ")
  }

  @Test("more rows than the limit, lost only when they are valued")
  func valuedRows() throws {
    let stage = try Stage()
    let rows = (1...12).map { "maker-\($0),XYZ-PERPETUAL,1\n" }.joined()
    try stage.writeBook(["positions.csv": Stage.positions + rows])
    try expectStop(stage, "positions.csv: found 12 of 14 rows that cannot be valued")
    #expect(stage.run("run", "@/book", "--max-refused", "12", "--out", "@/out").status == 2)
  }

  @Test("a member that is a folder or a pipe, or only a page of its name")
  func members() throws {
    let stage = try Stage()
    try stage.writeBook(["positions.csv": nil, "positions.csv/x": "x"])
    try expectStop(stage, "@/book/positions.csv: is a folder")
    try stage.writeBook(["run.json": nil, "run.json/x": "x"])
    try expectStop(stage, "@/book/run.json: is a folder")
    try stage.writeBook(["positions.csv": nil])
    let process = try Process.run(
      URL(fileURLWithPath: "/usr/bin/env"), arguments: ["mkfifo", stage.folder + "/book/positions.csv"])
    process.waitUntilExit()
    try expectStop(stage, "expected a regular file")
    try stage.writeBook(["positions.csv": nil, "positions.md": "x"])
    try expectStop(stage, "expected positions.csv or positions.jsonl")
    try stage.writeBook(["positions.md": "x"])
    #expect(stage.run("check", "@/book").status == 0)
    try stage.writeBook(["positions.csv": nil])
    let outcome = stage.run("run", "@/book", "--out", "@/out")
    #expect(outcome.status == 0)
    #expect(try stage.read("out/report.json").contains("positions: the book has no such table"))
  }
}
