import Plimsoll

/// What lies behind the margin of one account.
struct Explanation {
  /// A spot at which the account or a position would be liquidated.
  struct Danger {
    let price: LiquidationPrice
    let spot: Double
    let root: Double
    /// root/spot − 1.
    var move: Double { root / spot - 1 }
  }

  let account: ReportAccount
  /// Legs of the binding scenario, the largest loss first.
  let legs: [WorstScenarioLeg]
  /// Nearest first.
  let dangers: [Danger]

  /// Collects what decides.
  init(_ account: ReportAccount, legs: [WorstScenarioLeg], _ engine: Engine) {
    self.account = account
    self.legs = legs.enumerated().sorted {
      ($0.element.profitAndLoss, $0.offset) < ($1.element.profitAndLoss, $1.offset)
    }.map(\.element)
    let market = engine.valued.book.market
    let found = (account.figures.liquidation?.prices ?? []).flatMap { price -> [Danger] in
      guard let spot = market.spot(of: price.underlying), spot > 0 else { return [] }
      return price.spotRoots.map { Danger(price: price, spot: spot, root: $0) }
    }
    dangers = found.enumerated().sorted {
      let (left, right) = ($0.element.move.magnitude, $1.element.move.magnitude)
      return left == right ? $0.offset < $1.offset : left < right
    }.map(\.element)
  }

  /// Cash that lifts the account to its maintenance requirement under a model; nil where it is met.
  ///
  /// Cash counts in full in every mode that shares the account's collateral, and moves no requirement.
  static func cure(_ figure: MarginFigure) -> Double? {
    let shortfall = figure.maintenance - figure.equity
    return shortfall > 0 ? shortfall : nil
  }

  /// The text for people.
  var text: String {
    let figures = account.figures
    var text =
      "account \(account.id.text)\(figures.isIncomplete ? " (incomplete: rows were set aside)" : "")\n"
    text += "equity \(TextTable.money(figures.equity))\n"
    text += marginText + legText + dangerText + cureText
    return text
  }

  private var marginText: String {
    guard let models = account.figures.margin?.models, !models.isEmpty else { return "" }
    let head = ["model", "mode", "worst scenario", "equity", "initial", "maintenance", "surplus"]
    let rows = models.map {
      [
        $0.model, $0.mode.rawValue, $0.worstScenario ?? "", TextTable.money($0.equity),
        TextTable.money($0.initial), TextTable.money($0.maintenance),
        TextTable.money($0.equity - $0.maintenance),
      ]
    }
    return "\nmargin\n" + TextTable(rows: [head] + rows, numeric: [3, 4, 5, 6]).text
  }

  /// Legs by underlying: those that lose most, and the sum of the others.
  private var legText: String {
    let scenarios = legs.map { ($0.underlying, $0.scenario) }
    let underlyings = scenarios.indices.filter { place in
      !scenarios[..<place].contains { $0.0 == scenarios[place].0 }
    }
    return underlyings.map { place in
      let (underlying, scenario) = scenarios[place]
      let own = legs.filter { $0.underlying == underlying }
      var rows = own.prefix(Self.legsShown).map { [$0.instrument.text, TextTable.money($0.profitAndLoss)] }
      let rest = own.dropFirst(Self.legsShown)
      if !rest.isEmpty {
        let sum = rest.reduce(0) { $0 + $1.profitAndLoss }
        rows.append(["\(rest.count) others", TextTable.money(sum)])
      }
      rows.append(["all", TextTable.money(own.reduce(0) { $0 + $1.profitAndLoss })])
      return "\nbinding scenario of portfolio margin, \(underlying.text): \(scenario)\n"
        + TextTable(rows: rows, numeric: [1]).text
    }.joined()
  }

  private static let legsShown = 10

  private var dangerText: String {
    guard account.figures.liquidation != nil else { return "" }
    guard !dangers.isEmpty else { return "\nno spot of one underlying alone leads to liquidation\n" }
    let head = ["underlying", "mode", "position", "spot now", "liquidation at", "move"]
    let rows = dangers.prefix(10).map { danger in
      [
        danger.price.underlying.text, danger.price.mode.rawValue,
        danger.price.position?.text ?? "whole account",
        TextTable.money(danger.spot), TextTable.money(danger.root),
        "\((danger.move * 1_000).rounded() / 10)%",
      ]
    }
    return "\nnearest to liquidation\n" + TextTable(rows: [head] + rows, numeric: [3, 4, 5]).text
  }

  private var cureText: String {
    let models = account.figures.margin?.models ?? []
    let lines = models.compactMap { figure in
      Self.cure(figure).map {
        "  \(figure.model), \(figure.mode.rawValue): cash of \(TextTable.money($0)) meets maintenance\n"
      }
    }
    if models.isEmpty { return "" }
    return lines.isEmpty
      ? "\nmaintenance is met under every model\n" : "\nwhat would cure it\n" + lines.joined()
  }
}
