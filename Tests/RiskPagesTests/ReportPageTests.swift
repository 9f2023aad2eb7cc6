import Foundation
import RiskPages
import StructuredText
import Testing

@Suite("A report as a page")
struct ReportPageTests {
  private func page(_ report: [UInt8], accounts: [String] = []) throws -> PageText {
    let html = try #require(try ReportPage(report: report).html(accounts: accounts))
    return PageText(html)
  }

  @Test("the page is well-formed, holds no script and asks nothing of anywhere")
  func sound() throws {
    let html = try #require(try ReportPage(report: PageReport.example()).html(accounts: []))
    let page = PageText(html)
    #expect(page.complaints.isEmpty)
    #expect(page.elements.first == "!doctype")
    #expect(page.elements.count { $0 == "main" } == 1 && page.elements.count { $0 == "h1" } == 1)
    #expect(!page.elements.contains { ["script", "img", "link", "iframe", "object", "a:href"].contains($0) })
    let text = String(decoding: html, as: UTF8.self)
    for word in ["http:", "https:", "url(", "@import", "<script", "javascript:", "onload", "//"] {
      #expect(!text.contains(word), "\(word)")
    }
    // Links lead to places of the page itself.
    let ids = page.attributes.filter { $0.name == "id" }.map(\.value)
    #expect(Set(ids).count == ids.count)
    for link in page.attributes where link.name == "href" {
      #expect(ids.contains(String(link.value.dropFirst())))
    }
    for name in page.attributes where name.name == "aria-labelledby" {
      for id in name.value.split(separator: " ") { #expect(ids.contains(String(id))) }
    }
  }

  @Test("every drawing has a name and words, every table headings")
  func accessible() throws {
    let page = try page(try PageReport.example())
    let drawings = page.elements.count { $0 == "svg" }
    #expect(drawings > 10)
    #expect(page.elements.count { $0 == "desc" } == drawings)
    // One title more: that of the page.
    #expect(page.elements.count { $0 == "title" } == drawings + 1)
    #expect(page.elements.count { $0 == "thead" } == page.elements.count { $0 == "table" })
    let scopes = page.attributes.filter { $0.element == "th" && $0.name == "scope" }
    #expect(scopes.count == page.elements.count { $0 == "th" })
  }

  @Test("the same report gives the same bytes")
  func deterministic() throws {
    let report = try PageReport.example()
    #expect(
      try ReportPage(report: report).html(accounts: []) == ReportPage(report: report).html(accounts: []))
  }

