import MarketModel

/// K of one account under each mode and market state, with what each item needs alone.
package struct CapitalTable: Sendable {
  /// One position or coin balance.
  package enum Item: Hashable, Sendable {
    case position(Leg)
    /// Place in the market's `assets`.
    case coin(asset: Int, quantity: Double)
  }

  /// Σ over items of max(c*, 0) + V, one entry a state.
  package private(set) var isolated: [Double]
  /// max(c*, 0) + V of the whole account.
  package private(set) var cross: [Double]
  /// c* + V of the whole account; a c* below zero is kept: portfolio margin lends against it.
  package private(set) var portfolio: [Double]
  /// Σ over items of c* + V under the portfolio model.
  package private(set) var portfolioAlone: [Double]
  package private(set) var items: [Item] = []
  /// V: today's value of all items, base currency.
  package private(set) var value = 0.0

  init(stateCount: Int) {
    let zeros = [Double](repeating: 0, count: stateCount)
    isolated = zeros
    cross = zeros
    portfolio = zeros
    portfolioAlone = zeros
  }

  /// Adds the net margins of one group under the cross model; `close` turns the sums into capital.
  mutating func add(cross net: [NetMargin]) {
    for state in cross.indices { cross[state] += net[state].maintenance }
  }

  /// The same under the portfolio model.
  mutating func add(portfolio net: [NetMargin]) {
    for state in portfolio.indices { portfolio[state] += net[state].maintenance }
  }

  /// Adds one item by its net maintenance margins alone, one entry a state.
  mutating func addItem(
    _ item: Item, value: Double, isolatedNet: [Double], portfolioNet: [Double]
  ) {
    for state in isolated.indices {
      isolated[state] += max(-isolatedNet[state], 0) + value
      portfolioAlone[state] += value - portfolioNet[state]
    }
    self.value += value
    items.append(item)
  }

  /// Turns the summed net margins of the whole account into capital.
  mutating func close() {
    for state in cross.indices {
      cross[state] = max(-cross[state], 0) + value
      portfolio[state] = value - portfolio[state]
    }
  }

  /// The state in which isolated mode needs most, the first of equals.
  package var worstIsolatedState: Int { worstState(.isolated) }

  /// K of a mode, one entry a state.
  func capital(_ mode: MarginMode) -> [Double] {
    switch mode {
    case .isolated: isolated
    case .cross: cross
    case .portfolio: portfolio
    }
  }

  /// The state in which a mode needs most, the first of equals.
  func worstState(_ mode: MarginMode) -> Int {
    let capital = capital(mode)
    var worst = 0
    for state in capital.indices where capital[state] > capital[worst] { worst = state }
    return worst
  }

  /// The greatest K of each mode over all states.
  package var worst: (isolated: Double, cross: Double, portfolio: Double, portfolioAlone: Double) {
    (
      isolated.max() ?? 0, cross.max() ?? 0, portfolio.max() ?? 0, portfolioAlone.max() ?? 0
    )
  }

  /// Where the saving comes from, at the worst state of each mode; negative parts stay as they are.
  package var saving: MarginSaving {
    let worst = worst
    return MarginSaving(
      pooling: worst.isolated - worst.cross, model: worst.cross - worst.portfolioAlone,
      offset: worst.portfolioAlone - worst.portfolio)
  }

  /// The rows of the report, the last one `worst`.
  package func rows(states: [MarketState]) -> [CapitalToSurvive] {
    var rows: [CapitalToSurvive] = []
    rows.reserveCapacity(states.count + 1)
    for (place, state) in states.enumerated() where cross.indices.contains(place) {
      rows.append(
        CapitalToSurvive(
          scenarioSet: state.scenarioSet, scenario: state.name, isolated: isolated[place],
          cross: cross[place], portfolio: portfolio[place], market: state))
    }
    let worst = worst
    rows.append(
      CapitalToSurvive(
        scenarioSet: CapitalStates.worst, scenario: CapitalStates.worst, isolated: worst.isolated,
        cross: worst.cross, portfolio: worst.portfolio))
    return rows
  }
}
