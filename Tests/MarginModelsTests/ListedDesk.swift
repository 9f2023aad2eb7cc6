import Foundation
import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import TestSupport
import Testing

/// Books of listed options and stock, built leg by leg.
struct ListedDesk {
  struct Leg {
    var underlying: String
    var quantity: Double
    var strike: Double
    var isCall: Bool
    var days = 56
    var mark: Double?
    var exercise = ExerciseStyle.american
  }

  var spots: [(asset: String, spot: Double)]
  var legs: [Leg] = []
  var stock: [(asset: String, quantity: Double)] = []
  var cash = 0.0
  var volatility = 0.25
  var rate = 0.05
  /// Without a surface, volatilities come from marks.
  var hasSurface = true
  var plan = ListedPlan()

  static let team = ThreadTeam(threadCount: 2)
  static let asOf = Instant(year: 2007, month: 2, day: 23, hour: 21)

  /// The desk with every spot multiplied and marks left out, as a moved market has none.
  func moved(_ multiplier: Double) -> ListedDesk {
    var desk = self
    desk.spots = spots.map { ($0.asset, $0.spot * multiplier) }
    for place in desk.legs.indices { desk.legs[place].mark = nil }
    return desk
  }

  func valued() throws -> ValuedBook {
    let usd = try #require(Identifier("USD"))
    let asOf = try #require(Self.asOf)
    var instruments: [Identifier: Instrument] = [:]
    var marks: [Mark] = []
    var rows: [(Identifier, Double)] = []
    for leg in legs {
      let type = leg.isCall ? "C" : "P"
      let id = try #require(Identifier("\(leg.underlying).\(leg.days).\(type).\(Int(leg.strike * 1_000))"))
      let expiry = try #require(
        Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + Int64(leg.days) * 86_400))
      instruments[id] = Instrument(
        id: id, kind: .option, underlying: try #require(Identifier(leg.underlying)), quoteAsset: usd,
        settlementAsset: usd, expiry: expiry, strike: leg.strike, optionType: leg.isCall ? .call : .put,
        exercise: leg.exercise, multiplier: 100, isListed: true)
      if let mark = leg.mark, !marks.contains(where: { $0.instrument == id }) {
        marks.append(Mark(instrument: id, price: mark))
      }
      rows.append((id, leg.quantity))
    }
    let list = instruments.values.sorted { $0.id < $1.id }
    let assets = try spots.map { Asset(id: try #require(Identifier($0.asset)), spot: $0.spot) }
    let late = try #require(Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + 400 * 86_400))
    let slices = assets.map {
      VolatilitySlice(
        underlying: $0.id, expiry: late, shape: .quotes(strikes: [$0.spot], volatilities: [volatility]))
    }
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: assets.sorted { $0.id < $1.id },
      rates: [RateCurve(currency: usd, years: [1], rates: [rate])],
      dividends: assets.map { DividendYield(underlying: $0.id, rate: 0) },
      volatility: hasSurface ? slices : [], marks: marks)
    let account = try #require(Identifier("a"))
    let balances =
      try stock.map { (try #require(Identifier($0.asset)), $0.quantity) } + [(usd, cash)]
    return BookValuation.value(
      Book(
        market: market, instruments: list, accounts: [account],
        positions: try rows.enumerated().map { place, row in
          Position(
            account: 0, instrument: try #require(list.firstIndex { $0.id == row.0 }), quantity: row.1,
            row: place + 1)
        },
        balances: balances.enumerated().map {
          Balance(account: 0, asset: $0.element.0, quantity: $0.element.1, row: $0.offset + 1)
        }), team: Self.team)
  }

  func engine(parts: MarginEngine.Parts = [], stress: [StressScenario] = []) throws -> MarginEngine {
    let book = try valued()
    #expect(book.failures.isEmpty)
    return try MarginEngine(
      book: book, models: ["reg-t", "tims-cpm"],
      comparison: ComparisonPlan(isolated: "reg-t", cross: "reg-t", portfolio: "tims-cpm"), stress: stress,
      listed: plan, parts: parts, team: Self.team)
  }

  /// Figures of the account: isolated, cross, portfolio.
  func figures() throws -> [MarginFigure] { try engine().models(ofAccount: 0) }

  func isolated() throws -> MarginFigure { try figures()[0] }
  func cross() throws -> MarginFigure { try figures()[1] }
  func portfolio() throws -> MarginFigure { try figures()[2] }
}

extension MarginFigure {
  func component(_ name: String) -> Double { components.first { $0.name == name }?.initial ?? .nan }
}

/// The nine strategies of the hand-out of 2007, and two more.
enum HandOut {
  static let premiums: [(isCall: Bool, strike: Double, mark: Double)] = [
    (true, 100, 1.68), (false, 100, 3.18), (false, 95, 1.02), (true, 105, 0.4), (true, 95, 4.53),
  ]

  static func desk(_ legs: [(Double, Double, Bool)], stock: Double = 0) -> ListedDesk {
    var desk = ListedDesk(spots: [("IBM", 97.73)], hasSurface: false)
    desk.legs = legs.map { quantity, strike, isCall in
      let mark = premiums.first { $0.isCall == isCall && $0.strike == strike }?.mark
      return ListedDesk.Leg(underlying: "IBM", quantity: quantity, strike: strike, isCall: isCall, mark: mark)
    }
    if stock != 0 { desk.stock = [("IBM", stock)] }
    return desk
  }

  static let strategies: [(name: String, desk: ListedDesk)] = [
    ("short_call", desk([(-100, 100, true)])), ("short_put", desk([(-100, 100, false)])),
    ("covered_call", desk([(-100, 100, true)], stock: 10_000)),
    ("protective_put", desk([(100, 95, false)], stock: 10_000)),
    ("synthetic_long", desk([(100, 100, true), (-100, 100, false)])),
    ("risk_reversal", desk([(100, 95, false), (-100, 105, true)])),
    ("collar", desk([(100, 95, false), (-100, 105, true)], stock: 10_000)),
    ("call_spread", desk([(100, 95, true), (-100, 105, true)])),
    ("long_straddle", desk([(100, 100, false), (100, 100, true)])),
  ]
}
