import MarketModel
import TailRisk

/// A backtest as text for people: one line a series.
public struct BacktestTable: Sendable {
  private let result: BacktestResult

  /// A table of one backtest.
  public init(_ result: BacktestResult) { self.result = result }

  /// The table, and below it what it rests on.
  public var text: String {
    let rows = result.series.map(Self.row)
    var text = TextTable(
      head: [
        "owner", "method", "level", "days", "exceptions", "expected", "zone", "Kupiec p", "exact",
        "independence p", "exact", "joint p", "exact", "Z1 p", "Z2", "Z2 p", "mean VaR", "worst",
      ], rows: rows, leftColumns: 2
    ).text()
    if let first = result.series.compactMap({ $0.days.first?.forecast.date }).min(),
      let last = result.series.compactMap({ $0.days.last?.until }).max()
    {
      text += "\n\(first.dateText) to \(last.dateText), \(result.baseCurrency). "
      text += "Exact p-values are binomial, or over all orders of the exceptions.\n"
    }
    for sentence in result.assumptions { text += "* \(sentence)\n" }
    return text
  }

  private static func row(_ series: BacktestResult.Series) -> [String] {
    let tests = series.statistics
    let days = series.days.map(\.forecast)
    let mean = days.isEmpty ? nil : days.reduce(0) { $0 + $1.valueAtRisk } / Double(days.count)
    func p(_ value: Double?) -> String { value.map { TextFigure.fixed($0, decimals: 4) } ?? "n/a" }
    return [
      series.account?.text ?? "book", series.method, series.confidence.decimal, "\(tests.count)",
      "\(tests.exceptions)", TextFigure.fixed(tests.expectedExceptions, decimals: 1),
      tests.trafficLight?.zone.rawValue ?? "n/a", p(tests.kupiec?.pValue), p(tests.kupiec?.exactPValue),
      p(tests.independence?.pValue), p(tests.independence?.exactPValue), p(tests.conditionalCoverage?.pValue),
      p(tests.conditionalCoverage?.exactPValue), p(tests.expectedShortfall?.z1PValue),
      tests.expectedShortfall.map { TextFigure.fixed($0.z2, decimals: 2) } ?? "n/a",
      p(tests.expectedShortfall?.z2PValue), TextFigure.money(mean),
      TextFigure.money(days.map(\.profit).min()),
    ]
  }
}
