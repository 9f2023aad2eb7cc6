import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import StructuredText
import TailRisk
import Testing

/// The text of one account as the report writes it.
func accountText(_ account: ReportAccount, by writer: ReportWriter) -> (text: String, failures: [Failure]) {
  var bytes: [UInt8] = []
  let failures = writer.append(account, to: &bytes)
  return (String(decoding: bytes, as: UTF8.self), failures)
}

struct ReportWriterTests {
  @Test("an account with every field filled is written byte for byte as the contract orders it")
  func accountGolden() throws {
    let sample = try ReportSample()
    let (text, failures) = accountText(try sample.account(), by: sample.writer)
    #expect(failures.isEmpty)
    #expect(text == ReportGolden.account)
  }

  @Test("a report keeps the order of its keys, one a line, and one account a line")
  func reportGolden() throws {
    let sample = try ReportSample()
    var lines: [UInt8] = []
    _ = sample.writer.append(try sample.account(), to: &lines)
    var other = try sample.account()
    other.id = try #require(Identifier("desk-2"))
    _ = sample.writer.append(other, to: &lines)
    let failure = Failure(path: "positions.csv:3:quantity", reason: .invalid, message: "found \"x\"")
    let book = ReportBook(accountCount: 2, incompleteCount: 0, figures: try sample.figures())
    let bytes = sample.writer.report(
      head: try sample.head(), accountLines: [lines, []], book: book, failures: [failure])
    let report = String(decoding: bytes, as: UTF8.self)
    let accounts =
      ReportGolden.account.dropLast() + ",\n"
      + ReportGolden.account.dropLast().replacing("desk-1", with: "desk-2")
    let bookText = ReportGolden.account.dropLast().replacing(
      "\"account_id\":\"desk-1\"", with: "\"account_count\":2,\"incomplete_count\":0")
    #expect(report == ReportGolden.head + accounts + ReportGolden.middle + bookText + ReportGolden.tail)
    #expect(throws: Never.self) { try JSONReader.parse(bytes) }
  }

  @Test("chunks of accounts join to the same bytes however they were cut")
  func chunks() throws {
    let sample = try ReportSample()
    var line: [UInt8] = []
    _ = sample.writer.append(try sample.account(), to: &line)
    let book = ReportBook(accountCount: 3, incompleteCount: 0, figures: try sample.figures())
    let head = try sample.head()
    let cuts: [[[UInt8]]] = [
      [line, line, line], [line + line, line], [line + line + line], [[], line + line, [], line],
    ]
    let reports = cuts.map {
      sample.writer.report(head: head, accountLines: $0, book: book, failures: [])
    }
    #expect(Set(reports).count == 1)
  }

  @Test("lists without entries are written as empty lists")
  func emptyLists() throws {
    let sample = try ReportSample()
    let figures = ReportFigures(isIncomplete: false, equity: 0, collateral: [], positions: [])
    let bytes = sample.writer.report(
      head: try sample.head(), accountLines: [],
      book: ReportBook(accountCount: 0, incompleteCount: 0, figures: figures), failures: [])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(",\n\"accounts\":[],\n\"book\":"))
    #expect(text.hasSuffix(",\n\"failures\":[]\n}\n"))
  }

  @Test("a measure that was not asked for has no key")
  func absentMeasures() throws {
    let sample = try ReportSample()
    let id = try #require(Identifier("a"))
    let figures = ReportFigures(
      isIncomplete: true, equity: -0.0, collateral: [],
      positions: [
        ReportPosition(instrument: sample.call, quantity: 1, unit: "ETH", value: 2, greeks: nil)
      ])
    let (text, failures) = accountText(ReportAccount(id: id, figures: figures), by: sample.writer)
    #expect(failures.isEmpty)
    #expect(
      text == """
        {"account_id":"a","incomplete":true,"equity":0,"collateral":[],"positions":[{"instrument":\
        "ETH-27MAR26-3000-C","quantity":1,"unit":"ETH","value":2}]}

        """)
  }

  @Test("minus zero is never printed", arguments: [-0.0, 0.0, -0.0 * 1e300])
  func minusZero(value: Double) throws {
    let sample = try ReportSample()
    var account = try sample.account()
    account.figures.equity = value
    account.figures.greeks?.total.theta = value
    account.figures.liquidation?.distance = value
    let (text, failures) = accountText(account, by: sample.writer)
    #expect(failures.isEmpty)
    #expect(!text.contains(":-0,"))
    #expect(!text.contains(":-0}"))
    for token in [":-0.0,", ":-0.0}", "[-0,", "[-0.0,", ",-0,", ",-0.0,", ",-0]", ",-0.0]"] {
      #expect(!text.contains(token))
    }
  }

  @Test("total unit figures are null where several underlyings are held, and given where one is")
  func unitFigures() throws {
    let sample = try ReportSample()
    var account = try sample.account()
    let several = accountText(account, by: sample.writer).text
    #expect(
      several.contains("\"total\":{\"delta\":null,\"gamma\":null,\"coin_delta\":null,\"coin_gamma\":null,"))
    account.figures.greeks?.byUnderlying.removeLast()
    let one = accountText(account, by: sample.writer).text
    #expect(one.contains("\"total\":{\"delta\":-1,\"gamma\":-0.5,\"coin_delta\":-0.25,\"coin_gamma\":0.125,"))
  }
}

