import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskNumerics
import Testing

@Suite struct SpanFileTests {
  private func fault(_ change: (inout [String]) -> Void) -> String? {
    var lines = SpanSample.lines
    change(&lines)
    do throws(DocumentError) {
      _ = try SpanFileReader.read(Array(lines.joined(separator: "\n").utf8), name: "own.pa2")
      return nil
    } catch {
      return error.sentence
    }
  }

  @Test("the sample is read to its last field")
  func sample() throws {
    let file = try SpanFileReader.read(SpanSample.bytes, name: "own.pa2")
    #expect(file.businessDate == 20_260_115 && file.commodities.map(\.code) == ["CORN", "SOY"])
    let corn = try #require(file.commodities.first)
    let march = (2026 * 12 + 2) * 100
    #expect(corn.currency == "USD" && corn.initialRatio == 1.1 && corn.shortOptionMinimum == 30)
    #expect(!corn.countsLargerSide && corn.adjustment == 1 && corn.refusal == nil)
    #expect(
      corn.tiers == [
        .init(number: 1, first: march, last: march + 99),
        .init(number: 2, first: march + 400, last: march + 499),
      ])
    #expect(
      corn.spreads == [
        .init(
          legs: [.init(place: 1, ratio: 1, isSideA: true), .init(place: 2, ratio: 1, isSideA: false)],
          rate: 120)
      ])
    #expect(corn.deliveries == [.init(first: march, last: march + 99, spreadCharge: 50, outrightCharge: 80)])
    #expect(
      file.interSpreads == [
        .init(
          legs: [.init(place: 0, ratio: 1, isSideA: true), .init(place: 1, ratio: 2, isSideA: false)],
          rate: 0.65)
      ])
    #expect(file.contracts.count == 4 && file.notes.isEmpty)
    let call = file.contracts[2]
    #expect(call.isCall == true && call.strike == 450 && call.delta == 0.4 && call.expiry == 20_260_220)
    #expect(call.losses == SpanSample.call.map(Double.init) && call.valueFactor == 5_000)
    #expect(file.contracts[3].losses[13] == 1_800 && file.contracts[3].delta == 1)
  }

  @Test("what is wrong is said with line and column")
  func faults() {
    #expect(fault { $0 = [] } == "own.pa2:1:1: found no record; expected the header, record 0")
    #expect(
      fault { $0.removeFirst() } == "own.pa2:1:1: found record '1' first, expected the header, record 0")
    #expect(
      fault { $0[0] = SpanSample.record("0 ", (9, "20260115"), (36, "U ")) }
        == "own.pa2:1:36: found file format 'U', expected U2, the expanded unpacked format")
    #expect(
      fault { $0[3] = "Q " } == "own.pa2:4:1: found record 'Q', which the expanded format does not have")
    #expect(
      fault { $0[6] = SpanSample.record("3 ", (3, "CRON")) }
        == "own.pa2:7:3: found combined commodity 'CRON', which no record 2 before it defines")
    #expect(
      fault { $0[7] = SpanSample.record("C ", (3, "CORN"), (11, "1x")) }
        == "own.pa2:8:11: found '1x' for the spread priority, expected digits")
    #expect(fault { $0.removeLast() } == "own.pa2:22:1: found record 81 without the 82 after it")
    #expect(fault { $0.remove(at: 15) } == "own.pa2:16:1: found record 82 without the 81 before it")
    #expect(fault { $0[1] = "1 \u{7}" } == "own.pa2:2:3: found a byte that is not printable ASCII")
    #expect(fault { $0.removeLast(8) } == "own.pa2:15:1: found no contract of a combined commodity")
  }

  @Test("cut anywhere, a file is read or refused, and never traps")
  func cuts() {
    for length in stride(from: 0, to: SpanSample.bytes.count, by: 7) {
      _ = try? SpanFileReader.read(Array(SpanSample.bytes.prefix(length)), name: "own.pa2")
    }
  }

  @Test("a method that is not built refuses its commodity; a credit that is not built is left out")
  func methods() throws {
    var lines = SpanSample.lines
    lines.insert(SpanSample.record("S ", (3, "CORN"), (9, "10")), at: 9)
    lines[14] = SpanSample.record("6 ", (3, "GRN"), (6, "0001"), (89, "04"))
    let file = try SpanFileReader.read(Array(lines.joined(separator: "\n").utf8), name: "own.pa2")
    #expect(file.commodities[0].refusal == "scanning method 10 is not built" && file.interSpreads.isEmpty)
    #expect(
      file.notes == [
        "span: inter-commodity spread 1 of own.pa2 is left out: method 04 is not built",
        "span: combined commodity CORN of own.pa2 is unsupported: scanning method 10 is not built",
      ])
  }

  /// The margin of the book by the sample, changed.
  private func figure(_ change: (inout [String]) -> Void) throws -> (figure: MarginFigure, notes: [String]) {
    var lines = SpanSample.lines
    change(&lines)
    let file = try SpanFileReader.read(Array(lines.joined(separator: "\n").utf8), name: "own.pa2")
    let engine = try MarginEngine(
      book: BookValuation.value(try handMade(), team: ThreadTeam(threadCount: 1)), models: ["span"],
      library: ModelLibrary(adding: [], spanFile: file), parts: [], team: ThreadTeam(threadCount: 1))
    return (try #require(engine.models(ofAccount: 0).first), engine.assumptions)
  }

  @Test("tiers and deliveries may begin and end on a day of a month")
  func days() throws {
    var lines = SpanSample.lines
    // 4 of the month to the end of it, and the 20th alone in delivery.
    lines[6] = SpanSample.record(
      "3 ", (3, "CORN"), (9, "10"), (11, "01"), (13, "202603"), (19, "202603"), (25, "02"), (27, "202607"),
      (33, "202607"), (77, "1100"), (81, "04"), (87, "15"))
    lines[8] = SpanSample.record(
      "4 ", (3, "CORN"), (9, "10"), (11, "01"), (15, "202603"), (21, "0000050"), (28, "0000080"),
      (57, "20"), (63, "0000030"))
    lines.append(SpanSample.record("4 ", (3, "CORN"), (9, "10"), (15, "202607"), (28, "0000070")))
    let file = try SpanFileReader.read(Array(lines.joined(separator: "\n").utf8), name: "own.pa2")
    let march = (2026 * 12 + 2) * 100
    #expect(
      file.commodities[0].tiers == [
        .init(number: 1, first: march + 4, last: march + 99),
        .init(number: 2, first: march + 400, last: march + 415),
      ])
    #expect(
      file.commodities[0].deliveries == [
        .init(first: march + 20, last: march + 20, spreadCharge: 50, outrightCharge: 80),
        .init(first: march + 400, last: march + 499, spreadCharge: 0, outrightCharge: 70),
      ])
    // The further record leaves the minimum of the first.
    #expect(file.commodities[0].shortOptionMinimum == 30)
    lines[6] = SpanSample.record(
      "3 ", (3, "CORN"), (9, "10"), (11, "01"), (13, "202603"), (19, "202603"), (81, "W1"))
    let weekly = try SpanFileReader.read(Array(lines.joined(separator: "\n").utf8), name: "own.pa2")
    #expect(weekly.commodities[0].refusal == "tiers by week are not built")
  }

  @Test("a contract's own value factor stands before that of its product")
  func ownFactor() throws {
    let (twice, _) = try figure {
      $0.insert(
        SpanSample.record(
          "B ", (3, "XOW"), (6, "S"), (16, "FUT"), (19, "202603"), (86, "010000"), (92, "20260314"),
          (129, "00025000000000"), length: 160), at: 15)
    }
    // The book's soybean contract is two of 2,500: scan 21,600 beside corn's 4,750.
    let scan = twice.components.first { $0.name == "scan_risk" }
    #expect(abs((scan?.maintenance ?? 0) - (4_750 + 21_600)) < 1e-9)
  }

  @Test("spreads that cannot form are no silence: the commodity is refused, the credit left out by name")
  func impossible() throws {
    let spread = { (legs: [(Int, String)]) in
      SpanSample.record(
        "6 ", [(3, "GRN"), (6, "0002"), (10, "0650000"), (17, "XOW"), (27, "0010000")] + legs)
    }
    for (line, words) in [
      (spread([(21, "CORN"), (34, "A")]), "spread 2 of own.pa2 is left out: its legs are of one side"),
      (
        SpanSample.record(
          "6 ", (3, "GRN"), (6, "0003"), (10, "1650000"), (17, "XOW"), (21, "CORN"), (27, "0010000"),
          (34, "A"),
          (35, "XOW"), (39, "SOY"), (45, "0020000"), (52, "B")),
        "spread 3 of own.pa2 is left out: its credit is more"
      ),
    ] {
      let (found, notes) = try figure { $0.insert(line, at: 15) }
      #expect(notes.contains { $0.contains(words) }, "\(words)")
      let credit = found.components.first { $0.name == "inter_commodity_credit" }
      #expect(abs((credit?.maintenance ?? 0) + 9_262.5) < 1e-9)
    }
    for (ratio, tier, words) in [
      ("01", "07", "tier 7, which no record 3 defines"), ("00", "02", "a ratio of 0"),
    ] {
      let (found, notes) = try figure {
        $0[7] = SpanSample.record(
          "C ", (3, "CORN"), (9, "10"), (11, "01"), (13, "02"), (15, "0000120"), (22, "01"), (24, "01"),
          (26, ratio), (28, "A"), (29, "02"), (31, tier), (33, "01"), (35, "B"))
      }
      #expect(found.unsupported.map(\.text).contains("C-MAR"))
      #expect(notes.contains { $0.contains("combined commodity CORN") && $0.contains(words) }, "\(words)")
    }
    let (_, notes) = try figure {
      $0.insert(SpanSample.record("S ", (3, "SOY"), (9, "20"), (83, "1")), at: 15)
    }
    #expect(notes.contains { $0.contains("SOY of own.pa2 has no inter-commodity credit: credits by tier") })
  }

  @Test("a commodity in a currency without a price is unsupported and says so")
  func currency() throws {
    let (found, notes) = try figure { lines in
      lines = lines.map { $0.hasPrefix("2 ") && $0.contains("SOY") ? $0.replacing("USD", with: "JPY") : $0 }
    }
    #expect(found.unsupported.map(\.text).contains("S-MAR"))
    #expect(notes.contains { $0.contains("SOY of own.pa2 is in JPY, which the market has no price of") })
  }

  @Test("a book is margined by the file, and what the file lacks is unsupported")
  func book() throws {
    let engine = try MarginEngine(
      book: BookValuation.value(try handMade(), team: ThreadTeam(threadCount: 1)), models: ["span"],
      library: ModelLibrary(adding: [], spanFile: SpanFileReader.read(SpanSample.bytes, name: "own.pa2")),
      parts: [], team: ThreadTeam(threadCount: 1))
    let figure = try #require(engine.models(ofAccount: 0).first)
    #expect(figure.unsupported.map(\.text) == ["C-NOV"])
    // Corn: long 10 March, short 4 July, short 5 calls: the worst is −1 vol+: 6 × 1,000 − 5 × 250 = 4,750. Four spreads
    // at 120 = 480. March has 10 − 5 × 0.4 = 8 deltas, 4 in spreads at 50, 4 left at 80: 520. Net delta 4; time
    // −5 × (−60 + 50)/2 = 25; pair 6,000 − 1,500 = 4,500; price risk (4,750 + 4,500)/2 − 25 = 4,600, 1,150 a delta.
    // Soybeans: short 6 at 1,800 = 10,800. Three spreads of 1 : 2: credits 0.65 × (3 × 1,150 + 6 × 1,800) = 9,262.5.
    let expected = [
      "scan_risk": 15_550, "inter_month_charge": 480, "delivery_charge": 520,
      "inter_commodity_credit": -9_262.5, "short_option_minimum": 0,
    ]
    for part in figure.components {
      #expect(abs(part.maintenance - (expected[part.name] ?? .nan)) < 1e-9, "\(part.name)")
      #expect(abs(part.initial - 1.1 * part.maintenance) < 1e-9)
    }
    #expect(figure.worstScenario == "CORN: -1 vol+; SOY: +1 vol+")
    #expect(engine.assumptions.contains { $0.contains("own.pa2 of 20260115") })
  }

  private func handMade() throws -> Book {
    let usd = try #require(Identifier("USD"))
    let corn = try #require(Identifier("C"))
    let soy = try #require(Identifier("S"))
    let asOf = try #require(Instant(year: 2026, month: 1, day: 15, hour: 22))
    func date(_ month: Int, _ day: Int) throws -> Instant {
      try #require(Instant(year: 2026, month: month, day: day, hour: 18))
    }
    func future(_ name: String, _ asset: Identifier, _ month: Int) throws -> Instrument {
      Instrument(
        id: try #require(Identifier(name)), kind: .future, underlying: asset, quoteAsset: usd,
        settlementAsset: usd, expiry: try date(month, 14), multiplier: 5_000)
    }
    let option = Instrument(
      id: try #require(Identifier("C-CALL")), kind: .option, underlying: corn, quoteAsset: usd,
      settlementAsset: usd, expiry: try date(2, 20), strike: 450, optionType: .call, multiplier: 5_000)
    let instruments = try [
      option, future("C-JUL", corn, 7), future("C-MAR", corn, 3), future("C-NOV", corn, 11),
      future("S-MAR", soy, 3),
    ]
    let marks = instruments.dropFirst().map {
      Mark(instrument: $0.id, price: $0.underlying == corn ? 440 : 1_040)
    }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: [Asset(id: corn, spot: 440), Asset(id: soy, spot: 1_040)],
      forwards: [ForwardQuote(underlying: corn, expiry: try date(2, 20), price: 440)],
      volatility: [
        VolatilitySlice(
          underlying: corn, expiry: try date(2, 20), shape: .quotes(strikes: [450], volatilities: [0.3]))
      ], marks: Array(marks))
    let quantities = [-5.0, -4, 10, 2, -6]
    return Book(
      market: market, instruments: instruments, accounts: [try #require(Identifier("desk"))],
      positions: quantities.enumerated().map {
        Position(account: 0, instrument: $0.offset, quantity: $0.element, row: $0.offset + 1)
      }, balances: [Balance(account: 0, asset: usd, quantity: 1e6, row: 1)])
  }
}
