import CommandLineKit
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
    return try run.print(writer) { place in
      var row = ColumnRow(id: columns.identity(place), figures: [nil], status: "ok")
      do throws(RefusedRow) {
        let found = try invert(try columns.row(place))
        row.figures = [found.volatility]
        row.status = found.status.rawValue
      } catch {
        row.status = error.status
      }
      return row
    }
  }

  private static func invert(_ option: OptionRow) throws(RefusedRow) -> ImpliedVolatility {
    do throws(PricingError) {
      switch option.asset {
      case .spot(let spot, let dividendYield):
        return try ImpliedVolatility.blackScholes(
          type: option.type, price: option.quote, spot: spot, strike: option.strike,
          timeToExpiry: option.yearsToExpiry, rate: option.rate, dividendYield: dividendYield)
      case .forward(let forward):
        return try ImpliedVolatility.black76(
          type: option.type, price: option.quote, forward: forward, strike: option.strike,
          timeToExpiry: option.yearsToExpiry, rate: option.rate)
      }
    } catch {
      throw RefusedRow(error)
    }
  }
}
