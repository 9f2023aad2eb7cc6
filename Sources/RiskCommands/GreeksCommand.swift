import CommandLineKit
import MarketModel
import OptionPricing

/// `plimsoll greeks FILE|-`: values and Greeks of single options, in columns.
enum GreeksCommand {
  static let command = Command(
    "greeks", abstract: "Values and Greeks of options, row by row.",
    discussion: [
      "In: option_type (call, put), strike, years_to_expiry, volatility, rate, and either spot with "
        + "dividend_yield (Black-Scholes-Merton) or forward (Black-76); optional id, "
        + "exercise (european, american), settlement (cash, coin).",
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
    return try run.print(writer) { range in
      let batches = OptionBatches(columns, range)
      let onSpot = batches.spot.greeks()
      let onForward = batches.forward.greeks()
      let early = AmericanPricing.greeks(of: batches.american)
      return zip(range, batches.places).map { place, found in
        var row = ColumnRow(
          id: columns.identity(place), figures: OptionGreeks.columnNames.map { _ in nil }, status: "ok",
          extras: hasCoin ? [nil, nil] : [])
        do throws(RefusedRow) {
          let (option, model, index) = try found.get()
          let greeks: OptionGreeks
          let coin: CoinGreeks?
          if option.exercise == .american {
            greeks = try american(early[index], of: model)
            coin = option.isCoinSettled ? try coinForm(greeks, batches.american[index], of: model) : nil
          } else {
            let table = model == .black76 ? onForward : onSpot
            greeks = try table.row(index)
            coin = option.isCoinSettled ? try table.coinRow(index, of: model) : nil
          }
          row.figures = greeks.columns
          if hasCoin { row.extras = [coin?.delta, coin?.gamma] }
        } catch {
          row.status = error.status
        }
        return row
      }
    }
  }

  /// The Greeks of an American row.
  ///
  /// Where a forward is given it is held fixed: rho is along rate and yield.
  private static func american(
    _ found: Result<OptionGreeks, PricingError>, of model: EuropeanBatch.Model
  ) throws(RefusedRow) -> OptionGreeks {
    do throws(PricingError) {
      var greeks = try found.get()
      if model == .black76 {
        greeks.rho += greeks.rhoQ ?? 0
        greeks.rhoQ = nil
      }
      return greeks
    } catch {
      throw RefusedRow(error, of: model)
    }
  }

  private static func coinForm(
    _ greeks: OptionGreeks, _ contract: AmericanContract, of model: EuropeanBatch.Model
  ) throws(RefusedRow) -> CoinGreeks {
    do throws(PricingError) {
      return try CoinGreeks(of: greeks, spot: contract.spot, strike: contract.strike)
    } catch {
      throw RefusedRow(model == .black76 ? "forward" : "spot")
    }
  }
}

extension RefusedRow {
  /// An American row on a forward was priced as a spot whose yield is the rate; the column has its own name.
  init(_ error: PricingError, of model: EuropeanBatch.Model) {
    let named = RefusedRow(error)
    self = named.field == "spot" && model == .black76 ? RefusedRow("forward") : named
  }
}

extension GreekTable {
  fileprivate func row(_ index: Int) throws(RefusedRow) -> OptionGreeks {
    do throws(PricingError) { return try greeks(index) } catch { throw RefusedRow(error) }
  }

  fileprivate func coinRow(_ index: Int, of model: EuropeanBatch.Model) throws(RefusedRow) -> CoinGreeks {
    do throws(PricingError) {
      return try coin(index)
    } catch {
      throw RefusedRow(model == .black76 ? "forward" : "spot")
    }
  }
}
