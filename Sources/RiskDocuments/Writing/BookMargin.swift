public import MarginModels
import MarketModel

/// Margins of the book: sums over accounts, taken in account order.
///
/// A row of `capital_to_survive` is the sum of the accounts' rows of that scenario or confidence level; the row `worst` sums
/// each account's own worst scenario, since no account defends another. An account with positions that a model of a
/// comparison cannot margin is in no figure of that comparison, so that its modes are sums over the same accounts.
public struct BookMargin: Sendable {
  private var models: [MarginFigure] = []
  private var comparison: MarginComparison?
  private var beside: [MarginComparison] = []
  private var ranking = BookRanking()
  private var profile = BookProfile()
  private var collateral: CollateralFigure?

  /// No account yet.
  public init() {}

  /// Adds one account.
  ///
  /// - Complexity: O(models + scenarios); call in account order, which fixes the bytes.
  public mutating func add(_ margin: AccountMargin) {
    for figure in margin.models { add(figure) }
    if let added = margin.profile { profile.add(added) }
    if let added = margin.collateral {
      if collateral == nil { collateral = added } else { collateral?.add(added) }
    }
    if let added = margin.comparison {
      // Let go of the stored copy, so that the rows are added to in place.
      var sum = comparison
      comparison = nil
      if sum == nil { sum = added.summand } else { sum?.add(added) }
      comparison = sum
    }
    for added in margin.beside {
      if let place = beside.firstIndex(where: { $0.venue == added.venue }) {
        beside[place].add(added)
      } else {
        beside.append(added.summand)
      }
    }
    ranking.add(margin.ranking)
  }

  /// The sums, without the lists that belong to single accounts.
  public var total: AccountMargin {
    var total = AccountMargin(
      models: models, comparison: comparison, beside: beside, ranking: ranking.total)
    total.profile = profile.total
    total.collateral = collateral
    return total
  }

  private mutating func add(_ figure: MarginFigure) {
    guard
      let place = models.firstIndex(where: { $0.model == figure.model && $0.mode == figure.mode })
    else {
      var condensed = figure.condensed
      condensed.worstScenario = nil
      condensed.measures = []
      condensed.unsupported = figure.unsupported.sorted()
      models.append(condensed)
      return
    }
    models[place].equity += figure.equity
    models[place].initial += figure.initial
    models[place].maintenance += figure.maintenance
    for component in figure.components {
      if let part = models[place].components.firstIndex(where: { $0.name == component.name }) {
        models[place].components[part].initial += component.initial
        models[place].components[part].maintenance += component.maintenance
      } else {
        models[place].components.append(component)
      }
    }
    for instrument in figure.unsupported where !models[place].unsupported.contains(instrument) {
      let after = models[place].unsupported.firstIndex { instrument < $0 }
      models[place].unsupported.insert(instrument, at: after ?? models[place].unsupported.count)
    }
  }
}

extension AccountMargin {
  /// The same figures without their lists by position: what the book's sums need of an account.
  public var condensed: AccountMargin {
    var condensed = AccountMargin(
      models: models.map(\.condensed), comparison: comparison?.condensed, beside: beside.map(\.condensed),
      ranking: ranking)
    condensed.profile = profile
    condensed.collateral = collateral
    condensed.dynamic = dynamic
    return condensed
  }
}

extension MarginFigure {
  fileprivate var condensed: MarginFigure {
    var figure = self
    figure.perPosition = []
    return figure
  }
}

extension MarginComparison {
  fileprivate var condensed: MarginComparison {
    var comparison = self
    comparison.attribution = []
    for row in comparison.capitalToSurvive.indices {
      comparison.capitalToSurvive[row].simulation?.isSum = true
      comparison.capitalToSurvive[row].simulation?.attribution = []
    }
    comparison.detail = nil
    return comparison
  }

  /// The first account of a sum: what belongs to it alone is taken away.
  fileprivate var summand: MarginComparison {
    var sum = condensed
    for side in [\MarginComparison.isolated, \.cross, \.portfolio] { sum[keyPath: side].generalize() }
    guard [isolated, cross, portfolio].contains(where: { !$0.unsupported.isEmpty }) else { return sum }
    sum.accountsLeftOut = 1
    sum.saving = nil
    sum.value = 0
    for side in [\MarginComparison.isolated, \.cross, \.portfolio] { sum[keyPath: side].clear() }
    for row in sum.capitalToSurvive.indices {
      sum.capitalToSurvive[row].isolated = nil
      sum.capitalToSurvive[row].cross = nil
      sum.capitalToSurvive[row].portfolio = nil
    }
    return sum
  }

  fileprivate mutating func add(_ account: MarginComparison) {
    let added = account.summand
    isolated.add(added.isolated)
    cross.add(added.cross)
    portfolio.add(added.portfolio)
    if let more = added.saving {
      saving =
        saving.map {
          MarginSaving(
            pooling: $0.pooling + more.pooling, model: $0.model + more.model, offset: $0.offset + more.offset)
        } ?? more
    }
    value += added.value
    accountsLeftOut += added.accountsLeftOut
    for row in added.capitalToSurvive { add(row) }
    unsupported.join(added.unsupported)
  }

  fileprivate mutating func add(_ row: CapitalToSurvive) {
    guard
      let place = capitalToSurvive.firstIndex(where: {
        $0.scenario == row.scenario && $0.scenarioSet == row.scenarioSet
      })
    else {
      // In the order of an account: the last row is the worst.
      capitalToSurvive.insert(row, at: max(0, capitalToSurvive.count - 1))
      return
    }
    addPresent(row.isolated, to: &capitalToSurvive[place].isolated)
    addPresent(row.cross, to: &capitalToSurvive[place].cross)
    addPresent(row.portfolio, to: &capitalToSurvive[place].portfolio)
  }
}

extension ComparedMode {
  fileprivate mutating func add(_ side: ComparedMode) {
    addPresent(side.initial, to: &initial)
    addPresent(side.maintenance, to: &maintenance)
    addPresent(side.capital, to: &capital)
    addPresent(side.surplus, to: &surplus)
    addPresent(side.equity, to: &equity)
    leverage.add(side.leverage)
    unsupported.join(side.unsupported)
  }

  /// Without figures.
  fileprivate mutating func clear() {
    (initial, maintenance, capital, surplus, equity) = (nil, nil, nil, nil, nil)
    (leverage.exposure, leverage.equity) = (0, 0)
  }

  fileprivate mutating func generalize() {
    worstScenario = nil
    leverage.generalize()
  }
}

/// Adds to a sum what is there; a sum of nothing is nil.
private func addPresent(_ more: Double?, to sum: inout Double?) {
  if let more { sum = (sum ?? 0) + more }
}

extension [Identifier] {
  /// Adds the names that are not there yet; the list is in byte order before and after.
  mutating func join(_ others: [Identifier]) {
    for id in others where !contains(id) { insert(id, at: firstIndex { id < $0 } ?? count) }
  }
}
