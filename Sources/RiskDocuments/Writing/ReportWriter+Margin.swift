import MarginModels
import MarketModel

extension ReportWriter {
  static func write(_ margin: AccountMargin, to writer: inout FigureWriter) {
    writer.object("margin") {
      $0.list("models", margin.models) { write($1, to: &$0) }
      if let comparison = margin.comparison {
        $0.object("comparison") { write(comparison, to: &$0) }
      } else {
        $0.text("comparison", nil)
      }
      write(margin.profile, to: &$0)
    }
  }

  private static func write(_ figure: MarginFigure, to writer: inout FigureWriter) {
    writer.text("model", figure.model)
    writer.text("mode", figure.mode.rawValue)
    writer.figure("equity", figure.equity)
    writer.figure("initial", figure.initial)
    writer.figure("maintenance", figure.maintenance)
    writer.figure("surplus", figure.surplus)
    writer.figure("surplus_initial", figure.surplusInitial)
    writer.object("components") {
      for component in figure.mergedComponents {
        $0.object(component.name) {
          $0.figure("initial", component.initial)
          $0.figure("maintenance", component.maintenance)
        }
      }
    }
    writer.list("per_position", figure.perPosition) {
      $0.id("instrument", $1.instrument)
      $0.figure("quantity", $1.quantity)
      $0.figure("initial", $1.initial)
      $0.figure("maintenance", $1.maintenance)
      $0.figure("margin", $1.margin)
    }
    writer.text("worst_scenario", figure.worstScenario)
    writer.texts("unsupported", figure.unsupported.map(\.text))
  }

  private static func write(_ comparison: MarginComparison, to writer: inout FigureWriter) {
    writer.object("isolated") { write(comparison.isolated, to: &$0) }
    writer.object("cross") { write(comparison.cross, to: &$0) }
    writer.object("portfolio") { write(comparison.portfolio, to: &$0) }
    writer.object("saving") {
      $0.figure("pooling", comparison.saving.pooling)
      $0.figure("model", comparison.saving.model)
      $0.figure("offset", comparison.saving.offset)
    }
    writer.list("attribution", comparison.attribution) {
      $0.id("instrument", $1.instrument)
      $0.figure("isolated", $1.isolated)
      $0.figure("worst_scenario_loss", $1.worstScenarioLoss)
    }
    writer.list("capital_to_survive", comparison.capitalToSurvive) {
      $0.text("scenario_set", $1.scenarioSet)
      $0.text("scenario", $1.scenario)
      $0.figure("isolated", $1.isolated)
      $0.figure("cross", $1.cross)
      $0.figure("portfolio", $1.portfolio)
    }
    writer.texts("unsupported", comparison.unsupported.map(\.text))
    if let detail = comparison.detail {
      writer.object("detail") { write(detail, to: &$0) }
    } else {
      writer.text("detail", nil)
    }
  }

  private static func write(_ side: ComparedMode, to writer: inout FigureWriter) {
    writer.text("model", side.model)
    writer.figure("initial", side.initial)
    writer.figure("maintenance", side.maintenance)
    writer.figure("capital", side.capital)
    writer.figure("surplus", side.surplus)
  }

  static func write(_ liquidation: AccountLiquidation, to writer: inout FigureWriter) {
    writer.object("liquidation") {
      $0.list("prices", liquidation.prices) {
        $0.id("underlying", $1.underlying)
        $0.text("position", $1.position?.text)
        $0.text("mode", $1.mode.rawValue)
        $0.text("model", $1.model)
        $0.numbers("spot_roots", $1.spotRoots.filter(\.isFinite))
        $0.text("reason", $1.reason)
      }
      $0.figure("distance", liquidation.distance)
      $0.figure("leverage", liquidation.leverage)
    }
  }
}

extension MarginFigure {
  /// Parts of one name added up: an object has each key once.
  var mergedComponents: [MarginComponent] {
    var parts: [MarginComponent] = []
    for component in components {
      if let place = parts.firstIndex(where: { $0.name == component.name }) {
        parts[place].initial += component.initial
        parts[place].maintenance += component.maintenance
      } else {
        parts.append(component)
      }
    }
    return parts
  }
}
