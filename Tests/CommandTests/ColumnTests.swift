import Testing

@Suite("Columns of options")
struct ColumnTests {
  private static let head =
    "id,option_type,strike,years_to_expiry,volatility,rate,spot,dividend_yield,forward"
  private static let names =
    "id,price,delta,gamma,vega,theta,rho,rho_q,vanna,volga,charm,veta,speed,zomma,color,ultima,dual_delta,"
    + "dual_gamma,status"

  private func greeks(_ rows: [String], head: String = ColumnTests.head, _ options: String...) throws
    -> Outcome
  {
    let stage = try Stage()
    try stage.write(([head] + rows).joined(separator: "\n") + "\n", "options.csv")
    return stage.run(["greeks", "@/options.csv"] + options)
  }

  @Test("columns stand in the order of the contract, and rows in the order they went in")
  func order() throws {
    let rows = (0..<5_000).map { "o\($0),call,\(50 + $0 % 100),0.5,0.3,0.01,,,100" }
    let one = try greeks(rows, "--threads", "1")
    #expect(one.status == 0)
    let lines = one.out.split(separator: "\n")
    #expect(lines.first.map(String.init) == Self.names)
    #expect(lines.dropFirst().map { $0.prefix { $0 != "," } } == (0..<5_000).map { "o\($0)" })
    #expect(try greeks(rows, "--threads", "3").out == one.out)
  }

