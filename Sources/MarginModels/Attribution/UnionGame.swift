/// A game whose players come in unions: positions in netting sets.
///
/// Unions join one after another, and inside a union its members, so that what the members get sums to what their
/// union gets as one player (Owen's value; with single members it is Shapley's).
protocol UnionGame {
  associatedtype Value: SharedValue
  /// Number of members of each union, each at least 1.
  var sizes: [Int] { get }

  /// The values of all coalitions of whole unions, by mask; 2^unions entries.
  func unionCoalitions() -> [Value]

  /// For each set of members of one union, the value beside coalitions of the other unions, averaged with
  /// their Shapley weights; 2^members entries.
  func memberCoalitions(of union: Int) -> [Value]

  /// What each player adds in one order of joining.
  ///
  /// - Parameters:
  ///   - order: players, numbered union after union; members of a union stand together.
  ///   - added: one entry a player, overwritten; what all of them add is the value of all less that of none.
  mutating func walk(_ order: [Int], added: inout [Value])
}

/// Shapley values of a game in unions, exact or sampled.
struct UnionShares<Value: SharedValue>: Sendable {
  /// One entry a union.
  var unions: [Value]
  /// Standard errors, zero where exact.
  var unionErrors: [Value]
  /// One entry a player, numbered union after union.
  var members: [Value]
  var memberErrors: [Value]
  /// Orders behind sampled values; 0 where all coalitions were evaluated.
  var sampledOrders = 0
}

extension UnionGame {
  /// Number of players.
  var memberCount: Int { sizes.reduce(0, +) }

  /// Shares the game out.
  ///
  /// Unions are exact up to 12 of them. Members are exact where each has at most 12 players around it (the other
  /// unions and the members of its own); else all members come from the same sampled orders, so that their
  /// values still sum to the whole: in each order, what the players add telescopes.
  ///
  /// - Parameters:
  ///   - orders: the stream of random orders.
  ///   - pairs: number of orders that are drawn, each walked forwards and backwards.
  func shares(orders: JoiningOrders, pairs: Int) -> UnionShares<Value> {
    let sizes = sizes
    let limit = CooperativeGame.exactLimit
    let nothing = [Value](repeating: .zero, count: sizes.count)
    guard !sizes.isEmpty else {
      return UnionShares(unions: [], unionErrors: [], members: [], memberErrors: [])
    }
    let isExact = sizes.allSatisfy { sizes.count - 1 + $0 <= limit }
    var shares = UnionShares(unions: nothing, unionErrors: nothing, members: [], memberErrors: [])
    if isExact {
      for (union, size) in sizes.enumerated() {
        shares.members += CooperativeGame.shares(coalitions: memberCoalitions(of: union), players: size)
      }
      shares.memberErrors = [Value](repeating: .zero, count: memberCount)
    } else {
      let sample = sampled(orders: orders, pairs: pairs)
      (shares.members, shares.memberErrors) = (sample.members, sample.memberErrors)
      (shares.unions, shares.unionErrors) = (sample.unions, sample.unionErrors)
      shares.sampledOrders = 2 * pairs
    }
    if sizes.count <= limit {
      shares.unions = CooperativeGame.shares(coalitions: unionCoalitions(), players: sizes.count)
      shares.unionErrors = nothing
    }
    return shares
  }

  /// Averages over random orders, each walked forwards and backwards.
  ///
  /// - Complexity: 2 × pairs walks.
  func sampled(orders: JoiningOrders, pairs: Int) -> UnionShares<Value> {
    let sizes = sizes
    // Walks remember the parts of small unions.
    var game = self
    var members = OrderSample<Value>(count: memberCount)
    var unions = OrderSample<Value>(count: sizes.count)
    var added = [Value](repeating: .zero, count: memberCount)
    for pair in 0..<max(1, pairs) {
      var order = orders.order(pair, sizes: sizes)
      game.walk(order, added: &added)
      let forwards = added
      order.reverse()
      game.walk(order, added: &added)
      let halves = zip(forwards, added).map { ($0 + $1).scaled(by: 0.5) }
      members.add(halves)
      var first = 0
      unions.add(
        sizes.map { size in
          defer { first += size }
          return halves[first..<first + size].reduce(.zero) { $0 + $1 }
        })
    }
    return UnionShares(
      unions: unions.means, unionErrors: unions.errors, members: members.means,
      memberErrors: members.errors, sampledOrders: 2 * max(1, pairs))
  }
}
