import MarketModel
import PortfolioValuation

extension MarginEngine {
  /// Pairs of orders behind sampled shares of the requirement: 256 orders.
  static let requirementPairs = 128
  /// Pairs of orders behind sampled shares of capital, whose coalitions have dozens of states: 64 orders.
  static let capitalPairs = 32

  /// Where the saving of one account comes from, down to netting sets and positions; nil where no comparison was
  /// asked for, or where one of its models cannot margin every position.
  ///
  /// Shares are exact where a player has at most 12 around it, else sampled from a fixed number of orders that
  /// depend on the seed and the account's id alone.
  ///
  /// - Parameters:
  ///   - account: place in `Book.accounts`.
  ///   - seed: of the run.
  /// - Complexity: exact games evaluate up to 4,096 coalitions a netting set; sampled ones 256 coalitions a position
  ///   for the requirement and 64 for capital, each in all states; offsets two players for each pair of up to
  ///   400 positions of a group.
  public func attributionDetail(ofAccount account: Int, seed: UInt64) -> AttributionDetail? {
    guard let capital, valued.book.accounts.indices.contains(account) else { return nil }
    let holdings = AccountHoldings(of: account, in: valued, context: context)
    let held = holdings.legs.map(\.instrument).filter { capital.marginsSomehow(instrument: $0) }
    guard holdings.legs.isEmpty || !held.isEmpty, held.allSatisfy({ capital.margins(instrument: $0) }) else {
      return nil
    }
    let sets = capital.held(holdings.sets)
    let players = AttributionPlayers(
      sets: sets, models: [capital.portfolio, capital.cross], context: context)
    let orders = JoiningOrders(seed: seed, owner: valued.book.accounts[account].text.utf8)
    var builder = AttributionBuilder(
      valued: valued, context: context, portfolio: compared.portfolio, orders: orders)
    for group in players.groups { builder.add(group) }
    builder.add(capital: CapitalGame(players: players, capital: capital))
    var detail = builder.detail
    let margins = isolatedMargins(of: holdings, sets: sets)
    detail.contagion = ContagionTable(
      sets: sets, cash: holdings.cash, equity: valued.equity[account], capital: capital
    ).figures(margins: margins)
    return detail
  }

  /// What isolated mode sets aside for each leg, by set: what the book states, else its own initial requirement.
  private func isolatedMargins(of holdings: AccountHoldings, sets: [NettingSet]) -> [[Double]] {
    let figure = figures(of: holdings, under: compared.isolated).first { $0.mode == .isolated }
    var margins: [Identifier: Double] = [:]
    for position in figure?.perPosition ?? [] {
      margins[position.instrument, default: 0] += position.margin ?? 0
    }
    return sets.map { set in
      set.legs.map { margins[valued.book.instruments[$0.instrument].id] ?? 0 }
    }
  }
}

/// Gathers an account's attribution, group by group.
private struct AttributionBuilder {
  let valued: ValuedBook
  let context: MarginContext
  let portfolio: any PreparedModel
  let orders: JoiningOrders
  private(set) var detail: AttributionDetail
  private var pairing: [PairingGroup] = []

  init(valued: ValuedBook, context: MarginContext, portfolio: any PreparedModel, orders: JoiningOrders) {
    self.valued = valued
    self.context = context
    self.portfolio = portfolio
    self.orders = orders
    detail = AttributionDetail(
      model: portfolio.name, requirement: 0, alone: 0, sampledOrders: 0, sampledCapitalOrders: 0,
      nettingSets: [], shapley: [], offsets: [], offsetsLeftOut: 0, worstTies: [], contagion: [])
  }

