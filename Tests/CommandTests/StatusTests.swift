import CommandLineKit
import Foundation
import RiskCommands
import Testing

@Suite("Exit statuses and their sentences")
struct StatusTests {
  @Test("2: rows that were set aside are named, and strict or too many of them stop the run")
  func setAside() throws {
    let stage = try Stage()
    let bad = "account_id,instrument,quantity\nalice,BTC-27MAR26-65000-C,-2\nbob,BTC-PERPETUAL,NaN\n"
    try stage.writeBook(["positions.csv": bad])
    let check = stage.run("check", "@/book")
    #expect(check.status == 2)
    #expect(check.out.hasPrefix("positions.csv:3:quantity: invalid: "))
    #expect(stage.run("run", "@/book", "--out", "@/out").status == 2)
    #expect(try stage.read("out/report.json").contains("positions.csv:3:quantity"))
    let strict = stage.run("run", "@/book", "--out", "@/strict", "--strict")
    #expect(strict.status == 65)
    #expect(strict.err.hasPrefix("plimsoll: positions.csv:3:quantity: "))
    #expect(try stage.names() == ["book", "out"])
    #expect(stage.run("run", "@/book", "--max-refused", "0").status == 65)
    #expect(stage.run("run", "@/book", "--max-refused", "10%").status == 65)
    #expect(stage.run("run", "@/book", "--max-refused", "1").status == 2)
    #expect(stage.run("run", "@/book", "--max-refused", "some").status == 64)
  }

  @Test("3: an account below maintenance, where it was asked for")
  func breach() throws {
    let stage = try Stage()
    try stage.writeBook(["balances.csv": "account_id,asset,quantity\nalice,BTC,0.1\nbob,USDC,50000\n"])
    #expect(stage.run("run", "@/book", "--out", "@/out", "--fail-on", "breach").status == 3)
    #expect(stage.run("run", "@/book", "--out", "@/out").status == 0)
    #expect(stage.run("run", "@/book", "--format", "table", "--fail-on", "breach").status == 3)
    try stage.writeBook()
    #expect(stage.run("run", "@/book", "--out", "@/out", "--fail-on", "breach").status == 0)
  }

