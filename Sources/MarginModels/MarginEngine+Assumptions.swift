import MarketModel
import PortfolioValuation

/// What a run says of its margins beside the assumptions of the models.
extension MarginEngine {
  static let collateralAssumptions = [
    "collateral: haircuts of run.json come off beside those that a model has of its own, from balances alone and of none more than the model counts of it; a debt is owed in full",
    "collateral: models[].surplus, liquidation prices and distances are those of the models, before the haircuts of run.json; collateral.surplus and dynamic.scaled are after them",
    "collateral: interest on what is borrowed is simple over its horizon",
    "collateral: haircuts are fractions of what a lost peg leaves, add up, and never take more than the value; of concentration the larger of share and size counts, slice by slice",
  ]

  static let capitalAssumptions = [
    "capital_to_survive: one list of markets for the whole book, all underlyings moving alike; where scenarios differ by underlying, those of the one that the book's contracts move the most (deribit-pm, delta-gamma, scenario grids), or those of all its contracts (tims-cpm, span); so capital follows from which contracts the book has, held by whom it may"
  ]

  /// What is said of the margins and modes of a book's positions.
  static func modeAssumptions(_ book: ValuedBook, _ context: MarginContext) -> [String] {
    marginAssumptions(book) + mixedAssumptions(book, context)
  }

  /// Said where a margin is stated in coin.
  private static func marginAssumptions(_ book: ValuedBook) -> [String] {
    let market = book.book.market
    let isCoin = book.book.positions.contains { position in
      let asset = book.book.instruments[position.instrument].settlementAsset
      return position.isolatedMargin != nil && !market.isCash(asset)
    }
    return isCoin
      ? [
        "isolated_margin: a margin in coin defends its position in full, whatever a model counts of coins in an account"
      ]
      : []
  }

  /// Said where an account holds one contract isolated and otherwise too.
  private static func mixedAssumptions(_ book: ValuedBook, _ context: MarginContext) -> [String] {
    let isMixed = book.book.accounts.indices.contains { account in
      context.holdsIsolated(ofAccount: account, in: book)
        && context.standing(ofAccount: account, in: book).count
          != context.legs(ofAccount: account, in: book).count
    }
    return isMixed
      ? [
        "margin_mode: lots held isolated and other lots of one contract are two positions in isolated mode and one leg where positions pool; in capital over paths, contagion, replay and what-if they are one"
      ] : []
  }
}
