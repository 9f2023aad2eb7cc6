import MarketModel
import Testing

/// One name and every field that it tells.
struct NamedContract: Sendable, CustomTestStringConvertible {
  let name: String
  let fields: String
  var testDescription: String { name }

  init(_ name: String, _ fields: String) {
    self.name = name
    self.fields = fields
  }
}

private func describe(_ instrument: Instrument) -> String {
  var fields = [
    instrument.kind.rawValue, instrument.underlying.text, instrument.quoteAsset.text,
    instrument.settlementAsset.text, instrument.expiry?.text ?? "none",
    instrument.strike.map { "\($0)" } ?? "none", instrument.optionType?.rawValue ?? "none",
    instrument.exercise.rawValue, "\(instrument.multiplier)", instrument.isInverse ? "inverse" : "linear",
  ]
  if instrument.isListed { fields.append("listed") }
  return fields.joined(separator: " ")
}

private func parse(_ name: String) -> Result<Instrument, InstrumentNameError> {
  guard let id = Identifier(name) else { return .failure(InstrumentNameError(offset: -1, expected: "an id")) }
  do throws(InstrumentNameError) {
    return .success(try InstrumentName.parse(id))
  } catch { return .failure(error) }
}

@Suite("Names of contracts")
struct InstrumentNameTests {
  @Test(
    "each venue's spelling tells every field",
    arguments: [
      NamedContract(
        "BTC-27DEC24-100000-C", "option BTC USD BTC 2024-12-27T08:00:00Z 100000.0 call european 1.0 inverse"),
      NamedContract(
        "ETH-3JAN25-3200-P", "option ETH USD ETH 2025-01-03T08:00:00Z 3200.0 put european 1.0 inverse"),
      NamedContract(
        "SOL_USDC-27DEC24-200-C", "option SOL USDC USDC 2024-12-27T08:00:00Z 200.0 call european 1.0 linear"),
      NamedContract(
        "XRP_USDC-27DEC24-0d625-P", "option XRP USDC USDC 2024-12-27T08:00:00Z 0.625 put european 1.0 linear"),
      NamedContract("BTC-27DEC24", "future BTC USD BTC 2024-12-27T08:00:00Z none none european 1.0 inverse"),
      NamedContract(
        "BTC_USDC-27DEC24", "future BTC USDC USDC 2024-12-27T08:00:00Z none none european 1.0 linear"),
      NamedContract("BTC-PERPETUAL", "perpetual BTC USD BTC none none none european 1.0 inverse"),
      NamedContract("BTC_USDC-PERPETUAL", "perpetual BTC USDC USDC none none none european 1.0 linear"),
      NamedContract(
        "ETH-20241227-4000-C", "option ETH USDC USDC 2024-12-27T08:00:00Z 4000.0 call european 1.0 linear"),
      NamedContract("ETH-PERP", "perpetual ETH USDC USDC none none none european 1.0 linear"),
      NamedContract(
        "BTC-USD-241227-100000-C",
        "option BTC USD BTC 2024-12-27T08:00:00Z 100000.0 call european 1.0 inverse"),
      NamedContract(
        "BTC-USD-241227", "future BTC USD BTC 2024-12-27T08:00:00Z none none european 1.0 inverse"),
      NamedContract(
        "BTC-USDT-241227", "future BTC USDT USDT 2024-12-27T08:00:00Z none none european 1.0 linear"),
      NamedContract("BTC-USDT-SWAP", "perpetual BTC USDT USDT none none none european 1.0 linear"),
      NamedContract("BTC-USD-SWAP", "perpetual BTC USD BTC none none none european 1.0 inverse"),
      NamedContract(
        "BTC-241227-100000-C", "option BTC USDT USDT 2024-12-27T08:00:00Z 100000.0 call european 1.0 linear"),
      NamedContract(
        "DOGE-241227-0.35-P", "option DOGE USDT USDT 2024-12-27T08:00:00Z 0.35 put european 1.0 linear"),
      NamedContract("BTCUSDT", "perpetual BTC USDT USDT none none none european 1.0 linear"),
      NamedContract(
        "BTCUSDT_241227", "future BTC USDT USDT 2024-12-27T08:00:00Z none none european 1.0 linear"),
      NamedContract("BTCUSD_PERP", "perpetual BTC USD BTC none none none european 1.0 inverse"),
      NamedContract(
        "BTC-27DEC24-100000-C-USDT",
        "option BTC USDT USDT 2024-12-27T08:00:00Z 100000.0 call european 1.0 linear"),
      NamedContract("1000PEPEUSDT", "perpetual 1000PEPE USDT USDT none none none european 1.0 linear"),
      NamedContract(
        "SPY   261218C00600000",
        "option SPY USD USD 2026-12-18T21:00:00Z 600.0 call american 100.0 linear listed"),
      NamedContract(
        "AAPL260918P00262500",
        "option AAPL USD USD 2026-09-18T20:00:00Z 262.5 put american 100.0 linear listed"),
      NamedContract(
        "SPXW220610C00800000",
        "option SPX USD USD 2022-06-10T20:00:00Z 800.0 call european 100.0 linear listed"),
      NamedContract(
        "GME1  240119C00000500",
        "option GME1 USD USD 2024-01-19T21:00:00Z 0.5 call american 100.0 linear listed"),
    ])
  func spellings(contract: NamedContract) throws {
    let instrument = try parse(contract.name).get()
    #expect(describe(instrument) == contract.fields)
    #expect(instrument.id.text == contract.name)
  }

