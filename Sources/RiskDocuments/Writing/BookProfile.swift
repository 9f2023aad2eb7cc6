import MarginModels
import MarketModel

/// The profile of the book: profits add, and so do surpluses, since no account defends another.
///
/// An account that does not hold an underlying stands still when it moves. Sums are taken in account order.
struct BookProfile: Sendable {
  private var today: [Double] = []
  private var all: ProfileLadder?
  /// Changes from today by underlyings that move together, in the order in which they were met.
  private var alone: [ProfileLadder] = []

  mutating func add(_ profile: MarginProfile) {
    if today.isEmpty {
      today = profile.today
    } else {
      for (place, value) in profile.today.enumerated() where today.indices.contains(place) {
        today[place] += value
      }
    }
    if let first = profile.ladders.first {
      Self.add(first, from: profile.today, to: &all)
    }
    for ladder in profile.ladders.count > 1 ? profile.ladders.dropFirst() : profile.ladders[...] {
      if let place = alone.firstIndex(where: { $0.underlyings == ladder.underlyings }) {
        var sum: ProfileLadder? = alone[place]
        Self.add(ladder, from: profile.today, to: &sum)
        if let sum { alone[place] = sum }
      } else {
        var sum: ProfileLadder?
        Self.add(ladder, from: profile.today, to: &sum)
        if let sum { alone.append(sum) }
      }
    }
  }

  /// The profile; nil where no account had one.
  var total: MarginProfile? {
    guard !today.isEmpty else { return nil }
    var ladders = alone.sorted { $0.underlyings.lexicographicallyPrecedes($1.underlyings) }
    if var all, ladders.count > 1 {
      var underlyings: [Identifier] = []
      for id in ladders.flatMap(\.underlyings) where !underlyings.contains(id) { underlyings.append(id) }
      all.underlyings = underlyings
      all.spot = nil
      ladders.insert(all, at: 0)
    }
    for place in ladders.indices {
      for mode in ladders[place].surplus.indices where today.indices.contains(mode) {
        for move in ladders[place].surplus[mode].indices { ladders[place].surplus[mode][move] += today[mode] }
      }
    }
    return MarginProfile(ladders: ladders, today: today)
  }

  /// Adds the changes of a ladder from today to a sum of changes.
  private static func add(_ ladder: ProfileLadder, from today: [Double], to sum: inout ProfileLadder?) {
    var total = sum ?? ladder
    let isFirst = sum == nil
    sum = nil
    for move in ladder.profitAndLoss.indices where !isFirst && total.profitAndLoss.indices.contains(move) {
      total.profitAndLoss[move] += ladder.profitAndLoss[move]
    }
    for mode in ladder.surplus.indices
    where total.surplus.indices.contains(mode) && today.indices.contains(mode) {
      for move in ladder.surplus[mode].indices where total.surplus[mode].indices.contains(move) {
        let change = ladder.surplus[mode][move] - today[mode]
        total.surplus[mode][move] = isFirst ? change : total.surplus[mode][move] + change
      }
    }
    sum = total
  }
}
