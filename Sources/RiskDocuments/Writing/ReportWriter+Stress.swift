import MarketModel
import PortfolioValuation
import TailRisk

extension ReportWriter {
  /// One stress: the figure, what moved it, the cells of a ladder, and for the book what moved the market.
  static func write(_ figure: StressFigure, to writer: inout FigureWriter) {
    writer.id("scenario", figure.scenario)
    writer.figure("profit_and_loss", figure.profitAndLoss)
    if let closeOut = figure.closeOut { writer.figure("close_out_cost", closeOut.total) }
    if let explanation = figure.explanation {
      writer.object("explain") { write(explanation, to: &$0) }
    }
    if let grid = figure.grid {
      writer.object("ladder") {
        $0.numbers("spot", grid.ladder.spots)
        let rows = zip(grid.ladder.volatilities, grid.profits).map { $0 }
        $0.list("rows", rows) {
          $0.figure("volatility", $1.0)
          $0.numbers("profit_and_loss", $1.1)
        }
      }
    }
    if let market = figure.market {
      if let window = market.window {
        writer.object("window") {
          $0.text("from", window.from.text)
          $0.text("to", window.to.text)
        }
      }
      writer.list("moves", market.moves) {
        $0.id("name", $1.asset)
        $0.figure("spot", $1.spot)
        $0.figure("volatility", $1.volatility)
        $0.figure("skew", $1.skew)
        $0.figure("basis", $1.basis)
      }
    }
  }

  private static func write(_ explanation: StressExplanation, to writer: inout FigureWriter) {
    writer.figure("delta", explanation.delta)
    writer.figure("gamma", explanation.gamma)
    writer.figure("vega", explanation.vega)
    writer.figure("volga", explanation.volga)
    writer.figure("vanna", explanation.vanna)
    writer.figure("theta", explanation.theta)
    writer.figure("rho", explanation.rho)
    writer.figure("basis", explanation.basis)
    writer.figure("currency", explanation.currency)
    writer.figure("funding", explanation.funding)
    writer.figure("residual", explanation.residual)
  }

  /// One reverse stress.
  static func write(_ figure: ReverseStressFigure, to writer: inout FigureWriter) {
    writer.text("status", figure.status.rawValue)
    if case .fractionOfEquity(let fraction) = figure.plan.loss {
      writer.figure("loss_fraction_of_equity", fraction)
    }
    writer.figure("loss", figure.loss)
    writer.figure("horizon_days", figure.plan.horizonDays)
    writer.figure("bound", ReverseStressFigure.bound)
    writer.figure("distance", figure.distance)
    writer.object("probability") {
      $0.figure("half_space", figure.halfSpaceProbability)
      $0.figure("chi_square", figure.chiSquareProbability)
      $0.whole("degrees_of_freedom", figure.degreesOfFreedom)
    }
    writer.figure("profit_and_loss", figure.profitAndLoss)
    writer.list("moves", figure.moves) {
      $0.text("kind", "spot")
      $0.id("name", $1.asset)
      $0.figure("move", $1.spot)
      $0.figure("deviations", $1.deviations)
    }
    writer.numbers("other_minima", figure.otherMinima)
    writer.figure("largest_loss", figure.largestLoss)
    writer.text("remark", figure.remark)
  }
}
