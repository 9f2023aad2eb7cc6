public import MarketModel
import RiskNumerics

/// What turning a portfolio into cash at once costs, against mid prices.
public struct CloseOutCost: Hashable, Sendable {
  /// What is held of one underlying.
  public struct Part: Hashable, Sendable {
    public var underlying: Identifier
    /// Units of the underlying that are traded in its depth, long positive: the delta.
    public var quantity: Double
    /// Cost of that trade, base currency, ≥ 0; nil where `reason` says why.
    public var deltaCost: Double?
    /// Spreads of options and trades of contracts with a depth of their own, base currency, ≥ 0.
    public var contractCost: Double?
    /// Units of the delta beyond the quoted levels; nil where the depth is no order book.
    public var beyondBook: Double?
    /// Why there is no cost; nil where there is one.
    public var reason: String?

    /// A part from its numbers.
    public init(
      underlying: Identifier, quantity: Double, deltaCost: Double?, contractCost: Double?,
      beyondBook: Double? = nil, reason: String? = nil
    ) {
      self.underlying = underlying
      self.quantity = quantity
      self.deltaCost = deltaCost
      self.contractCost = contractCost
      self.beyondBook = beyondBook
      self.reason = reason
    }

    /// Both costs; nil where one is not known.
    public var cost: Double? {
      guard let deltaCost, let contractCost else { return nil }
      return deltaCost + contractCost
    }
  }

  /// In byte order of the underlyings.
  public var parts: [Part]

  /// A cost from its parts.
  public init(parts: [Part]) { self.parts = parts }

  /// Base currency, ≥ 0; nil where a part is not known: what is not known is never nothing.
  public var total: Double? {
    var sum = 0.0
    for part in parts {
      guard let cost = part.cost else { return nil }
      sum += cost
    }
    return sum
  }
}

/// What a portfolio holds, put together underlying by underlying.
package struct CloseOutHoldings: Sendable {
  /// One contract, all lots together.
  package struct Contract: Hashable, Sendable {
    /// Place in `Book.instruments`.
    package let instrument: Int
    package var effectiveQuantity: Double
    package var quantity: Double
  }

  /// What follows one asset.
  package struct Group: Hashable, Sendable {
    /// Place in the market's `assets`.
    package let asset: Int
    package var contracts: [Contract] = []
    /// Of the asset itself.
    package var coins = 0.0
  }

  /// By place of the asset.
  package private(set) var groups: [Group] = []

  private mutating func group(of asset: Int) -> Int {
    if let place = groups.firstIndex(where: { $0.asset >= asset }) {
      if groups[place].asset != asset { groups.insert(Group(asset: asset), at: place) }
      return place
    }
    groups.append(Group(asset: asset))
    return groups.count - 1
  }

  /// Adds a lot; lots of one contract come one after the other.
  mutating func add(_ instrument: ResolvedInstrument, effective: Double, quantity: Double) {
    let place = group(of: instrument.underlying)
    let last = groups[place].contracts.count - 1
    if last >= 0, groups[place].contracts[last].instrument == instrument.instrument {
      groups[place].contracts[last].effectiveQuantity += effective
      groups[place].contracts[last].quantity += quantity
    } else {
      groups[place].contracts.append(
        Contract(instrument: instrument.instrument, effectiveQuantity: effective, quantity: quantity))
    }
  }

  mutating func add(coins: Double, of asset: Int) { groups[group(of: asset)].coins += coins }
}

extension BookLiquidity {
  /// What an account holds.
  package func holdings(ofAccount account: Int) -> CloseOutHoldings {
    var all = CloseOutHoldings()
    guard book.holdingRanges.indices.contains(account) else { return all }
    for place in book.holdingRanges[account] {
      let holding = book.holdings[place]
      guard let instrument = book.resolved[holding.instrument] else { continue }
      all.add(instrument, effective: holding.effectiveQuantity, quantity: holding.quantity)
    }
    for balance in book.balances[book.balanceRanges[account]] where !balance.isCash && balance.quantity != 0 {
      if let asset = balance.assetIndex { all.add(coins: balance.quantity, of: asset) }
    }
    return all
  }

  /// What the whole book holds, netted.
  package func holdings(_ net: NettedBook) -> CloseOutHoldings {
    var all = CloseOutHoldings()
    for case let instrument? in book.resolved {
      let place = instrument.instrument
      let (effective, quantity) = (net.effectiveQuantity[place].value, net.quantity[place].value)
      if effective != 0 || quantity != 0 { all.add(instrument, effective: effective, quantity: quantity) }
    }
    for asset in book.book.market.assets.indices where net.balance[asset].value != 0 {
      all.add(coins: net.balance[asset].value, of: asset)
    }
    return all
  }

  /// What closing holdings out costs on a market.
  ///
  /// - Complexity: O(contracts).
  package func cost(of holdings: CloseOutHoldings, in state: CloseOutState) -> CloseOutCost {
    CloseOutCost(parts: holdings.groups.map { part($0, state) })
  }

  private func part(_ group: CloseOutHoldings.Group, _ state: CloseOutState) -> CloseOutCost.Part {
    var part = CloseOutCost.Part(
      underlying: book.book.market.assets[group.asset].id, quantity: group.coins, deltaCost: nil,
      contractCost: nil)
    part.reason = lack(group)
    let logMove = state.logMoves[group.asset]
    var contractCost = 0.0
    for contract in group.contracts {
      guard let unit = state.units[contract.instrument] else {
        part.reason =
          part.reason ?? "a Greek of \(book.book.instruments[contract.instrument].id) is not finite"
        continue
      }
      part.quantity += quantity(contract, unit)
      contractCost += cost(contract, unit, logMove: logMove)
    }
    if part.quantity != 0, assetTerms[group.asset] == nil { part.reason = part.reason ?? lacks[group.asset] }
    guard part.reason == nil else { return part }
    part.contractCost = contractCost
    part.deltaCost =
      assetTerms[group.asset]?.cost(of: part.quantity, price: state.spots[group.asset], logMove: logMove) ?? 0
    part.beyondBook = assetTerms[group.asset]?.beyondBook(part.quantity, logMove: logMove)
    return part
  }

  /// Why a group cannot be closed at a known cost; nil where it can, or where nothing of it may be left.
  package func lack(_ group: CloseOutHoldings.Group) -> String? {
    for contract in group.contracts where isAlone[contract.instrument] {
      if ownTerms[contract.instrument] == nil {
        return "the depth of \(book.book.instruments[contract.instrument].id) is not known"
      }
    }
    let needsAsset = group.coins != 0 || group.contracts.contains { !isAlone[$0.instrument] }
    return needsAsset && assetTerms[group.asset] == nil ? lacks[group.asset] : nil
  }

  /// Units of the underlying that a contract adds to the trade of its delta.
  package func quantity(_ contract: CloseOutHoldings.Contract, _ unit: CloseOutUnit) -> Double {
    contract.effectiveQuantity * unit.delta + contract.quantity * unit.contractDelta
  }

  /// What closing a contract costs beside its delta.
  package func cost(
    _ contract: CloseOutHoldings.Contract, _ unit: CloseOutUnit, logMove: Double
  ) -> Double {
    if isAlone[contract.instrument] {
      return ownTerms[contract.instrument]?
        .cost(of: contract.quantity, price: unit.price, logMove: logMove) ?? .nan
    }
    let size = contract.quantity.magnitude
    return size * (contract.quantity > 0 ? min(unit.spread, unit.price) : unit.spread)
  }
}
