import MarketModel

/// Pairwise offsets inside groups; between groups there are none.
struct OffsetMatrix {
  /// Positions of a group that are paired: beyond it, those that need least alone are left out.
  static let pairedLimit = 400
  /// Pairs of positions that are listed: every pair of up to 8 positions.
  static let listedLimit = 28
  /// Pairs of netting sets that are listed: every pair of up to 12.
  static let listedSetLimit = 66
  /// An offset below this part of what the two need one by one is rounding.
  static let resolution = 1e-9

  private(set) var pairs: [OffsetPair] = []
  private(set) var leftOut = 0

  /// The pairs of an account.
  ///
  /// - Parameters:
  ///   - names: of unions and of members, group by group.
  /// - Complexity: O(n²) requirements of two players in a group of n.
  init(groups: [PairingGroup]) {
    var sets: [OffsetPair] = []
    var positions: [OffsetPair] = []
    for group in groups {
      sets += group.setPairs()
      let (found, skipped) = group.memberPairs()
      positions += found
      leftOut += skipped
    }
    for (list, limit) in [(sets, Self.listedSetLimit), (positions, Self.listedLimit)] {
      let ordered = list.sorted(by: Self.isGreater)
      pairs += ordered.prefix(limit)
      leftOut += max(0, ordered.count - limit)
    }
  }

  private static func isGreater(_ left: OffsetPair, _ right: OffsetPair) -> Bool {
    if abs(left.offset) != abs(right.offset) { return abs(left.offset) > abs(right.offset) }
    return (left.first, left.second) < (right.first, right.second)
  }
}

/// One group whose members are paired.
struct PairingGroup {
  let unions: [AttributionPlayers.Union]
  let game: RequirementGame
  /// One a union.
  let unionNames: [String]
  /// One a member, by union.
  let memberNames: [[String]]
  /// What each member needs alone, by union.
  let alone: [[Double]]

  fileprivate func setPairs() -> [OffsetPair] {
    let own = unions.indices.map { game.requirement(of: [($0, unions[$0].holdings)]) }
    var pairs: [OffsetPair] = []
    for second in unions.indices {
      for first in 0..<second {
        let both = game.requirement(of: [(first, unions[first].holdings), (second, unions[second].holdings)])
        add(
          own[first], own[second], both: both, names: (unionNames[first], unionNames[second]),
          level: .nettingSet, to: &pairs)
      }
    }
    return pairs
  }

  /// Pairs with an offset, and how many pairs were not looked at.
  fileprivate func memberPairs() -> (pairs: [OffsetPair], skipped: Int) {
    var members: [(union: Int, member: Int)] = []
    for union in unions.indices {
      members += (0..<unions[union].memberCount).map { (union, $0) }
    }
    let all = members.count
    if all > OffsetMatrix.pairedLimit {
      let ranked = members.indices.sorted { left, right in
        let (one, other) = (size(members[left]), size(members[right]))
        return one == other ? left < right : one > other
      }
      members = ranked.prefix(OffsetMatrix.pairedLimit).sorted().map { members[$0] }
    }
    var pairs: [OffsetPair] = []
    let singles = game.parts(of: members)
    for second in members.indices {
      for first in 0..<second {
        let (one, other) = (members[first], members[second])
        let both =
          one.union == other.union
          ? game.requirement(of: [(one.union, unions[one.union].holdings(of: [one.member, other.member]))])
          : game.requirement(of: [singles[first], singles[second]])
        add(
          alone[one.union][one.member], alone[other.union][other.member], both: both,
          names: (memberNames[one.union][one.member], memberNames[other.union][other.member]),
          level: .position, to: &pairs)
      }
    }
    return (pairs, (all * (all - 1) - members.count * (members.count - 1)) / 2)
  }

  private func size(_ place: (union: Int, member: Int)) -> Double { abs(alone[place.union][place.member]) }

  private func add(
    _ first: Double, _ second: Double, both: Double, names: (String, String), level: OffsetPair.Level,
    to pairs: inout [OffsetPair]
  ) {
    let offset = first + second - both
    guard abs(offset) > OffsetMatrix.resolution * (abs(first) + abs(second)) else { return }
    pairs.append(OffsetPair(level: level, first: names.0, second: names.1, offset: offset))
  }
}
