import MarketModel

/// What a coalition needs in each state, summed over its players: (isolated, portfolio one by one, cross without
/// value, portfolio without value).
struct CapitalVector: Sendable {
  var states: [SIMD4<Double>]
  /// Today's worth.
  var value = 0.0

  init(stateCount: Int) {
    states = [SIMD4<Double>](repeating: .zero, count: stateCount)
  }

  static func + (left: CapitalVector, right: CapitalVector) -> CapitalVector {
    var sum = left
    for state in sum.states.indices where right.states.indices.contains(state) {
      sum.states[state] += right.states[state]
    }
    sum.value += right.value
    return sum
  }

  /// The split of the saving, each mode at the worst state of the coalition itself.
  var saving: MarginSaving { Self.saving(self, nil) }

  /// The saving of two coalitions of different groups together.
  static func saving(_ left: CapitalVector, _ right: CapitalVector?) -> MarginSaving {
    guard var worst = left.states.first else { return .zero }
    if let right, right.states.count == left.states.count {
      worst += right.states[0]
      for state in left.states.indices {
        let sum = left.states[state] + right.states[state]
        worst.replace(with: sum, where: sum .> worst)
      }
    } else {
      for sum in left.states { worst.replace(with: sum, where: sum .> worst) }
    }
    let value = left.value + (right?.value ?? 0)
    let cross = max(worst.z, 0) + value
    return MarginSaving(
      pooling: worst.x - cross, model: cross - worst.y, offset: worst.y - (worst.w + value))
  }
}

/// The saving of capital of an account as a game: isolated less portfolio capital of a coalition, each at its own
/// worst state, in the three parts of the saving.
struct CapitalGame: UnionGame {
  /// One group under the two models that see it whole.
  private struct Group: Sendable {
    var unions: [AttributionPlayers.Union]
    var cross: GroupCoalitions
    var portfolio: GroupCoalitions
    /// What each member needs one by one, by union.
    var members: [[CapitalVector]]
    /// Place of the first union among those of the account.
    var first: Int
    /// Coalitions of whole unions, by mask, where all of them are evaluated.
    var wholes: [Side] = []
    var wholeVectors: [CapitalVector] = []
  }

  /// Some players of one group.
  private struct Side: Sendable {
    var cross: Coalition
    var portfolio: Coalition
    /// Sums over members one by one.
    var items: CapitalVector
    var size = 0
  }

  /// Some members of one union under both models.
  private struct Part {
    var cross: CoalitionPart
    var portfolio: CoalitionPart
    var items: CapitalVector
  }

  private var groups: [Group]
  private let stateCount: Int
  private var memory: PartMemory<Part>
  let sizes: [Int]

  /// - Parameters:
  ///   - players: that all models of the comparison margin.
  init(players: AttributionPlayers, capital: CapitalEngine) {
    stateCount = capital.states.count
    var first = 0
    groups = players.groups.map { unions in
      defer { first += unions.count }
      return Group(
        unions: unions, cross: GroupCoalitions(model: capital.cross, unions: unions),
        portfolio: GroupCoalitions(model: capital.portfolio, unions: unions),
        members: unions.map { capital.vectors(of: $0.holdings) }, first: first)
    }
    sizes = players.groups.flatMap { $0.map(\.memberCount) }
    memory = PartMemory(sizes: sizes)
    guard sizes.count <= CooperativeGame.exactLimit else { return }
    for place in groups.indices {
      groups[place].wholes = wholes(of: groups[place])
      groups[place].wholeVectors = groups[place].wholes.map { vector(of: $0, in: groups[place]) }
    }
  }

  func unionCoalitions() -> [MarginSaving] {
    var all = [CapitalVector(stateCount: stateCount)]
    for group in groups {
      all = group.wholeVectors.flatMap { added in all.map { $0 + added } }
    }
    return all.map(\.saving)
  }

  func memberCoalitions(of union: Int) -> [MarginSaving] {
    guard let place = groups.lastIndex(where: { $0.first <= union }) else { return [] }
    let group = groups[place]
    let local = union - group.first
    let bases = group.wholes.indices.filter { $0 >> local & 1 == 0 }.map { group.wholes[$0] }
    let others = others(than: place)
    let weights = CooperativeGame.weights(players: sizes.count)
    return (0..<1 << sizes[union]).map { mask in
      let part = Self.part(
        (0..<sizes[union]).filter { mask >> $0 & 1 == 1 }, of: local, in: group, stateCount: stateCount)
      var average = MarginSaving.zero
      for base in bases {
        let own = vector(of: join(part, to: base, in: group), in: group)
        for other in others {
          let saving = CapitalVector.saving(own, other.vector)
          average = average + saving.scaled(by: weights[base.size + other.size])
        }
      }
      return average
    }
  }