  @Test("a row that cannot be computed has empty figures and names its field, and the others stand")
  func refusals() throws {
    let rows = [
      "a,call,100,0.5,0.2,0.05,100,0.01,", "b,cal,100,0.5,0.2,0.05,100,0.01,", "c,put,-1,0.5,0.2,0.05,100,0,",
      "d,put,100,-0.5,0.2,0.05,100,0,", "e,put,100,0.5,1e400,0.05,100,0,", "f,put,100,0.5,0.2,NaN,100,0,",
      "g,put,100,0.5,0.2,0.05,,0,", "h,put,100,0.5,0.2,0.05,100,,", "i,put,100,0.5,0.2,0.05,100,0,100",
      "j,put,100", ",put,100,0.5,0.2,0.05,,,100",
    ]
    let outcome = try greeks(rows)
    #expect(outcome.status == 2)
    let lines = outcome.out.split(separator: "\n").dropFirst().map(String.init)
    let status = lines.map { String($0.split(separator: ",", omittingEmptySubsequences: false).last ?? "") }
    #expect(
      status == [
        "ok", "invalid:option_type", "invalid:strike", "invalid:years_to_expiry", "invalid:volatility",
        "invalid:rate", "invalid:spot", "invalid:dividend_yield", "invalid:forward", "invalid:row", "ok",
      ])
    #expect(lines[1] == "b,,,,,,,,,,,,,,,,,,invalid:option_type")
    #expect(lines[10].hasPrefix("11,"))
    #expect(outcome.err == "plimsoll: 9 of 11 rows have no figures; see their status\n")
    let strict = try greeks(rows, "--strict")
    #expect(strict.status == 65)
    #expect(strict.out.isEmpty)
    #expect(strict.err == "plimsoll: @/options.csv:3: invalid:option_type, and --strict is given\n")
  }

  @Test("an American row has the engine's Greeks, on a spot and on a forward")
  func american() throws {
    let head = "option_type,strike,years_to_expiry,volatility,rate,spot,dividend_yield,forward,exercise"
    let rows = [
      "put,100,1,0.2,0.06,100,0,,american", "put,100,1,0.2,0.06,100,0,,european",
      "call,100,1,0.2,0.06,,,100,american",
    ]
    let lines = try greeks(rows, head: head).out.split(separator: "\n").map(String.init)
    let cells = lines.dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    }
    let (american, european) = (try #require(cells[0][1]), try #require(cells[1][1]))
    #expect(american > european + 0.5 && american < european + 1)
    #expect(try #require(cells[0][2]) < #require(cells[1][2]))
    // A forward that is held fixed has no rho_q.
    #expect(cells[2][7] == nil && cells[2][6] != nil)
  }

  @Test("an exercise style that is none is refused by its field, coin settlement adds its two columns")
  func exerciseAndSettlement() throws {
    let head = "option_type,strike,years_to_expiry,volatility,rate,forward,exercise,settlement"
    let rows = ["call,100,0.5,0.2,0,100,bermudan,cash", "call,100,0.5,0.2,0,100,,coin"]
    let lines = try greeks(rows, head: head).out.split(separator: "\n").map(String.init)
    #expect(lines[0] == Self.names + ",coin_delta,coin_gamma")
    #expect(lines[1].hasSuffix(",invalid:exercise,,"))
    let cells = lines[2].split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
    let (price, delta, coin) = (cells[1], cells[2], cells[cells.count - 2])
    // Δ − V/F, one rounding each.
    #expect(abs(coin - (delta - price / 100)) <= 0x1p-52)
  }

  @Test("the three formats hold the same figures")
  func formats() throws {
    let rows = ["\"a,\"\"b\",put,100,0.5,0.2,0.05,,,100", "c,put,0,0.5,-1,0.05,,,100"]
    let csv = try greeks(rows).out
    #expect(csv.contains("\n\"a,\"\"b\","))
    let lines = try greeks(rows, "--format", "jsonl").out.split(separator: "\n").map(String.init)
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("{\"id\":\"a,\\\"b\",\"price\":"))
    #expect(lines[1].contains("\"price\":null") && lines[1].contains("\"status\":\"invalid:volatility\""))
    #expect(try greeks(rows, "--format=json").out == "[\n" + lines.joined(separator: ",\n") + "\n]\n")
  }

  @Test("implied volatility gives back the volatility a price was made with")
  func roundTrip() throws {
    let volatilities = [0.05, 0.2, 0.65, 1.5]
    let rows = volatilities.map { "x,call,110,0.75,\($0),0.03,,,100" }
    let prices = try greeks(rows).out.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
    let stage = try Stage()
    let head = "id,option_type,strike,years_to_expiry,price,rate,forward\n"
    try stage.write(head + prices.map { "x,call,110,0.75,\($0),0.03,100\n" }.joined(), "prices.csv")
    let outcome = stage.run("implied-vol", "@/prices.csv")
    #expect(outcome.status == 0)
    let lines = outcome.out.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines[0].joined(separator: ",") == "id,implied_volatility,status")
    for (line, volatility) in zip(lines.dropFirst(), volatilities) {
      // The price's rounding, 2^-53, through price / (vega · volatility) ≤ 1e4 in these cases.
      #expect(abs((Double(line[1]) ?? 0) / volatility - 1) < 1e-12)
      #expect(line[2] == "ok")
    }
  }

  @Test("a price outside its bounds has a status of its own")
  func impliedStatus() throws {
    let stage = try Stage()
    try stage.write(
      """
      option_type,strike,years_to_expiry,price,rate,forward
      call,90,1,9,0,100
      call,90,1,101,0,100
      call,90,1,10,0,100
      call,110,1,0,0,100
      call,90,0,10,0,100

      """, "prices.csv")
    let outcome = stage.run("implied-vol", "@/prices.csv")
    #expect(outcome.status == 2)
    #expect(
      outcome.out
        == "id,implied_volatility,status\n1,,below_intrinsic\n2,,above_maximum\n3,,no_time_value\n4,0,zero_vol\n"
        + "5,,invalid:years_to_expiry\n")
  }

  @Test("a file that is no table of options stops with one sentence")
  func wrongFile() throws {
    let stage = try Stage()
    try stage.write("option_type,strike\ncall,100\n", "a.csv")
    #expect(stage.run("greeks", "@/a.csv").status == 65)
    #expect(stage.run("greeks", "@/a.csv").err.hasPrefix("plimsoll: @/a.csv:1:1: expected the column"))
    let head = "option_type,strike,years_to_expiry,volatility,rate"
    try stage.write(head + ",spott\n", "b.csv")
    #expect(stage.run("greeks", "@/b.csv").err.contains("did you mean \"spot\""))
    try stage.write(head + "\n", "c.csv")
    #expect(
      stage.run("greeks", "@/c.csv").err
        == "plimsoll: @/c.csv:1: expected the column \"spot\" or \"forward\"\n")
    try stage.write(head + ",spot\n", "d.csv")
    #expect(stage.run("greeks", "@/d.csv").err.contains("\"dividend_yield\" beside \"spot\""))
    #expect(stage.run("greeks", "@/none.csv").status == 66)
    #expect(stage.run("greeks", "@/").status == 65)
  }
}