  @Test(
    "a name that is none says where it stops being one",
    arguments: [
      ("BTC", 3), ("BTC-", 4), ("-PERPETUAL", 0), ("btc-PERPETUAL", 0), ("BTC-PERPETUA", 4),
      ("BTC-31NOV24", 4), ("BTC-03JAN25", 4), ("BTC-27DEK24-100000-C", 4), ("BTC-27DEC24-100000", 18),
      ("BTC-27DEC24-100000-X", 19), ("BTC-27DEC24--C", 12), ("BTC-27DEC24-0-C", 12),
      ("BTC-27DEC24-1x0-C", 13),
      ("BTC-27DEC24-007-C", 12), ("BTC-27DEC24-1d-C", 13), ("BTC-27DEC24-d5-C", 12),
      ("BTC-27DEC24-100000-C-EUR", 21), ("BTC-27DEC24-100000-C-USDT-X", 21), ("BTC_EUR-PERPETUAL", 4),
      ("BTC-BOX-30DEC22-17000_20000", 4), ("SYN.BTC-4JAN26", 3), ("BTC-20241227", 12), ("BTC-USD", 7),
      ("BTC-USD-20241227", 8), ("BTC-USD-241227-5-C-X", 19), ("USDT", 4), ("BTCUSDT_27DEC24", 8),
      ("BTC_USDC-USD-SWAP", 9),
      ("SPY   261318C00600000", 6), ("SPY   261218C00000000", 13), ("SPY  261218C00600000", 3),
      ("TOOLONG261218C00600000", 7), ("12-PERP", 0), ("BTC-27DEC24-99999999999999999-C", 27),
    ])
  func refusals(name: String, offset: Int) {
    guard case .failure(let error) = parse(name) else {
      Issue.record("\(name) was taken for a contract")
      return
    }
    #expect(error.offset == offset, "\(error.sentence)")
  }

  @Test("no short text traps, whatever its characters (seed 5)")
  func fuzz() {
    let alphabet = Array("BTCUSDT-_.:0127 dPERPCDEC24".utf8)
    var state: UInt64 = 5
    var contracts = 0
    for _ in 0..<200_000 {
      var bytes: [UInt8] = []
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let length = Int(state >> 33) % 24 + 1
      for _ in 0..<length {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      guard let id = Identifier(bytes: bytes) else { continue }
      if (try? InstrumentName.parse(id)) != nil { contracts += 1 }
    }
    #expect(contracts < 200_000)
  }
}
