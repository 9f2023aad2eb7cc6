import Foundation

/// Reports for the tests of the page.
enum PageReport {
  /// The example report of the checkout.
  static func example() throws -> [UInt8] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("notebooks-data/example-report/report.json")
    return Array(try Data(contentsOf: url))
  }

  /// The least that is a report.
  static func bare(accounts: [String] = [], count: Int? = nil, book: String = "", head: String = "")
    -> [UInt8]
  {
    let count = count ?? accounts.count
    return Array(
      """
      {"schema":"plimsoll.report/1","provenance":{"as_of":"2026-02-05T21:29:37Z","base_currency":"USD"}\(head),
      "accounts":[\(accounts.joined(separator: ","))],"book":{"account_count":\(count)\(book)},"failures":[]}
      """.utf8)
  }

  /// An account with an id of anybody's making and a margin of three modes.
  static func account(_ id: String, surplus: Double = 10, extra: String = "") throws -> String {
    let quoted = String(decoding: try JSONEncoder().encode(id), as: UTF8.self)
    return """
      {"account_id":\(quoted),"incomplete":false,"equity":1000,"margin":{"models":[],"comparison":{
      "isolated":{"model":"m","initial":400,"maintenance":300,"capital":900,"surplus":\(surplus)},
      "cross":{"model":"m","initial":400,"maintenance":300,"capital":700,"surplus":\(surplus)},
      "portfolio":{"model":"p","initial":200,"maintenance":100,"capital":500,"surplus":\(surplus)},
      "saving":{"pooling":200,"model":-50,"offset":250},"attribution":[{"instrument":\(quoted),"isolated":1,
      "worst_scenario_loss":5}],"capital_to_survive":[{"scenario_set":"s","scenario":\(quoted),"isolated":1,
      "cross":null,"portfolio":-3}],"unsupported":[\(quoted)]}}\(extra)}
      """
  }

  /// Ids that would break a page that trusted them.
  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; drop table accounts; --", "&amp;&lt;",
    "a\u{202E}gnp.exe", "nul\u{0}bell\u{7}", "line\nbreak", "zero\u{200B}width", "]]>",
    "</title></svg></style>",
    "שלום עולם", String(repeating: "long", count: 900), "e\u{301}", " ", "javascript:alert(1)",
  ]
}
