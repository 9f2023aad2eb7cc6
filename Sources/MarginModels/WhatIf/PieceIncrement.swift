import MarketModel
import PortfolioValuation

/// A model under which an account is the sum of pieces smaller than a netting set: positions, or expiries.
protocol PiecewiseModel: ReportableModel {
  /// Legs of one piece share it.
  func piece(of instrument: Int) -> Int

  /// The surplus of one piece without cash, in one mode, as the greatest of functions concave in every quantity.
  func branches(ofPiece set: NettingSet, mode: MarginMode, test: MarginTest) -> [Double]
}

extension PiecewiseModel {
  /// The account, laid out for trades.
  func pieceIncrement(of holdings: AccountHoldings, context: MarginContext) -> any MarginIncrement {
    PieceIncrement(model: self, holdings, context: context)
  }
}

/// An account under a model of pieces: a trade is margined by its own piece.
struct PieceIncrement<Model: PiecewiseModel>: MarginIncrement {
  private struct Piece {
    var legs: [Leg] = []
    /// Of the piece alone, a mode each.
    var states: [MarginState] = []
  }

  let model: Model
  let context: MarginContext
  let modes = Model.modes
  let base: [MarginState]
  private var pieces: [Int: Piece] = [:]

  init(model: Model, _ holdings: AccountHoldings, context: MarginContext) {
    self.model = model
    self.context = context
    base = modes.map { model.state(of: holdings, mode: $0) }
    // Looked up by key alone; nothing goes through it in its own order.
    for set in holdings.sets {
      for leg in set.legs where model.supports(instrument: leg.instrument) {
        pieces[model.piece(of: leg.instrument), default: Piece()].legs.append(leg)
      }
    }
    for (key, piece) in pieces {
      let sets = Self.sets(piece.legs, context)
      pieces[key]?.states = modes.map { model.state(of: sets, mode: $0) }
    }
  }

  func after(_ trades: [TradeEffect]) -> [MarginState] {
    var states = base
    for trade in trades { for mode in modes.indices { states[mode].equity += trade.cash } }
    for (key, legs) in changed(by: trades) {
      let sets = Self.sets(legs, context)
      for (place, mode) in modes.enumerated() {
        states[place] += model.state(of: sets, mode: mode)
        if let before = pieces[key] { states[place] += MarginState.zero - before.states[place] }
      }
    }
    return states
  }

  func branches(after trades: [TradeEffect], mode: Int, test: MarginTest) -> [Double]? {
    var rest = base[mode].surplus(test)
    for trade in trades { rest += trade.cash }
    let changed = changed(by: trades)
    guard let (key, legs) = changed.first, changed.count == 1, let set = Self.sets(legs, context).first else {
      return changed.isEmpty ? [rest] : nil
    }
    if let before = pieces[key] { rest -= before.states[mode].surplus(test) }
    return model.branches(ofPiece: set, mode: modes[mode], test: test).map { rest + $0 }
  }

  /// The legs of every piece that the trades touch, in the order in which they touch them.
  private func changed(by trades: [TradeEffect]) -> [(key: Int, legs: [Leg])] {
    var found: [(key: Int, legs: [Leg])] = []
    for trade in trades where model.supports(instrument: trade.instrument) {
      let key = model.piece(of: trade.instrument)
      let place = found.firstIndex { $0.key == key }
      if place == nil { found.append((key, pieces[key]?.legs ?? [])) }
      context.add(Leg(trade), to: &found[place ?? found.count - 1].legs)
    }
    return found
  }

  /// A piece lies within one netting set.
  private static func sets(_ legs: [Leg], _ context: MarginContext) -> [NettingSet] {
    guard let first = legs.first, let instrument = context.instruments[first.instrument] else { return [] }
    return [NettingSet(underlying: instrument.underlying, legs: legs, collateral: 0)]
  }
}

extension MarginState {
  static let zero = MarginState(equity: 0, initial: 0, maintenance: 0)
}

extension DeriveStandardModel: PiecewiseModel {
  /// Options of an expiry relieve each other; perpetuals stand alone, and so does everything in isolated mode.
  func piece(of instrument: Int) -> Int {
    let group = context.terms[instrument].expiryGroup
    return group >= 0 ? group : -1 - instrument
  }

  /// An expiry owes the smaller of two convex requirements: its shorts one by one, or its largest loss.
  func branches(ofPiece set: NettingSet, mode: MarginMode, test: MarginTest) -> [Double] {
    guard mode != .isolated else { return [state(of: [set], mode: mode).surplus(test)] }
    let part = requirement(of: set, state: 0)
    guard let first = set.legs.first, context.terms[first.instrument].isOption else {
      return [test == .initial ? part.net.initial : part.net.maintenance]
    }
    var loss = LargestLoss()
    for leg in set.legs {
      let option = context.terms[leg.instrument]
      loss.open(leg.effectiveQuantity * option.units, option, multiplier: 1)
    }
    for leg in set.legs {
      let option = context.terms[leg.instrument]
      loss.pass(leg.effectiveQuantity * option.units, strike: option.strike)
    }
    var alone = part
    (alone.reliefInitial, alone.reliefMaintenance) = (0, 0)
    var pooled = part
    pooled.reliefInitial = loss.requirement(unpaired: parameters.unpairedInitial) - part.optionInitial
    pooled.reliefMaintenance =
      loss.requirement(unpaired: parameters.unpairedMaintenance) - part.optionMaintenance
    return [alone, pooled].map { test == .initial ? $0.net.initial : $0.net.maintenance }
  }
}

extension DeribitStandardModel: PiecewiseModel {
  func piece(of instrument: Int) -> Int { instrument }

  /// Each position needs more than in proportion to its size, or in proportion: convex, and one branch.
  func branches(ofPiece set: NettingSet, mode: MarginMode, test: MarginTest) -> [Double] {
    let net = netMargin(of: set, state: 0)
    return [test == .initial ? net.initial : net.maintenance]
  }
}
