import RiskNumerics

/// Every number of one lending protocol.
struct LendingParameters: Sendable {
  let rules: LendingRules
  private let numbers: ModelParameters
  /// The chosen e-mode category; 0 for none.
  private let category: Double
  /// Years over which debts accrue interest before they are looked at.
  private let years: Double
  /// Health factor down to which part of a debt only is liquidated.
  let closeThreshold: Double
  /// That part.
  let closePart: Double

  init(_ numbers: ModelParameters, rules: LendingRules) {
    self.rules = rules
    self.numbers = numbers
    category = numbers["emode_category", default: 0]
    years = numbers["horizon_days", default: 0] / 365
    closeThreshold = numbers["close_factor.health_factor", default: 0]
    closePart = numbers["close_factor.part", default: 1]
  }

  /// The terms of an asset.
  ///
  /// A debt grows by e^(rate × years): per-second compounding differs by less than a rounding of the rate.
  func terms(of asset: String, isStable: Bool) -> LendingTerms {
    var terms = LendingTerms()
    let collateral = "\(LendingRules.collateralTable).\(asset)"
    let debt = "\(LendingRules.debtTable).\(asset)"
    if let liquidation = numbers["\(collateral).\(rules.liquidationKey)"] {
      terms.isListed = true
      if rules.isRatio {
        (terms.borrow, terms.liquidation, terms.divisor) = (1, 1, liquidation)
      } else {
        terms.borrow = numbers["\(collateral).\(rules.borrowKey)", default: liquidation]
        terms.liquidation = liquidation
      }
      terms.index = numbers["\(collateral).index", default: 1]
      terms.bonus = numbers["\(collateral).liquidation_bonus", default: 0]
      applyCategory(numbers["\(collateral).emode", default: 0], to: &terms)
    }
    if numbers["\(LendingRules.baseTable).\(asset)", default: 0] != 0 {
      (terms.borrow, terms.liquidation, terms.isListed) = (1, 1, true)
    }
    terms.debtIndex = numbers["\(debt).index", default: 1]
    terms.growth = Elementary.exp(numbers["\(debt).rate", default: 0] * years)
    terms.isDebtAtPar = rules.isDebtAtPar && isStable
    terms.isOutsideCategory = category > 0 && numbers["\(collateral).emode", default: 0] != category
    return terms
  }

  private func applyCategory(_ own: Double, to terms: inout LendingTerms) {
    guard category > 0, own == category, let place = Int(exactly: category) else { return }
    let path = "\(LendingRules.categoryTable).\(place)"
    guard let borrow = numbers["\(path).ltv"], let liquidation = numbers["\(path).liquidation_threshold"]
    else { return }
    (terms.borrow, terms.liquidation) = (borrow, liquidation)
    terms.bonus = numbers["\(path).liquidation_bonus", default: terms.bonus]
  }

  /// The first number that no row of its table has.
  private static func strangers(in numbers: ModelParameters, rules: LendingRules) -> ParameterProblem? {
    let ofCollateral =
      (rules.isRatio ? [rules.liquidationKey] : [rules.borrowKey, rules.liquidationKey])
      + ["index", "liquidation_bonus"] + (rules.hasCloseFactor ? ["emode"] : [])
    return numbers.stranger(under: LendingRules.collateralTable, depth: 1, known: ofCollateral)
      ?? numbers.stranger(under: LendingRules.debtTable, depth: 1, known: ["index", "rate"])
      ?? numbers.stranger(
        under: LendingRules.categoryTable, depth: 1,
        known: ["ltv", "liquidation_threshold", "liquidation_bonus"])
  }

  /// A category that is chosen, or that an asset is in, without terms of its own.
  private static func unknownCategory(in numbers: ModelParameters) -> ParameterProblem? {
    let known = numbers.children(of: LendingRules.categoryTable)
    let assets = numbers.children(of: LendingRules.collateralTable)
    for name in ["emode_category"] + assets.map({ "\(LendingRules.collateralTable).\($0).emode" }) {
      let category = numbers[name, default: 0]
      guard category == 0 || known.contains(ModelDescription.text(category)) else {
        let names = known.isEmpty ? "none is" : "only \(known.joined(separator: ", "))"
        return (name, "of \(ModelDescription.text(category)), a category without terms: \(names)")
      }
    }
    return nil
  }

  /// What is wrong with a set of numbers; nil where nothing is.
  static func problem(
    in numbers: ModelParameters, rules: LendingRules
  ) -> (parameter: String, message: String)? {
    if let problem = strangers(in: numbers, rules: rules) { return problem }
    for asset in numbers.children(of: LendingRules.collateralTable) {
      let path = "\(LendingRules.collateralTable).\(asset)"
      guard let liquidation = numbers["\(path).\(rules.liquidationKey)"],
        let borrow = numbers["\(path).\(rules.borrowKey)"]
      else { return (path, "without its \(rules.borrowKey) and \(rules.liquidationKey)") }
      let isSound =
        rules.isRatio ? liquidation >= 1 : borrow >= 0 && borrow <= liquidation && liquidation <= 1
      guard isSound else {
        return (
          "\(path).\(rules.liquidationKey)",
          rules.isRatio ? "below 1" : "outside 0...1, or below the \(rules.borrowKey)"
        )
      }
      guard numbers["\(path).index", default: 1] > 0 else { return ("\(path).index", "not above 0") }
      guard numbers["\(path).liquidation_bonus", default: 0] >= 0 else {
        return ("\(path).liquidation_bonus", "below 0")
      }
    }
    for asset in numbers.children(of: LendingRules.debtTable) {
      let path = "\(LendingRules.debtTable).\(asset)"
      guard numbers["\(path).index", default: 1] > 0 else { return ("\(path).index", "not above 0") }
      guard (0...10).contains(numbers["\(path).rate", default: 0]) else {
        return ("\(path).rate", "outside 0...10 a year")
      }
    }
    for category in numbers.children(of: LendingRules.categoryTable) {
      let path = "\(LendingRules.categoryTable).\(category)"
      guard let borrow = numbers["\(path).ltv"], let liquidation = numbers["\(path).liquidation_threshold"],
        borrow >= 0, borrow <= liquidation, liquidation <= 1
      else { return (path, "without an ltv of 0 to its liquidation_threshold, 1 at most") }
      guard numbers["\(path).liquidation_bonus", default: 0] >= 0 else {
        return ("\(path).liquidation_bonus", "below 0")
      }
    }
    if let problem = unknownCategory(in: numbers) { return problem }
    for key in ["close_factor.part", "close_factor.health_factor"] {
      guard (0...1).contains(numbers[key, default: 0]) else { return (key, "outside 0...1") }
    }
    let days = numbers["horizon_days", default: 0]
    guard days >= 0, days <= 3_650 else { return ("horizon_days", "outside 0...3650") }
    return nil
  }
}
