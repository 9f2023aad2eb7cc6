import CommandLineKit
import OptionPricing

/// `plimsoll greeks FILE|-`: values and Greeks of single options, in columns.
enum GreeksCommand {
  static let command = Command(
    "greeks", abstract: "Values and Greeks of options, row by row.",
    discussion: [
      "In: option_type (call, put), strike, years_to_expiry, volatility, rate, and either spot with "
        + "dividend_yield (Black-Scholes-Merton) or forward (Black-76); optional id, exercise (european), "
        + "settlement (cash, coin).",
      "Out: raw partial derivatives; vega per 1.00 of volatility, rho per 1.00 of rate, time derivatives per "
        + "year of calendar time. A row that cannot be computed has empty figures and a status that names "
        + "the field; the exit status is then 2.",
    ],
    operands: [ColumnRun.operand],
    options: rows(ColumnRun.format, CommonOptions.threads, CommonOptions.strict),
    examples: [
      Example("plimsoll greeks options.csv", "columns of Greeks beside the ids"),
      Example("plimsoll greeks - --format jsonl < options.csv", "one JSON object an option"),
    ]
  ) { line throws(CommandError) in
    try Kernels.select(line)
    let run = try ColumnRun(line, quote: "volatility")
    let columns = run.columns
    let hasCoin = columns.hasCoin
    let writer = ColumnWriter(
      format: line(ColumnRun.format), figures: OptionGreeks.columnNames,
      extras: hasCoin ? ["coin_delta", "coin_gamma"] : [])
    return try run.print(writer) { place in
      var row = ColumnRow(
        id: columns.identity(place), figures: OptionGreeks.columnNames.map { _ in nil }, status: "ok",
        extras: hasCoin ? [nil, nil] : [])
      do throws(RefusedRow) {
        let option = try columns.row(place)
        let greeks = try price(option)
        let coin = option.isCoinSettled ? try coinView(greeks, option) : nil
        row.figures = greeks.columns
        if hasCoin { row.extras = [coin?.delta, coin?.gamma] }
      } catch {
        row.status = error.status
      }
      return row
    }
  }

  private static func price(_ option: OptionRow) throws(RefusedRow) -> OptionGreeks {
    do throws(PricingError) {
      switch option.asset {
      case .spot(let spot, let dividendYield):
        return try BlackScholes.greeks(
          type: option.type, spot: spot, strike: option.strike, timeToExpiry: option.yearsToExpiry,
          volatility: option.quote, rate: option.rate, dividendYield: dividendYield)
      case .forward(let forward):
        return try Black76.greeks(
          type: option.type, forward: forward, strike: option.strike, timeToExpiry: option.yearsToExpiry,
          volatility: option.quote, rate: option.rate)
      }
    } catch {
      throw RefusedRow(error)
    }
  }

  private static func coinView(_ greeks: OptionGreeks, _ option: OptionRow) throws(RefusedRow) -> CoinGreeks {
    let price: Double
    let name: String
    switch option.asset {
    case .spot(let spot, _): (price, name) = (spot, "spot")
    case .forward(let forward): (price, name) = (forward, "forward")
    }
    do throws(PricingError) {
      return try CoinGreeks(of: greeks, spot: price, strike: option.strike)
    } catch {
      throw RefusedRow(name)
    }
  }
}
