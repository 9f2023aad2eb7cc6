package import MarketModel
import PortfolioValuation

/// A borrower's account at a lending protocol: deposits as collateral, negative balances as debt.
///
/// With deposits of value V, debt D and the fraction t of each deposit that keeps from liquidation, the account holds
/// V − D and needs Σ (1 − t)·V: its surplus is Σ t·V − D, at least 0 exactly where the health factor Σ t·V / D is at
/// least 1. Initial margin takes the fraction that may be borrowed against instead: its surplus is what may still be
/// borrowed. Positions in derivatives are unsupported. An asset without terms is worth nothing as a deposit and
/// counts in full as a debt.
package struct LendingModel: RequirementModel {
  package static let modes: [MarginMode] = [.cross]

  package let name: String
  package let context: MarginContext
  package let table: OptionTable
  package let componentNames = ["collateral_haircut", "borrow_interest"]
  private let parameters: LendingParameters
  /// One entry an asset of the market.
  private let terms: [LendingTerms]

  init(
    name: String, parameters: ModelParameters, rules: LendingRules, context: MarginContext,
    states: [MarketState]
  ) {
    let parameters = LendingParameters(parameters, rules: rules)
    self.name = name
    self.parameters = parameters
    self.context = context
    table = OptionTable(withoutOptionsOf: context, states: states)
    terms = context.assets.map { parameters.terms(of: $0.id.text, isStable: $0.isStable) }
  }

  package func supports(instrument: Int) -> Bool { false }

  package func requirement(of group: GroupOnMarket) -> ModelRequirement {
    requirement(of: group.sets.map { balance(of: $0, multiplier: group.multiplier) })
  }

  package func requirement(ofCash balances: [CashBalance]) -> ModelRequirement? {
    requirement(of: self.balances(of: balances))
  }

  private func requirement(of balances: [LendingBalance]) -> ModelRequirement {
    var counted = 0.0
    var haircut = UnitRequirement.zero
    var interest = 0.0
    for balance in balances {
      counted += balance.deposit - balance.debt
      haircut.initial += balance.deposit - balance.borrowable
      haircut.maintenance += balance.deposit - balance.protecting
      interest += balance.grownDebt - balance.debt
    }
    return ModelRequirement(
      counted: counted, parts: [haircut, UnitRequirement(initial: interest, maintenance: interest)])
  }

  package func countedCash(_ balances: [CashBalance]) -> NetMargin {
    var sum = NetMargin.zero
    for balance in self.balances(of: balances) {
      sum += NetMargin(
        initial: balance.borrowable - balance.grownDebt, maintenance: balance.protecting - balance.grownDebt)
    }
    return sum
  }

  private func balance(of set: NettingSet, multiplier: Double) -> LendingBalance {
    LendingBalance(
      asset: set.underlying, terms: terms[set.underlying], quantity: set.collateral,
      price: context.assets[set.underlying].spot * multiplier)
  }

  /// One balance an asset, deposit less debt, as the coins of a set are.
  private func balances(of cash: [CashBalance]) -> [LendingBalance] {
    var sums: [CashBalance] = []
    for balance in cash {
      if let place = sums.firstIndex(where: { $0.asset == balance.asset }) {
        sums[place].value += balance.value
      } else {
        sums.append(balance)
      }
    }
    return sums.map { sum in
      let price = sum.asset.map { context.assets[$0].spot } ?? 1
      return LendingBalance(
        asset: sum.asset, terms: sum.asset.map { terms[$0] } ?? LendingTerms(),
        quantity: sum.value / price, price: price)
    }
  }

  // MARK: Measures

  package func measures(of holdings: AccountHoldings, requirement: AccountRequirement) -> [ModelMeasure] {
    let coins = holdings.sets.filter { $0.collateral != 0 }.map { balance(of: $0, multiplier: 1) }
    let all = coins + balances(of: holdings.cashBalances)
    let sums = LendingSums(all)
    var measures = [
      ModelMeasure(name: "health_factor", value: sums.healthFactor),
      ModelMeasure(name: "loan_to_value", value: sums.deposits > 0 ? sums.debt / sums.deposits : nil),
      ModelMeasure(name: "available_to_borrow", value: max(0, sums.borrowable - sums.debt)),
    ]
    if parameters.rules.hasCloseFactor {
      let share = closeFactor(sums.healthFactor)
      measures.append(ModelMeasure(name: "close_factor", value: share))
      measures.append(ModelMeasure(name: "liquidatable_debt", value: min(share * sums.debt, sums.repayable)))
      measures.append(ModelMeasure(name: "debt_outside_emode", value: sums.outsideCategory))
    }
    measures.append(ModelMeasure(name: "deposits_without_terms", value: sums.unlisted))
    // The base currency is what prices are in: it has none of its own.
    for coin in all where coin.quantity != 0 {
      guard let id = coin.asset.map({ context.assets[$0].id }), id.text != context.baseCurrency else {
        continue
      }
      measures.append(
        ModelMeasure(name: "liquidation_price.\(id)", value: sums.liquidationPrice(of: coin)))
      guard parameters.rules.hasCloseFactor, coin.terms.isListed, coin.deposit > 0 else { continue }
      // A liquidator repays what may be closed and takes one collateral for it, at most all there is.
      let taken = closeFactor(sums.healthFactor) * sums.debt * (1 + coin.terms.bonus)
      measures.append(ModelMeasure(name: "seizable_value.\(id)", value: min(coin.deposit, taken)))
    }
    return measures
  }

  /// The share of the debt that may be liquidated at once.
  ///
  /// Source: Aave v3, close factor: part of it above a health factor, all of it below.
  private func closeFactor(_ healthFactor: Double?) -> Double {
    guard let healthFactor, healthFactor < 1 else { return 0 }
    return healthFactor > parameters.closeThreshold ? parameters.closePart : 1
  }
}

/// What the balances of one account add up to.
private struct LendingSums {
  var deposits = 0.0
  var borrowable = 0.0
  var protecting = 0.0
  var debt = 0.0
  /// Deposits of assets without terms.
  var unlisted = 0.0
  /// Debt that its deposits pay for, the liquidators' bonus taken off.
  var repayable = 0.0
  /// Debt outside the chosen e-mode category.
  var outsideCategory = 0.0

  init(_ balances: [LendingBalance]) {
    for balance in balances {
      deposits += balance.deposit
      borrowable += balance.borrowable
      protecting += balance.protecting
      debt += balance.grownDebt
      if balance.terms.isListed {
        repayable += balance.deposit / (1 + balance.terms.bonus)
      } else {
        unlisted += balance.deposit
      }
      if balance.terms.isOutsideCategory { outsideCategory += balance.grownDebt }
    }
  }

  /// Below 1 the account is liquidated; nil without debt.
  var healthFactor: Double? { debt > 0 ? protecting / debt : nil }

  /// The price of one asset, the others standing still, at which the health factor is 1.
  ///
  /// (D − Σ_{j≠i} t_j·V_j) / (q_i·t_i) for a deposit, (Σ t·V − D_{j≠i}) / q_i for a debt.
  ///
  /// - Returns: base currency per unit; nil where no price does it.
  func liquidationPrice(of balance: LendingBalance) -> Double? {
    guard debt > 0 else { return nil }
    let (gap, scale) =
      balance.quantity > 0
      ? (debt - (protecting - balance.protecting), balance.protecting)
      : (protecting - (debt - balance.grownDebt), balance.terms.isDebtAtPar ? 0 : balance.grownDebt)
    let price = balance.price * (gap / scale)
    return price > 0 && price.isFinite ? price : nil
  }
}
