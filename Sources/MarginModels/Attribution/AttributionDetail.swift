/// Where the saving of one account comes from, down to netting sets and positions.
///
/// The requirement that is shared out is that of the portfolio model on today's market, for maintenance: R of a
/// set of positions is what they are worth less their net maintenance margin, which is the maintenance
/// requirement where the model counts positions at their worth. Positions that a model of the comparison cannot
/// margin have no part in it.
public struct AttributionDetail: Hashable, Sendable {
  /// The portfolio model.
  public var model: String
  /// R of the whole account: the sum of the shares.
  public var requirement: Double
  /// Sum of R one by one.
  public var alone: Double
  /// alone − requirement: the sum of what positions save.
  public var saving: Double { alone - requirement }
  /// Orders behind sampled shares of the requirement; 0 where all are exact.
  public var sampledOrders: Int
  /// The same for capital.
  public var sampledCapitalOrders: Int
  /// By underlying, futures and coins first, then by expiry.
  public var nettingSets: [NettingSetShare]
  /// Set after set, in margin order.
  public var shapley: [ShapleyShare]
  /// Greatest size first, netting sets before positions; pairs without an offset are not listed.
  public var offsets: [OffsetPair]
  /// Pairs with an offset that were left out of `offsets`, being smaller than those listed or not looked at.
  public var offsetsLeftOut: Int
  /// Empty where one scenario decides each group.
  public var worstTies: [WorstTie]
  /// Positions that can take something from the rest, greatest spill first.
  public var contagion: [ContagionFigure]

  /// A detail from its parts.
  public init(
    model: String, requirement: Double, alone: Double, sampledOrders: Int, sampledCapitalOrders: Int,
    nettingSets: [NettingSetShare], shapley: [ShapleyShare], offsets: [OffsetPair],
    offsetsLeftOut: Int, worstTies: [WorstTie], contagion: [ContagionFigure]
  ) {
    self.model = model
    self.requirement = requirement
    self.alone = alone
    self.sampledOrders = sampledOrders
    self.sampledCapitalOrders = sampledCapitalOrders
    self.nettingSets = nettingSets
    self.shapley = shapley
    self.offsets = offsets
    self.offsetsLeftOut = offsetsLeftOut
    self.worstTies = worstTies
    self.contagion = contagion
  }
}
