import MarginModels
import MarketModel

extension ReportWriter {
  static func write(_ margin: AccountMargin, to writer: inout FigureWriter) {
    writer.object("margin") {
      $0.list("models", margin.models) { write($1, to: &$0) }
      if let comparison = margin.comparison {
        $0.object("comparison") {
          write(comparison, to: &$0)
          $0.text("venue", comparison.venue)
          if let detail = comparison.detail {
            $0.object("detail") { write(detail, to: &$0) }
          } else {
            $0.text("detail", nil)
          }
        }
      } else {
        $0.text("comparison", nil)
      }
      $0.list("beside", margin.beside) {
        $0.text("venue", $1.venue)
        write($1, to: &$0)
      }
      write(margin.ranking, reasons: RankingText(margin).reasons, to: &$0)
      write(margin.profile, to: &$0)
      if let collateral = margin.collateral { $0.object("counted_collateral") { write(collateral, to: &$0) } }
      if let dynamic = margin.dynamic { $0.object("dynamic") { write(dynamic, to: &$0) } }
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
      $0.figure("surplus", $1.surplus)
    }
    writer.text("worst_scenario", figure.worstScenario)
    writer.texts("unsupported", figure.unsupported.map(\.text))
    guard !figure.measures.isEmpty else { return }
    writer.list("measures", figure.measures) {
      $0.text("name", $1.name)
      $0.figure("value", $1.value)
    }
  }

  private static func write(_ collateral: CollateralFigure, to writer: inout FigureWriter) {
    writer.figure("value", collateral.value)
    writer.figure("counted", collateral.counted)
    writer.list("collateral_terms", collateral.terms) {
      $0.id("asset", $1.asset)
      $0.figure("value", $1.value)
      $0.figure("depeg", $1.depeg)
      $0.figure("haircut", $1.haircut)
      $0.figure("latency", $1.latency)
      $0.figure("confidence", $1.confidence)
      $0.figure("wrong_way", $1.wrongWay)
      $0.figure("concentration", $1.concentration)
      $0.figure("borrow_interest", $1.borrowInterest)
      $0.figure("counted", $1.counted)
    }
    writer.list("surplus", collateral.surplus) {
      $0.text("model", $1.model)
      $0.text("mode", $1.mode.rawValue)
      $0.figure("surplus", $1.surplus)
      $0.figure("surplus_initial", $1.surplusInitial)
    }
  }

  static func write(_ liquidation: AccountLiquidation, to writer: inout FigureWriter) {
    writer.object("liquidation") {
      $0.list("prices", liquidation.prices) {
        $0.id("underlying", $1.underlying)
        $0.text("position", $1.position?.text)
        $0.text("mode", $1.mode.rawValue)
        $0.text("model", $1.model)
        $0.figure("surplus", $1.surplus)
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
