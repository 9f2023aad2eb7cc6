/// How a lending protocol counts the balances of one asset.
struct LendingTerms: Hashable, Sendable {
  /// Fraction of a deposit's value that may be borrowed against: loan to value, borrow collateral factor.
  var borrow = 0.0
  /// Fraction that keeps a debt from liquidation: liquidation threshold, liquidate collateral factor.
  var liquidation = 0.0
  /// What both fractions are divided by: a vault's liquidation ratio; 1 elsewhere.
  var divisor = 1.0
  /// Units of the asset in one unit of a deposit: the index of an interest-bearing balance; 1 for the asset itself.
  var index = 1.0
  /// Units of the asset in one unit of a debt: the borrow index, a vault's rate.
  var debtIndex = 1.0
  /// What a debt grows to over the horizon, as a multiple.
  var growth = 1.0
  /// What a liquidator gets beyond the debt repaid, as a fraction of it.
  var bonus = 0.0
  /// Whether the protocol takes a unit of debt for one unit of the base currency, whatever the market says.
  var isDebtAtPar = false
  /// Whether the protocol has terms for deposits of the asset.
  var isListed = false
  /// Whether a debt lies outside the chosen e-mode category.
  var isOutsideCategory = false

  /// The value that may be borrowed against of deposits of a value.
  func borrowable(_ value: Double) -> Double { value * borrow / divisor }
  /// The value that keeps from liquidation of deposits of a value.
  func protecting(_ value: Double) -> Double { value * liquidation / divisor }
  /// The value of a debt today; ≥ 0.
  func debt(units: Double, price: Double) -> Double { units * debtIndex * (isDebtAtPar ? 1 : price) }
}

/// One balance as its protocol sees it.
struct LendingBalance {
  /// Place in the market's `assets`; nil for the base currency.
  let asset: Int?
  let terms: LendingTerms
  /// Units of the balance; negative when borrowed.
  let quantity: Double
  /// Base currency per unit of the asset.
  let price: Double

  /// Value of a deposit; 0 for a debt.
  var deposit: Double { quantity > 0 ? quantity * terms.index * price : 0 }
  /// Value of a debt today; 0 for a deposit.
  var debt: Double { quantity < 0 ? terms.debt(units: -quantity, price: price) : 0 }
  /// Value of a debt at the horizon.
  var grownDebt: Double { debt * terms.growth }
  var borrowable: Double { terms.borrowable(deposit) }
  var protecting: Double { terms.protecting(deposit) }
}

/// The words in which a protocol states its terms, and what sets it apart from the others.
struct LendingRules: Hashable, Sendable {
  static let collateralTable = "collateral"
  static let debtTable = "debt"
  static let categoryTable = "emode"
  static let baseTable = "base"

  /// Names of the terms below `collateral.<asset>`.
  let borrowKey: String
  let liquidationKey: String
  /// Whether they are ratios of collateral to debt rather than fractions of collateral.
  let isRatio: Bool
  /// Whether stable debt counts one for one.
  let isDebtAtPar: Bool
  /// Whether part of a debt only is liquidated while the account is not far below.
  let hasCloseFactor: Bool

  static let aave = LendingRules(
    borrowKey: "ltv", liquidationKey: "liquidation_threshold", isRatio: false, isDebtAtPar: false,
    hasCloseFactor: true)
  static let compound = LendingRules(
    borrowKey: "borrow_factor", liquidationKey: "liquidate_factor", isRatio: false, isDebtAtPar: false,
    hasCloseFactor: false)
  static let maker = LendingRules(
    borrowKey: "liquidation_ratio", liquidationKey: "liquidation_ratio", isRatio: true, isDebtAtPar: true,
    hasCloseFactor: false)

  var openTables: [String] {
    hasCloseFactor
      ? [Self.collateralTable, Self.debtTable, Self.categoryTable]
      : isRatio
        ? [Self.collateralTable, Self.debtTable] : [Self.collateralTable, Self.debtTable, Self.baseTable]
  }
}
