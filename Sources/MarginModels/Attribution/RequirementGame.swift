/// The requirement of one group as a game: what its players need together, today, under the portfolio model.
struct RequirementGame: UnionGame {
  private let unions: [AttributionPlayers.Union]
  private let coalitions: GroupCoalitions
  private let counted: [CountedWorth]
  private var memory: PartMemory<Part>

  /// - Parameter model: its first state is today.
  init(unions: [AttributionPlayers.Union], model: any PreparedModel, context: MarginContext) {
    self.unions = unions
    counted = unions.map { CountedWorth(of: $0.holdings, model: model, context: context) }
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
    Part(part: coalitions.part(holdings, of: union), value: counted[union].value(of: holdings))
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
      let value = counted[union].value(of: holdings)
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
      // Not the game as a whole: its memory would be copied before every write.
      let (unions, coalitions, counted) = (unions, coalitions, counted)
      let part = memory.part(step.members, of: step.union) {
        let holdings = unions[step.union].holdings(of: step.members)
        return Part(
          part: coalitions.part(holdings, of: step.union), value: counted[step.union].value(of: holdings))
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
      let value = counted[union].value(of: set.holdings)
      bases += bases.map { (coalitions.join(part, to: $0.coalition), $0.value + value, $0.size + 1) }
    }
    return bases
  }

  private func net(of coalition: Coalition) -> Double {
    coalitions.maintenance(of: coalition).first ?? 0
  }
}

/// What a model counts of each leg of a union today, and of its coins: it adds up over members.
private struct CountedWorth {
  private let legs: [Int: Double]
  private let coins: Double

  init(of union: NettingSet, model: any PreparedModel, context: MarginContext) {
    func value(_ holdings: NettingSet) -> Double {
      model.breakdown(ofGroup: [holdings], state: 0)?.counted ?? context.value(of: holdings)
    }
    legs = [Int: Double](
      union.legs.map { leg in
        let alone = NettingSet(underlying: union.underlying, legs: [leg], collateral: 0)
        return (leg.instrument, value(alone))
      }, uniquingKeysWith: { $0 + $1 })
    coins =
      union.collateral == 0
      ? 0 : value(NettingSet(underlying: union.underlying, legs: [], collateral: union.collateral))
  }

  /// Of some members of the union.
  func value(of holdings: NettingSet) -> Double {
    holdings.legs.reduce(holdings.collateral == 0 ? 0 : coins) { $0 + (legs[$1.instrument] ?? 0) }
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
