import BookSources
import MarketModel
import OptionPricing
import StructuredText
import TestSupport
import Testing

@Suite struct DeribitChainTests {
  static let header =
    "timestamp,instrument_name,underlying,implied_volatility,mark_price,index_price,open_interest,"
    + "futures_instrument_name,futures_price,colour\n"

  /// A chain of two expiries and two underlyings, out of order, with rows that differ a little.
  static let rows = [
    "2026-01-31T21:21:33.904273+00:00,BTC-27FEB26-80000-C,78010,0.51,0.03,77365,10,BTC-27FEB26,78010,red",
    "2026-01-31T21:21:34+00:00,BTC-27FEB26-80000-P,78020,0.52,0.05,77366,,BTC-27FEB26,78020,",
    "2026-01-31T21:21:33+00:00,BTC-27FEB26-70000-P,78030,0.61,0,77367,5,BTC-27FEB26,78030,",
    "2026-01-31T21:21:33+00:00,BTC-27FEB26-70000-C,78040,0.60,0.1,77368,5,BTC-27FEB26,78040,",
    "2026-01-31T22:21:33+01:00,BTC-6FEB26-77000-C,77500,0.55,0.02,77364,1,SYN.BTC-6FEB26,77500,",
    "2026-01-31T21:21:33Z,ETH-27FEB26-2500-C,2450.5,0.7,0.04,2400,1,,,",
  ]

  static func files(_ rows: [String], header: String = header) throws(SourceError) -> [String: String] {
    let csv = Array((header + rows.map { $0 + "\n" }.joined()).utf8)
    var files: [String: String] = [:]
    for file in try DeribitChain.files(csv: csv) {
      files[file.name] = String(decoding: file.bytes, as: UTF8.self)
    }
    return files
  }

  @Test func `a chain becomes a market of prices that were quoted`() throws {
    let market = try #require(try Self.files(Self.rows)["market.json"])
    let expected = """
      {
        "schema": "plimsoll.market/1",
        "as_of": "2026-01-31T21:21:34Z",
        "base_currency": "USD",
        "assets": [
          {"asset":"BTC","spot":77366},
          {"asset":"ETH","spot":2400}
        ],
        "forwards": [
          {"underlying":"BTC","expiry":"2026-02-06T08:00:00Z","price":77500},
          {"underlying":"BTC","expiry":"2026-02-27T08:00:00Z","price":78020},
          {"underlying":"ETH","expiry":"2026-02-27T08:00:00Z","price":2450.5}
        ],
        "volatility": [
          {"underlying":"BTC","expiry":"2026-02-06T08:00:00Z","strikes":[77000],"volatilities":[0.55]},
          {"underlying":"BTC","expiry":"2026-02-27T08:00:00Z","strikes":[70000,80000],"volatilities":[0.61,0.51]},
          {"underlying":"ETH","expiry":"2026-02-27T08:00:00Z","strikes":[2500],"volatilities":[0.7]}
        ],
        "marks": [
          {"instrument":"BTC-27FEB26","price":78040},
          {"instrument":"BTC-6FEB26-77000-C","price":0.02,"open_interest":1},
          {"instrument":"BTC-27FEB26-70000-C","price":0.1,"open_interest":5},
          {"instrument":"BTC-27FEB26-80000-C","price":0.03,"open_interest":10},
          {"instrument":"BTC-27FEB26-80000-P","price":0.05},
          {"instrument":"ETH-27FEB26-2500-C","price":0.04,"open_interest":1}
        ]
      }

      """
    #expect(market == expected)
  }

  @Test func `the tables of positions and balances have their headers and no rows`() throws {
    let files = try Self.files(Self.rows)
    #expect(files["positions.csv"]?.split(separator: "\n").count == 1)
    #expect(files["balances.csv"] == "account_id,asset,quantity\n")
    #expect(files["run.json"]?.contains("value_at_risk") == false)
  }

  @Test(
    arguments: [
      ("BTC-27FEB26-80000-C", "BTC-27FEB26-80000-X", "chain.csv:2:instrument_name"),
      ("BTC-27FEB26-80000-C", "BTC-PERPETUAL", "chain.csv:2:instrument_name"),
      ("BTC-27FEB26-80000-C", "BTC-27JAN26-80000-C", "chain.csv:2:instrument_name"),
      ("BTC-27FEB26-80000-P", "BTC-27FEB26-80000-C", "chain.csv:3:instrument_name"),
      ("2026-01-31T21:21:34+00:00", "31/01/2026 21:21", "chain.csv:3:timestamp"),
      (",0.61,0,", ",61%,0,", "chain.csv:4:implied_volatility"),
      (",0.61,0,", ",61,0,", "chain.csv:4:implied_volatility"),
      (",0.61,0,", ",,0,", "chain.csv:4:implied_volatility"),
      (",0.61,0,", ",0.61,-1,", "chain.csv:4:mark_price"),
      (",78040,0.60", ",1e400,0.60", "chain.csv:5:underlying"),
      (",77364,", ",NaN,", "chain.csv:6:index_price"),
      (",2400,1,", ",2400,many,", "chain.csv:7:open_interest"),
      (",2400,1,,,", ",2400,1,,,,", "chain.csv:7"),
      ("BTC-27FEB26,78010", "BTC-27FEB26,", "chain.csv:2:futures_price"),
    ])
  func `a bad cell stops the import and is named by line and column`(
    found: String, planted: String, path: String
  ) throws {
    let rows = Self.rows.map { row in
      row.split(separator: found, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: planted)
    }
    #expect(rows != Self.rows)
    let error = #expect(throws: SourceError.self) { try Self.files(rows) }
    #expect(error?.path == path)
    #expect(error?.message.hasPrefix("found ") == true)
  }

