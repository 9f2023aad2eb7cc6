import MarketModel
import Plimsoll
import TailRisk

extension AccountTable {
  /// One row an account and scenario, one a cell of a ladder, one a loss that was looked for.
  static let stress = AccountTable(
    head: [
      "account", "scenario", "profit and loss", "delta", "gamma", "vega", "rest", "distance", "probability",
    ],
    nameCount: 2
  ) { account in
    let stresses = (account.figures.stress ?? []).flatMap { rows(of: $0) }
    let reverse = (account.figures.reverseStress ?? []).map { row(of: $0) }
    return (stresses + reverse).map { [account.id.text] + $0 }
  }

  private static func rows(of figure: StressFigure) -> [[String]] {
    if let grid = figure.grid {
      return zip(grid.ladder.volatilities, grid.profits).flatMap { volatility, profits in
        zip(grid.ladder.spots, profits).map { spot, profit in
          ["\(figure.scenario) spot \(percent(spot)) vol \(percent(volatility))", TextFigure.money(profit)]
            + [String](repeating: "", count: 6)
        }
      }
    }
    var parts = ["", "", "", ""]
    if let explanation = figure.explanation {
      let rest = explanation.parts.reduce(0, +) - explanation.delta - explanation.gamma - explanation.vega
      parts = [explanation.delta, explanation.gamma, explanation.vega, rest].map { TextFigure.money($0) }
    }
    return [[figure.scenario.text, TextFigure.money(figure.profitAndLoss)] + parts + ["", ""]]
  }

  private static func row(of figure: ReverseStressFigure) -> [String] {
    let name = "reverse " + (figure.loss.map { TextFigure.money($0) } ?? "")
    guard figure.status == .found, let distance = figure.distance else {
      return [name, figure.status == .unreachable ? "unreachable" : "n/a"]
        + [String](repeating: "", count: 6)
    }
    let moves = figure.moves.map { "\($0.asset) \(percent($0.spot))" }.joined(separator: ", ")
    return [
      "\(name): \(moves)", TextFigure.money(figure.profitAndLoss), "", "", "", "",
      TextFigure.fixed(distance, decimals: 2) + " sd", probability(figure.halfSpaceProbability),
    ]
  }

  private static func percent(_ fraction: Double) -> String {
    (fraction > 0 ? "+" : "") + TextFigure.fixed(fraction * 100, decimals: 1) + "%"
  }

  /// A small chance as one in so many.
  private static func probability(_ value: Double?) -> String {
    guard let value, value > 1e-15 else { return "below 1e-15" }
    return "1 in " + TextFigure.fixed((1 / value).rounded(), decimals: 0)
  }
}
