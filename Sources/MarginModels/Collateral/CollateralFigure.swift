public import MarketModel

/// One balance and what of it defends the account, base currency:
/// value = counted + depeg + haircut + latency + confidence + wrong way + concentration + borrow interest.
public struct CollateralTerm: Hashable, Sendable {
  public var asset: Identifier
  /// Quantity × spot; negative when borrowed.
  public var value: Double
  /// Lost with the peg, ≥ 0.
  public var depeg = 0.0
  /// Taken off by the asset's own haircut, ≥ 0.
  public var haircut = 0.0
  /// Taken off for the time that the asset needs to arrive, ≥ 0.
  public var latency = 0.0
  /// Taken off for missing confidence in the price, ≥ 0.
  public var confidence = 0.0
  /// Taken off for falling together with the book, ≥ 0.
  public var wrongWay = 0.0
  /// Taken off for the size of the holding, ≥ 0.
  public var concentration = 0.0
  /// Owed on a debt by the end of the horizon, ≥ 0.
  public var borrowInterest = 0.0
  /// What is left; a debt with its interest.
  public var counted: Double

  /// A balance of which everything counts.
  public init(asset: Identifier, value: Double) {
    self.asset = asset
    self.value = value
    counted = value
  }

  /// Adds the same asset of another account.
  package mutating func add(_ other: CollateralTerm) {
    value += other.value
    depeg += other.depeg
    haircut += other.haircut
    latency += other.latency
    confidence += other.confidence
    wrongWay += other.wrongWay
    concentration += other.concentration
    borrowInterest += other.borrowInterest
    counted += other.counted
  }
}

/// What one model has left over once the collateral counts for less.
public struct CollateralSurplus: Hashable, Sendable {
  public var model: String
  public var mode: MarginMode
  /// Surplus of the model less what collateral lost; base currency.
  public var surplus: Double
  /// The same against the initial requirement.
  public var surplusInitial: Double

  /// A surplus from its numbers.
  public init(model: String, mode: MarginMode, surplus: Double, surplusInitial: Double) {
    self.model = model
    self.mode = mode
    self.surplus = surplus
    self.surplusInitial = surplusInitial
  }
}

/// The collateral of an account before and after haircuts.
public struct CollateralFigure: Hashable, Sendable {
  /// One entry an asset of which the account has a balance, by asset.
  public var terms: [CollateralTerm]
  /// One entry a model and mode, in the order of the models.
  public var surplus: [CollateralSurplus]

  /// A figure from its rows.
  public init(terms: [CollateralTerm], surplus: [CollateralSurplus]) {
    self.terms = terms
    self.surplus = surplus
  }

  /// Sum of the values, base currency.
  public var value: Double { terms.reduce(0) { $0 + $1.value } }
  /// Sum of what counts, base currency.
  public var counted: Double { terms.reduce(0) { $0 + $1.counted } }

  /// Adds another account, asset by asset and model by model.
  ///
  /// - Complexity: O(assets × assets); call in account order, which fixes the bytes.
  public mutating func add(_ other: CollateralFigure) {
    for term in other.terms {
      if let place = terms.firstIndex(where: { $0.asset == term.asset }) {
        terms[place].add(term)
      } else {
        terms.insert(term, at: terms.firstIndex { term.asset < $0.asset } ?? terms.count)
      }
    }
    for row in other.surplus {
      if let place = surplus.firstIndex(where: { $0.model == row.model && $0.mode == row.mode }) {
        surplus[place].surplus += row.surplus
        surplus[place].surplusInitial += row.surplusInitial
      } else {
        surplus.append(row)
      }
    }
  }
}
