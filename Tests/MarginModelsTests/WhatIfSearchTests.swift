import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

@Suite struct WhatIfSearchTests {
  /// The surplus of an account with so much of one instrument more.
  private func surplus(
    _ whatIf: AccountWhatIf, _ entry: Int, _ test: MarginTest, _ effect: TradeEffect
  ) -> Double? {
    whatIf.after([effect])[entry].map { $0.surplus(test) }
  }

  @Test("the runs of quantities that pass are those of trying every lot", arguments: [51 as UInt64, 52, 53])
  func everyLot(seed: UInt64) throws {
    let desk = try WhatIfDesk(seed: seed)
    var generator = SeededGenerator(state: seed)
    for account in desk.book.accounts.indices {
      let whatIf = desk.engine.whatIf(ofAccount: account)
      for _ in 0..<3 {
        let place = Int.random(in: desk.book.instruments.indices, using: &generator)
        let instrument = desk.book.instruments[place]
        let lot = (instrument.isInverse && instrument.kind != .option ? 30_000 : 0.7)
        let isSale = Bool.random(using: &generator)
        let test = Bool.random(using: &generator) ? MarginTest.initial : .maintenance
        for (entry, id) in whatIf.entries.map(\.id).enumerated() {
          let found = whatIf.largest(entry: entry, test: test, lot: lot, isSale: isSale) {
            desk.valued.resolved[place]?.trade(quantity: $0)
          }
          guard let found else {
            #expect(!whatIf.supports(instrument: place, entry: entry))
            continue
          }
          guard found.isExact else { continue }
          for lots in 0...150 {
            let quantity = (isSale ? -lot : lot) * Double(lots)
            let left = try #require(surplus(whatIf, entry, test, try desk.trade(place, quantity)))
            // Where the surplus is a rounding away from 0 either answer is right.
            guard abs(left) > 1e-6 else { continue }
            let size = abs(quantity)
            var isInside = found.isUnlimited || found.quantity.map { size <= abs($0) } ?? false
            for run in found.later {
              isInside = isInside || (size >= abs(run.from) && size <= abs(run.to ?? .infinity))
            }
            #expect((left >= 0) == isInside, "\(id.model) \(id.mode) \(instrument.id) \(quantity)")
          }
        }
      }
    }
  }

  /// Held instruments to reduce, and the perpetuals.
  private func candidates(_ desk: WhatIfDesk, _ account: Int) -> [CureCandidate] {
    var held: [Int: Double] = [:]
    for holding in desk.valued.holdings[desk.valued.holdingRanges[account]] {
      held[holding.instrument, default: 0] += holding.quantity
    }
    return desk.book.instruments.indices.compactMap { place in
      let instrument = desk.book.instruments[place]
      let isInverseFuture = instrument.isInverse && instrument.kind != .option
      let cost = isInverseFuture ? 0.0005 : 0.0005 * (instrument.underlying.text == "BTC" ? 65_000 : 2_000)
      let lot = isInverseFuture ? 10 : 0.01
      if instrument.kind == .perpetual {
        return CureCandidate(instrument: place, from: -.infinity, to: .infinity, lot: lot, cost: cost)
      }
      guard let quantity = held[place], quantity != 0 else { return nil }
      return CureCandidate(
        instrument: place, from: min(-quantity, 0), to: max(-quantity, 0), lot: lot, cost: cost)
    }
  }

