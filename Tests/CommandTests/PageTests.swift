import Testing

@Suite("A report as a page, from the command line")
struct PageTests {
  @Test("the page goes to its file, or to standard output, in the same bytes")
  func targets() throws {
    let stage = try Stage()
    try stage.writeBook()
    #expect(stage.run("run", "@/book", "--out", "@/out", "--quiet").status == 0)
    let written = stage.run("report", "@/out", "--html", "@/page.html")
    #expect(written.status == 0)
    #expect(written.out.isEmpty && written.err == "page: @/page.html\n")
    let page = try stage.read("page.html")
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">") && page.hasSuffix("</html>\n"))
    #expect(stage.run("report", "@/out/report.json").out == page)
    #expect(page.contains("Account <bdi>alice</bdi>") && page.contains("Account <bdi>bob</bdi>"))
    let one = stage.run("report", "@/out", "--account", "bob")
    #expect(one.status == 0)
    #expect(!one.out.contains("id=\"book\"") && one.out.contains("id=\"a2\""))
  }

  @Test("accounts are found beside a large report")
  func beside() throws {
    let stage = try Stage()
    let accounts = (0..<3).map { "{\"account_id\":\"a\($0)\",\"incomplete\":false,\"equity\":\($0)}\n" }
    try stage.write(Self.report(count: 3), "out/report.json")
    #expect(stage.run("report", "@/out").out.contains("accounts.jsonl, which was not there"))
    #expect(stage.run("report", "@/out", "--accounts", "@/none.jsonl").status == 66)
    try stage.write(accounts.joined(), "out/accounts.jsonl")
    #expect(stage.run("report", "@/out").out.contains("Account <bdi>a2</bdi>"))
    try stage.write(accounts[0], "out/accounts.jsonl")
    let wrong = stage.run("report", "@/out")
    #expect(wrong.status == 65)
    #expect(
      wrong.err == "plimsoll: @/out/accounts.jsonl: found 1 accounts, expected the 3 of the report's book\n")
  }

  @Test("what is no report, no account or no name for a page is refused")
  func refusals() throws {
    let stage = try Stage()
    #expect(stage.run("report", "@/none.json").status == 66)
    try stage.write("{\"schema\": \"plimsoll.report/2\"}", "later.json")
    let later = stage.run("report", "@/later.json", "--html", "@/page.html")
    #expect(later.status == 65)
    #expect(later.err.hasPrefix("plimsoll: @/later.json:1:12 (/schema): expected a report of the schema"))
    try stage.write(Self.report(count: 0), "report.json")
    #expect(stage.run("report", "@/report.json", "--html", "@/report.json").status == 64)
    #expect(stage.run("report", "@/report.json", "--html", "@/none/page.html").status == 74)
    let account = stage.run("report", "@/report.json", "--account", "alice")
    #expect(account.status == 65)
    #expect(account.err == "plimsoll: @/report.json: no account 'alice' in the report\n")
    #expect(try stage.names() == ["later.json", "report.json"])
  }

  private static func report(count: Int) -> String {
    """
    {"schema":"plimsoll.report/1","provenance":{"as_of":"2026-02-05T21:29:37Z","base_currency":"USD"},
    "accounts":[],"book":{"account_count":\(count)},"failures":[]}
    """
  }
}
