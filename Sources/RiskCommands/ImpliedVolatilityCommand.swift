import CommandLineKit
import MarketModel
import OptionPricing

/// `plimsoll implied-vol FILE|-`: the volatility behind each price, in columns.
enum ImpliedVolatilityCommand {
  static let command = Command(
    "implied-vol", abstract: "Implied volatilities of option prices, row by row.",
    discussion: [
      "In: as for greeks, with price in place of volatility. Out: implied_volatility and status, one of ok, "
        + "below_intrinsic, above_maximum, at_maximum, zero_vol, no_time_value, or invalid: and the field."
    ],
    operands: [ColumnRun.operand],
    options: rows(ColumnRun.format, CommonOptions.threads, CommonOptions.strict),
    examples: [Example("plimsoll implied-vol prices.csv", "one volatility a row")]
  ) { line throws(CommandError) in
    try Kernels.select(line)
    let run = try ColumnRun(line, quote: "price")
    let columns = run.columns
    let writer = ColumnWriter(format: line(ColumnRun.format), figures: ["implied_volatility"], extras: [])
    return try run.print(writer) { range in
      let batches = OptionBatches(columns, range)
      let onSpot = batches.spot.impliedVolatilities()
      let onForward = batches.forward.impliedVolatilities()
      // The quote of these columns is the price.
      let early = ImpliedVolatility.american(batches.american, prices: batches.american.map(\.volatility))
      return zip(range, batches.places).map { place, found in
        var row = ColumnRow(id: columns.identity(place), figures: [nil], status: "ok")
        do throws(RefusedRow) {
          let (option, model, index) = try found.get()
          let result =
            option.exercise == .american
            ? try american(early[index], of: model)
            : try volatility(model == .black76 ? onForward[index] : onSpot[index])
          row.figures = [result.volatility]
          row.status = result.status.rawValue
        } catch {
          row.status = error.status
        }
        return row
      }
    }
  }

  private static func volatility(
    _ found: Result<ImpliedVolatility, PricingError>
  ) throws(RefusedRow) -> ImpliedVolatility {
    do throws(PricingError) { return try found.get() } catch { throw RefusedRow(error) }
  }

  private static func american(
    _ found: Result<ImpliedVolatility, PricingError>, of model: EuropeanBatch.Model
  ) throws(RefusedRow) -> ImpliedVolatility {
    do throws(PricingError) { return try found.get() } catch { throw RefusedRow(error, of: model) }
  }
}
