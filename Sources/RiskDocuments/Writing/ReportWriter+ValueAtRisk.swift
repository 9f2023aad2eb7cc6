import MarketModel
import TailRisk

extension ReportWriter {
  /// One value at risk, in the order of the contract.
  static func write(_ figure: ValueAtRiskFigure, to writer: inout FigureWriter) {
    writer.text("method", figure.method)
    // The exact decimal: a level is 99/100, not the double beside it.
    writer.digits("confidence", figure.confidence.decimal)
    writer.figure("horizon_days", figure.horizonDays)
    writer.figure("value_at_risk", figure.valueAtRisk)
    writer.figure("expected_shortfall", figure.expectedShortfall)
    writer.figure("standard_error", figure.standardError)
    writer.figure("expected_shortfall_standard_error", figure.expectedShortfallStandardError)
    whole("rank", figure.rank, to: &writer)
    writer.object("interval") {
      $0.text("kind", figure.interval.kind.rawValue)
      $0.figure("confidence", figure.interval.confidence)
      $0.figure("lower", figure.interval.lower)
      $0.figure("upper", figure.interval.upper)
      whole("lower_rank", figure.interval.lowerRank, to: &$0)
      whole("upper_rank", figure.interval.upperRank, to: &$0)
    }
    if let sampling = figure.sampling {
      writer.object("sampling") { write(sampling, to: &$0) }
    }
    if let remark = figure.remark { writer.text("remark", remark) }
    if let liquidity = figure.liquidity { writer.object("liquidity") { write(liquidity, to: &$0) } }
    writer.list("factors", figure.factors) {
      $0.text("kind", $1.kind)
      $0.id("name", $1.name)
      $0.flag("moved", $1.moved)
      $0.figure("volatility", $1.volatility)
      $0.text("reason", $1.reason)
    }
    write("components", figure.components, to: &writer)
    if !figure.byUnderlying.isEmpty { write("by_underlying", figure.byUnderlying, to: &writer) }
    if !figure.byRiskClass.isEmpty { write("by_risk_class", figure.byRiskClass, to: &writer) }
    if let profits = figure.profits { writer.numbers("profits", profits) }
  }

  private static func write(
    _ key: String, _ components: [ValueAtRiskFigure.Component], to writer: inout FigureWriter
  ) {
    writer.list(key, components) {
      $0.id("name", $1.name)
      if let valueAtRisk = $1.valueAtRisk { $0.figure("value_at_risk", valueAtRisk) }
      $0.figure("expected_shortfall", $1.expectedShortfall)
    }
  }

  private static func write(_ sampling: SamplingUse, to writer: inout FigureWriter) {
    writer.text("kind", sampling.kind)
    writer.whole("paths", sampling.paths)
    writer.text("variance_reduction", sampling.varianceReduction.rawValue)
    writer.whole("replicates", sampling.replicates)
    writer.figure("effective_sample_size", sampling.effectiveSampleSize)
    writer.figure("variance_ratio", sampling.varianceRatio)
    writer.text("fallback", sampling.fallback)
  }

  private static func whole(_ key: String, _ value: Int?, to writer: inout FigureWriter) {
    if let value { writer.whole(key, value) } else { writer.figure(key, nil) }
  }
}
