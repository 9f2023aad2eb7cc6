/// At which prices dYdX v4 closes a position of an account below its maintenance margin.
///
/// Source: dYdX v4 chain, module of the order book (liquidations): fillable price, bankruptcy price.
package struct DydxLiquidation: Hashable, Sendable {
  /// Net collateral of the account: quote balance and signed notionals, quote asset.
  package var netCollateral: Double
  /// Maintenance margin of the account, quote asset.
  package var maintenance: Double
  /// How soon the price leaves the oracle's as the account sinks; at least 1.
  package var bankruptcyAdjustment: Double
  /// The widest spread, as a fraction of the position's maintenance margin.
  package var spreadToMaintenance: Double

  package init(
    netCollateral: Double, maintenance: Double, bankruptcyAdjustment: Double = 1,
    spreadToMaintenance: Double = 1
  ) {
    self.netCollateral = netCollateral
    self.maintenance = maintenance
    self.bankruptcyAdjustment = bankruptcyAdjustment
    self.spreadToMaintenance = spreadToMaintenance
  }

  /// Whether the account may be liquidated: its maintenance margin is positive and exceeds its net collateral.
  package var isLiquidatable: Bool { maintenance > 0 && maintenance > netCollateral }

  /// The price at which the liquidation order of one position stands.
  ///
  /// (N − a·s·m)/q with the signed notional N of q units, its maintenance m, the spread s and
  /// a = clamp(b·(1 − TNC/TMMR), 0, 1).
  ///
  /// - Parameters:
  ///   - size: units of the underlying, negative when short.
  ///   - oracle: quote asset per unit.
  ///   - positionMaintenance: maintenance margin of this position, quote asset.
  /// - Returns: nil for an empty position or an account without maintenance margin.
  package func fillablePrice(size: Double, oracle: Double, positionMaintenance: Double) -> Double? {
    guard size != 0, maintenance > 0 else { return nil }
    let adjusted = min(max(bankruptcyAdjustment * (1 - netCollateral / maintenance), 0), 1)
    return (size * oracle - adjusted * spreadToMaintenance * positionMaintenance) / size
  }

  /// The price at which closing part of a position leaves the account as far from bankruptcy as it was.
  ///
  /// Closing d of q units (−q ≤ d ≤ 0 for a long) moves the notional by d·P and frees its share of the maintenance;
  /// the account gets −d·P − TNC·|ΔMMR|/TMMR in the quote asset.
  ///
  /// - Parameters:
  ///   - closed: units closed, of the sign of the position, at most its size.
  ///   - freed: maintenance margin that closing frees, quote asset.
  /// - Returns: quote asset per unit; nil for nothing closed or an account without maintenance margin.
  package func bankruptcyPrice(closed: Double, oracle: Double, freed: Double) -> Double? {
    guard closed != 0, maintenance > 0 else { return nil }
    return (closed * oracle - netCollateral * abs(freed) / maintenance) / closed
  }
}
