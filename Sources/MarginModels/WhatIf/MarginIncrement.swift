import MarketModel
import PortfolioValuation

/// One account under one model, laid out so that a trade is margined by what it touches.
protocol MarginIncrement: Sendable {
  /// Of the model, in the order of a report.
  var modes: [MarginMode] { get }
  /// The account as it stands, a mode each: the numbers of the report.
  var base: [MarginState] { get }

  /// The account after some trades at once, a mode each.
  func after(_ trades: [TradeEffect]) -> [MarginState]

  /// The account after trades of one instrument as functions that are concave in the quantity between the `kinks`; the
  /// account's own surplus is the greatest of them. nil where the model promises no such thing.
  func branches(after trades: [TradeEffect], mode: Int, test: MarginTest) -> [Double]?

  /// Multiples of a trade between which each branch is concave, in any order; empty where it is everywhere.
  func kinks(along trade: TradeEffect) -> [Double]
}

extension MarginIncrement {
  func kinks(along trade: TradeEffect) -> [Double] { [] }
}

extension Leg {
  init(_ trade: TradeEffect) {
    self.init(
      instrument: trade.instrument, effectiveQuantity: trade.effectiveQuantity, rawQuantity: trade.quantity,
      value: trade.value)
  }
}

extension MarginContext {
  /// Adds a leg to legs in margin order: to the one of its instrument, or in its place.
  func add(_ leg: Leg, to legs: inout [Leg]) {
    let own = rank[leg.instrument]
    var low = 0
    var high = legs.count
    while low < high {
      let middle = (low + high) / 2
      if rank[legs[middle].instrument] < own { low = middle + 1 } else { high = middle }
    }
    if low < legs.count, legs[low].instrument == leg.instrument {
      legs[low].effectiveQuantity += leg.effectiveQuantity
      legs[low].rawQuantity += leg.rawQuantity
      legs[low].open(leg.entryValue, worth: leg.value)
      legs[low].value += leg.value
    } else {
      legs.insert(leg, at: low)
    }
  }
}

extension ReportableModel {
  /// The numbers of some netting sets, without cash.
  func state(of sets: [NettingSet], mode: MarginMode) -> MarginState {
    let found = requirement(of: AccountHoldings(sets: sets, cashBalances: []), mode: mode)
    return MarginState(equity: found.equity, initial: found.initial, maintenance: found.maintenance)
  }

  /// The numbers of an account as the report has them.
  func state(of holdings: AccountHoldings, mode: MarginMode) -> MarginState {
    let found = requirement(of: holdings, mode: mode)
    return MarginState(equity: found.equity, initial: found.initial, maintenance: found.maintenance)
  }

  /// The account under this model, laid out for trades.
  func increment(of holdings: AccountHoldings, context: MarginContext) -> any MarginIncrement {
    if let portfolio = self as? DerivePortfolioModel {
      return PortfolioIncrement(portfolio, holdings)
    }
    if let pieces = self as? any PiecewiseModel {
      return pieces.pieceIncrement(of: holdings, context: context)
    }
    return GroupIncrement(model: self, holdings, context: context)
  }
}
