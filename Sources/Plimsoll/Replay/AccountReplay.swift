import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments

/// One account through the markets of a replay.
struct AccountReplay {
  let account: Int
  let id: Identifier
  let stages: [ReplayStage]
  let explained: [ReplayExplanation]
  let keepsSurface: Bool

  var result: ReplayAccount {
    let margins = stages.first?.margin.isolatedMargins(ofAccount: account) ?? []
    let standings = stages.map {
      $0.margin.standing(
        ofAccount: account, margins: margins, settlements: $0.settlements(ofAccount: account))
    }
    let steps = stages.indices.map { step(at: $0, standings[$0], margins) }
    let liquidated = liquidated(standings)
    let book = stages.first?.valued.book
    var unsupported: [Identifier] = []
    for place in Set(standings.flatMap(\.unsupported)).sorted() {
      if let id = book?.instruments[place].id { unsupported.append(id) }
    }
    return ReplayAccount(
      id: id,
      isIncomplete: stages.contains { $0.valued.isIncomplete[account] }, unsupported: unsupported,
      steps: steps, fates: fates(standings, steps), liquidated: liquidated.map(\.position),
      kept: kept(liquidated), surface: keepsSurface ? surface(margins) : nil)
  }

  private func step(
    at place: Int, _ standing: AccountStanding, _ margins: [IsolatedMargin]
  ) -> ReplayAccountStep {
    let stage = stages[place]
    return ReplayAccountStep(
      equity: stage.valued.equity[account],
      profit: place > 0 ? explained[place - 1].profit(ofAccount: account) : nil, modes: standing.modes,
      predicted: stage.surface?.standing(ofAccount: account, margins: margins),
      worstAlone: Self.worst(standing.positions),
      leverage: standing.modes.map { $0.initial > 0 ? standing.exposure / $0.initial : nil })
  }

  private static func worst(_ positions: [PositionStanding]) -> PredictedStanding? {
    guard let initial = positions.map(\.standing.surplusInitial).min(),
      let maintenance = positions.map(\.standing.surplus).min()
    else { return nil }
    return PredictedStanding(initial: initial, maintenance: maintenance)
  }

  private func fates(
    _ standings: [AccountStanding], _ steps: [ReplayAccountStep]
  ) -> ByMode<ReplayFate> {
    let value = standings.first?.comparableValue ?? 0
    func fate(_ mode: MarginMode) -> ReplayFate {
      var capital = -Double.infinity
      var needed = 0
      for (place, standing) in standings.enumerated() where standing.cashToPass[mode] + value > capital {
        capital = standing.cashToPass[mode] + value
        needed = place
      }
      return ReplayFate(
        called: steps.firstIndex { $0.surplus(mode).initial < 0 },
        liquidated: steps.firstIndex { $0.surplus(mode).maintenance < 0 },
        capital: capital.isFinite ? capital : 0, capitalStep: needed)
    }
    return ByMode(isolated: fate(.isolated), cross: fate(.cross), portfolio: fate(.portfolio))
  }

  /// A closed position, and what it took in its settlement asset.
  private struct Closed {
    var position: LiquidatedPosition
    var instrument: Int
    var asset: Identifier
    var lostQuantity: Double
  }

  /// Positions that isolated mode closes, each at the first step at which it stands below its maintenance requirement.
  private func liquidated(_ standings: [AccountStanding]) -> [Closed] {
    guard let book = stages.first?.valued.book else { return [] }
    var closed: [Closed] = []
    for (step, standing) in standings.enumerated() {
      for position in standing.positions where position.standing.surplus < 0 {
        guard !closed.contains(where: { $0.instrument == position.instrument }) else { continue }
        let owed = max(0, -position.value)
        let lost = min(owed, max(0, position.margin))
        let instrument = book.instruments[position.instrument]
        let spot = stages[step].valued.book.market.spot(of: instrument.settlementAsset) ?? 1
        closed.append(
          Closed(
            position: LiquidatedPosition(
              instrument: instrument.id, step: step, margin: position.margin, lost: lost, beyond: owed - lost),
            instrument: position.instrument, asset: instrument.settlementAsset, lostQuantity: lost / spot))
      }
    }
    return closed
  }

  /// Equity on the last market, closed positions taken out and what they lost taken off.
  private func kept(_ closed: [Closed]) -> Double {
    guard let stage = stages.last else { return 0 }
    var kept = stage.valued.equity[account]
    let market = stage.valued.book.market
    for entry in closed {
      for holding in stage.valued.holdings[stage.valued.holdingRanges[account]]
      where holding.instrument == entry.instrument {
        kept -= holding.value
      }
      for settlement in stage.settlements(ofAccount: account) where settlement.instrument == entry.instrument
      {
        kept -= settlement.quantity * (market.spot(of: settlement.asset) ?? 0)
      }
      kept -= entry.lostQuantity * (market.spot(of: entry.asset) ?? 0)
    }
    return kept
  }

  private func surface(_ margins: [IsolatedMargin]) -> ByMode<[Double]>? {
    stages.last?.surface?.nodes(ofAccount: account, margins: margins)
  }
}
