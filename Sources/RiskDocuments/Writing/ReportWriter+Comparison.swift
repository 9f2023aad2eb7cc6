import MarginModels
import MarketModel

extension ReportWriter {
  static func write(_ comparison: MarginComparison, to writer: inout FigureWriter) {
    writer.object("isolated") { write(comparison.isolated, to: &$0) }
    writer.object("cross") { write(comparison.cross, to: &$0) }
    writer.object("portfolio") { write(comparison.portfolio, to: &$0) }
    writer.object("saving") {
      $0.figure("pooling", comparison.saving?.pooling)
      $0.figure("model", comparison.saving?.model)
      $0.figure("offset", comparison.saving?.offset)
    }
    writer.list("attribution", comparison.attribution) {
      $0.id("instrument", $1.instrument)
      $0.figure("isolated", $1.isolated)
      $0.figure("worst_scenario_loss", $1.worstScenarioLoss)
    }
    writer.list("capital_to_survive", comparison.capitalToSurvive) {
      $0.text("scenario_set", $1.scenarioSet)
      if let simulation = $1.simulation {
        $0.digits("confidence", simulation.confidence.decimal)
      } else {
        $0.text("scenario", $1.scenario)
      }
      $0.figure("isolated", $1.isolated)
      $0.figure("cross", $1.cross)
      $0.figure("portfolio", $1.portfolio)
      write($1.market, to: &$0)
      if let simulation = $1.simulation { write(simulation, to: &$0) }
    }
    writer.texts("unsupported", comparison.unsupported.map(\.text))
    writer.whole("accounts_left_out", comparison.accountsLeftOut)
    writer.figure("value", comparison.value)
  }

  /// What a row over simulated paths has beside its capitals; of a sum over accounts, what it is a sum of.
  private static func write(_ simulation: SimulatedCapital, to writer: inout FigureWriter) {
    writer.figure("horizon_days", simulation.horizonDays)
    writer.whole("paths", simulation.paths)
    guard !simulation.isSum else { return }
    writer.object("interval") {
      $0.figure("confidence", simulation.coverage)
      $0.whole("lower_rank", simulation.lowerRank)
      $0.whole("upper_rank", simulation.upperRank)
      for (name, mode) in [
        ("isolated", simulation.isolated), ("cross", simulation.cross), ("portfolio", simulation.portfolio),
      ] {
        $0.object(name) {
          $0.figure("lower", mode.lower)
          $0.figure("upper", mode.upper)
        }
      }
    }
    writer.object("saving") {
      $0.figure("pooling", simulation.saving.pooling)
      $0.figure("model", simulation.saving.model)
      $0.figure("offset", simulation.saving.offset)
    }
    writer.list("attribution", simulation.attribution) {
      $0.id("instrument", $1.instrument)
      $0.id("underlying", $1.underlying)
      $0.figure("isolated", $1.isolated)
      $0.figure("cross", $1.cross)
      $0.figure("portfolio", $1.portfolio)
    }
  }

  /// How to shock the market by hand: what spots are multiplied with, and what becomes of each volatility.
  private static func write(_ market: MarketState?, to writer: inout FigureWriter) {
    guard let market else {
      writer.text("spot_multiplier", nil)
      writer.text("volatility", nil)
      return
    }
    writer.figure("spot_multiplier", market.spotMultiplier)
    let (rule, parameters) = rule(of: market.volatility)
    writer.object("volatility") {
      $0.text("rule", rule)
      $0.object("parameters") { for (name, value) in parameters { $0.figure(name, value) } }
    }
  }

  private static func rule(
    of shock: VolatilityShock
  ) -> (name: String, parameters: [(name: String, value: Double)]) {
    switch shock {
    case .none: ("none", [])
    case .relative(let move): ("relative", [("move", move)])
    case .powerLaw(let shock):
      (
        "power_law",
        [
          ("range", shock.range), ("short_term_power", shock.shortTermPower),
          ("long_term_power", shock.longTermPower), ("floor_days", shock.floorDays),
          ("minimum", shock.minimum),
        ]
      )
    case .skew(let shock):
      (
        shock.isAbsolute ? "absolute_skew" : "linear_skew",
        [
          ("base_cap", shock.baseCap), ("slope", shock.slope), ("minimum_width", shock.minimumWidth),
          ("width_scale", shock.widthScale), ("volatility_static", shock.volatilityStatic),
          ("volatility_scale", shock.volatilityScale),
        ]
      )
    case .scan(let scan):
      (
        "scan",
        [("relative", scan.relative), ("points", scan.points), ("elapsed_seconds", scan.elapsed)]
      )
    }
  }

  private static func write(_ side: ComparedMode, to writer: inout FigureWriter) {
    writer.text("model", side.model)
    writer.figure("initial", side.initial)
    writer.figure("maintenance", side.maintenance)
    writer.figure("capital", side.capital)
    writer.figure("surplus", side.surplus)
    writer.figure("equity", side.equity)
    writer.figure("surplus_initial", side.surplusInitial)
    writer.text("worst_scenario", side.worstScenario)
    write(side.leverage, to: &writer)
    writer.texts("unsupported", side.unsupported.map(\.text))
    writer.text("reason", side.capital == nil ? RankingText.refusal(side.unsupported) : nil)
  }

  private static func write(_ leverage: ModeLeverage, to writer: inout FigureWriter) {
    writer.object("leverage") {
      $0.figure("used", leverage.used)
      $0.figure("initial", leverage.initial)
      $0.figure("maintenance", leverage.maintenance)
      $0.text("reason", leverage.reason)
    }
  }

  static func write(_ ranking: [RankedMode], reasons: [String], to writer: inout FigureWriter) {
    writer.list("ranking", Array(zip(ranking, reasons))) { writer, entry in
      let (ranked, reason) = entry
      if ranked.capital == nil { writer.text("rank", nil) } else { writer.whole("rank", ranked.rank) }
      writer.text("venue", ranked.venue)
      writer.text("model", ranked.model)
      writer.text("mode", ranked.mode.rawValue)
      writer.figure("capital", ranked.capital)
      writer.figure("saving", ranked.saving)
      writer.text("reason", reason)
      writer.text("scenario", ranked.scenario)
      writer.object("components") {
        for part in ranked.parts { $0.figure(part.name, part.amount) }
      }
      writer.figure("initial", ranked.initial)
      writer.figure("maintenance", ranked.maintenance)
      writer.figure("equity", ranked.equity)
      writer.figure("surplus", ranked.surplus)
      writer.figure("surplus_initial", ranked.surplusInitial)
      write(ranked.leverage, to: &writer)
      writer.whole("unsupported", ranked.unsupportedCount)
      writer.texts("unsupported_positions", ranked.unsupported.map(\.text))
    }
  }
}
