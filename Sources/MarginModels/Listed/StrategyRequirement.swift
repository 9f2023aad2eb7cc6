/// What strategy-based margin counts and requires of one class group in one state, part by part; base currency.
package struct StrategyRequirement: Hashable, Sendable {
  /// Stock, coins and options at their value, shorts owed; no cash.
  package var counted = 0.0
  package var stockInitial = 0.0
  package var stockMaintenance = 0.0
  /// Coins that these rules lend nothing on.
  package var coins = 0.0
  package var longOptions = 0.0
  /// Uncovered: premium and percentage.
  package var shortOptions = 0.0
  /// Premium of the shorts, which the equity owes already.
  package var premium = 0.0
  var initialRelief = StrategyRelief()
  var maintenanceRelief = StrategyRelief()

  package init() {}

  private var options: Double { longOptions + (shortOptions - premium) }
  package var initial: Double { stockInitial + coins + options + initialRelief.sum }
  package var maintenance: Double { stockMaintenance + coins + options + maintenanceRelief.sum }
  package var net: NetMargin {
    NetMargin(initial: counted - initial, maintenance: counted - maintenance)
  }

  /// Adds another group, part by part.
  package static func += (sum: inout Self, term: Self) {
    sum.counted += term.counted
    sum.stockInitial += term.stockInitial
    sum.stockMaintenance += term.stockMaintenance
    sum.coins += term.coins
    sum.longOptions += term.longOptions
    sum.shortOptions += term.shortOptions
    sum.premium += term.premium
    sum.initialRelief += term.initialRelief
    sum.maintenanceRelief += term.maintenanceRelief
  }

  /// The parts in the order of a report.
  package var components: [MarginComponent] {
    [
      MarginComponent(name: "stock", initial: stockInitial, maintenance: stockMaintenance),
      MarginComponent(name: "coins_without_loan_value", initial: coins, maintenance: coins),
      MarginComponent(name: "long_options", initial: longOptions, maintenance: longOptions),
      MarginComponent(name: "uncovered_options", initial: shortOptions, maintenance: shortOptions),
      MarginComponent(name: "short_premium", initial: -premium, maintenance: -premium),
      MarginComponent(
        name: "spread_relief", initial: initialRelief.spreads, maintenance: maintenanceRelief.spreads),
      MarginComponent(
        name: "straddle_relief", initial: initialRelief.straddles, maintenance: maintenanceRelief.straddles),
      MarginComponent(
        name: "stock_relief", initial: initialRelief.stock, maintenance: maintenanceRelief.stock),
    ]
  }
}
