public import MarginModels
public import RiskDocuments

/// What somebody wants to know of trades and accounts.
public struct WhatIfRequest: Sendable {
  /// Each alone, unless `isTogether`.
  public var orders: [TradeOrder]
  /// Whether the orders of an account are one trade.
  public var isTogether: Bool
  /// The test for which the largest quantity of each single trade is wanted; nil: it is not.
  public var largest: MarginTest?
  /// Of the largest quantities; nil: 1 for listed contracts, 10 for inverse futures and perpetuals, else 0.01.
  public var lot: Double?

  /// A request from its parts.
  public init(
    orders: [TradeOrder], isTogether: Bool = false, largest: MarginTest? = nil, lot: Double? = nil
  ) {
    self.orders = orders
    self.isTogether = isTogether
    self.largest = largest
    self.lot = lot
  }
}
