import MarginModels
import MarketModel
import PortfolioValuation
public import RiskDocuments
import RiskNumerics
import TailRisk

extension WhatIfEngine {
  /// What the orders would do.
  ///
  /// - Parameter failures: rows of the orders that were set aside already, which come first.
  /// - Complexity: O(orders × (what each touches × scenarios + paths)), shared by the team.
  public func report(_ request: WhatIfRequest, failures set: [Failure] = []) -> WhatIfReport {
    var failures = set + (stress?.failures ?? [])
    let packages = packages(request, failures: &failures)
    let trades = team.map(count: packages.count) { place in trade(packages[place], request) }
    for (trade, package) in zip(trades, packages) {
      failures += complaints(about: trade, package)
    }
    let accounts = valued.book.accounts.indices.map(account)
    for (place, account) in accounts.enumerated() {
      for (tail, name) in [(account.tail, "value_at_risk")] where tail == nil {
        failures.append(lacks(name, "accounts/\(valued.book.accounts[place])"))
      }
    }
    return WhatIfReport(
      asOf: valued.book.market.asOf, baseCurrency: valued.book.market.baseCurrency, seed: plan.seed,
      paths: tails.isEmpty ? nil : plan.valueAtRisk.map(\.paths).max(), assumptions: assumptions(request),
      accounts: accounts, trades: trades, failures: failures)
  }

  /// Orders that are put through as one, with their effects.
  private struct Package {
    var account: Int
    var orders: [TradeOrder]
    var effects: [TradeEffect]
  }

  private func packages(_ request: WhatIfRequest, failures: inout [Failure]) -> [Package] {
    var packages: [Package] = []
    for order in request.orders {
      guard let account = places[order.account] else { continue }
      guard let effect = effect(of: order) else {
        let why = BookValuation.whyNot(order.instrument, in: valued.book.market)
        failures.append(
          Failure(
            path: order.path, reason: why?.reason ?? .calculation,
            message: why?.message ?? "\(order.instrument.id): its value is not a finite number"))
        continue
      }
      if request.isTogether, let place = packages.firstIndex(where: { $0.account == account }) {
        packages[place].orders.append(order)
        packages[place].effects.append(effect)
      } else {
        packages.append(Package(account: account, orders: [order], effects: [effect]))
      }
    }
    return packages
  }

  private func account(_ place: Int) -> WhatIfReport.Account {
    WhatIfReport.Account(
      id: valued.book.accounts[place], incomplete: valued.isIncomplete[place], equity: valued.equity[place],
      margin: accounts.isEmpty ? [] : accounts[place].entries.map { ($0.id, $0.base) },
      tail: tail(ofAccount: place))
  }

  private func trade(_ package: Package, _ request: WhatIfRequest) -> WhatIfReport.Trade {
    let effects = package.effects
    let legs = zip(package.orders, effects).map { order, effect in
      WhatIfReport.Leg(
        instrument: order.instrument.id, quantity: order.quantity, unit: order.instrument.quantityUnit,
        price: order.price, cash: effect.cash + 0)
    }
    let account = accounts.isEmpty ? nil : accounts[package.account]
    var largest: [LargestQuantity?] = []
    if let test = request.largest, let order = package.orders.first, package.orders.count == 1, let account {
      let lot = request.lot ?? order.instrument.customaryLot
      largest = account.entries.indices.map { entry in
        account.largest(entry: entry, test: test, lot: lot, isSale: order.quantity < 0) { quantity in
          var other = order
          other.quantity = quantity
          return effect(of: other)
        }
      }
    }
    var trade = WhatIfReport.Trade(
      account: package.account, legs: legs, greeks: greeks(of: effects),
      margin: account?.after(effects) ?? [],
      tail: tails.isEmpty ? [] : tail(ofAccount: package.account, after: effects),
      stress: stress?.figures(of: effects).compactMap { $0 } ?? [], largest: largest)
    trade.hasOneUnderlying = Set(package.orders.map(\.instrument.underlying)).count == 1
    return trade
  }

  /// The Greeks of trades; unit figures are a sum that means something for one underlying only.
  private func greeks(of effects: [TradeEffect]) -> GreekSet? {
    var sum = GreekSet()
    for effect in effects {
      guard let unit = greeks.units[effect.instrument], let instrument = valued.resolved[effect.instrument]
      else { return nil }
      sum += unit.scaled(by: effect.effectiveQuantity, value: effect.value, spot: instrument.spot)
    }
    return sum.isFinite ? sum : nil
  }

  private func complaints(about trade: WhatIfReport.Trade, _ package: Package) -> [Failure] {
    guard let path = package.orders.first?.path else { return [] }
    var found: [Failure] = []
    if trade.greeks == nil { found.append(lacks("greeks", path)) }
    if trade.tail == nil { found.append(lacks("value_at_risk", path)) }
    if let stress, trade.stress.count < stress.scenarios.count { found.append(lacks("stress", path)) }
    return found
  }

  private func lacks(_ figure: String, _ owner: String) -> Failure {
    Failure(
      path: "\(owner)/\(figure)", reason: .calculation,
      message: "found no finite figure, or an asset that does not move; it is left out")
  }

  private func assumptions(_ request: WhatIfRequest) -> [String] {
    var sentences = valued.assumptions + (margin?.assumptions ?? [])
    sentences.append(
      "what-if: a trade without a price is at the engine's own mark, without fees; a premium is paid from cash"
    )
    let analytic = plan.valueAtRisk.map(\.method).filter { !$0.hasPaths }
    if plan.measures.contains(.valueAtRisk), !analytic.isEmpty {
      let names = analytic.map(\.rawValue).joined(separator: ", ")
      sentences.append(
        "what-if: value at risk by \(names) is left out: it has no paths that a trade could be added to")
    }
    sentences += stress?.notes ?? []
    if request.largest != nil, request.lot == nil {
      sentences.append(
        "what-if: lots are 1 for listed contracts, 10 for inverse futures and perpetuals, else 0.01")
    }
    return sentences
  }
}

extension Instrument {
  /// The lot that is taken where none is given, in the contract unit.
  public var customaryLot: Double {
    if isListed { return 1 }
    return isInverse && kind != .option ? 10 : 0.01
  }
}