  @Test("a cure reaches its target under the real model, at no more than random cures cost")
  func cures() throws {
    var reached = 0
    for seed in 61...64 as ClosedRange<UInt64> {
      let desk = try WhatIfDesk(seed: seed)
      var generator = SeededGenerator(state: seed)
      for account in desk.book.accounts.indices {
        let whatIf = desk.engine.whatIf(ofAccount: account)
        let candidates = candidates(desk, account)
        for (entry, state) in whatIf.entries.enumerated() {
          // As much again as half of the requirement is to be won.
          // Where nothing is required (a lending model of an account without debt) nothing is short of it.
          guard state.base.initial > 0 else { continue }
          let target = state.base.surplusInitial + 0.5 * state.base.initial
          let cure = try #require(
            whatIf.cure(entry: entry, test: .initial, target: target, candidates: candidates) {
              try? desk.trade($0, 1)
            })
          guard cure.status == .reached else {
            // A lending model margins no contract: there is nothing to trade.
            let isRefused =
              cure.status == .refused && cure.reason == "nothing that the model margins may be traded"
            #expect((cure.status == .outOfReach && cure.achieved < target) || isRefused)
            continue
          }
          reached += 1
          #expect(cure.achieved >= target)
          var effects = try cure.trades.map { try desk.trade($0.instrument, $0.quantity) }
          effects.append(
            TradeEffect(
              instrument: cure.trades[0].instrument, quantity: 0, effectiveQuantity: 0, value: 0,
              cash: -cure.cost))
          let real = try #require(whatIf.after(effects)[entry]).surplusInitial
          #expect(abs(real - cure.achieved) < 1e-5)
          guard cure.method == .linearProgramme else { continue }
          let isWhole = cure.binding.allSatisfy { $0.weight > 0 && $0.weight <= 1 + 1e-12 }
          #expect(isWhole && !cure.binding.isEmpty)
          for _ in 0..<40 {
            // Shares of the cure and of the candidates' room, mixed: other points that may reach the target.
            let point = candidates.map { candidate -> Double in
              let own = cure.trades.first { $0.instrument == candidate.instrument }?.quantity ?? 0
              let room = max(candidate.from, -2 * abs(own) - 1)...min(candidate.to, 2 * abs(own) + 1)
              return own * Double.random(in: 0.3...1, using: &generator)
                + (Bool.random(using: &generator) ? 0.3 * Double.random(in: room, using: &generator) : 0)
            }.enumerated().map { min(max($0.element, candidates[$0.offset].from), candidates[$0.offset].to) }
            let cost = zip(point, candidates).reduce(0) { $0 + abs($1.0) * $1.1.cost }
            guard cost < cure.cost * 0.98 - 10 else { continue }
            var other = try zip(candidates, point).map { try desk.trade($0.instrument, $1) }
            other.append(
              TradeEffect(
                instrument: candidates[0].instrument, quantity: 0, effectiveQuantity: 0, value: 0, cash: -cost
              ))
            let won = try #require(whatIf.after(other)[entry]).surplusInitial
            #expect(won < target, "a point of cost \(cost) below \(cure.cost) reaches the target")
          }
        }
      }
    }
    #expect(reached > 10)
  }

  @Test("with one candidate the programme finds the fewest lots that reach the target")
  func fewestLots() throws {
    for seed in 71...76 as ClosedRange<UInt64> {
      let desk = try WhatIfDesk(seed: seed)
      let whatIf = desk.engine.whatIf(ofAccount: 0)
      let entry = try #require(whatIf.entries.firstIndex { $0.id.model == "derive-pmrm2" })
      for name in ["BTC-LPERP", "ETH-LPERP"] {
        let place = try #require(desk.book.instruments.firstIndex { $0.id.text == name })
        let candidate = CureCandidate(instrument: place, from: -50, to: 50, lot: 0.01, cost: 0.5)
        let base = whatIf.entries[entry].base
        let cost = { (quantity: Double) in
          TradeEffect(
            instrument: place, quantity: 0, effectiveQuantity: 0, value: 0, cash: -abs(quantity) * 0.5)
        }
        let target = base.surplusInitial + 0.02 * base.initial
        let passes = { (lots: Int) throws -> Bool in
          let quantity = Double(lots) * 0.01
          let state = whatIf.after([try desk.trade(place, quantity), cost(quantity)])[entry]
          return try #require(state).surplusInitial >= target
        }
        let found = try #require(
          whatIf.cure(entry: entry, test: .initial, target: target, candidates: [candidate]) {
            try? desk.trade($0, 1)
          })
        let fewest = try (1...5_000).first { try passes($0) || passes(-$0) }
        guard let fewest else {
          #expect(found.status == .outOfReach)
          continue
        }
        #expect(found.status == .reached)
        #expect(abs(found.trades.first?.quantity ?? 0) == Double(fewest) * 0.01)
      }
    }
  }
}
