import Foundation
import MarginModels
import MarketModel
import PortfolioValuation
import TestSupport
import Testing

/// Laws of strategy grouping and of portfolio margin on random books, and capital by bisection.
@Suite struct ListedLawTests {
  private static let seed: UInt64 = 20_070_223

  private func random(_ draws: inout SeededGenerator, bounded: Bool = false) -> ListedDesk {
    var desk = ListedDesk(spots: [("XYZ", 100)])
    let count = Int.random(in: 2...6, using: &draws)
    var seen: Set<String> = []
    for _ in 0..<count {
      let strike =
        bounded
        ? Double(Int.random(in: 96...104, using: &draws)) : Double(Int.random(in: 14...26, using: &draws) * 5)
      let isCall = Bool.random(using: &draws)
      let days = bounded ? 56 : [28, 56, 91].randomElement(using: &draws) ?? 56
      guard seen.insert("\(strike) \(isCall) \(days)").inserted else { continue }
      let size = Double(Int.random(in: 1...9, using: &draws))
      desk.legs.append(
        ListedDesk.Leg(
          underlying: "XYZ", quantity: Bool.random(using: &draws) ? size : -size, strike: strike,
          isCall: isCall,
          days: days))
    }
    if bounded {
      for isCall in [true, false] {
        let net = desk.legs.filter { $0.isCall == isCall }.reduce(0) { $0 + $1.quantity }
        if net < 0 {
          desk.legs.append(
            ListedDesk.Leg(
              underlying: "XYZ", quantity: -net, strike: isCall ? 105 : 95, isCall: isCall, days: 56))
        }
      }
    } else if Bool.random(using: &draws) {
      desk.stock = [("XYZ", Double(Int.random(in: -8...8, using: &draws) * 100))]
    }
    return desk
  }

  @Test("grouping never needs more than the legs alone, is in proportion, and ignores order and splitting")
  func grouping() throws {
    var draws = SeededGenerator(state: Self.seed)
    for _ in 0..<60 {
      let desk = random(&draws)
      let figures = try desk.figures()
      for figure in figures {
        #expect(figure.initial.isFinite && figure.maintenance.isFinite && figure.equity.isFinite)
        let parts = figure.components.reduce(0) { $0 + $1.initial }
        #expect(abs(parts - figure.initial) <= 1e-9 * (1 + abs(figure.initial)))
      }
      let slack = 1e-9 * (1 + figures[0].initial)
      #expect(figures[1].initial <= figures[0].initial + slack)
      #expect(figures[1].maintenance <= figures[0].maintenance + slack)

      var shuffled = desk
      shuffled.legs = shuffled.legs.reversed().flatMap { leg in
        var (one, two) = (leg, leg)
        one.quantity = leg.quantity / 4
        two.quantity = leg.quantity * 3 / 4
        return [two, one]
      }
      for (left, right) in zip(figures, try shuffled.figures()) {
        #expect(abs(left.initial - right.initial) <= slack)
        #expect(abs(left.maintenance - right.maintenance) <= slack)
      }

      var tripled = desk
      for place in tripled.legs.indices { tripled.legs[place].quantity *= 3 }
      tripled.stock = tripled.stock.map { ($0.asset, $0.quantity * 3) }
      for (left, right) in zip(figures, try tripled.figures()) {
        #expect(abs(3 * left.initial - right.initial) <= 1e-8 * (1 + right.initial))
      }
    }
  }

  @Test("where every wing is narrower than an uncovered short, a bounded book costs exactly its largest loss")
  func bounded() throws {
    var draws = SeededGenerator(state: Self.seed + 1)
    for _ in 0..<60 {
      let desk = random(&draws, bounded: true)
      let figure = try desk.cross()
      var loss = 0.0
      for price in [0] + desk.legs.map(\.strike) {
        var payoff = 0.0
        for leg in desk.legs {
          payoff += leg.quantity * 100 * max(0, leg.isCall ? price - leg.strike : leg.strike - price)
        }
        loss = max(loss, -payoff)
      }
      // Largest loss and what was paid for the book, premiums as they are worth.
      let value = figure.equity
      #expect(abs(figure.maintenance - (loss + value)) <= 1e-8 * (1 + loss), "\(desk.legs)")
    }
  }

