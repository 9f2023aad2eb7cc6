/// A model whose requirement of one underlying follows from sums over its expiries: what makes coalitions cheap.
///
/// Columns of parts add up where no two parts share an expiry, and one part alone has futures, perpetuals or coins.
package protocol PartwiseModel: PreparedModel {
  /// What a part adds to the columns of its underlying; as many as those of every other part.
  func columns(of part: NettingSet) -> [Double]

  /// The net maintenance margin of what the columns were summed over, state by state.
  func maintenance(ofColumns columns: [Double], underlying: Int) -> [Double]
}

/// Some players of a group: for each union the members that take part.
struct Coalition: Sendable {
  /// Summed columns, where the model adds up over parts.
  fileprivate var columns: [Double]
  /// Members that take part, one entry a union, where it does not.
  fileprivate var parts: [NettingSet?]
}

/// Net maintenance margins of coalitions in one group under one model, state by state.
///
/// Coalitions are built union by union. Where the model adds up over parts, a coalition costs the sum of the columns of
/// its parts; else the model is asked for the coalition's netting sets.
struct GroupCoalitions: Sendable {
  private let model: any PreparedModel
  private let partwise: (any PartwiseModel)?
  private let unionCount: Int
  /// Place of the underlying where there is only one.
  private let underlying: Int
  private let columnCount: Int

  /// - Parameter unions: of one group, those of an underlying next to each other, in margin order.
  init(model: any PreparedModel, unions: [AttributionPlayers.Union]) {
    self.model = model
    unionCount = unions.count
    underlying = unions.first?.holdings.underlying ?? 0
    // Columns of two underlyings do not add up.
    let isOne = unions.allSatisfy { $0.holdings.underlying == unions.first?.holdings.underlying }
    let partwise = isOne ? model as? any PartwiseModel : nil
    self.partwise = partwise
    let nothing = unions.first.map {
      NettingSet(underlying: $0.holdings.underlying, legs: [], collateral: 0)
    }
    columnCount = nothing.flatMap { partwise?.columns(of: $0).count } ?? 0
  }

  /// Nobody.
  var empty: Coalition {
    partwise == nil
      ? Coalition(columns: [], parts: [NettingSet?](repeating: nil, count: unionCount))
      : Coalition(columns: [Double](repeating: 0, count: columnCount), parts: [])
  }

  /// What some members of a union bring, to be joined to any coalition without that union.
  func part(_ holdings: NettingSet, of union: Int) -> CoalitionPart {
    CoalitionPart(union: union, holdings: holdings, columns: partwise?.columns(of: holdings) ?? [])
  }

  /// A coalition with some members of a union that it did not have.
  func join(_ part: CoalitionPart, to coalition: Coalition) -> Coalition {
    var joined = coalition
    if partwise == nil {
      joined.parts[part.union] = part.holdings
    } else {
      joined.columns = Self.sum(coalition.columns, part.columns)
    }
    return joined
  }

  /// The net maintenance margin of a coalition, one entry a state.
  func maintenance(of coalition: Coalition) -> [Double] {
    if let partwise { return partwise.maintenance(ofColumns: coalition.columns, underlying: underlying) }
    var sets: [NettingSet] = []
    for part in coalition.parts {
      guard let part else { continue }
      if let last = sets.last, last.underlying == part.underlying {
        sets[sets.count - 1].legs += part.legs
        sets[sets.count - 1].collateral += part.collateral
      } else {
        sets.append(part)
      }
    }
    var sums = [Double](repeating: 0, count: model.states.count)
    for group in model.groups(of: sets) {
      for (state, net) in model.netMargins(ofGroup: group).enumerated() { sums[state] += net.maintenance }
    }
    return sums
  }

  private static func sum(_ left: [Double], _ right: [Double]) -> [Double] {
    guard left.count == right.count else { return left }
    var sum = [Double](repeating: 0, count: left.count)
    add(left.span, right.span, into: sum.mutableSpan)
    return sum
  }

  private static func add(
    _ left: Span<Double>, _ right: Span<Double>, into sum: consuming MutableSpan<Double>
  ) {
    for place in sum.indices { sum[place] = left[place] + right[place] }
  }
}

/// Parts of small unions, each worked out once: random orders come back to them again and again.
struct PartMemory<Part> {
  /// Members of the largest union that is remembered, with 64 parts.
  private static var limit: Int { 6 }
  private var parts: [[Part?]]

  init(sizes: [Int]) {
    parts = sizes.map { [Part?](repeating: nil, count: $0 <= Self.limit ? 1 << $0 : 0) }
  }

  /// The part of some members, worked out where it is not remembered.
  mutating func part(_ members: [Int], of union: Int, make: () -> Part) -> Part {
    let mask = members.reduce(0) { $0 | 1 << min($1, 62) }
    guard parts[union].indices.contains(mask) else { return make() }
    if let known = parts[union][mask] { return known }
    let made = make()
    parts[union][mask] = made
    return made
  }
}

/// Some members of one union.
struct CoalitionPart: Sendable {
  fileprivate let union: Int
  fileprivate let holdings: NettingSet
  fileprivate let columns: [Double]
}
