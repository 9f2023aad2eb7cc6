import MarketModel

/// Netting sets that one model margins together: a class group such as an index with the funds on it.
///
/// An account is always the sum over its groups. Unless a model says otherwise every underlying is a group of
/// its own, and a group is the sum of its sets.
extension PreparedModel {
  package func groups(of sets: [NettingSet]) -> [[NettingSet]] { sets.map { [$0] } }

  package func netMargins(ofGroup group: [NettingSet]) -> [NetMargin] {
    guard let first = group.first else { return [NetMargin](repeating: .zero, count: states.count) }
    var sums = netMargins(of: first)
    for set in group.dropFirst() {
      for (state, net) in netMargins(of: set).enumerated() where sums.indices.contains(state) {
        sums[state] += net
      }
    }
    return sums
  }

  package func netMargin(ofGroup group: [NettingSet], state: Int) -> NetMargin {
    Self.sum(group) { netMargin(of: $0, state: state) }
  }

  package func netMargin(ofGroup group: [NettingSet], in state: MarketState) -> NetMargin {
    Self.sum(group) { netMargin(of: $0, in: state) }
  }

  package func netMargins(alone leg: Leg) -> [NetMargin] {
    states.indices.map { netMargin(alone: leg, state: $0) }
  }

  package var capitalScenarios: [MarketState] { [] }

  package func countedCash(_ balances: [CashBalance]) -> NetMargin {
    var sum = 0.0
    for balance in balances { sum += balance.value }
    return NetMargin(initial: sum, maintenance: sum)
  }

  /// The first set as it is, the others added in order.
  private static func sum(_ group: [NettingSet], _ net: (NettingSet) -> NetMargin) -> NetMargin {
    guard let first = group.first else { return .zero }
    var sum = net(first)
    for set in group.dropFirst() { sum += net(set) }
    return sum
  }
}

extension ScanAttributing {
  package func decisiveScenarios(ofGroup group: [NettingSet]) -> [String] {
    group.flatMap { decisiveScenarios(of: $0) }
  }

  package func worstScenarioLosses(ofGroup group: [NettingSet]) -> [[Double]] {
    group.map { worstScenarioLosses(of: $0) }
  }

  package func allocations(ofGroup group: [NettingSet]) -> [ScenarioAllocation] { [] }
}

extension DerivePortfolioModel {
  package var capitalScenarios: [MarketState] {
    CapitalStates.scenarios(of: parameters, model: name)
  }
}