  @Test("a long leg that expires first gives no relief, one that expires later does")
  func calendars() throws {
    func spread(longDays: Int) throws -> (Double, Double) {
      var desk = ListedDesk(spots: [("XYZ", 100)])
      desk.legs = [
        ListedDesk.Leg(underlying: "XYZ", quantity: -1, strike: 100, isCall: true, days: 56),
        ListedDesk.Leg(underlying: "XYZ", quantity: 1, strike: 100, isCall: true, days: longDays),
      ]
      let figures = try desk.figures()
      return (figures[0].initial, figures[1].initial)
    }
    let first = try spread(longDays: 28)
    #expect(first.0 == first.1)
    let later = try spread(longDays: 91)
    #expect(later.1 < 0.2 * later.0)
  }

  @Test("portfolio margin is subadditive, and its minimum is 37.50 a contract")
  func portfolio() throws {
    var draws = SeededGenerator(state: Self.seed + 2)
    for _ in 0..<30 {
      let (one, two) = (random(&draws), random(&draws))
      var both = one
      both.legs += two.legs
      both.stock = [("XYZ", (one.stock + two.stock).reduce(0) { $0 + $1.quantity })]
      let parts = try one.portfolio().initial + two.portfolio().initial
      #expect(try both.portfolio().initial <= parts * (1 + 1e-12) + 1e-9)
      var contracts: [String: Double] = [:]
      for leg in one.legs { contracts["\(leg.strike) \(leg.isCall) \(leg.days)", default: 0] += leg.quantity }
      let least = 37.5 * contracts.values.reduce(0) { $0 + abs($1) }
      #expect(try one.portfolio().initial >= least - 1e-9)
    }
  }

  @Test("an index and its fund net in full; unrelated shares do not, unless a product group allows a part")
  func classGroups() throws {
    func pair(_ one: String, _ two: String, offset: Double? = nil) throws -> Double {
      var desk = ListedDesk(spots: [(one, 1_451.19), (two, 145.119)])
      desk.legs = [
        ListedDesk.Leg(underlying: one, quantity: -1, strike: 1_450, isCall: true, exercise: .european)
      ]
      desk.stock = [(two, 1_000)]
      if let offset {
        desk.plan = ListedPlan(productGroups: [
          ProductGroup(
            groups: [try #require(Identifier(one)), try #require(Identifier(two))], offset: offset)
        ])
      }
      return try desk.portfolio().initial
    }
    let apart = try pair("AAA", "BBB")
    #expect(try pair("AAA", "BBB", offset: 0) == apart)
    #expect(try pair("AAA", "BBB", offset: 0.9) < 0.7 * apart)
    #expect(try pair("SPX", "SPY") < 0.75 * pair("SPX", "BBB"))
  }

  @Test("capital carries the account through its state, and a cent less does not, in every mode")
  func capital() throws {
    let books: [[(Double, Double, Bool)]] = [
      [(-10, 100, false)], [(-10, 100, true)], [(10, 100, false), (-10, 100, true)], [(10, 100, true)],
      [(10, 95, false), (-5, 100, false), (-3, 105, true)],
    ]
    for (place, legs) in books.enumerated() {
      var desk = HandOut.desk(legs, stock: place == 1 || place == 2 ? 1_000 : 0)
      desk.hasSurface = true
      for leg in desk.legs.indices { desk.legs[leg].mark = nil }
      let engine = try desk.engine(parts: .comparison)
      let comparison = try #require(engine.comparison(ofAccount: 0))
      let today = try desk.valued()
      let value = today.equity[0]
      let rows = comparison.capitalToSurvive.filter { $0.scenarioSet != "worst" }
      #expect(rows.count == 11)
      for row in rows {
        let move = row.scenario == "none" ? 1 : 1 + (Double(row.scenario.dropLast()) ?? .nan) / 100
        for (found, mode) in [(row.cross, 1), (row.portfolio, 2)] {
          let capital = try #require(found)
          let cash = capital - value
          // In cross mode nothing is lent against a surplus: capital never falls below what is held.
          if mode == 1, cash <= 1e-9 { continue }
          var shocked = desk.moved(move)
          shocked.cash = cash + 0.01
          #expect(try shocked.figures()[mode].surplus > 0, "\(place) \(row.scenario) \(mode)")
          shocked.cash = cash - 0.01
          #expect(try shocked.figures()[mode].surplus < 0, "\(place) \(row.scenario) \(mode)")
        }
      }
    }
  }
}
