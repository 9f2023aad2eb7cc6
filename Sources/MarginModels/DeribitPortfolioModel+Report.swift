package import MarketModel
import PortfolioValuation

extension DeribitPortfolioModel: ReportableModel {
  package static let modes: [MarginMode] = [.portfolio]

  package func requirement(of holdings: AccountHoldings, mode: MarginMode) -> AccountRequirement {
    var sum = DeribitMatrixRequirement()
    sum.maintenanceFactor = parameters.maintenanceFactor
    var worst: [(underlying: String, scenarios: String)] = []
    for set in holdings.sets {
      let part = requirement(of: set, state: 0)
      sum += part
      guard part.decisive != 0 else { continue }
      worst.append(
        (
          context.assets[set.underlying].id.text,
          scenarioNames(part.decisive, underlying: set.underlying).joined(separator: " = ")
        ))
    }
    return AccountRequirement(
      equity: holdings.cash + sum.counted, initial: sum.initial, maintenance: sum.maintenance,
      components: sum.components, worstScenario: WorstScenarioText.sentence(worst))
  }

  /// The names of the columns of a mask, in the order of the matrix.
  func scenarioNames(_ decisive: UInt64, underlying: Int) -> [String] {
    WorstScenarioText.names(of: decisive, among: matrices[underlying].names)
  }

  package func loneRequirement(of leg: Leg) -> (initial: Double, maintenance: Double) {
    guard let set = lone(leg) else { return (0, 0) }
    let part = requirement(of: set, state: 0)
    return (part.initial, part.maintenance)
  }
}

extension DeribitPortfolioModel: ScanAttributing {
  package func decisiveScenarios(of set: NettingSet) -> [String] {
    scenarioNames(requirement(of: set, state: 0).decisive, underlying: set.underlying)
  }

  /// Each leg's simulated loss in the first decisive column, as far as its vector counts it there.
  package func worstScenarioLosses(of set: NettingSet) -> [Double] {
    let decisive = requirement(of: set, state: 0).decisive
    guard decisive != 0 else { return [Double](repeating: 0, count: set.legs.count + 1) }
    return losses(of: set, column: decisive.trailingZeroBitCount)
  }

  /// The same in one column of the matrix.
  func losses(of set: NettingSet, column: Int) -> [Double] {
    var losses = [Double](repeating: 0, count: set.legs.count + 1)
    let matrix = matrices[set.underlying]
    let move = matrix.moves[column]
    var isCoin = [Bool](repeating: false, count: losses.count)
    var (coin, linear) = (0.0, 0.0)
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      if let start = table.start[leg.instrument] {
        isCoin[place] = context.instruments[leg.instrument]?.isInverse ?? false
        losses[place] = -leg.effectiveQuantity * (table.cells[start + 1 + column] - table.cells[start])
      } else if let notional = notional(of: leg) {
        isCoin[place] = notional.isCoin
        let open = openParts[leg.instrument]
        losses[place] =
          -notional.value * (notional.isCoin ? DeribitRiskMatrix.coinMove(move, open: open) : move)
      }
      if isCoin[place] { coin -= losses[place] } else { linear -= losses[place] }
    }
    losses[set.legs.count] =
      -set.collateral * context.assets[set.underlying].spot * parameters.collateralInMatrix * move
    linear -= losses[set.legs.count]
    let coinShare = matrix.share(of: coin, column: column, isCoin: true)
    let linearShare = matrix.share(of: linear, column: column, isCoin: false)
    return zip(losses, isCoin).map { $0 * ($1 ? coinShare : linearShare) }
  }
}

extension DeribitRiskMatrix {
  /// Which part of a vector's simulated profit and loss is counted in a column.
  fileprivate func share(of simulated: Double, column: Int, isCoin: Bool) -> Double {
    simulated == 0 ? 1 : counted(simulated, column: column, isCoin: isCoin) / simulated
  }
}
