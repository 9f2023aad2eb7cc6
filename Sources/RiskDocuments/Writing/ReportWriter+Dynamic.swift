import MarginModels
import MarketModel

extension ReportWriter {
  static func write(_ figure: DynamicMarginFigure, to writer: inout FigureWriter) {
    writer.figure("factor", figure.factor)
    writer.figure("factor_without_tools", figure.factorWithoutTools)
    writer.list("scaled", figure.scaled) {
      $0.text("model", $1.model)
      $0.text("mode", $1.mode.rawValue)
      $0.figure("initial", $1.initial)
      $0.figure("maintenance", $1.maintenance)
      $0.figure("surplus", $1.surplus)
      $0.figure("surplus_initial", $1.surplusInitial)
    }
    writer.list("courses", figure.courses) {
      $0.text("rule", $1.rule)
      write($1.panel, to: &$0)
    }
  }

  private static func write(_ panel: ProcyclicalityPanel, to writer: inout FigureWriter) {
    writer.whole("count", panel.count)
    writer.figure("mean", panel.mean)
    writer.figure("peak", panel.peak)
    writer.figure("trough", panel.trough)
    writer.figure("peak_to_trough", panel.peakToTrough)
    writer.list("largest_calls", panel.largestCalls) {
      $0.whole("horizon", $1.horizon)
      $0.figure("increase", $1.increase)
      $0.figure("relative", $1.relative)
    }
    if let breaches = panel.breaches {
      writer.whole("breaches", breaches)
    } else {
      writer.text("breaches", nil)
    }
    writer.figure("breach_rate", panel.breachRate)
  }
}
