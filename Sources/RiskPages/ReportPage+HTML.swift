extension ReportPage {
  /// The page.
  ///
  /// - Parameter ids: accounts to draw, in this order; where there are none, the book and then the accounts that
  ///   need most attention, `shownAccounts` of them.
  /// - Returns: a document in UTF-8; nil where one of the ids is no account of the report.
  /// - Throws: `ReportFault` where an account's line cannot be read again.
  /// - Complexity: O(bytes written + accounts × log(accounts)).
  public func html(accounts ids: [String]) throws(ReportFault) -> [UInt8]? {
    let order = accounts.sorted { $0.precedes($1) }
    var chosen: [AccountEntry] = []
    for id in ids {
      guard let entry = accounts.first(where: { $0.id.utf8.elementsEqual(id.utf8) }) else { return nil }
      if !chosen.contains(where: { $0.place == entry.place }) { chosen.append(entry) }
    }
    if ids.isEmpty { chosen = Array(order.prefix(Self.shownAccounts)) }
    var scopes: [(entry: AccountEntry, scope: ReportScope)] = []
    for entry in chosen { scopes.append((entry, try scope(of: entry))) }
    var markup = Markup()
    markup.raw("<!doctype html>\n")
    markup.element("html", ["lang": "en"]) { markup in
      writeHead(to: &markup)
      markup.element("body") { markup in
        writeTitle(shown: scopes.map(\.entry), to: &markup)
        markup.element("main") { markup in
          if ids.isEmpty { section(book, anchor: "book").write(to: &markup) }
          for (entry, scope) in scopes { section(scope, anchor: entry.anchor).write(to: &markup) }
          writeIndex(order, shown: Set(chosen.map(\.place)), to: &markup)
          writeFailures(to: &markup)
          writeAssumptions(to: &markup)
        }
        writeProvenance(to: &markup)
      }
    }
    return markup.bytes
  }

  private func section(_ scope: ReportScope, anchor: String) -> ScopeSection {
    ScopeSection(scope: scope, head: head, figure: figure, anchor: anchor)
  }

  /// One count of decimals for the whole page.
  var figure: PageFigure {
    let capital = book.margin?.comparison?.sides.compactMap(\.capital) ?? []
    let amounts = [book.equity ?? 0] + capital + accounts.compactMap(\.equity)
    return PageFigure(
      currency: HTMLText.shortened(head.currency, to: 12), largest: amounts.map(\.magnitude).max() ?? 0)
  }

  private func writeHead(to markup: inout Markup) {
    markup.element("head") { markup in
      markup.void("meta", ["charset": "utf-8"])
      markup.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
      markup.void("meta", ["name": "color-scheme", "content": "light dark"])
      markup.void(
        "meta",
        [
          "http-equiv": "Content-Security-Policy",
          "content": "default-src 'none'; style-src 'unsafe-inline'",
        ])
      markup.element("title", text: "Margin report, \(head.asOf)")
      markup.element("style") { $0.raw(PageStyle.sheet) }
    }
  }

  private func writeTitle(shown: [AccountEntry], to markup: inout Markup) {
    markup.element("header") { markup in
      markup.element("h1", text: "Isolated, cross or portfolio margin")
      markup.element("p", ["class": "faint"]) { markup in
        var words = ["As of \(Self.instant(head.asOf))"]
        if let count = book.accountCount { words.append(PageFigure.count(count, "account")) }
        words.append("money in \(head.currency)")
        if let seed = head.seed { words.append("seed \(seed)") }
        if let version = head.engineVersion { words.append("plimsoll \(version)") }
        markup.text(words.joined(separator: " · "))
      }
      markup.element("nav", ["aria-label": "Parts of the page"]) {
        $0.element("ul") { markup in
          let places = [("index", "Accounts"), ("failures", "Set aside"), ("assumptions", "Assumptions")]
          for (place, name) in places {
            markup.element("li") { $0.element("a", ["href": "#" + place], text: name) }
          }
          for entry in shown {
            markup.element("li") {
              $0.element("a", ["href": "#" + entry.anchor]) { $0.name(entry.id, limit: 28) }
            }
          }
        }
      }
    }
  }

  /// `2026-01-30T08:30:00Z` as people write it; anything else as it is.
  static func instant(_ text: String) -> String {
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2, parts[1].hasSuffix("Z") else { return text }
    let time = parts[1].dropLast()
    return parts[0] + " " + (time.hasSuffix(":00") && time.utf8.count == 8 ? time.dropLast(3) : time) + " UTC"
  }
}
