extension ReportPage {
  /// All accounts, those that need most attention first, and how many are not shown.
  func writeIndex(_ order: [AccountEntry], shown: Set<Int>, to markup: inout Markup) {
    markup.element("section", ["id": "index"]) { markup in
      markup.element("h2", text: "Accounts")
      guard !order.isEmpty else {
        let count = book.accountCount ?? 0
        markup.element(
          "p",
          text: count == 0
            ? "The book has no accounts."
            : "The \(PageFigure.count(count, "account")) of the book stand in accounts.jsonl, which was not there."
        )
        return
      }
      writeCounts(order, shown: shown.count, to: &markup)
      var table = PageTable(
        caption: "Accounts liquidated as they stand, then by use of their equity, \(figure.currency)",
        head: ["Account", "Use", "Surplus", "Equity", "Maintenance", "Distance", "Least capital", ""])
      for entry in order.prefix(Self.indexedAccounts) {
        table.rows.append(row(entry, isShown: shown.contains(entry.place)))
      }
      markup.element("div", ["class": "card"]) { markup in
        table.write(to: &markup)
        markup.element(
          "p", ["class": "note"],
          text:
            "Maintenance, surplus and use (maintenance over counted equity) under portfolio margin; distance is "
            + "|ln(liquidation price / spot)| of the nearest price of any mode, under where the account, or a position "
            + "that it holds isolated, is liquidated as it stands.")
      }
    }
  }

  private func writeCounts(_ order: [AccountEntry], shown: Int, to markup: inout Markup) {
    let short = PageMode.allCases.map { mode in order.count { $0.short.contains(mode) } }
    var sentences: [String] = []
    if order.contains(where: { $0.portfolio != nil }) {
      let counts = zip(PageMode.allCases, short).map { "\(PageFigure.count($1)) under \($0.rawValue)" }
      sentences.append(
        short.allSatisfy { $0 == 0 }
          ? "No account is short of maintenance under any mode."
          : "Short of maintenance: \(AnswerText.joined(counts)).")
    }
    let closed = order.count(where: \.isUnder)
    if closed > 0 {
      sentences.append(
        "Liquidated as it stands, or with a position held isolated that is: \(PageFigure.count(closed, "account"))."
      )
    }
    let hidden = order.count - shown
    sentences.append(
      hidden == 0
        ? "Every account is drawn above."
        : "\(PageFigure.count(shown, "account")) drawn above, \(PageFigure.count(hidden)) left out (--account ID draws another)."
    )
    let unlisted = order.count - Self.indexedAccounts
    if unlisted > 0 {
      sentences.append(
        "The table lists the first \(PageFigure.count(Self.indexedAccounts)); \(PageFigure.count(unlisted)) more are not listed."
      )
    }
    markup.element("p", text: sentences.joined(separator: " "))
  }

  private func row(_ entry: AccountEntry, isShown: Bool) -> PageTable.Row {
    let use = entry.use
    var remarks = entry.short.isEmpty ? [] : ["short: " + entry.short.map(\.rawValue).joined(separator: ", ")]
    if entry.isIncomplete { remarks.append("incomplete") }
    return PageTable.Row(cells: [
      isShown ? .link(entry.id, to: entry.anchor) : .name(entry.id),
      .text(use.map { $0.isFinite ? PageFigure.percent($0) : "over" } ?? "n/a"),
      .signed(figure.money(entry.portfolio?.surplus), entry.portfolio?.surplus),
      .text(figure.money(entry.equity)), .text(figure.money(entry.portfolio?.maintenance)),
      .text(entry.isUnder ? PageFigure.distance(0) : PageFigure.distance(entry.distance)),
      .text(entry.cheapest?.rawValue ?? "n/a"),
      PageTable.Cell(
        content: .text(remarks.joined(separator: "; ")), style: entry.short.isEmpty ? "w" : "w loss"),
    ])
  }

  /// What was set aside, in full.
  func writeFailures(to markup: inout Markup) {
    markup.element("section", ["id": "failures"]) { markup in
      markup.element("h2", text: "Set aside")
      guard !head.failures.isEmpty else {
        markup.element("p", text: "Nothing was set aside.")
        return
      }
      var table = PageTable(
        caption: "What could not be used or computed", head: ["Place", "Reason", "What was found"],
        wordColumns: 3)
      for failure in head.failures {
        table.rows.append(
          PageTable.Row(cells: [
            .name(failure.path), .text(failure.reason), PageTable.Cell(content: .text(failure.message)),
          ]))
      }
      markup.element("div", ["class": "card"]) { table.write(to: &$0) }
    }
  }

  /// Every default that was taken, in full.
  func writeAssumptions(to markup: inout Markup) {
    markup.element("section", ["id": "assumptions"]) { markup in
      markup.element("h2", text: "Assumptions")
      guard !head.assumptions.isEmpty else {
        markup.element("p", text: "No default was taken.")
        return
      }
      markup.element("ul", ["class": "plain"]) { markup in
        for assumption in head.assumptions { markup.element("li", text: assumption) }
      }
    }
  }

  /// Where the figures come from.
  func writeProvenance(to markup: inout Markup) {
    markup.element("footer", ["class": "note"]) { markup in
      var words = ["Same inputs, seed and version give the same bytes."]
      if let paths = head.paths { words.append("Simulated paths: \(paths).") }
      if !head.models.isEmpty { words.append("Models: \(head.models.joined(separator: ", ")).") }
      if let library = head.linearAlgebra { words.append("Linear algebra: \(library).") }
      markup.element("p", text: words.joined(separator: " "))
      guard !head.digests.isEmpty else { return }
      markup.element("p") { markup in
        markup.text("Inputs by the first twelve digits of their SHA-256: ")
        for (place, digest) in head.digests.enumerated() {
          if place > 0 { markup.text(", ") }
          markup.name(digest.name, limit: 60)
          markup.text(" ")
          markup.element("code", text: String(digest.sha256.prefix(12)))
        }
        markup.text(".")
      }
    }
  }
}
