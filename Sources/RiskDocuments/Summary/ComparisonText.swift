import MarginModels
public import MarketModel

/// Isolated, cross and portfolio margin of accounts and of the book in text that is read in a minute: the cheapest
/// mode first, what it saves, and why.
public struct ComparisonText {
  /// Accounts that are shown in full; of more there is one line each.
  private static let blocks = 12
  /// Columns of the lines of text.
  private static let width = 78

  private let currency: Identifier
  private let asOf: Instant
  private let style: TextStyle
  private var accounts: [(id: Identifier, margin: AccountMargin)] = []
  private var book = BookMargin()

  /// An empty text.
  public init(currency: Identifier, asOf: Instant, isColoured: Bool) {
    self.currency = currency
    self.asOf = asOf
    style = TextStyle(isColoured: isColoured)
  }

  /// Adds one account, in account order.
  public mutating func add(_ account: ReportAccount) {
    guard let margin = account.figures.margin else { return }
    let condensed = margin.condensed
    accounts.append((account.id, accounts.count < Self.blocks ? margin : condensed))
    book.add(condensed)
  }

  /// The whole text, each line ended by a line break.
  public func text() -> String {
    var sections = [opening]
    if accounts.count <= Self.blocks {
      sections += accounts.map { block(style.heading($0.id.text), $0.margin) }
    } else {
      sections.append(lines)
    }
    if accounts.count != 1 {
      sections.append(block(style.heading("Book of \(accounts.count) accounts"), book.total))
    }
    return sections.joined(separator: "\n")
  }

  private var opening: String {
    style.heading("Margin at \(asOf.text)") + ", money in \(currency)\n"
      + Self.wrapped(
        "Capital is what the owner must have, in cash and positions, to come through the worst of one set of "
          + "scenarios; \"up to\" is the leverage at which the initial requirement uses up equity.",
        indentation: "  ")
  }

  // MARK: One account

  private func block(_ title: String, _ margin: AccountMargin) -> String {
    guard !margin.ranking.isEmpty else { return title + ": nothing is compared\n" }
    let cheapest = RankedMode.cheapest(of: margin.ranking)
    let reasons = RankingText(margin).reasons
    var text = title + ": " + verdict(cheapest, margin.ranking) + "\n"
    var table = TextTable(leftColumns: 2)
    table.add(
      header: ["", "model", "capital", "saving", "maintenance", "surplus", "up to"], style)
    for entry in margin.ranking {
      let surplus = TextTable.Cell(TextFigure.money(entry.surplus)) { style.signed($0, entry.surplus ?? 0) }
      let isCheapest = entry.rank == cheapest?.rank
      let name = TextTable.Cell(entry.mode.rawValue) { isCheapest ? style.heading($0) : $0 }
      let money = [entry.capital, entry.saving, entry.maintenance]
      table.add(
        [name, TextTable.Cell(entry.model + (entry.capital == nil ? " *" : ""))]
          + money.map { TextTable.Cell(TextFigure.money($0)) }
          + [surplus, TextTable.Cell(Self.times(entry.leverage.initial))])
    }
    text += table.text()
    // Why the cheapest is cheap: the modes of its venue, one step after the other.
    for (entry, reason) in zip(margin.ranking, reasons)
    where entry.capital != nil
      && (entry.rank == 1 || (entry.venue == cheapest?.venue && entry.mode != .isolated))
    {
      text += Self.wrapped("\(RankingText.name(entry)) \(reason).", indentation: "  ")
    }
    return text + marked(margin.ranking, reasons)
  }

  /// What the models with a mark do not margin, each said once.
  private func marked(_ ranking: [RankedMode], _ reasons: [String]) -> String {
    var text = ""
    var told: [String] = []
    for (entry, reason) in zip(ranking, reasons) where entry.capital == nil && !told.contains(entry.model) {
      told.append(entry.model)
      text += style.warning(Self.wrapped("* \(entry.model) \(reason): no figures.", indentation: "  "))
    }
    return text
  }

  /// Which is cheapest and by how much.
  private func verdict(_ cheapest: RankedMode?, _ ranking: [RankedMode]) -> String {
    guard let cheapest, let capital = cheapest.capital else {
      return "none is cheapest, no model margins every position"
    }
    var text = "cheapest is " + style.heading(RankingText.name(cheapest)) + ", \(TextFigure.money(capital))"
    if let more = ranking.dropFirst().first?.capital {
      text += more > capital ? ", \(TextFigure.money(more - capital)) below the next" : ", as is the next"
    }
    if let used = cheapest.leverage.used { text += "; leverage \(Self.times(used))" }
    return text
  }

  private static func times(_ leverage: Double?) -> String {
    guard let leverage else { return "-" }
    return TextFigure.fixed(leverage, decimals: 1) + "x"
  }

  // MARK: Many accounts

  private var lines: String {
    var table = TextTable(leftColumns: 2)
    table.add(
      header: ["account", "cheapest", "capital", "below next", "below dearest", "surplus", "up to"], style)
    for (id, margin) in accounts {
      guard !margin.ranking.isEmpty else { continue }
      guard let cheapest = RankedMode.cheapest(of: margin.ranking) else {
        let none = [String](repeating: TextFigure.money(nil), count: 5).map { TextTable.Cell($0) }
        table.add([TextTable.Cell(id.text), TextTable.Cell("none margins every position")] + none)
        continue
      }
      let next = margin.ranking.dropFirst().first?.capital
      let gap = next.flatMap { more in cheapest.capital.map { more - $0 } }
      let surplus = TextTable.Cell(TextFigure.money(cheapest.surplus)) {
        style.signed($0, cheapest.surplus ?? 0)
      }
      table.add(
        [TextTable.Cell(id.text), TextTable.Cell(cheapest.model + " " + cheapest.mode.rawValue)]
          + [cheapest.capital, gap, cheapest.saving].map { TextTable.Cell(TextFigure.money($0)) }
          + [surplus, TextTable.Cell(Self.times(cheapest.leverage.initial))])
    }
    return table.text()
  }

  /// A sentence broken into lines.
  private static func wrapped(_ sentence: String, indentation: String) -> String {
    var text = ""
    var line = indentation
    for word in sentence.split(separator: " ") {
      if line.count + 1 + word.count > width, line.count > indentation.count + 2 {
        text += line + "\n"
        line = indentation + "  "
      }
      line += (line.last == " " ? "" : " ") + word
    }
    return text + line + "\n"
  }
}
