public import MarketModel
import PortfolioValuation
import RiskNumerics

extension PathCapitalEngine {
  /// The capital of one account at every level, with its attribution; nil where it has none (see `failures`).
  ///
  /// - Complexity: the prices of the account's own options on the paths around each quantile.
  public func figures(ofAccount account: Int) -> [SimulatedCapital]? {
    guard tails.indices.contains(account), let tail = tails[account] else { return nil }
    let parts = PathAttribution(self, account: account)
    return levels.indices.map { level in
      var figure = figure(tail, level)
      figure.attribution = parts.shares(tail, level)
      return figure
    }
  }

  /// The rows of `figures(ofAccount:)` for a report's `capital_to_survive`; of an account none of whose positions is
  /// margined on paths only levels, horizon and paths.
  public func rows(ofAccount account: Int) -> [CapitalToSurvive] {
    let legs = today.nettingSets(ofAccount: account, in: valued).flatMap(\.legs)
    let isMargined = legs.isEmpty || legs.contains { isComparable[$0.instrument] }
    return (figures(ofAccount: account) ?? []).map { figure in
      func capital(_ mode: SimulatedCapital.Mode) -> Double? { isMargined ? mode.capital : nil }
      var row = CapitalToSurvive(
        scenarioSet: Self.scenarioSet, scenario: figure.confidence.decimal,
        isolated: capital(figure.isolated), cross: capital(figure.cross),
        portfolio: capital(figure.portfolio))
      row.simulation = figure
      guard !isMargined else { return row }
      row.simulation?.isSum = true
      row.simulation?.attribution = []
      return row
    }
  }

  /// The models whose capital is simulated.
  public static let comparison = ComparisonPlan(
    isolated: ModelCatalogue.standard, cross: ModelCatalogue.standard, portfolio: ModelCatalogue.portfolio)

  /// Name of the set of simulated tomorrows.
  public static let scenarioSet = "monte_carlo"

  /// Why accounts have no figure, in their order.
  public var failures: [Failure] {
    tails.indices.compactMap { account in
      guard tails[account] == nil else { return nil }
      let id = valued.book.accounts[account]
      if let asset = unmoved(account) {
        return Failure(
          path: "market.json#/correlation", reason: .missing,
          message: "account \(id) has no capital over paths: it holds "
            + "\(today.assets[asset].id), which has no volatility or correlation")
      }
      return Failure(
        path: "accounts/\(id)/margin", reason: .calculation,
        message: "found a capital that is no finite number on a path, expected a number; it is left out")
    }
  }

  private func figure(_ tail: PathTail, _ level: Int) -> SimulatedCapital {
    let modes = tail.modes[level]
    let (isolated, cross, portfolio, apart) = (modes[0], modes[1], modes[2], modes[3])
    return SimulatedCapital(
      level: levels[level], horizonDays: paths.horizonDays, paths: paths.count, isolated: isolated,
      cross: cross, portfolio: portfolio,
      saving: MarginSaving(
        pooling: isolated.capital - cross.capital, model: cross.capital - apart.capital,
        offset: apart.capital - portfolio.capital))
  }
}

extension PathCapitalEngine {
  /// The capital of one account on every path: isolated, cross, portfolio, portfolio item by item.
  ///
  /// - Complexity: prices every option of the book on every path.
  package func capitals(ofAccount account: Int) -> [[Double]] {
    var program = CapitalProgram(rowCount: tiles.rowCount, underlyingCount: today.assets.count)
    program.append(self.account(at: account))
    let (lanes, figures) = (CapitalKernels.lanes, CapitalKernels.figures)
    var found = [[Double]](repeating: [], count: figures)
    var first = 0
    while first < paths.count {
      let block = PathBatch(paths, paths: first..<min(first + CapitalKernels.batch, paths.count))
      for tile in capital(of: program, block, tiles.price(block)) {
        for figure in 0..<figures { found[figure] += tile[figure * lanes..<(figure + 1) * lanes] }
      }
      first += CapitalKernels.batch
    }
    return found.map { Array($0.prefix(paths.count)) }
  }
}

// MARK: Accounts

extension PathCapitalEngine {
  /// What an account holds of what both managers margin.
  func sets(ofAccount account: Int) -> [NettingSet] {
    today.nettingSets(ofAccount: account, in: valued).keeping { isComparable[$0] }
  }

  /// An underlying of the account that does not move on the paths.
  func unmoved(_ account: Int) -> Int? {
    sets(ofAccount: account).first { paths.multipliers[$0.underlying] == nil }?.underlying
  }

  /// An account for the kernel; one that holds what does not move has no number.
  func account(at account: Int) -> CapitalProgram.Account {
    let sets = sets(ofAccount: account)
    guard sets.allSatisfy({ paths.multipliers[$0.underlying] != nil }) else {
      return CapitalProgram.Account(value: .nan, paid: [], sets: [])
    }
    return program(of: sets, tiles: tiles)
  }

  /// Netting sets for the kernel, over the rows of some tiles.
  func program(of sets: [NettingSet], tiles: PathTiles) -> CapitalProgram.Account {
    var found = CapitalProgram.Account(value: 0, paid: [], sets: [])
    for set in sets {
      for leg in set.legs {
        found.value += leg.value
        guard tiles.market.settlement[leg.instrument] != nil else { continue }
        found.paid.append(
          CapitalProgram.Leg(row: tiles.row[leg.instrument] ?? -1, quantity: leg.effectiveQuantity))
      }
      found.value += set.collateral * today.assets[set.underlying].spot
      let alive = alive(set)
      guard !alive.legs.isEmpty || alive.collateral != 0 else { continue }
      found.sets.append(tiles.models.program(of: alive) { tiles.row[$0] ?? -1 })
    }
    return found
  }

  /// A set without what is cash at the horizon.
  func alive(_ set: NettingSet) -> NettingSet {
    NettingSet(
      underlying: set.underlying, legs: set.legs.filter { tiles.market.settlement[$0.instrument] == nil },
      collateral: set.collateral)
  }
}
