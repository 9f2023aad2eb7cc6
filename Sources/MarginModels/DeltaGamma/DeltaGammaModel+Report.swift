package import MarketModel
import PortfolioValuation

// MARK: Figures of the protocol

extension DeltaGammaModel {
  package func netMargins(of set: NettingSet) -> [NetMargin] {
    states.indices.map { netMargin(of: set, state: $0) }
  }

  package func netMargin(of set: NettingSet, state: Int) -> NetMargin {
    net(requirement(of: set, state: state))
  }

  package func netMargin(of set: NettingSet, in state: MarketState) -> NetMargin {
    let entries = set.legs.map { leg in
      sensitivities.start[leg.instrument].flatMap { _ in context.instruments[leg.instrument] }
        .map { sensitivities.entry(of: $0, in: state) } ?? OptionSensitivity()
    }
    return net(
      requirement(
        of: set, multiplier: state.spotMultiplier, values: table.values(of: set.legs, in: state, of: context),
        entries: entries))
  }

  package func netMargin(alone leg: Leg, state: Int) -> NetMargin {
    guard let set = lone(leg) else { return .zero }
    return netMargin(of: set, state: state)
  }

  package func netMargin(collateral quantity: Double, underlying: Int, state: Int) -> NetMargin {
    netMargin(of: NettingSet(underlying: underlying, legs: [], collateral: quantity), state: state)
  }
}

extension DeltaGammaModel: ReportableModel {
  package static let modes: [MarginMode] = [.portfolio]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var (counted, loss, revalued) = (0.0, 0.0, 0.0)
    var worst: [(underlying: String, scenarios: String)] = []
    for set in holdings.sets {
      let part = requirement(of: set, state: 0)
      counted += part.counted
      loss += part.envelope.loss
      revalued += fullRevaluation(of: set)
      guard part.envelope.loss > 0 else { continue }
      let point = PortfolioScenario(1 + part.envelope.worstMove, .none)
      worst.append((context.assets[set.underlying].id.text, point.name))
    }
    let initial = loss * parameters.initialFactor
    let maintenance = loss * parameters.maintenanceFactor
    return AccountRequirement(
      equity: holdings.cash + counted, initial: initial, maintenance: maintenance,
      components: [MarginComponent(name: "envelope", initial: initial, maintenance: maintenance)],
      worstScenario: WorstScenarioText.sentence(worst),
      measures: [
        ModelMeasure(name: "envelope", value: loss), ModelMeasure(name: "full_revaluation", value: revalued),
        ModelMeasure(name: "gap", value: revalued - loss),
      ])
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard let set = lone(leg) else { return (0, 0) }
    let loss = requirement(of: set, state: 0).envelope.loss
    return (loss * parameters.initialFactor, loss * parameters.maintenanceFactor)
  }

  package func breakdown(ofGroup group: [NettingSet], state: Int) -> GroupBreakdown? {
    var (counted, loss) = (0.0, 0.0)
    for set in group {
      let part = requirement(of: set, state: state)
      counted += part.counted
      loss += part.envelope.loss
    }
    return GroupBreakdown(
      counted: counted,
      components: [
        MarginComponent(
          name: "envelope", initial: loss * parameters.initialFactor,
          maintenance: loss * parameters.maintenanceFactor)
      ])
  }
}

extension DeltaGammaModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] {
    let envelope = requirement(of: set, state: 0).envelope
    return envelope.loss > 0 ? [PortfolioScenario(1 + envelope.worstMove, .none).name] : []
  }

  /// Each leg's part of the parabola at its worst point.
  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    var losses = [Double](repeating: 0, count: set.legs.count + 1)
    let envelope = requirement(of: set, state: 0).envelope
    guard envelope.loss > 0 else { return losses }
    let move = envelope.worstMove
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      let terms = context.terms[leg.instrument]
      if let start = sensitivities.start[leg.instrument] {
        let entry = sensitivities.entries[start]
        losses[place] = -leg.effectiveQuantity * (entry.delta * move + entry.gamma * move * move / 2)
      } else if !terms.isOption {
        losses[place] = -leg.effectiveQuantity * terms.unit * move
      }
    }
    let coins = set.collateral * context.assets[set.underlying].spot * parameters.coinInRange
    losses[set.legs.count] = -coins * move
    return losses
  }
}