  mutating func walk(_ order: [Int], added: inout [MarginSaving]) {
    var walk = UnionWalk(sizes: sizes)
    var bases = groups.map { empty(in: $0) }
    var vectors = groups.map { _ in CapitalVector(stateCount: stateCount) }
    var rest = CapitalVector(stateCount: stateCount)
    var place = -1
    var before = MarginSaving.zero
    for player in order {
      let step = walk.step(to: player)
      guard let next = groups.lastIndex(where: { $0.first <= step.union }) else { continue }
      if next != place {
        place = next
        rest = CapitalVector(stateCount: stateCount)
        for other in vectors.indices where other != place { rest = rest + vectors[other] }
      }
      let group = groups[place]
      let stateCount = stateCount
      let part = memory.part(step.members, of: step.union) {
        Self.part(step.members, of: step.union - group.first, in: group, stateCount: stateCount)
      }
      let joined = join(part, to: bases[place], in: group)
      vectors[place] = vector(of: joined, in: group)
      let after = CapitalVector.saving(vectors[place], rest)
      added[player] = after - before
      before = after
      if step.isLast { bases[place] = joined }
    }
  }
}

extension CapitalGame {
  private func empty(in group: Group) -> Side {
    Side(
      cross: group.cross.empty, portfolio: group.portfolio.empty,
      items: CapitalVector(stateCount: stateCount))
  }

  private static func part(_ members: [Int], of union: Int, in group: Group, stateCount: Int) -> Part {
    let holdings = group.unions[union].holdings(of: members)
    var items = CapitalVector(stateCount: stateCount)
    for member in members { items = items + group.members[union][member] }
    return Part(
      cross: group.cross.part(holdings, of: union), portfolio: group.portfolio.part(holdings, of: union),
      items: items)
  }

  private func join(_ part: Part, to side: Side, in group: Group) -> Side {
    Side(
      cross: group.cross.join(part.cross, to: side.cross),
      portfolio: group.portfolio.join(part.portfolio, to: side.portfolio), items: side.items + part.items,
      size: side.size + 1)
  }

  /// Coalitions of whole unions, by mask.
  private func wholes(of group: Group) -> [Side] {
    var sides = [empty(in: group)]
    for union in group.unions.indices {
      let part = Self.part(
        Array(group.members[union].indices), of: union, in: group, stateCount: stateCount)
      sides += sides.map { join(part, to: $0, in: group) }
    }
    return sides
  }

  private func vector(of side: Side, in group: Group) -> CapitalVector {
    var vector = side.items
    let cross = group.cross.maintenance(of: side.cross)
    let portfolio = group.portfolio.maintenance(of: side.portfolio)
    guard cross.count == stateCount, portfolio.count == stateCount else { return vector }
    for state in vector.states.indices {
      vector.states[state].z = -cross[state]
      vector.states[state].w = -portfolio[state]
    }
    return vector
  }

  /// Coalitions of whole unions of all groups but one.
  private func others(than place: Int) -> [(vector: CapitalVector, size: Int)] {
    var others = [(vector: CapitalVector(stateCount: stateCount), size: 0)]
    for (other, group) in groups.enumerated() where other != place {
      let sizes = group.wholes.map(\.size)
      others = zip(group.wholeVectors, sizes).flatMap { vector, size in
        others.map { ($0.vector + vector, $0.size + size) }
      }
    }
    return others
  }
}

extension CapitalEngine {
  /// What each leg, then the coins of a set need one by one in each state.
  func vectors(of set: NettingSet) -> [CapitalVector] {
    var isolatedNet = [Double](repeating: 0, count: states.count)
    var portfolioNet = [Double](repeating: 0, count: states.count)
    func vector(value: Double) -> CapitalVector {
      var vector = CapitalVector(stateCount: states.count)
      vector.value = value
      for state in states.indices {
        vector.states[state] = SIMD4(
          max(-isolatedNet[state], 0) + value, value - portfolioNet[state], 0, 0)
      }
      return vector
    }
    var vectors = set.legs.map { leg in
      // A contract that is held in two modes is one player and two positions.
      set.positions(of: leg).reduce(CapitalVector(stateCount: states.count)) {
        isolated.fill(&isolatedNet, leg: $1)
        portfolioAlone.fill(&portfolioNet, leg: $1)
        return $0 + vector(value: $1.value)
      }
    }
    if set.collateral != 0 {
      isolated.fill(&isolatedNet, collateral: set.collateral, underlying: set.underlying)
      portfolioAlone.fill(&portfolioNet, collateral: set.collateral, underlying: set.underlying)
      vectors.append(vector(value: set.collateral * context.assets[set.underlying].spot))
    }
    return vectors
  }
}
