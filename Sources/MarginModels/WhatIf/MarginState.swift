public import MarketModel

/// The numbers of an account under one model in one mode that a trade changes, base currency.
public struct MarginState: Hashable, Sendable {
  /// What the model counts, cash included.
  public var equity: Double
  public var initial: Double
  public var maintenance: Double
  /// equity − maintenance.
  public var surplus: Double { equity - maintenance }
  /// equity − initial.
  public var surplusInitial: Double { equity - initial }

  /// A state from its numbers.
  public init(equity: Double, initial: Double, maintenance: Double) {
    self.equity = equity
    self.initial = initial
    self.maintenance = maintenance
  }

  /// What is left for a test.
  public func surplus(_ test: MarginTest) -> Double {
    test == .initial ? surplusInitial : surplus
  }

  /// The change from one state to another, number by number.
  public static func - (left: MarginState, right: MarginState) -> MarginState {
    MarginState(
      equity: left.equity - right.equity, initial: left.initial - right.initial,
      maintenance: left.maintenance - right.maintenance)
  }

  static func += (sum: inout MarginState, term: MarginState) {
    sum.equity += term.equity
    sum.initial += term.initial
    sum.maintenance += term.maintenance
  }
}

extension MarginState {
  /// Whether every number is finite.
  var isFinite: Bool { equity.isFinite && initial.isFinite && maintenance.isFinite }
}

/// Which requirement a trade has to pass: initial lets it in, maintenance keeps it from being liquidated.
public enum MarginTest: String, Sendable, CaseIterable {
  case initial
  case maintenance
}

/// A model in one of its modes.
public struct ModelMode: Hashable, Sendable {
  public var model: String
  public var mode: MarginMode

  /// A pair from its parts.
  public init(model: String, mode: MarginMode) {
    self.model = model
    self.mode = mode
  }
}
