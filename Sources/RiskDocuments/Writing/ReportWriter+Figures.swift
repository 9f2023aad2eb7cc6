import MarketModel
import PortfolioValuation
import TailRisk

extension ReportWriter {
  /// Everything below `incomplete`, in the order of the contract.
  func write(_ figures: ReportFigures, to writer: inout FigureWriter) {
    writer.figure("equity", figures.equity)
    writer.list("collateral", figures.collateral) {
      $0.id("asset", $1.asset)
      $0.figure("quantity", $1.quantity)
      $0.figure("spot", $1.spot)
      $0.figure("value", $1.value)
    }
    writer.list("positions", figures.positions) {
      $0.id("instrument", $1.instrument)
      $0.figure("quantity", $1.quantity)
      $0.text("unit", $1.unit)
      $0.figure("value", $1.value)
      if let greeks = $1.greeks { $0.object("greeks") { Self.write(greeks, to: &$0) } }
    }
    if let greeks = figures.greeks { write(greeks, to: &writer) }
    if let valueAtRisk = figures.valueAtRisk {
      writer.list("value_at_risk", valueAtRisk) { Self.write($1, to: &$0) }
    }
    if let stress = figures.stress { writer.list("stress", stress) { Self.write($1, to: &$0) } }
    if let reverse = figures.reverseStress {
      writer.list("reverse_stress", reverse) { Self.write($1, to: &$0) }
    }
    if let margin = figures.margin { Self.write(margin, to: &writer) }
    if let liquidation = figures.liquidation { Self.write(liquidation, to: &writer) }
    if let liquidity = figures.liquidity { Self.write(liquidity, to: &writer) }
  }

  private func write(_ greeks: AggregateGreeks, to writer: inout FigureWriter) {
    writer.object("greeks") {
      $0.list("by_underlying", greeks.byUnderlying) {
        let place = $1.underlying
        $0.text("underlying", assets.indices.contains(place) ? assets[place].text : "unknown")
        $0.list("by_expiry", $1.byExpiry) {
          $0.text("expiry", $1.expiry.flatMap(Instant.init).map(\.text))
          Self.write($1.greeks, to: &$0)
        }
        Self.write($1.greeks, to: &$0)
      }
      $0.object("total") {
        Self.write(greeks.total, showsUnits: greeks.byUnderlying.count < 2, to: &$0)
      }
    }
  }

  /// The figures of one set; `value` stands beside it where the contract names it.
  static func write(_ greeks: GreekSet, showsUnits: Bool = true, to writer: inout FigureWriter) {
    writer.figure("delta", showsUnits ? greeks.delta : nil)
    writer.figure("gamma", showsUnits ? greeks.gamma : nil)
    writer.figure("coin_delta", showsUnits ? greeks.coinDelta : nil)
    writer.figure("coin_gamma", showsUnits ? greeks.coinGamma : nil)
    writer.figure("cash_delta", greeks.cashDelta)
    writer.figure("cash_gamma_1pct", greeks.cashGamma1Percent)
    writer.figure("vega", greeks.vega)
    writer.figure("theta", greeks.theta)
    writer.figure("rho", greeks.rho)
  }
}
