/// A futures position whose liquidation price is asked for, everything else in its account standing still.
///
/// Liquidation is where equity equals maintenance: `equity` moves with this position's profit alone,
/// `otherMaintenance` stays, and closing the position at the price may cost a fee that is kept back.
package struct FrozenAccount: Hashable, Sendable {
  /// Units of the underlying, of the quote asset for an inverse contract; negative when short.
  package var quantity: Double
  /// The price at which `equity` was marked.
  ///
  /// The entry price where it is a wallet balance, today's mark where it includes the position's profit until today:
  /// another price gives another, wrong, answer.
  package var reference: Double
  /// What defends the position at `reference`, in the settlement asset: quote, or coin for an inverse contract.
  ///
  /// The margin set aside for an isolated position; for a cross account its balance and the profit of all others.
  package var equity: Double
  /// Maintenance of all other positions, in the settlement asset; 0 where isolated.
  package var otherMaintenance = 0.0
  /// Fraction of the notional kept back for closing.
  package var takerFee = 0.0

  package init(
    quantity: Double, reference: Double, equity: Double, otherMaintenance: Double = 0, takerFee: Double = 0
  ) {
    self.quantity = quantity
    self.reference = reference
    self.equity = equity
    self.otherMaintenance = otherMaintenance
    self.takerFee = takerFee
  }

  private var side: Double { quantity < 0 ? -1 : 1 }
  private var size: Double { abs(quantity) }

  // MARK: Linear contracts

  /// The price at which a linear position meets its maintenance, were its bracket's line valid everywhere.
  ///
  /// E + s·Q·(P − P₀) − M = (r + f)·Q·P − c for side s gives
  /// P = (s·Q·P₀ − E + M − c) / (Q·(s − r − f)). Source: Binance futures, "liquidation price" (f = 0, P₀ the entry).
  ///
  /// - Returns: nil where the two lines never meet or not at a positive price.
  package func linearPrice(rate: Double, deduction: Double) -> Double? {
    let slope = size * (side - rate - takerFee)
    let price = (side * size * reference - equity + otherMaintenance - deduction) / slope
    return price > 0 && price.isFinite ? price : nil
  }

  /// Every price at which a linear position with brackets meets its maintenance, increasing.
  ///
  /// Which bracket holds depends on the price, so each is solved and its root kept where it lies inside. The
  /// difference of equity and maintenance is concave in the price: there are at most two, of which a short has one.
  ///
  /// - Complexity: O(brackets).
  package func linearPrices(_ tiers: TieredMaintenance) -> [Double] {
    roots(of: tiers) { bracket in
      linearPrice(rate: bracket.rate, deduction: bracket.deduction).map { (price: $0, notional: size * $0) }
    }
  }

  // MARK: Inverse contracts

  /// The price at which an inverse position meets its maintenance, were its bracket's line valid everywhere.
  ///
  /// In coins u = Q/P: E + s·(Q/P₀ − u) − M = (r + f)·u − c gives
  /// P = Q·(r + f + s) / (E − M + c + s·Q/P₀): no price for a short whose coins hedge it in full.
  ///
  /// - Returns: nil where there is none.
  package func inversePrice(rate: Double, deduction: Double) -> Double? {
    inverseCoins(constant: deduction, slope: rate).map { size / $0 }
  }

  /// Every price at which an inverse position with brackets in coins meets its maintenance, increasing.
  ///
  /// - Complexity: O(brackets).
  package func inversePrices(_ tiers: TieredMaintenance) -> [Double] {
    roots(of: tiers) { bracket in
      inverseCoins(constant: bracket.deduction, slope: bracket.rate).map { (price: size / $0, notional: $0) }
    }
  }

  /// Every price at which an inverse position meets a maintenance whose rate grows with its size, increasing.
  ///
  /// With the rate a + b·u of u = Q/P coins: b·u² + (a + f + s)·u − (E − M + s·Q/P₀) = 0. Source: Deribit,
  /// size-dependent maintenance of inverse futures.
  ///
  /// - Parameters:
  ///   - base: a, a fraction.
  ///   - slope: b ≥ 0, a fraction a coin.
  package func inversePrices(base: Double, slope: Double) -> [Double] {
    guard slope != 0 else { return inversePrice(rate: base, deduction: 0).map { [$0] } ?? [] }
    let linear = base + takerFee + side
    let constant = -(equity - otherMaintenance + side * size / reference)
    let discriminant = linear * linear - 4 * slope * constant
    guard discriminant >= 0 else { return [] }
    // The sum that does not cancel, then the product of the roots.
    let sum = -0.5 * (linear + (linear < 0 ? -1 : 1) * discriminant.squareRoot())
    return Self.increasing([sum / slope, constant / sum].filter { $0 > 0 && $0.isFinite }.map { size / $0 })
  }

  private func inverseCoins(constant: Double, slope: Double) -> Double? {
    let coins =
      (equity - otherMaintenance + constant + side * size / reference) / (slope + takerFee + side)
    return coins > 0 && coins.isFinite ? coins : nil
  }

  // MARK: Brackets

  /// The roots of the brackets that lie in their own bracket.
  private func roots(
    of tiers: TieredMaintenance, solve: (TieredMaintenance.Bracket) -> (price: Double, notional: Double)?
  ) -> [Double] {
    guard size > 0, reference > 0 else { return [] }
    var found: [Double] = []
    for (place, bracket) in tiers.brackets.enumerated() {
      guard let root = solve(bracket) else { continue }
      // A root on a bound belongs to both brackets; rounding must not lose it to neither.
      let margin = 1e-12 * root.notional
      let isInside =
        root.notional >= bracket.lower - margin && root.notional <= tiers.upperBound(of: place) + margin
      if isInside { found.append(root.price) }
    }
    return Self.increasing(found)
  }

  private static func increasing(_ roots: [Double]) -> [Double] {
    var found: [Double] = []
    for root in roots.sorted() where root > (found.last ?? 0) * (1 + 1e-11) { found.append(root) }
    return found
  }
}
