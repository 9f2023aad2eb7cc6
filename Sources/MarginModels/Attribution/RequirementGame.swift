/// The requirement of one group as a game: what its players need together, today, under the portfolio model.
struct RequirementGame: UnionGame {
  private let unions: [AttributionPlayers.Union]
  private let coalitions: GroupCoalitions
  /// What the model counts of each leg of each union today, and of its coins: it adds up.
  private let counted: [(legs: [Int: Double], coins: Double)]
  private var memory: PartMemory<Part>

  /// - Parameter model: its first state is today.
  init(unions: [AttributionPlayers.Union], model: any PreparedModel, context: MarginContext) {
    self.unions = unions
    counted = unions.map { union in
      func value(_ holdings: NettingSet) -> Double {
        model.breakdown(ofGroup: [holdings], state: 0)?.counted ?? context.value(of: holdings)
      }
      let coins = NettingSet(
        underlying: union.holdings.underlying, legs: [], collateral: union.holdings.collateral)
      return (
        [Int: Double](
          union.holdings.legs.map { leg in
            let alone = NettingSet(underlying: union.holdings.underlying, legs: [leg], collateral: 0)
            return (leg.instrument, value(alone))
          }, uniquingKeysWith: { $0 + $1 }), coins.collateral == 0 ? 0 : value(coins)
      )
    }
    coalitions = GroupCoalitions(model: model, unions: unions)
    memory = PartMemory(sizes: unions.map(\.memberCount))
  }

  var sizes: [Int] { unions.map(\.memberCount) }

  /// Members of one union, ready to be joined.
  struct Part {
    fileprivate var part: CoalitionPart
    fileprivate var value: Double
  }

  /// Single members, ready to be joined.
  func parts(of members: [(union: Int, member: Int)]) -> [Part] {
    members.map { part(unions[$0.union].holdings(of: [$0.member]), of: $0.union) }
  }

  private func part(_ holdings: NettingSet, of union: Int) -> Part {
    Part(part: coalitions.part(holdings, of: union), value: value(of: holdings, in: union))
  }

  /// What the model counts of some members of a union.
  private func value(of holdings: NettingSet, in union: Int) -> Double {
    holdings.legs.reduce(holdings.collateral == 0 ? 0 : counted[union].coins) {
      $0 + (counted[union].legs[$1.instrument] ?? 0)
    }
  }

  /// What some members of unions need: what the model counts of them less their net maintenance margin.
  func requirement(of parts: [(union: Int, holdings: NettingSet)]) -> Double {
    requirement(of: parts.map { part($0.holdings, of: $0.union) })
  }

  /// The same of parts of different unions.
  func requirement(of parts: [Part]) -> Double {
    var coalition = coalitions.empty
    var value = 0.0
    for part in parts {
      coalition = coalitions.join(part.part, to: coalition)
      value += part.value
    }
    return value - net(of: coalition)
  }

  /// What one member needs alone.
  func requirement(ofMember member: Int, in union: Int) -> Double {
    requirement(of: [(union, unions[union].holdings(of: [member]))])
  }

  func unionCoalitions() -> [Double] {
    bases(without: nil).map { $0.value - net(of: $0.coalition) }
  }

  func memberCoalitions(of union: Int) -> [Double] {
    let bases = bases(without: union)
    let weights = CooperativeGame.weights(players: unions.count)
    return (0..<1 << unions[union].memberCount).map { mask in
      let holdings = unions[union].holdings(ofMask: mask)
      let part = coalitions.part(holdings, of: union)
      let value = value(of: holdings, in: union)
      var average = 0.0
      for base in bases {
        let needed = base.value + value - net(of: coalitions.join(part, to: base.coalition))
        average += weights[base.size] * needed
      }
      return average
    }
  }

  mutating func walk(_ order: [Int], added: inout [Double]) {
    var walk = UnionWalk(sizes: sizes)
    var base = coalitions.empty
    var baseValue = 0.0
    var before = 0.0
    for player in order {
      let step = walk.step(to: player)
      let game = self
      let part = memory.part(step.members, of: step.union) {
        game.part(game.unions[step.union].holdings(of: step.members), of: step.union)
      }
      let joined = coalitions.join(part.part, to: base)
      let value = baseValue + part.value
      let after = value - net(of: joined)
      added[player] = after - before
      before = after
      if step.isLast { (base, baseValue) = (joined, value) }
    }
  }

  /// Coalitions of whole unions, by mask.
  private func bases(without left: Int?) -> [(coalition: Coalition, value: Double, size: Int)] {
    var bases = [(coalition: coalitions.empty, value: 0.0, size: 0)]
    for (union, set) in unions.enumerated() where union != left {
      let part = coalitions.part(set.holdings, of: union)
      let value = value(of: set.holdings, in: union)
      bases += bases.map { (coalitions.join(part, to: $0.coalition), $0.value + value, $0.size + 1) }
    }
    return bases
  }

  private func net(of coalition: Coalition) -> Double {
    coalitions.maintenance(of: coalition).first ?? 0
  }
}

/// Follows an order of joining in which the members of a union stand together.
struct UnionWalk {
  /// Where a walk has come to.
  struct Step {
    var union: Int
    /// Members of the union that have joined, in their own order.
    var members: [Int]
    /// Whether the whole union has joined.
    var isLast: Bool
  }

  private let owner: [Int]
  private let starts: [Int]
  private let sizes: [Int]
  private var union = -1
  private var members: [Int] = []

  init(sizes: [Int]) {
    self.sizes = sizes
    var owner: [Int] = []
    var starts: [Int] = []
    for (union, size) in sizes.enumerated() {
      starts.append(owner.count)
      owner += [Int](repeating: union, count: size)
    }
    self.owner = owner
    self.starts = starts
  }

  /// The next player joins.
  mutating func step(to player: Int) -> Step {
    if owner[player] != union {
      union = owner[player]
      members = []
    }
    let member = player - starts[union]
    // Legs are margined in their own order, whatever the order of joining.
    members.insert(member, at: members.firstIndex { $0 > member } ?? members.count)
    return Step(union: union, members: members, isLast: members.count == sizes[union])
  }
}