  /// Adds the requirement of one group.
  mutating func add(_ unions: [AttributionPlayers.Union]) {
    let game = RequirementGame(unions: unions, model: portfolio, context: context)
    let shares = game.shares(orders: orders, pairs: MarginEngine.requirementPairs)
    let allocation = allocation(of: unions)
    var names: [String] = []
    var memberNames: [[String]] = []
    var aloneByUnion: [[Double]] = []
    var member = 0
    for (place, union) in unions.enumerated() {
      let name = name(of: union)
      let alone = (0..<union.memberCount).map { game.requirement(ofMember: $0, in: place) }
      detail.nettingSets.append(
        NettingSetShare(
          name: name, underlying: context.assets[union.holdings.underlying].id, expiry: expiry(of: union),
          memberCount: union.memberCount, alone: alone.reduce(0, +),
          requirement: game.requirement(of: [(place, union.holdings)]), share: shares.unions[place],
          standardError: shares.unionErrors[place], capital: .zero, capitalError: .zero))
      for (offset, id) in ids(of: union).enumerated() {
        detail.shapley.append(
          ShapleyShare(
            instrument: id, nettingSet: name, alone: alone[offset], share: shares.members[member],
            standardError: shares.memberErrors[member], worstScenario: allocation?[member], capital: .zero,
            capitalError: .zero))
        member += 1
      }
      names.append(name)
      memberNames.append(ids(of: union).map(\.text))
      aloneByUnion.append(alone)
      detail.alone += alone.reduce(0, +)
    }
    detail.requirement += game.requirement(of: unions.enumerated().map { ($0, $1.holdings) })
    detail.sampledOrders = max(detail.sampledOrders, shares.sampledOrders)
    pairing.append(
      PairingGroup(
        unions: unions, game: game, unionNames: names, memberNames: memberNames, alone: aloneByUnion))
  }

  /// Adds the saving of capital, and the offsets of all groups.
  mutating func add(capital game: CapitalGame) {
    let shares = game.shares(orders: orders, pairs: MarginEngine.capitalPairs)
    for place in detail.nettingSets.indices {
      detail.nettingSets[place].capital = shares.unions[place]
      detail.nettingSets[place].capitalError = shares.unionErrors[place]
    }
    for place in detail.shapley.indices {
      detail.shapley[place].capital = shares.members[place]
      detail.shapley[place].capitalError = shares.memberErrors[place]
    }
    detail.sampledCapitalOrders = shares.sampledOrders
    let matrix = OffsetMatrix(groups: pairing)
    detail.offsets = matrix.pairs
    detail.offsetsLeftOut = matrix.leftOut
  }

  /// Adds the ties of a group, and gives the parts of the first of its worst scenarios, one a member.
  private mutating func allocation(of unions: [AttributionPlayers.Union]) -> [Double]? {
    guard let model = portfolio as? any ScanAttributing else { return nil }
    var sets: [NettingSet] = []
    for union in unions {
      if let last = sets.last, last.underlying == union.holdings.underlying {
        sets[sets.count - 1].legs += union.holdings.legs
      } else {
        sets.append(union.holdings)
      }
    }
    var first: [Int: [Double]] = [:]
    for group in model.groups(of: sets) {
      let allocations = model.allocations(ofGroup: group)
      guard let decisive = allocations.first else { return nil }
      for (set, parts) in zip(group, decisive.parts) { first[set.underlying] = parts }
      guard allocations.count > 1 else { continue }
      let name = group.map { context.assets[$0.underlying].id.text }.joined(separator: " + ")
      for allocation in allocations {
        detail.worstTies.append(
          WorstTie(underlying: name, scenario: allocation.scenario, parts: parts(allocation, of: group)))
      }
    }
    var taken: [Int: Int] = [:]
    return unions.flatMap { union -> [Double] in
      let set = union.holdings
      let parts = first[set.underlying] ?? []
      let start = taken[set.underlying] ?? 0
      taken[set.underlying] = start + set.legs.count
      let legs = set.legs.indices.map { parts.indices.contains(start + $0) ? parts[start + $0] : 0 }
      return legs + (set.collateral == 0 ? [] : [parts.last ?? 0])
    }
  }

  private func parts(_ allocation: ScenarioAllocation, of group: [NettingSet]) -> [WorstTie.Part] {
    zip(group, allocation.parts).flatMap { set, parts in
      var ids = set.legs.map { valued.book.instruments[$0.instrument].id }
      if set.collateral != 0 { ids.append(context.assets[set.underlying].id) }
      return zip(ids, parts).map { WorstTie.Part(instrument: $0, requirement: $1) }
    }
  }

  private func ids(of union: AttributionPlayers.Union) -> [Identifier] {
    union.holdings.legs.map { valued.book.instruments[$0.instrument].id }
      + (union.holdings.collateral == 0 ? [] : [context.assets[union.holdings.underlying].id])
  }

  private func expiry(of union: AttributionPlayers.Union) -> Instant? {
    guard union.isOptions else { return nil }
    return union.holdings.legs.first.flatMap { valued.book.instruments[$0.instrument].expiry }
  }

  private func name(of union: AttributionPlayers.Union) -> String {
    let underlying = context.assets[union.holdings.underlying].id.text
    return expiry(of: union).map { "\(underlying) \($0.text.prefix(10))" } ?? underlying
  }
}