struct ReportFailureTests {
  @Test(
    "a figure that is not finite becomes null, names its place, and marks its account",
    arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) throws {
    let sample = try ReportSample()
    var account = try sample.account()
    account.figures.positions[0].greeks?.vega = value
    account.figures.greeks?.byUnderlying[1].byExpiry[0].greeks.rho = value
    account.figures.valueAtRisk?[0].interval.upper = value
    account.figures.stress?[0].profitAndLoss = value
    account.figures.margin?.models[0].components[1].initial = value
    account.figures.margin?.comparison?.saving?.model = value
    account.figures.liquidation?.leverage = value
    account.figures.liquidation?.prices[0].spotRoots = [1, value]
    let (text, failures) = accountText(account, by: sample.writer)
    #expect(
      failures.map(\.path) == [
        "accounts/desk-1/positions/0/greeks/vega",
        "accounts/desk-1/greeks/by_underlying/1/by_expiry/0/rho",
        "accounts/desk-1/value_at_risk/0/interval/upper",
        "accounts/desk-1/stress/0/profit_and_loss",
        "accounts/desk-1/margin/models/0/components/options/initial",
        "accounts/desk-1/margin/comparison/saving/model",
        "accounts/desk-1/liquidation/leverage",
      ])
    #expect(failures.allSatisfy { $0.reason == .calculation })
    #expect(text.hasPrefix("{\"account_id\":\"desk-1\",\"incomplete\":true,"))
    #expect(text.contains("\"spot_roots\":[1]"))
    #expect(![":nan", ":inf", ":-inf", ",inf"].contains { text.contains($0) })
    #expect(throws: Never.self) { try JSONReader.parse(Array(text.utf8)) }
  }

  @Test("figures of the book that are not finite are added to the failures of the report")
  func bookNotFinite() throws {
    let sample = try ReportSample()
    var figures = try sample.figures()
    figures.equity = .nan
    let bytes = sample.writer.report(
      head: try sample.head(), accountLines: [],
      book: ReportBook(accountCount: 0, incompleteCount: 0, figures: figures), failures: [])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("\"incomplete\":true,\"equity\":null"))
    #expect(text.contains("{\"path\":\"book/equity\",\"reason\":\"calculation\""))
  }

  @Test("hostile text in messages is escaped and reads back as it was")
  func escaping() throws {
    let sample = try ReportSample()
    let message = "found \"\\\u{1}\u{7F}\n\r\t</script> é \u{1F600}\u{2028}"
    let figures = ReportFigures(isIncomplete: false, equity: 0, collateral: [], positions: [])
    let bytes = sample.writer.report(
      head: try sample.head(), accountLines: [],
      book: ReportBook(accountCount: 0, incompleteCount: 0, figures: figures),
      failures: [Failure(path: "p", reason: .invalid, message: message)])
    let document = try JSONReader.parse(bytes)
    guard case .object(let root) = document.root.value, case .array(let list)? = root["failures"]?.value,
      case .object(let failure)? = list.first?.value, case .string(let read)? = failure["message"]?.value
    else {
      Issue.record("the failure does not read back")
      return
    }
    #expect(Array(read.utf8) == Array(message.utf8))
  }
}
