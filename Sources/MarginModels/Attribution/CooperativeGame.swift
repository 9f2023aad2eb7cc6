/// Shapley values: what each player of a cooperative game brings, on average over all orders of joining.
///
/// A coalition is a bit mask: bit i stands for player i. Sources: Shapley (1953), "A value for n-person games";
/// Owen (1977), "Values of games with a priori unions", for players that come in unions; Castro, Gómez and Tejada
/// (2009), "Polynomial calculation of the Shapley value based on sampling", for the sampled values.
public enum CooperativeGame {
  /// The largest number of players whose coalitions are all evaluated: 4,096 of them.
  public static let exactLimit = 12

  /// The weights of the average: of the coalitions without a player, by their size.
  ///
  /// - Parameter players: of the game, at least 1.
  /// - Returns: s!(n − s − 1)!/n! for s = 0, …, n − 1; over the 2^(n−1) coalitions they sum to 1.
  public static func weights(players: Int) -> [Double] {
    guard players > 0 else { return [] }
    // 1 / (n · C(n − 1, s)), the binomial coefficient by its recurrence.
    var weights: [Double] = []
    weights.reserveCapacity(players)
    var binomial = 1.0
    for size in 0..<players {
      weights.append(1 / (Double(players) * binomial))
      binomial = binomial * Double(players - 1 - size) / Double(size + 1)
    }
    return weights
  }

  /// The Shapley values of a game whose coalitions are all evaluated.
  ///
  /// - Parameters:
  ///   - coalitions: 2^players entries, the value of each mask; the empty coalition first.
  ///   - players: 0 to `exactLimit`, or as many as memory holds.
  /// - Returns: one value a player; they sum to the value of all less the value of none, up to rounding. A player
  ///   that changes no coalition gets exactly zero. Empty where the table has another size.
  /// - Complexity: players × 2^(players − 1) differences.
  public static func shapley(coalitions: [Double], players: Int) -> [Double] {
    shares(coalitions: coalitions, players: players)
  }

  /// The Shapley values of a game that shares out several amounts at once.
  package static func shares<Value: SharedValue>(coalitions: [Value], players: Int) -> [Value] {
    guard players >= 0, players < 30, coalitions.count == 1 << players else { return [] }
    let weights = weights(players: players)
    return (0..<players).map { player in
      let bit = 1 << player
      var sum = Value.zero
      for mask in coalitions.indices where mask & bit == 0 {
        sum = sum + (coalitions[mask | bit] - coalitions[mask]).scaled(by: weights[mask.nonzeroBitCount])
      }
      return sum
    }
  }

  /// Shapley values from random orders, for games with more players than `exactLimit`.
  ///
  /// Orders come in pairs, one the reverse of the other, which takes the first-order part out of the error.
  ///
  /// - Parameters:
  ///   - players: at least 0.
  ///   - pairs: number of pairs, at least 1; at least 2 for a standard error.
  ///   - seed: of the orders; the same seed gives the same bits.
  ///   - value: of the coalition of the players named, which are in order of joining.
  /// - Returns: values that sum to the value of all less the value of none, up to rounding, since what the players
  ///   of one order add telescopes.
  /// - Complexity: 2 × pairs × (players + 1) values.
  public static func sampled(
    players: Int, pairs: Int, seed: UInt64, value: @escaping (ArraySlice<Int>) -> Double
  ) -> ShapleyEstimate {
    let game = SingleGame(players: max(0, players), value: value)
    let shares = game.sampled(orders: JoiningOrders(seed: seed, owner: []), pairs: pairs)
    return ShapleyEstimate(
      values: shares.members, standardErrors: shares.memberErrors, orders: shares.sampledOrders)
  }
}

/// Sampled Shapley values with their errors.
public struct ShapleyEstimate: Hashable, Sendable {
  /// One entry a player.
  public var values: [Double]
  /// One entry a player: the standard deviation of the value over seeds, as the sample itself shows it.
  public var standardErrors: [Double]
  /// Orders that were walked.
  public var orders: Int
}

/// A game without unions: each player is one.
private struct SingleGame: UnionGame {
  let players: Int
  let value: (ArraySlice<Int>) -> Double

  var sizes: [Int] { [Int](repeating: 1, count: players) }

  func unionCoalitions() -> [Double] {
    (0..<1 << players).map { mask in value((0..<players).filter { mask >> $0 & 1 == 1 }[...]) }
  }

  func memberCoalitions(of union: Int) -> [Double] {
    let coalitions = unionCoalitions()
    let weights = CooperativeGame.weights(players: players)
    var averages = [0.0, 0.0]
    for mask in coalitions.indices where mask >> union & 1 == 0 {
      averages[0] += coalitions[mask] * weights[mask.nonzeroBitCount]
      averages[1] += coalitions[mask | 1 << union] * weights[mask.nonzeroBitCount]
    }
    return averages
  }

  func walk(_ order: [Int], added: inout [Double]) {
    var before = value([])
    for (place, player) in order.enumerated() {
      let after = value(order[...place])
      added[player] = after - before
      before = after
    }
  }
}
