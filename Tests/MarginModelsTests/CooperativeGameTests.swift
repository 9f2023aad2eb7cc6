import MarginModels
import Testing

@Suite struct CooperativeGameTests {
  /// Shapley's own words: the mean over all n! orders of what a player adds.
  static func byOrders(_ coalitions: [Double], players: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: players)
    var count = 0.0
    func extend(_ mask: Int) {
      guard mask != coalitions.count - 1 else {
        count += 1
        return
      }
      for player in 0..<players where mask >> player & 1 == 0 {
        let before = count
        extend(mask | 1 << player)
        sums[player] += (count - before) * (coalitions[mask | 1 << player] - coalitions[mask])
      }
    }
    extend(0)
    return sums.map { $0 / count }
  }

  static func randomGame(players: Int, _ random: inout SeededGenerator) -> [Double] {
    [0] + (1..<1 << players).map { _ in Double.random(in: -100...100, using: &random) }
  }

  @Test("the weighted sum over coalitions is the mean over all orders, up to six players", arguments: 0...6)
  func orders(players: Int) {
    var random = SeededGenerator(state: 40 + UInt64(players))
    for _ in 0..<20 {
      let game = Self.randomGame(players: players, &random)
      let shares = CooperativeGame.shapley(coalitions: game, players: players)
      // Some hundred sums of numbers of size 100.
      for (share, mean) in zip(shares, Self.byOrders(game, players: players)) {
        #expect(abs(share - mean) < 1e-11, "seed \(40 + players)")
      }
      let whole = (game.last ?? 0) - game[0]
      #expect(abs(shares.reduce(0, +) - whole) < 1e-11)
    }
  }

  @Test("weights of a player's coalitions sum to one, up to twelve players", arguments: 1...12)
  func weights(players: Int) {
    let weights = CooperativeGame.weights(players: players)
    var sum = 0.0
    for mask in 0..<1 << (players - 1) { sum += weights[mask.nonzeroBitCount] }
    #expect(abs(sum - 1) < 1e-13)
  }

  @Test("two left gloves and a right one: 1/6, 1/6 and 2/3")
  func gloves() {
    // Players 0 and 1 have a left glove, player 2 the right one; a pair is worth 1 (Shapley and Shubik 1969).
    let game = (0..<8).map { (mask: Int) -> Double in mask > 4 ? 1 : 0 }
    let shares = CooperativeGame.shapley(coalitions: game, players: 3)
    for (share, known) in zip(shares, [1.0 / 6, 1.0 / 6, 2.0 / 3]) { #expect(abs(share - known) < 1e-15) }
  }

  @Test("the airport game of twelve runways: each stretch is shared by those who need it")
  func airport() {
    // Littlechild and Owen (1973): v is the longest runway; the k-th stretch is split among the n - k + 1 who use it.
    let lengths = (1...12).map { Double($0 * $0) + 0.5 }
    let game = (0..<4_096).map { (mask: Int) -> Double in
      lengths.indices.last { (mask >> $0) & 1 == 1 }.map { lengths[$0] } ?? 0
    }
    let shares = CooperativeGame.shapley(coalitions: game, players: 12)
    var known = 0.0
    for (place, length) in lengths.enumerated() {
      known += (length - (place == 0 ? 0 : lengths[place - 1])) / Double(12 - place)
      #expect(abs(shares[place] - known) < 1e-11 * length)
    }
  }

  @Test("a player that changes nothing gets exactly nothing, and players that do the same get the same")
  func nullAndSymmetric() {
    var random = SeededGenerator(state: 51)
    for _ in 0..<50 {
      let small = Self.randomGame(players: 4, &random)
      // Player 4 is null; player 5 does what player 0 does, each only in the absence of the other.
      let game = (0..<64).map { (mask: Int) -> Double in
        let either = (mask & 1) | ((mask >> 5) & 1)
        return small[(mask & 14) | either]
      }
      let shares = CooperativeGame.shapley(coalitions: game, players: 6)
      #expect(shares[4] == 0)
      #expect(abs(shares[0] - shares[5]) < 1e-12, "seed 51")
    }
  }

  @Test("sampled values lie within four standard errors of the exact ones and sum to the whole")
  func sampled() {
    // 40 games of 6 players: with 128 pairs a Student variable exceeds 4 with probability 1.1e-4, so a seed at random
    // fails with 2.6 %; the seeds are fixed.
    var random = SeededGenerator(state: 62)
    var farthest = 0.0
    for seed in 0..<40 {
      let game = Self.randomGame(players: 6, &random)
      let value = { (joined: ArraySlice<Int>) in game[joined.reduce(0) { $0 | 1 << $1 }] }
      let estimate = CooperativeGame.sampled(players: 6, pairs: 128, seed: UInt64(seed), value: value)
      let exact = CooperativeGame.shapley(coalitions: game, players: 6)
      #expect(estimate.orders == 256)
      #expect(abs(estimate.values.reduce(0, +) - (game.last ?? 0)) < 1e-11)
      for player in 0..<6 {
        let distance = abs(estimate.values[player] - exact[player]) / estimate.standardErrors[player]
        #expect(distance < 4, "seed \(seed), player \(player)")
        farthest = max(farthest, distance)
      }
      #expect(estimate == CooperativeGame.sampled(players: 6, pairs: 128, seed: UInt64(seed), value: value))
    }
    print("farthest of 240 sampled values: \(farthest) standard errors")
  }

  @Test("a game without players, or a table of another size, has no values")
  func nobody() {
    #expect(CooperativeGame.shapley(coalitions: [3], players: 0).isEmpty)
    #expect(CooperativeGame.shapley(coalitions: [0, 1, 2], players: 2).isEmpty)
    #expect(CooperativeGame.sampled(players: 0, pairs: 2, seed: 1) { _ in 1 }.values.isEmpty)
  }
}
