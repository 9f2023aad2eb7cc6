package import MarketModel
package import PortfolioValuation

/// A collateral plan laid out over the assets of a market.
package struct CollateralLedger: Sendable {
  /// What is taken off one asset, whoever holds it.
  private struct Terms: Sendable {
    /// Part of today's value.
    var depeg = 0.0
    /// Parts of what the peg leaves, which together are at most 1.
    var haircut = 0.0
    var latency = 0.0
    var confidence = 0.0
    var beta = 0.0
    var isConcentrated = false
    var borrowRate = 0.0
  }

  private let plan: CollateralPlan
  /// By place of the asset in the market.
  private let terms: [Terms]
  /// Of the base currency where the market does not list it.
  private let base: Terms

  /// Lays out a plan.
  ///
  /// - Parameter confidence: in the spot of each asset, 0 to 1.
  package init(_ plan: CollateralPlan, market: MarketSnapshot, confidence: [Double]) {
    self.plan = plan
    terms = market.assets.indices.map { place in
      let asset = market.assets[place]
      return Self.terms(
        of: asset.id, spot: asset.spot,
        confidence: confidence.indices.contains(place) ? confidence[place] : 1,
        isStable: asset.isStable, isBase: asset.id == market.baseCurrency, plan)
    }
    base = Self.terms(of: market.baseCurrency, spot: 1, confidence: 1, isStable: true, isBase: true, plan)
  }

  private static func terms(
    of asset: Identifier, spot: Double, confidence: Double, isStable: Bool, isBase: Bool,
    _ plan: CollateralPlan
  ) -> Terms {
    var found = Terms()
    // The base currency is the measure: it loses nothing that was not asked for by its name.
    let own =
      plan.assets.first { $0.asset == asset } ?? (isBase ? nil : plan.assets.first { $0.asset == nil })
    if let price = plan.depeg.first(where: { $0.asset == asset })?.price {
      found.depeg = CollateralHaircut.depeg(price: price, spot: spot)
    }
    found.beta = own?.beta ?? 0
    found.haircut = min(max(own?.haircut ?? 0, 0), 1)
    let latency = CollateralHaircut.latency(
      volatility: own?.volatility ?? 0, seconds: own?.latencySeconds ?? 0)
    found.latency = min(latency, 1 - found.haircut)
    if let penalty = plan.oracle {
      let missing = CollateralHaircut.confidence(confidence, penalty)
      found.confidence = min(missing, max(1 - found.haircut - found.latency, 0))
    }
    if let rule = plan.concentration {
      found.isConcentrated = rule.assets?.contains(asset) ?? (!isStable && !isBase)
    }
    let rate = plan.borrowRates.first { $0.asset == asset } ?? plan.borrowRates.first { $0.asset == nil }
    found.borrowRate = rate?.rate ?? 0
    return found
  }

  /// One row a balance, in the order of the balances.
  ///
  /// - Parameters:
  ///   - balances: of one account, each asset once.
  ///   - delta: what its positions gain for a relative move of all underlyings; only its sign counts.
  /// - Complexity: O(balances × steps of concentration).
  package func terms(of balances: some Sequence<ValuedBalance>, delta: Double = 0) -> [CollateralTerm] {
    let held = balances.map { balance in (balance, balance.assetIndex.map { terms[$0] } ?? base) }
    var total = 0.0
    for (balance, terms) in held { total += max(balance.value, 0) * (1 - terms.depeg) }
    return held.map { balance, terms in term(of: balance, terms, total: total, delta: delta) }
  }

  private func term(
    of balance: ValuedBalance, _ terms: Terms, total: Double, delta: Double
  ) -> CollateralTerm {
    var row = CollateralTerm(asset: balance.asset, value: balance.value)
    guard balance.value > 0 else {
      row.borrowInterest = CollateralHaircut.borrowInterest(
        owed: -balance.value, rate: terms.borrowRate, days: plan.borrowDays)
      row.counted = balance.value - row.borrowInterest
      return row
    }
    row.depeg = balance.value * terms.depeg
    let left = balance.value - row.depeg
    row.haircut = left * terms.haircut
    row.latency = left * terms.latency
    row.confidence = left * terms.confidence
    var most = max(1 - terms.haircut - terms.latency - terms.confidence, 0)
    let wrongWay = CollateralHaircut.wrongWay(
      beta: terms.beta, move: plan.wrongWayMove ?? 0, delta: delta)
    row.wrongWay = left * min(wrongWay, most)
    most = max(most - wrongWay, 0)
    if terms.isConcentrated, let rule = plan.concentration {
      row.concentration = CollateralHaircut.concentration(of: left, total: total, rule, most: most)
    }
    let taken = row.haircut + row.latency + row.confidence + row.wrongWay + row.concentration
    // The parts are at most the whole but for the rounding of their sum.
    row.counted = max(left - taken, 0)
    return row
  }
}

extension MarginEngine {
  /// The collateral of one account and what it leaves each of its models; nil where the run has no plan for it.
  ///
  /// What is taken off comes off beside the haircuts that a model has of its own, and of no balance more than the model
  /// counts of it: a haircut on coins that a model gives no credit for costs nothing.
  func collateral(ofAccount account: Int, models: [MarginFigure]) -> CollateralFigure? {
    guard let collateralLedger else { return nil }
    var delta = 0.0
    if !unitCashDelta.isEmpty {
      for leg in context.legs(ofAccount: account, in: valued) {
        delta += leg.effectiveQuantity * unitCashDelta[leg.instrument]
      }
    }
    let balances = valued.balances[valued.balanceRanges[account]]
    let terms = collateralLedger.terms(of: balances, delta: delta)
    let lost = reported.map { model in (model: model.name, lost: Self.lost(balances, terms, under: model)) }
    return CollateralFigure(
      terms: terms,
      surplus: models.map { figure in
        let lost = lost.first { $0.model == figure.model }?.lost ?? .zero
        return CollateralSurplus(
          model: figure.model, mode: figure.mode, surplus: figure.surplus - lost.maintenance,
          surplusInitial: figure.surplusInitial - lost.initial)
      })
  }

  /// What a model loses of its equity by the haircuts of the balances, each of which it would count alone.
  private static func lost(
    _ balances: ArraySlice<ValuedBalance>, _ terms: [CollateralTerm], under model: some ReportableModel
  ) -> NetMargin {
    var lost = NetMargin.zero
    for (balance, term) in zip(balances, terms) {
      let cut = term.value - term.counted
      guard balance.value > 0 else {
        lost += NetMargin(initial: cut, maintenance: cut)
        continue
      }
      let counted =
        balance.isCash
        ? model.countedCash([CashBalance(asset: balance.assetIndex, value: balance.value)])
        : balance.assetIndex.map {
          model.netMargin(collateral: balance.quantity, underlying: $0, state: 0)
        } ?? .zero
      lost += NetMargin(
        initial: min(cut, max(counted.initial, 0)), maintenance: min(cut, max(counted.maintenance, 0)))
    }
    return lost
  }
}