  @Test("64: a wrong line, a wrong variable, a model that is not there")
  func usage() throws {
    let stage = try Stage()
    try stage.writeBook()
    #expect(stage.run("run").status == 64)
    #expect(stage.run("run", "@/book", "--threads", "0").status == 64)
    #expect(stage.run("run", "@/book", "--paths", "0").status == 64)
    let kernels = stage.run("run", "@/book", environment: ["PLIMSOLL_KERNELS": "avx22"])
    #expect(kernels.status == 64)
    #expect(
      kernels.err.hasPrefix("plimsoll: PLIMSOLL_KERNELS is 'avx22'; expected one of baseline, avx2, avx512"))
    try stage.writeBook(["run.json": "{\"schema\": \"plimsoll.run/1\", \"measures\": [\"backtest\"]}"])
    #expect(stage.run("run", "@/book").status == 64)
  }

  @Test("65: files that contradict the contract stop with a sentence, and nothing is written")
  func badData() throws {
    let stage = try Stage()
    let cases: [(changes: [String: String?], sentence: String)] = [
      (["market.json": "{"], "market.json:1:2"),
      (["market.json": Stage.market.replacingOccurrences(of: "\"spot\"", with: "\"spott\"")], "spott"),
      (["positions.csv": nil, "positions.cvs": Stage.positions], "did you mean 'positions.csv'?"),
      (["positions.jsonl": "{}\n"], "found both positions.csv and positions.jsonl"),
      (["book.db": "SQLite format 3"], "SQLite are not built"),
      (["positions.csv": "account,instrument,quantity\n"], "account"),
    ]
    for (changes, sentence) in cases {
      try stage.writeBook(changes)
      let outcome = stage.run("run", "@/book", "--out", "@/out")
      #expect(outcome.status == 65, "\(sentence)")
      #expect(outcome.err.contains(sentence), "\(outcome.err)")
      #expect(outcome.err.split(separator: "\n").count == 1)
      #expect(try stage.names() == ["book"])
    }
  }

  @Test("66: no book, or a folder without a market")
  func noInput() throws {
    let stage = try Stage()
    #expect(stage.run("check", "@/none").status == 66)
    try stage.writeBook(["market.json": nil, "markt.json": Stage.market])
    let outcome = stage.run("check", "@/book")
    #expect(outcome.status == 66)
    #expect(outcome.err == "plimsoll: @/book: found no market.json; is 'markt.json' meant to be it?\n")
  }

  @Test("hidden files, pages of text and folders in a book are the user's own")
  func ignored() throws {
    let stage = try Stage()
    try stage.writeBook([".notes": "x", "README.md": "x", "old/positions.csv": "x"])
    #expect(stage.run("check", "@/book").status == 0)
  }

  @Test("71: more than the machine holds is refused before it is allocated")
  func budget() throws {
    let stage = try Stage()
    #expect(stage.run("sample", "@/book", "--accounts", "5").status == 0)
    let outcome = stage.run("run", "@/book", "--paths", "100000000")
    #expect(outcome.status == 71)
    #expect(outcome.err.contains("ask for fewer --paths"))
    let line = """
      ( ulimit -v 200000; "$P" run book --out out --paths 1000000; echo $? )
      ( ulimit -v 60000; "$P" run book --out out; echo $? ); ls
      """
    guard let limited = try BuiltCommand.shell(line, in: stage.folder) else { return }
    #expect(limited.out == "71\n71\nbook\n")
    let sentences = limited.err.split(separator: "\n")
    #expect(sentences.count == 2)
    #expect(sentences.allSatisfy { $0.hasPrefix("plimsoll: the run needs about ") }, "\(limited.err)")
  }

  @Test("74: a folder or stream that cannot be written")
  func cannotWrite() throws {
    let stage = try Stage()
    try stage.writeBook()
    try stage.write("a file", "file")
    #expect(stage.run("run", "@/book", "--out", "@/file").status == 74)
    #expect(stage.run("run", "@/book", "--out", "/proc/nowhere").status == 74)
    // A folder that was made for a run that came to nothing is gone again, one that was there is not.
    try stage.writeBook([
      "run.json": "{\"schema\": \"plimsoll.run/1\", \"measures\": [\"margin\"], "
        + "\"margin\": {\"models\": [\"no-such\"]}}"
    ])
    #expect(stage.run("run", "@/book", "--out", "@/new/deep").status == 64)
    #expect(try stage.names() == ["book", "file"])
    try stage.writeBook()
    let full = Sink { _ throws(SinkError) in throw SinkError(message: "standard output: full") }
    let status = PlimsollTool.tool.run(
      arguments: ["run", stage.folder + "/book"], out: full, err: Sink { _ in })
    #expect(status == 74)
  }

  @Test("75: a folder another run writes to")
  func inUse() throws {
    let stage = try Stage()
    try stage.writeBook()
    let line = """
      mkdir out; exec 9> out/.plimsoll.lock; flock -n 9; "$P" run book --out out; echo $?
      exec 9>&-; "$P" run book --out out --quiet; echo $?; ls -A out
      """
    guard let outcome = try BuiltCommand.shell(line, in: stage.folder) else { return }
    #expect(outcome.out == "75\n0\nreport.json\nrun.log.json\n")
    #expect(outcome.err == "plimsoll: out: another run is writing here\n")
  }

  @Test("74: a sample does not overwrite a book, and 64: a report does not go into one")
  func overwrites() throws {
    let stage = try Stage()
    func sample(_ count: String) -> Outcome { stage.run("sample", "@/book", "--accounts", count) }
    #expect(sample("5").status == 0)
    #expect(sample("5").status == 0)
    let before = try stage.read("book/positions.csv")
    let other = sample("6")
    #expect(other.status == 74)
    #expect(other.err.hasSuffix(": is there already and differs; not overwritten\n"))
    #expect(try stage.read("book/positions.csv") == before)
    let inside = stage.run("run", "@/book", "--out", "@/book")
    #expect(inside.status == 64)
    #expect(inside.err.contains("which holds a book"))
    #expect(stage.run("check", "@/book").status == 0)
  }

  @Test("64: options of the contract that this version lacks are refused by name")
  func unbuiltOptions() throws {
    let stage = try Stage()
    for option in ["--shard", "--metrics", "--max-memory"] {
      for words in [[option, "0/2"], [option + "=0/2"]] {
        let outcome = stage.run(["run", "@/book"] + words)
        #expect(outcome.status == 64)
        #expect(outcome.err == "plimsoll: '\(option)' is not built in this version\n")
      }
    }
  }

  @Test("143 and 75: a run is stopped while it prepares, and its folder is its own from the start")
  func preparation() throws {
    let stage = try Stage()
    // Two thousand accounts over a hundred thousand paths take half a minute to prepare.
    let line = """
      "$P" sample book --accounts 2000 --quiet; mkdir out
      "$P" run book --out new/deep --paths 100000 & run=$!
      "$P" run book --out out --paths 100000 & other=$!
      ( sleep 60; kill -9 $run $other ) > /dev/null 2>&1 & watch=$!
      for try in $(seq 200); do [ -e out/.plimsoll.lock -a -e new/deep/.plimsoll.lock ] && break; sleep 0.1; done
      "$P" run book --out out; echo $?
      before=$(date +%s%N); kill $run $other; wait $run; echo $?; wait $other; echo $?
      echo $(( ($(date +%s%N) - before) / 2000000000 )); ls -A . out; kill -9 -- -$watch
      """
    guard let outcome = try BuiltCommand.shell("set -m; " + line, in: stage.folder) else { return }
    #expect(outcome.out == "75\n143\n143\n0\n.:\nbook\nout\n\nout:\n", "\(outcome)")
  }

  @Test("130 and 143: a signal ends a run without a trace", arguments: [("INT", "130"), ("TERM", "143")])
  func signals(signal: String, status: String) throws {
    let stage = try Stage()
    // Waiting for input is the longest a command can wait.
    let line = """
      mkfifo pipe; ( trap - INT; exec "$P" greeks - < pipe ) & exec 8> pipe; sleep 0.3
      run=$!; ( sleep 20; kill -9 $run ) > /dev/null 2>&1 & watch=$!
      kill -\(signal) $run; wait $run; echo $?; kill -9 -- -$watch
      """
    guard let outcome = try BuiltCommand.shell("set -m; " + line, in: stage.folder) else { return }
    #expect(outcome.out.hasSuffix(status + "\n"), "\(outcome)")
  }

  @Test("standard output that is full, closed or gone is never success")
  func streams() throws {
    let stage = try Stage()
    let line = """
      "$P" --help > /dev/full; echo $?; "$P" --help >&-; echo $?
      "$P" schema report | true; echo ${PIPESTATUS[0]}
      """
    guard let outcome = try BuiltCommand.shell(line, in: stage.folder) else { return }
    let statuses = outcome.out.split(separator: "\n").map(String.init)
    #expect(statuses.prefix(2) == ["74", "74"])
    #expect(["0", "74"].contains(statuses.last ?? ""))
  }

  @Test("killed at any moment, the folder holds the old report or the new one")
  func killed() throws {
    let stage = try Stage()
    try stage.writeBook()
    let line = """
      "$P" run book --out out --quiet; sha256sum < out/report.json > old
      for delay in 0.001 0.003 0.005 0.01 0.02 0.03 0.05 0.08; do
        "$P" run book --out out --quiet --seed 8 & sleep $delay; kill -9 $! 2> /dev/null; wait $! 2> /dev/null
        sha256sum < out/report.json
      done | sort -u > seen
      "$P" run book --out out --quiet --seed 8; sha256sum < out/report.json > new
      cat seen old new | sort -u | wc -l; ls -A out
      """
    guard let outcome = try BuiltCommand.shell(line, in: stage.folder) else { return }
    #expect(outcome.out == "2\nreport.json\nrun.log.json\n")
  }
}
