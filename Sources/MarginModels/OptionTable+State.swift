import MarketModel
import PortfolioValuation

extension OptionTable {
  /// Prices the options among some legs on a market that is not one of the table's states, in the table's columns.
  ///
  /// - Returns: the cells, and the first cell of each leg; −1 for a leg without a row in the table.
  /// - Complexity: options × columns prices.
  func priced(
    _ legs: [Leg], in state: MarketState, of context: MarginContext
  ) -> (cells: [Double], starts: [Int]) {
    var pricer = ColumnPricer(
      shocks: shocks, states: [state], settlementWindow: settlementWindow, premiums: context.premiums,
      discounts: discounts)
    let options = legs.compactMap { leg in
      start[leg.instrument] == nil ? nil : context.instruments[leg.instrument]
    }
    var next = 0
    let starts = legs.map { leg -> Int in
      guard start[leg.instrument] != nil else { return -1 }
      defer { next += columns.count }
      return next
    }
    return (pricer.cells(of: options[...]), starts)
  }

  /// The same of a table with one column: the base value of one contract of each leg, 0 for a leg without a row.
  func values(of legs: [Leg], in state: MarketState, of context: MarginContext) -> [Double] {
    let (cells, starts) = priced(legs, in: state, of: context)
    return starts.map { $0 < 0 ? 0 : cells[$0] }
  }
}
