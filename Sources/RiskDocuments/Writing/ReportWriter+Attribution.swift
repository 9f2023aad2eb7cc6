import MarginModels
import MarketModel

extension ReportWriter {
  /// Where the saving of one account comes from: `margin.comparison.detail`.
  static func write(_ detail: AttributionDetail, to writer: inout FigureWriter) {
    writer.text("model", detail.model)
    writer.figure("requirement", detail.requirement)
    writer.figure("alone", detail.alone)
    writer.figure("saving", detail.saving)
    writer.whole("sampled_orders", detail.sampledOrders)
    writer.whole("sampled_capital_orders", detail.sampledCapitalOrders)
    writer.list("netting_sets", detail.nettingSets) { write($1, to: &$0) }
    writer.list("shapley", detail.shapley) { write($1, to: &$0) }
    writer.list("offsets", detail.offsets) {
      $0.text("level", $1.level.rawValue)
      $0.text("first", $1.first)
      $0.text("second", $1.second)
      $0.figure("offset", $1.offset)
    }
    writer.whole("offsets_left_out", detail.offsetsLeftOut)
    writer.list("worst_ties", detail.worstTies) {
      $0.text("underlying", $1.underlying)
      $0.text("scenario", $1.scenario)
      $0.list("parts", $1.parts) {
        $0.id("instrument", $1.instrument)
        $0.figure("requirement", $1.requirement)
      }
    }
    writer.list("contagion", detail.contagion) { write($1, to: &$0) }
  }

  private static func write(_ set: NettingSetShare, to writer: inout FigureWriter) {
    writer.text("netting_set", set.name)
    writer.id("underlying", set.underlying)
    writer.text("expiry", set.expiry?.text)
    writer.whole("members", set.memberCount)
    writer.figure("alone", set.alone)
    writer.figure("requirement", set.requirement)
    writer.figure("share", set.share)
    writer.figure("standard_error", set.standardError)
    writer.figure("saving_within", set.savingWithin)
    writer.figure("saving_between", set.savingBetween)
    writer.object("capital") { write(set.capital, to: &$0) }
    writer.object("capital_standard_error") { write(set.capitalError, to: &$0) }
  }

  private static func write(_ share: ShapleyShare, to writer: inout FigureWriter) {
    writer.id("instrument", share.instrument)
    writer.text("netting_set", share.nettingSet)
    writer.figure("alone", share.alone)
    writer.figure("share", share.share)
    writer.figure("saving", share.saving)
    writer.figure("standard_error", share.standardError)
    writer.figure("worst_scenario", share.worstScenario)
    writer.object("capital") { write(share.capital, to: &$0) }
    writer.object("capital_standard_error") { write(share.capitalError, to: &$0) }
  }

  private static func write(_ saving: MarginSaving, to writer: inout FigureWriter) {
    writer.figure("pooling", saving.pooling)
    writer.figure("model", saving.model)
    writer.figure("offset", saving.offset)
  }

  private static func write(_ figure: ContagionFigure, to writer: inout FigureWriter) {
    writer.id("instrument", figure.instrument)
    writer.text("scenario_set", figure.scenarioSet)
    writer.text("scenario", figure.scenario)
    writer.figure("loss", figure.loss)
    writer.figure("contained", figure.contained)
    writer.figure("spill", figure.spill)
    writer.figure("share_of_rest", figure.shareOfRest)
    writer.figure("rest_profit_and_loss", figure.restProfitAndLoss)
    writer.text("cross_breach", figure.crossBreach)
    writer.text("portfolio_breach", figure.portfolioBreach)
  }
}