  @Test func `a missing column, an empty file and no rows are refused`() throws {
    let cut = Self.header.split(separator: "mark_price,").joined()
    #expect(throws: SourceError.self) { try Self.files([], header: cut) }
    #expect(throws: SourceError.self) { try Self.files([], header: "") }
    #expect(throws: SourceError.self) { try Self.files([]) }
  }

  static let chains = SharedFolder.list("data/deribit/chains").filter { $0.hasSuffix(".csv") }

  /// Real chains: the imported market gives back the venue's own marks.
  ///
  /// Within an expiry the forward moved while rows were collected; one median forward for all of them costs
  /// at the median no more than the 6e-5 coin that the rows' own forwards leave.
  @Test(arguments: chains)
  func `an imported chain reprices the venue's marks`(chain: String) throws {
    let csv = try #require(SharedFolder.read("data/deribit/chains/" + chain).map { Array($0) })
    let rowCount = csv.count { $0 == 0x0A } - 1
    let files = try DeribitChain.files(csv: csv, name: chain)
    let document = try JSONReader.parse(try #require(files.first { $0.name == "market.json" }).bytes)
    let quotes = try Quotes(document)
    guard case .string(let text)? = document.root.member("as_of")?.value else {
      Issue.record("no as_of")
      return
    }
    let asOf = try #require(Instant(rfc3339: text))
    var errors: [Double] = []
    var marks: [String: Double] = [:]
    for mark in quotes.marks { marks[mark.instrument] = mark.price }
    for coin in ["BTC", "ETH"] {
      let underlying = try #require(Identifier(coin))
      let forwards = quotes.forwards.filter { $0.underlying == coin }
      let slices = try quotes.slices.filter { $0.underlying == coin }.map {
        VolatilitySlice(
          underlying: underlying, expiry: try #require(Instant(rfc3339: $0.expiry)),
          shape: .quotes(strikes: $0.strikes, volatilities: $0.volatilities))
      }
      #expect(forwards.count == slices.count && slices.count >= 10)
      for slice in slices {
        let forward = try #require(forwards.first { $0.expiry == slice.expiry.text }).price
        let surface = VolatilitySurface(slices: [slice], asOf: asOf) { _ in forward }
        let time = asOf.years(to: slice.expiry)
        guard case .quotes(let strikes, _) = slice.shape else { continue }
        for strike in strikes {
          let volatility = try surface.volatility(strike: strike, forward: forward, years: time)
          for type in OptionType.allCases {
            let side = type == .call ? "C" : "P"
            let name = "\(coin)-\(Self.label(slice.expiry))-\(Int(strike))-\(side)"
            let value = try Black76.value(
              type: type, forward: forward, strike: strike, timeToExpiry: time, volatility: volatility,
              rate: 0)
            errors.append(abs(value / forward - marks[name, default: 0]))
          }
        }
      }
    }
    errors.sort()
    // Every row of the file is an option of the surface.
    #expect(errors.count == rowCount)
    print(
      "\(chain): \(rowCount) options, median \(errors[rowCount / 2]), largest \(errors[rowCount - 1]) coin")
    #expect(errors[rowCount / 2] <= 6e-5)
  }

  /// `27MAR26`.
  static func label(_ instant: Instant) -> String {
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    let (year, month, day) = instant.civilDate
    return "\(day)\(months[month - 1])\(year % 100)"
  }
}

extension DeribitChainTests {
  @Test func `forwards can be taken from where the marks of call and put agree`() throws {
    let header = Self.header
    let rows = [
      // In coin: K / (1 − C + P) = 80000 / (1 − 0.03 + 0.05) = 78431.37…
      "2026-01-31T21:21:33Z,BTC-27FEB26-80000-C,78010,0.51,0.03,77365,10,BTC-27FEB26,78010,",
      "2026-01-31T21:21:33Z,BTC-27FEB26-80000-P,78010,0.51,0.05,77365,10,BTC-27FEB26,78010,",
      // No pair of marks at this expiry: as quoted.
      "2026-01-31T21:21:33Z,BTC-27MAR26-80000-C,78500,0.51,0.04,77365,10,BTC-27MAR26,78500,",
    ]
    let csv = Array((header + rows.map { $0 + "\n" }.joined()).utf8)
    let files = try DeribitChain.files(csv: csv, forwards: .marks)
    let market = String(decoding: try #require(files.first).bytes, as: UTF8.self)
    #expect(market.contains("\"expiry\":\"2026-02-27T08:00:00Z\",\"price\":\(80_000 / (1 - (0.03 - 0.05)))}"))
    #expect(market.contains("\"expiry\":\"2026-03-27T08:00:00Z\",\"price\":78500}"))
  }
}
