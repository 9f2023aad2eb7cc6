import MarketModel
import RiskDocuments
import StructuredText
import Testing

@Suite("Reading a book")
struct ReadingTests {
  @Test("a directory is read whole and put into order")
  func directory() throws {
    let reading = try SmallBook().read().get()
    let book = reading.book
    #expect(book.failures == [])
    #expect(book.incompleteAccounts == [])
    #expect(book.accounts.map(\.text) == ["alice", "bob", "carol", "dave"])
    #expect(
      book.instruments.map(\.id.text)
        == [
          "BTC-27MAR26-65000-C", "BTC-PERPETUAL", "ETH_USDC-27MAR26-2000-P", "MY-FUTURE",
          "SPY   261218C00600000",
        ])
    #expect(book.positions.map(\.row) == [2, 3, 1, 5, 4])
    #expect(book.positions[2].entryPrice == 64_000.5)
    #expect(book.positions[2].isolatedMargin == 0.1)
    #expect(book.positions[2].marginMode == .isolated)
    #expect(book.balances.map(\.quantity) == [-0.5, 100_000.25, 10])
    #expect(book.instruments[3].multiplier == 0.1)
    #expect(book.instruments[3].expiry?.text == "2026-06-26T08:00:00Z")
    #expect(book.instruments[4].exercise == .european)
    #expect(book.instruments[4].isListed)
    #expect(book.history?.prices == [[64_000, 64_100, 64_200], [1_800, nil, 1_805]])
    #expect(book.market.assets.map(\.id.text) == ["BTC", "ETH", "SPY", "USDC"])
    #expect(book.market.correlation?.matrix == [1, 0.85, 0.85, 1])
    #expect(book.market.volatility.count == 2)
    #expect(book.market.marks.first?.fundingRate8h == 0.0001)
    #expect(reading.plan.seed == .max)
    #expect(reading.plan.measures == [.greeks, .valueAtRisk])
    #expect(reading.plan.valueAtRisk.first?.confidence.map(\.decimal) == ["0.95", "0.99"])
    #expect(reading.plan.valueAtRisk.first?.paths == 10_000)
    #expect(reading.plan.marginModels == ["deribit-sm", "derive-pmrm2"])
    #expect(reading.plan.stress.map(\.name.text) == ["crash"])
  }

  @Test("JSON Lines and one JSON document give the same book")
  func forms() throws {
    let directory = try SmallBook().read().get()
    let positions = """
      {"account_id": "bob", "instrument": "BTC-PERPETUAL", "quantity": -50000, "entry_price": 64000.5, "margin_mode": "isolated", "isolated_margin": 0.1}
      {"account_id": "alice", "instrument": "BTC-27MAR26-65000-C", "quantity": 2, "entry_price": 0.05, "margin_mode": "portfolio"}
      {"account_id": "alice", "instrument": "ETH_USDC-27MAR26-2000-P", "quantity": -10, "entry_price": null}
      {"account_id": "carol", "instrument": "SPY   261218C00600000", "quantity": 3, "margin_mode": "cross"}
      {"account_id": "carol", "instrument": "MY-FUTURE", "quantity": 1e1}
      """
    let lines = try SmallBook().with("positions.csv", nil).with("positions.jsonl", positions).read().get()
    #expect(lines.book.positions == directory.book.positions)
    #expect(lines.book.positionsName == "positions.jsonl")

    let small = SmallBook()
    let market = small.files[0].text
    let run = small.files[5].text
    let array = "[" + positions.split(separator: "\n").joined(separator: ",") + "]"
    let whole = """
      {"market": \(market), "run": \(run), "positions": \(array),
       "instruments": [{"instrument": "SPY   261218C00600000", "exercise": "european"},
         {"instrument": "MY-FUTURE", "kind": "future", "underlying": "BTC", "quote_asset": "USDC",
          "expiry": "2026-06-26", "multiplier": 0.1, "inverse": false}],
       "balances": [{"account_id": "alice", "asset": "USDC", "quantity": 100000.25},
         {"account_id": "alice", "asset": "BTC", "quantity": -0.5}, {"account_id": "dave", "asset": "USD", "quantity": 10}],
       "history": [{"date": "2026-01-01", "BTC": 64000, "ETH": 1800}, {"date": "2026-01-02", "BTC": 64100},
         {"date": "2026-01-03", "BTC": 64200, "ETH": 1805}]}
      """
    let single = try BookReader.readWithPlan(.document(name: "book.json", bytes: Array(whole.utf8)))
    #expect(single.book.positions == directory.book.positions)
    #expect(single.book.balances == directory.book.balances)
    #expect(single.book.instruments == directory.book.instruments)
    #expect(single.book.market == directory.book.market)
    #expect(single.book.history == directory.book.history)
    #expect(single.plan == directory.plan)
    #expect(single.book.positionsName == "book.json#/positions")
    let spoilt = whole.replacing("\"quantity\": 1e1", with: "\"quantity\": 1e400")
    let failed = try BookReader.read(.document(name: "book.json", bytes: Array(spoilt.utf8)))
    #expect(failed.failures.map(\.path) == ["book.json#/positions/4/quantity"])
  }

  @Test("without run.json everything is computed")
  func defaults() throws {
    #expect(try SmallBook().with("run.json", nil).read().get().plan == RunPlan())
  }

  @Test(
    "a wrong row is set aside with its place and its account is incomplete",
    arguments: [
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,NaN", "positions.csv:2:quantity",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,inf", "positions.csv:2:quantity",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,1e400", "positions.csv:2:quantity",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,1e300", "positions.csv:2:quantity",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,\"-50,000\"",
        "positions.csv:2:quantity", "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,0x10", "positions.csv:2:quantity",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAL,", "positions.csv:2:quantity", "bob",
        "missing"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-PERPETUAI,-50000", "positions.csv:2:instrument",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-5FEB26,-50000", "positions.csv:2:instrument",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000", "bob,BTC-27MAR26--5-C,1", "positions.csv:2:instrument",
        "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL,-50000,64000.5", "bob,BTC-PERPETUAL,-50000,0",
        "positions.csv:2:entry_price", "bob", "invalid"
      ),
      (
        "positions.csv", "64000.5,isolated,0.1", "64000.5,isolate,0.1", "positions.csv:2:margin_mode", "bob",
        "invalid"
      ),
      (
        "positions.csv", "64000.5,isolated,0.1", "64000.5,cross,0.1", "positions.csv:2:isolated_margin",
        "bob", "invalid"
      ),
      (
        "positions.csv", "64000.5,isolated,0.1", "64000.5,isolated,-1", "positions.csv:2:isolated_margin",
        "bob", "invalid"
      ),
      ("positions.csv", "-50000,64000.5,isolated,0.1", "-50000,64000.5", "positions.csv:2", "bob", "invalid"),
      (
        "positions.csv", "64000.5,isolated,0.1", "64000.5,isolated,0.1,9", "positions.csv:2", "bob", "invalid"
      ),
      (
        "positions.csv", "bob,BTC-PERPETUAL", "b/ob,BTC-PERPETUAL", "positions.csv:2:account_id", "",
        "invalid"
      ),
      ("positions.csv", "bob,BTC-PERPETUAL", ",BTC-PERPETUAL", "positions.csv:2:account_id", "", "missing"),
      (
        "balances.csv", "alice,USDC,100000.25", "alice,USDD,100000.25", "balances.csv:2:asset", "alice",
        "missing"
      ),
      ("balances.csv", "alice,BTC,-0.5", "alice,USDC,-0.5", "balances.csv:3:asset", "alice", "duplicate"),
      ("balances.csv", "alice,BTC,-0.5", "alice,BTC,nan", "balances.csv:3:quantity", "alice", "invalid"),
      ("history.csv", "2026-01-02,64100,", "2026-02-30,64100,", "history.csv:3:date", "", "invalid"),
      ("history.csv", "2026-01-02,64100,", "2026-01-01,64100,", "history.csv:3:date", "", "duplicate"),
      ("history.csv", "2026-01-02,64100,", "2026-01-02,-1,", "history.csv:3:BTC", "", "invalid"),
      ("history.csv", "2026-01-03,64200", "2027-01-03,64200", "history.csv:4:date", "", "invalid"),
      (
        "market.json", "0.55, 0.52", "-0.55, 0.52", "market.json#/volatility/0/volatilities/0", "alice",
        "invalid"
      ),
      (
        "market.json", "60000, 65000", "65000, 60000", "market.json#/volatility/0/strikes/1", "alice",
        "invalid"
      ),
      ("market.json", "60000, 65000", "60000", "market.json#/volatility/0/volatilities", "alice", "invalid"),
      (
        "market.json", "60000, 65000", "-60000, 65000", "market.json#/volatility/0/strikes/0", "alice",
        "invalid"
      ),
      (
        "market.json", "\"rho\": -0.3", "\"rho\": -1.3", "market.json#/volatility/1/svi/rho", "alice",
        "invalid"
      ),
      ("market.json", "\"a\": 0.01", "\"a\": -0.5", "market.json#/volatility/1/svi/a", "alice", "invalid"),
      (
        "market.json", "\"price\": 65480.0", "\"price\": 1e400", "market.json#/forwards/0/price",
        "alice carol", "invalid"
      ),
      ("market.json", "\"price\": 65480.0", "\"cost\": 65480.0", "", "", "stop"),
      ("market.json", "\"price\": 65015.0", "\"price\": 0", "market.json#/marks/0/price", "bob", "invalid"),
      (
        "market.json", "\"yield\": 0.012", "\"yield\": \"0.012\"", "market.json#/dividends/0/yield", "carol",
        "invalid"
      ),
      (
        "market.json", "\"years\": 1,", "\"years\": 0.1,", "market.json#/rates/0/curve/1/years",
        "alice carol", "invalid"
      ),
      (
        "market.json", "2026-03-27T08:00:00Z\", \"price\"", "2026-01-27T08:00:00Z\", \"price\"",
        "market.json#/forwards/0/expiry", "", "invalid"
      ),
      (
        "market.json", "\"confidence\": 0.99", "\"confidence\": 1.99", "market.json#/confidence/0/confidence",
        "", "invalid"
      ),
      (
        "market.json", "\"confidence\": [{",
        "\"depth\": [{\"underlying\": \"BTC\", \"half_spread\": 2}], \"confidence\": [{",
        "market.json#/depth/0/half_spread", "", "invalid"
      ),
      (
        "instruments.csv", "MY-FUTURE,future", "MY-FUTURE,barrier",
        "instruments.csv:3:kind positions.csv:6:instrument", "carol", "unsupported"
      ),
      (
        "instruments.csv", "MY-FUTURE,future,BTC", "MY-FUTURE,future,",
        "instruments.csv:3:underlying positions.csv:6:instrument", "carol", "missing"
      ),
      (
        "instruments.csv", "2026-06-26,,,,0.1", "2026-06-31,,,,0.1",
        "instruments.csv:3:expiry positions.csv:6:instrument", "carol", "invalid"
      ),
      (
        "instruments.csv", "USDC,USDC,2026", "USDC,USDT,2026",
        "instruments.csv:3:settlement_asset positions.csv:6:instrument", "carol", "unsupported"
      ),
      (
        "instruments.csv", "SPY   261218C00600000,,,,,,,,european",
        "SPY   261218C00600000,,,,,,500,,european", "instruments.csv:2:strike positions.csv:5:instrument",
        "carol", "invalid"
      ),
    ])
  func setAside(file: String, found: String, other: String, paths: String, accounts: String, reason: String)
    throws
  {
    let result = SmallBook().replacing(found, with: other, in: file).read()
    guard reason != "stop" else {
      #expect(throws: DocumentError.self) { try result.get() }
      return
    }
    let book = try result.get().book
    #expect(book.failures.map(\.path) == paths.split(separator: " ").map(String.init))
    #expect(book.failures.first?.reason.word == reason)
    let incomplete = Set(book.incompleteAccounts.map { book.accounts[$0].text })
    let expected = Set(accounts.split(separator: " ").map(String.init))
    #expect(incomplete == expected)
    if file == "positions.csv" { #expect(book.positions.count == 4) }
  }

  @Test("under strict rules the first wrong row stops the run")
  func strict() {
    let book = SmallBook().replacing("-50000", with: "NaN", in: "positions.csv")
    guard case .failure(let error) = book.read(ReadingRules(isStrict: true)) else {
      Issue.record("read")
      return
    }
    #expect(
      error.sentence == "positions.csv:2:quantity: expected a quantity within 1e+15 of 0, found \"NaN\"")
    #expect(error.exitCode == 65)
  }

  @Test("more wrong rows than the limit stop the run")
  func refusals() throws {
    func rows(_ bad: Int, of count: Int) -> SmallBook {
      var text = "account_id,instrument,quantity\n"
      for row in 0..<count { text += "a,BTC-PERPETUAL,\(row < bad ? "x" : "1")\n" }
      return SmallBook().with("positions.csv", text)
    }
    #expect(try rows(10, of: 20).read().get().book.failures.count == 10)
    #expect(try rows(11, of: 1_100).read().get().book.failures.count == 11)
    #expect(throws: DocumentError.self) { try rows(11, of: 1_099).read().get() }
    #expect(throws: DocumentError.self) {
      try rows(3, of: 1_099).read(ReadingRules(maxRefused: .count(2))).get()
    }
    #expect(
      try rows(20, of: 40).read(ReadingRules(maxRefused: .percent(50))).get().book.positions.count == 20)
    #expect(ReadingRules.limit("12") == .count(12))
    #expect(ReadingRules.limit("2.5%") == .percent(2.5))
    for text in ["", "%", "-1", "101%", "1e400%", "a", "99999999999999999999"] {
      #expect(ReadingRules.limit(text) == nil)
    }
  }
}

extension String {
  fileprivate func replacing(_ found: String, with other: String) -> String {
    var text = self
    if let range = text.firstRange(of: found) { text.replaceSubrange(range, with: other) }
    return text
  }
}
