import Plimsoll

/// A table for people with rows for each account.
struct AccountTable: Sendable {
  let head: [String]
  /// The first so many columns are names; the others are numbers.
  let nameCount: Int
  let rows: @Sendable (ReportAccount) -> [[String]]

  /// What marks a model, or an account, that leaves out positions of the account.
  private static let mark = " *"

  /// The whole table, with a line on its marks where it has any.
  func text(_ body: [[String]]) -> String {
    let table = TextTable(head: head, rows: body, leftColumns: nameCount).text()
    guard body.contains(where: { $0.count > 1 && $0[1].hasSuffix(Self.mark) }) else { return table }
    return table + "* leaves out positions that it cannot margin; `unsupported` in the JSON names them\n"
  }

  /// One row an account: what a night needs to see.
  static let summary = AccountTable(
    head: ["account", "", "equity", "delta 1%", "VaR", "ES", "maintenance", "surplus", "liquidation"],
    nameCount: 2
  ) { account in
    let figures = account.figures
    let risk = figures.valueAtRisk?.last
    let margin = figures.margin?.portfolioSide
    let remark = (figures.isIncomplete ? "incomplete" : "") + (margin?.isPartial == true ? mark : "")
    return [
      [
        account.id.text, remark, TextFigure.money(figures.equity),
        TextFigure.money((figures.greeks?.total.cashDelta).map { $0 / 100 }),
        TextFigure.money(risk?.valueAtRisk), TextFigure.money(risk?.expectedShortfall),
        TextFigure.money(margin?.maintenance), TextFigure.money(margin?.surplus),
        distance(AccountSummary(account)),
      ]
    ]
  }

  /// One row an account, model and mode.
  static let margin = AccountTable(
    head: ["account", "model", "mode", "equity", "initial", "maintenance", "surplus"], nameCount: 3
  ) { account in
    (account.figures.margin?.models ?? []).map {
      [
        account.id.text, $0.model + ($0.unsupported.isEmpty ? "" : mark), $0.mode.rawValue,
        TextFigure.money($0.equity),
        TextFigure.money($0.initial),
        TextFigure.money($0.maintenance), TextFigure.money($0.equity - $0.maintenance),
      ]
    }
  }

  /// The same with what is left once collateral has lost the haircuts of run.json.
  static let marginAfterHaircuts = AccountTable(
    head: margin.head + ["after haircuts"], nameCount: margin.nameCount
  ) { account in
    let left = account.figures.margin?.collateral?.surplus ?? []
    return margin.rows(account).enumerated().map { place, row in
      row + [TextFigure.money(left.indices.contains(place) ? left[place].surplus : nil)]
    }
  }

  /// One row an account and confidence.
  static let valueAtRisk = AccountTable(
    head: ["account", "method", "confidence", "days", "VaR", "ES", "std error", "lower", "upper"],
    nameCount: 3
  ) { account in
    (account.figures.valueAtRisk ?? []).map {
      [
        account.id.text, $0.method, $0.confidence.decimal, "\($0.horizonDays)",
        TextFigure.money($0.valueAtRisk), TextFigure.money($0.expectedShortfall),
        TextFigure.money($0.standardError), TextFigure.money($0.interval.lower),
        TextFigure.money($0.interval.upper),
      ]
    }
  }

  private static func distance(_ account: AccountSummary) -> String {
    if account.isUnder { return "under" }
    guard let value = account.distance, let tenths = Int(exactly: (value * 1_000).rounded()) else {
      return "-"
    }
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
