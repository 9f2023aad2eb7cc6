public import MarketModel

/// Profit and loss and surplus of an account over a ladder of spots, volatilities as they are.
public struct MarginProfile: Hashable, Sendable {
  /// All underlyings together where there are several, then each group alone, in the order of the market.
  public var ladders: [ProfileLadder]
  /// Surplus on today's market, in the order of `ProfileLadder.surplus`: what an account without ladders adds
  /// to its book.
  public var today: [Double]

  /// A profile from its ladders.
  public init(ladders: [ProfileLadder], today: [Double]) {
    self.ladders = ladders
    self.today = today
  }
}

/// One ladder: underlyings that move together while the others stand still.
public struct ProfileLadder: Hashable, Sendable {
  /// In the order of the market; several where all move, or where a model margins them as one group.
  public var underlyings: [Identifier]
  /// Today's spot, base currency; nil where several move.
  public var spot: Double?
  /// Change of the account's value, one entry a move of the ladder, base currency.
  public var profitAndLoss: [Double]
  /// Counted equity less maintenance under isolated, cross and portfolio margin, one entry a move each.
  public var surplus: [[Double]]

  /// A ladder from its columns.
  public init(
    underlyings: [Identifier], spot: Double?, profitAndLoss: [Double], surplus: [[Double]]
  ) {
    self.underlyings = underlyings
    self.spot = spot
    self.profitAndLoss = profitAndLoss
    self.surplus = surplus
  }
}

extension ProfileLadder {
  /// The ladder with every column in as many decimals as show the largest figure in five digits: it is looked at,
  /// not computed with, and a report holds one an account and underlying.
  public func shortened() -> ProfileLadder {
    var largest = 0.0
    for column in [profitAndLoss] + surplus {
      for value in column where value.isFinite { largest = max(largest, value.magnitude) }
    }
    var scale = 1.0
    while scale < 1e9, largest * scale < 1e5 { scale *= 10 }
    func short(_ column: [Double]) -> [Double] { column.map { ($0 * scale).rounded() / scale } }
    return ProfileLadder(
      underlyings: underlyings, spot: spot, profitAndLoss: short(profitAndLoss), surplus: surplus.map(short))
  }
}
