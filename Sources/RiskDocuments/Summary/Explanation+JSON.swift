import MarginModels
import MarketModel
import StructuredText

extension Explanation {
  /// The explanation as one JSON document (`plimsoll.explanation/1`), ended by a line break.
  ///
  /// A figure that is not finite is `null`.
  public func json() -> [UInt8] {
    var writer = FigureWriter(place: [], tracksPlaces: false, capacity: 8_192)
    writer.object {
      $0.text("schema", "plimsoll.explanation/1")
      $0.text("as_of", asOf.text)
      $0.id("base_currency", baseCurrency)
      $0.id("account_id", account.id)
      $0.flag("incomplete", account.figures.isIncomplete)
      $0.figure("equity", account.figures.equity)
      $0.list("models", models) { Self.write($1, to: &$0) }
      if let nearest {
        $0.object("nearest_liquidation") { Self.write(nearest, to: &$0) }
      } else {
        $0.text("nearest_liquidation", nil)
      }
      if let detail {
        $0.object("detail") { ReportWriter.write(detail, to: &$0) }
      } else {
        $0.text("detail", nil)
      }
    }
    return writer.json.bytes + [0x0A]
  }

  private static func write(_ model: Model, to writer: inout FigureWriter) {
    let figure = model.figure
    writer.text("model", figure.model)
    writer.text("mode", figure.mode.rawValue)
    writer.figure("equity", figure.equity)
    writer.figure("initial", figure.initial)
    writer.figure("maintenance", figure.maintenance)
    writer.figure("surplus", figure.surplus)
    writer.figure("surplus_initial", figure.surplusInitial)
    writer.text("worst_scenario", figure.worstScenario)
    writer.list("legs", model.legs) {
      $0.text("scenario", $1.scenario)
      $0.id("underlying", $1.underlying)
      $0.id("instrument", $1.instrument)
      $0.figure("profit_and_loss", $1.profitAndLoss)
    }
    writer.list("components", figure.mergedComponents) {
      $0.text("name", $1.name)
      $0.figure("initial", $1.initial)
      $0.figure("maintenance", $1.maintenance)
    }
    writer.object("cure") {
      $0.figure("cash_for_maintenance", model.cashForMaintenance)
      $0.figure("cash_for_initial", model.cashForInitial)
      $0.text("worst_leg", model.worstLeg?.instrument.text)
      writeTrades(of: model, to: &$0)
    }
    writer.texts("unsupported", figure.unsupported.map(\.text))
  }

  private static func write(_ nearest: Nearest, to writer: inout FigureWriter) {
    writer.id("underlying", nearest.price.underlying)
    writer.text("position", nearest.price.position?.text)
    writer.text("mode", nearest.price.mode.rawValue)
    writer.text("model", nearest.price.model)
    writer.figure("price", nearest.root)
    writer.figure("spot", nearest.state.spot)
    writer.figure("relative_move", nearest.relativeMove)
    writer.figure("daily_standard_deviations", nearest.dailyDeviations)
  }
}