  @Test("figures on the page are those of the report")
  func figures() throws {
    let bytes = try PageReport.example()
    let report = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let accounts = try #require(report["accounts"] as? [[String: Any]])
    let ids = accounts.compactMap { $0["account_id"] as? String }
    let book = try page(bytes)
    let page = PageText(Array(try #require(try ReportPage(report: bytes).html(accounts: ids))))
    let format = NumberFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.numberStyle = .decimal
    format.usesGroupingSeparator = true
    format.maximumFractionDigits = 0
    format.roundingMode = .halfUp
    format.minusSign = "\u{2212}"
    func shown(_ value: Any?) throws -> String {
      let number = try #require(value as? NSNumber).doubleValue
      // Ties away from zero, and no negative zero.
      let text = try #require(format.string(from: NSNumber(value: number.rounded())))
      return text == "\u{2212}0" ? "0" : text
    }
    let scopes = accounts.map { ($0, page) } + [(try #require(report["book"] as? [String: Any]), book)]
    for (scope, page) in scopes {
      #expect(page.words.contains(try shown(scope["equity"])))
      let margin = try #require(scope["margin"] as? [String: Any])
      let comparison = try #require(margin["comparison"] as? [String: Any])
      for mode in ["isolated", "cross", "portfolio"] {
        let side = try #require(comparison[mode] as? [String: Any])
        // As they stand in the row of the table, column by column.
        let row = try ["capital", "initial", "maintenance", "surplus"].map { try shown(side[$0]) }
        #expect(page.texts.indices.contains { page.texts[$0...].starts(with: row) }, "\(mode) \(row)")
        #expect(page.words.contains("\(mode.capitalized) · \(try #require(side["model"] as? String))"))
      }
      for row in try #require(scope["stress"] as? [[String: Any]]) {
        #expect(page.words.contains(try shown(row["profit_and_loss"])))
      }
    }
    for id in ids { #expect(page.texts.contains(id) && book.texts.contains(id)) }
    for failure in try #require(report["failures"] as? [[String: Any]]) {
      #expect(page.texts.contains(try #require(failure["message"] as? String)))
    }
    for sentence in try #require(report["assumptions"] as? [String]) {
      #expect(page.texts.contains(sentence))
    }
  }

  @Test("names of anybody's making are text and nothing else")
  func hostile() throws {
    let accounts = try PageReport.hostile.map { try PageReport.account($0) }
    let html = try #require(try ReportPage(report: PageReport.bare(accounts: accounts)).html(accounts: []))
    let text = String(decoding: html, as: UTF8.self)
    let page = PageText(html)
    #expect(page.complaints.isEmpty)
    #expect(!page.elements.contains("script") && !page.elements.contains("img"))
    #expect(!page.attributes.contains { $0.name.hasPrefix("on") })
    for scalar in text.unicodeScalars {
      #expect(scalar == "\n" || scalar.properties.generalCategory != .control)
      #expect(scalar.properties.generalCategory != .format)
    }
    // What is drawn names the id as it is, its invisible characters spelt out, its middle left out where it is long.
    let all = try #require(
      try ReportPage(report: PageReport.bare(accounts: accounts)).html(accounts: PageReport.hostile))
    let words = PageText(all).words
    #expect(PageText(all).complaints.isEmpty)
    for id in [
      "<script>alert(1)</script>", "'; drop table accounts; --", "a\\u{202E}gnp.exe", "nul\\u{0}bell\\u{7}",
      "שלום עולם",
    ] {
      #expect(words.contains(id), "\(id)")
    }
    #expect(words.contains("longlonglong") && !words.contains(String(repeating: "long", count: 40)))
  }

  @Test("the answer names the cheapest mode, the differences and their reasons")
  func answer() throws {
    let words = try page(PageReport.bare(accounts: [try PageReport.account("one")])).words
    #expect(words.contains("Portfolio margin is the cheapest for this account: 500.00\u{A0}USD of capital"))
    #expect(
      words.contains("200.00 (28.6\u{202F}%) less than cross and 400.00 (44.4\u{202F}%) less than isolated."))
    #expect(
      words.contains(
        "positions that offset each other save 250.00 and sharing one pot of collateral 200.00, while the portfolio "
          + "model’s own rules cost 50.00."))
  }

  @Test("capital over simulated paths stands with its interval")
  func interval() throws {
    let row = """
      "capital_to_survive":[{"scenario_set":"monte_carlo","confidence":0.99,"isolated":900,"cross":700,"portfolio":500,
      "interval":{"confidence":0.9557,"lower_rank":9880,"upper_rank":9920,"isolated":{"lower":881,"upper":923},
      "cross":{"lower":682,"upper":724},"portfolio":{"lower":null,"upper":null}}},
      """
    let account = try PageReport.account("a").replacingOccurrences(of: "\"capital_to_survive\":[", with: row)
    let words = try page(PageReport.bare(accounts: [account])).words
    for text in ["881.00 to 923.00", "682.00 to 724.00", "the order statistics between which"] {
      #expect(words.contains(text), "\(text)")
    }
  }

  @Test("what closing out costs stands by underlying, in the worst stress and on top of value at risk")
  func liquidity() throws {
    let extra = """
      ,"value_at_risk":[{"method":"monte_carlo","confidence":0.99,"horizon_days":1,"value_at_risk":50,
      "liquidity":{"close_out_cost":7,"value_at_risk":57.25,"expected_shortfall":60}}],
      "liquidity":{"close_out_cost":12.5,"worst":{"scenario":"<crash>","close_out_cost":31.75},"by_underlying":[
      {"underlying":"BTC","quantity":-2,"close_out_cost":12.5,"delta_cost":11.25,"contract_cost":1.25,"beyond_book":0.5},
      {"underlying":"DOGE","quantity":3,"close_out_cost":null,"reason":"no depth"}]}
      """
    let account = try PageReport.account("a", extra: extra)
    let words = try page(PageReport.bare(accounts: [account])).words
    for text in [
      "Closing out", "12.50", "11.25", "beyond the quoted depth", "not known", "in <crash>", "31.75",
      "with closing out", "57.25",
    ] {
      #expect(words.contains(text), "\(text)")
    }
    #expect(try !page(PageReport.bare(accounts: [PageReport.account("a")])).words.contains("Closing out"))
  }

  @Test("an account that is short says by how much and what cures it")
  func cure() throws {
    let words = try page(PageReport.bare(accounts: [try PageReport.account("one", surplus: -7.5)])).words
    #expect(
      words.contains(
        "Under cross this account is 7.50\u{A0}USD short of maintenance: liquidated as it stands."))
    #expect(words.contains("what to reduce first is one, which loses 5.00"))
    #expect(words.contains("Short of maintenance: 1 under isolated, 1 under cross and 1 under portfolio."))
  }

  @Test("a ranking is shown in its order, each model with its reason")
  func ranking() throws {
    let row = { (rank: Int, model: String, reason: String) in
      """
      {"rank":\(rank),"venue":"v","model":"\(model)","mode":"cross","capital":\(rank)00,"reason":"\(reason)",
      "components":{"loss":1},"initial":3,"maintenance":2,"surplus":-4,"leverage":{"used":1,"initial":2.5}}
      """
    }
    let margin = ",\"margin\":{\"ranking\":[\(row(1, "b", "needs <less>")),\(row(2, "a", "needs more"))]}"
    let page = try page(PageReport.bare(accounts: ["{\"account_id\":\"x\",\"equity\":1\(margin)}"]))
    let first = [
      "Cross by b, v", "1", "100.000000", "3.000000", "2.000000", "−4.000000", "2.50×", "needs <less>",
    ]
    #expect(page.complaints.isEmpty)
    let start = try #require(page.texts.firstIndex(of: "Cross by b, v"))
    #expect(Array(page.texts[start...].prefix(9)) == first + ["Cross by a, v"])
  }

  @Test("an empty book and a report of nothing but equity have pages")
  func empty() throws {
    #expect(try page(PageReport.bare()).words.contains("The book has no accounts."))
    let words = try page(PageReport.bare(accounts: ["{\"account_id\":\"a\",\"equity\":1}"])).words
    #expect(words.contains("Margin was not asked for in this run."))
  }

  @Test("as many accounts are drawn as were asked for, and the others are counted")
  func choice() throws {
    let accounts = try (0..<12).map { try PageReport.account("id-\($0)", surplus: Double(100 - $0)) }
    let report = PageReport.bare(accounts: accounts)
    let all = try page(report)
    #expect(all.elements.count { $0 == "h2" } == 4 + ReportPage.shownAccounts)
    #expect(all.words.contains("5\u{A0}accounts drawn above, 7 left out"))
    // The least surplus beside equal maintenance comes first.
    let drawn = all.attributes.filter { $0.element == "section" && $0.name == "id" }.map(\.value)
    #expect(drawn.dropFirst().first == "a12")
    let two = try page(report, accounts: ["id-3", "id-1", "id-3"])
    #expect(
      two.attributes.filter { $0.element == "section" }.map(\.value) == [
        "a4", "a2", "index", "failures", "assumptions",
      ])
    #expect(try ReportPage(report: report).html(accounts: ["id-99"]) == nil)
  }

  @Test("accounts in a file of their own give the page of the same accounts in the report")
  func accountsFile() throws {
    let accounts = try (0..<3).map { try PageReport.account("id-\($0)", surplus: Double($0)) }
    let lines = accounts.map { $0.replacingOccurrences(of: "\n", with: "") }
    let whole = try ReportPage(report: PageReport.bare(accounts: accounts)).html(accounts: [])
    var apart = try ReportPage(report: PageReport.bare(count: 3))
    #expect(apart.missingAccounts == 3)
    try apart.add(accountsFile: Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect(apart.missingAccounts == 0)
    #expect(try apart.html(accounts: []) == whole)
    var fewer = try ReportPage(report: PageReport.bare(count: 4))
    #expect(throws: ReportFault.self) {
      try fewer.add(accountsFile: Array(lines.joined(separator: "\n").utf8))
    }
    var broken = try ReportPage(report: PageReport.bare(count: 2))
    do {
      try broken.add(accountsFile: Array((lines[0] + "\n{\"equity\":1}").utf8))
      Issue.record("a line without its id was taken")
    } catch {
      #expect(error.place?.line == 2)
    }
  }

  @Test("another document, version or shape is refused with its place")
  func refusals() throws {
    let cases: [(text: String, words: [String])] = [
      ("", ["empty"]), ("{", ["1:2"]), ("[]", ["expected an object"]),
      ("{}", ["plimsoll.report/1"]),
      ("{\"schema\":\"plimsoll.report/2\"}", ["1:11 (/schema)", "plimsoll.report/2"]),
      ("{\"schema\":\"plimsoll.market/1\",\"as_of\":\"x\"}", ["plimsoll.market/1"]),
      ("{\"schema\":\"plimsoll.report/1\"}", ["\"provenance\""]),
      ("{\"schema\":\"plimsoll.report/1\",\"schema\":\"plimsoll.report/1\"}", ["twice"]),
      (
        String(decoding: PageReport.bare(book: ",\"equity\":\"much\""), as: UTF8.self),
        ["(/book/equity)", "expected a number", "\"much\""]
      ),
      (
        String(decoding: PageReport.bare(accounts: ["{\"account_id\":7}"]), as: UTF8.self),
        ["(/accounts/0/account_id)", "expected a string"]
      ),
      (
        String(decoding: PageReport.bare(book: ",\"equity\":1e999"), as: UTF8.self),
        ["(/book/equity)", "1e999"]
      ),
    ]
    for (text, words) in cases {
      do {
        _ = try ReportPage(report: Array(text.utf8))
        Issue.record("\(text) was taken")
      } catch {
        for word in words { #expect(error.sentence.contains(word), "\(error.sentence)") }
      }
    }
  }
}
