import MarketModel
import OptionPricing
package import RiskNumerics

/// A market as it may have moved, as far as closing out needs it.
package struct CloseOutState: Sendable {
  /// ln(S'/S) of each asset of the market.
  package let logMoves: [Double]
  /// Base price of each asset.
  package let spots: [Double]
  /// One entry an instrument; nil where nobody holds it, it is unresolved or a Greek is not finite.
  package let units: [CloseOutUnit?]
}

extension BookLiquidity {
  /// Today's market.
  package func today(team: ThreadTeam) -> CloseOutState {
    state(under: MarketMove(assetCount: book.book.market.assets.count), team: team)
  }

  /// A moved market; what is settled on the way costs nothing.
  ///
  /// - Complexity: O(instruments held), shared by the team; an American option that more than its spot moves is solved.
  package func state(under move: MarketMove, team: ThreadTeam) -> CloseOutState {
    let logMoves = move.assets.map { $0.spot == 0 ? 0 : Elementary.log(1 + $0.spot) }
    let units = mapHeld(team: team) { instrument -> CloseOutUnit? in
      let own = movable.move(of: instrument, by: move)
      let isDated = instrument.kind != .perpetual
      if isDated, move.days > 0, move.days * 86_400 >= Double(instrument.secondsToExpiry) {
        return CloseOutUnit()
      }
      let moved = instrument.moved(by: own)
      return unit(
        moved, logMove: logMoves[instrument.underlying], premium: premium(instrument, moved, own))
    }
    return CloseOutState(
      logMoves: logMoves,
      spots: zip(book.book.market.assets, move.assets).map { $0.spot * (1 + $1.spot) }, units: units)
  }

  private func premium(
    _ option: ResolvedInstrument, _ moved: ResolvedInstrument, _ own: InstrumentMove
  ) -> ExercisePremium? {
    guard option.isAmerican else { return nil }
    let isToday =
      own.beyond == 0 && own.rate == 0 && own.quote == 0 && own.years == option.timeToExpiry
      && own.volatility == option.volatility
    return isToday
      ? book.premium(of: option)
      : moved.exercisePremium(volatility: moved.volatility, years: moved.timeToExpiry)
  }

  /// What closing out each instrument that is held takes at moves of its spot over a horizon, everything else as today.
  ///
  /// Forwards and marks go with their spot and volatilities stay with their strikes, as in a simulation that moves
  /// spots alone.
  ///
  /// - Parameters:
  ///   - nodes: of ln(S'/S), one list an asset; instruments of an asset without nodes have none.
  ///   - horizonSeconds: what is settled by then costs nothing.
  /// - Returns: one entry an instrument and node; nil where `units` of a state would be.
  /// - Complexity: O(instruments held × nodes), shared by the team; one solution an American option.
  package func curves(
    at nodes: [[Double]], horizonSeconds: Double, team: ThreadTeam
  ) -> [[CloseOutUnit]?] {
    mapHeld(team: team) { instrument in
      guard nodes.indices.contains(instrument.underlying) else { return nil }
      let own = nodes[instrument.underlying]
      if instrument.kind != .perpetual, Double(instrument.secondsToExpiry) <= horizonSeconds {
        return [CloseOutUnit](repeating: CloseOutUnit(), count: own.count)
      }
      return curve(instrument, own, horizonSeconds)
    }
  }

  private func curve(
    _ instrument: ResolvedInstrument, _ nodes: [Double], _ horizonSeconds: Double
  ) -> [CloseOutUnit]? {
    var own = InstrumentMove(
      instrument, by: MarketMove(assetCount: book.book.market.assets.count), quote: nil)
    if instrument.kind == .option {
      own.years = (Double(instrument.secondsToExpiry) - horizonSeconds) / 31_536_000
      own.discounting = Elementary.exp(instrument.rate * (instrument.timeToExpiry - own.years))
    }
    let premium = instrument.exercisePremium(volatility: instrument.volatility, years: own.years)
    var units: [CloseOutUnit] = []
    units.reserveCapacity(nodes.count)
    for node in nodes {
      own.spot = node == 0 ? 0 : Elementary.expMinusOne(node)
      guard let unit = unit(instrument.moved(by: own), logMove: node, premium: premium) else { return nil }
      units.append(unit)
    }
    return units
  }

  private func unit(
    _ moved: ResolvedInstrument, logMove: Double, premium: ExercisePremium?
  ) -> CloseOutUnit? {
    var spread = optionSpreads[moved.underlying]
    let factor = assetTerms[moved.underlying]?.spreadFactor(logMove: logMove) ?? 1
    spread.value *= factor
    spread.volatility *= factor
    return moved.closeOutUnit(isAlone: isAlone[moved.instrument], spread: spread, premium: premium)
  }
}
