import Foundation
import TestSupport
import Testing

@Suite("Commands on a book")
struct RunTests {
  @Test("a run publishes a report and its log, and nothing else")
  func publishes() throws {
    let stage = try Stage()
    try stage.writeBook()
    let outcome = stage.run("run", "@/book", "--out", "@/out/tonight")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.isEmpty)
    #expect(outcome.err.contains("report: @/out/tonight/report.json"))
    #expect(try stage.names("out/tonight") == ["report.json", "run.log.json"])
    let log = try stage.read("out/tonight/run.log.json")
    #expect(log.contains("\"kernel_level\"") && log.contains("\"threads\""))
    let report = try stage.read("out/tonight/report.json")
    #expect(!report.contains(stage.folder))
    #expect(report.contains("\"plimsoll.report/1\""))
  }

  @Test("the report has the same bytes on every number of threads and at every kernel level")
  func sameBytes() throws {
    let stage = try Stage()
    #expect(stage.run("sample", "@/book", "--accounts", "24", "--instruments", "100").status == 0)
    func report(_ words: [String], kernels: String) -> String {
      stage.run(
        ["run", "@/book", "--paths", "200", "--quiet"] + words, environment: ["PLIMSOLL_KERNELS": kernels]
      ).out
    }
    let one = report(["--threads", "1"], kernels: "")
    #expect(one.contains("\"plimsoll.report/1\""))
    for threads in ["2", "3", "8"] { #expect(report(["--threads", threads], kernels: "") == one) }
    for level in ["baseline", "avx2", "avx512"] {
      let other = report([], kernels: level)
      if other.isEmpty { print("skipped: this processor lacks \(level)") } else { #expect(other == one) }
    }
    #expect(report(["--seed", "99"], kernels: "") != one)
  }

  @Test("a second run replaces the report by the same bytes and sweeps up what is stale")
  func again() throws {
    let stage = try Stage()
    try stage.writeBook()
    _ = stage.run("run", "@/book", "--out", "@/out")
    let first = try stage.read("out/report.json")
    try stage.write("left by a larger book", "out/accounts.jsonl")
    try stage.write("left by a run that was killed", "out/.report.json.tmp")
    #expect(stage.run("run", "@/book", "--out", "@/out", "--quiet").err.isEmpty)
    #expect(try stage.read("out/report.json") == first)
    #expect(try stage.names("out") == ["report.json", "run.log.json"])
  }

  @Test("more than a thousand accounts go to a file of their own")
  func manyAccounts() throws {
    let stage = try Stage()
    let ids = (0..<1_001).map { "a\($0)" }
    try stage.writeBook([
      "positions.csv": "account_id,instrument,quantity\n",
      "balances.csv": "account_id,asset,quantity\n" + ids.map { "\($0),BTC,1\n" }.joined(),
      "run.json": "{\"schema\": \"plimsoll.run/1\", \"measures\": [\"greeks\"]}",
    ])
    #expect(stage.run("run", "@/book", "--out", "@/out").status == 0)
    #expect(try stage.names("out") == ["accounts.jsonl", "report.json", "run.log.json"])
    let lines = try stage.read("out/accounts.jsonl").split(separator: "\n")
    #expect(lines.count == 1_001)
    let streamed = stage.run("run", "@/book", "--format", "jsonl").out.split(separator: "\n")
    #expect(streamed.dropLast() == lines[...])
    let document = try stage.read("out/report.json")
    #expect(streamed.last.map(String.init) == document.replacingOccurrences(of: "\n", with: ""))
    let whole = stage.run("run", "@/book")
    #expect(whole.status == 0)
    #expect(whole.out == document)
    #expect(whole.err.hasPrefix("plimsoll: the report holds no accounts, for there are more than 1000"))
  }

  @Test("each measure alone says what the whole run says", arguments: ["margin", "var", "stress", "compare"])
  func measures(command: String) throws {
    let stage = try Stage()
    try stage.writeBook()
    for format in ["json", "jsonl", "table"] {
      let outcome = stage.run(command, "@/book", "--format", format)
      #expect(outcome.status == 0, "\(outcome.err)")
      #expect(outcome.out.contains("alice") && outcome.out.contains("bob"))
    }
    #expect(stage.run("margin", "@/book", "--model", "derive-srm").out.contains("\"derive-srm\""))
    let wrong = stage.run("margin", "@/book", "--model", "derive-smr")
    #expect(wrong.status == 64)
    #expect(wrong.err.contains("did you mean 'derive-srm'?"))
  }

  @Test("explain names the binding scenario, what is near and what would cure it")
  func explain() throws {
    let stage = try Stage()
    // Ten coins short in calls over one coin: under water in every model.
    try stage.writeBook(["balances.csv": "account_id,asset,quantity\nalice,BTC,0.1\nbob,USDC,50000\n"])
    let outcome = stage.run("explain", "@/book", "alice")
    #expect(outcome.status == 0, "\(outcome.err)")
    for part in [
      "Account alice", "What binds: scenario", "BTC-27MAR26-65000-C", "Cured by", "is as far as it goes",
    ] {
      #expect(outcome.out.contains(part), "\(part)")
    }
    let data = stage.run("explain", "@/book", "alice", "--format", "json").out
    #expect(try JSONSerialization.jsonObject(with: Data(data.utf8)) is [String: Any])
    // `make test` holds it against the schema.
    try TestReports.keep(Array(data.utf8), folder: "explain", file: "explanation.json")
    try stage.writeBook(["balances.csv": "account_id,asset,quantity\nalice,BTC,0.3\nbob,USDC,50000\n"])
    #expect(stage.run("explain", "@/book", "alice").out.contains("Or by trades to pass"))
    let unknown = stage.run("explain", "@/book", "alise")
    #expect(unknown.status == 65)
    #expect(unknown.err == "plimsoll: @/book: no account 'alise' in the book; did you mean 'alice'?\n")
  }

  @Test("an option chain becomes a book that is sound")
  func importsChain() throws {
    let stage = try Stage()
    let names = SharedFolder.list("data/deribit/chains").filter { $0.hasSuffix(".csv") }
    guard let name = names.first, let url = SharedFolder.url else { return }
    let chain = url.path + "/data/deribit/chains/" + name
    #expect(stage.run("import", "deribit", chain, "--out", "@/book").status == 0)
    let check = stage.run("check", "@/book")
    #expect(check.status == 0, "\(check.out)\(check.err)")
    // What was filled in survives the next import, in whatever form it is.
    let balance = "{\"account_id\": \"alice\", \"asset\": \"USDC\", \"quantity\": 5}\n"
    try FileManager.default.removeItem(atPath: stage.folder + "/book/balances.csv")
    try stage.write(balance, "book/balances.jsonl")
    try stage.write("{}", "book/market.json")
    let again = stage.run("import", "deribit", chain, "--out", "@/book")
    #expect(again.status == 0)
    #expect(again.err.contains("kept as they were: balances.jsonl, "), "\(again.err)")
    #expect(try stage.read("book/balances.jsonl") == balance)
    #expect(try !stage.names("book").contains("balances.csv"))
    #expect(try stage.read("book/market.json").count > 100)
    #expect(stage.run("import", "okx", chain, "--out", "@/x").err.contains("not built in this version"))
    #expect(stage.run("import", "deribit", chain).status == 64)
  }
}
