import MarketModel
import OptionPricing
import StructuredText

/// One option as a row of `greeks` or `implied-vol` gives it.
struct OptionRow {
  /// What the price is a function of.
  enum Asset {
    case spot(Double, dividendYield: Double)
    case forward(Double)
  }

  let type: OptionType
  let strike: Double
  let yearsToExpiry: Double
  let rate: Double
  /// The volatility, or the price of `implied-vol`.
  let quote: Double
  let asset: Asset
  let isCoinSettled: Bool
  let exercise: ExerciseStyle

  /// The contract of an American row; a forward is an asset whose yield is the rate.
  var american: AmericanContract {
    switch asset {
    case .spot(let spot, let dividendYield):
      AmericanContract(
        type: type, spot: spot, strike: strike, timeToExpiry: yearsToExpiry, volatility: quote, rate: rate,
        dividendYield: dividendYield)
    case .forward(let forward):
      AmericanContract(
        type: type, spot: forward, strike: strike, timeToExpiry: yearsToExpiry, volatility: quote, rate: rate,
        dividendYield: rate)
    }
  }

  /// The row of a batch, and the model whose batch it belongs to.
  var european: (model: EuropeanBatch.Model, option: EuropeanOption) {
    switch asset {
    case .spot(let spot, let dividendYield):
      (
        .blackScholes,
        EuropeanOption(
          type: type, asset: spot, strike: strike, yearsToExpiry: yearsToExpiry, quote: quote, rate: rate,
          dividendYield: dividendYield)
      )
    case .forward(let forward):
      (
        .black76,
        EuropeanOption(
          type: type, asset: forward, strike: strike, yearsToExpiry: yearsToExpiry, quote: quote, rate: rate)
      )
    }
  }
}

/// Rows of columns sorted into one batch a model, so that the kernels see many at once.
struct OptionBatches {
  /// Where a row went: the batch of its model and its place there, or why it has none.
  ///
  /// American rows of both models share one batch.
  typealias Place = Result<(row: OptionRow, model: EuropeanBatch.Model, index: Int), RefusedRow>

  let places: [Place]
  let spot: EuropeanBatch
  let forward: EuropeanBatch
  let american: [AmericanContract]

  /// Reads a range of rows.
  init(_ columns: OptionColumns, _ rows: Range<Int>) {
    var onSpot: [EuropeanOption] = []
    var onForward: [EuropeanOption] = []
    var early: [AmericanContract] = []
    places = rows.map { place in
      Result { () throws(RefusedRow) in
        let row = try columns.row(place)
        let (model, option) = row.european
        if row.exercise == .american {
          early.append(row.american)
          return (row, model, early.count - 1)
        }
        switch model {
        case .blackScholes: onSpot.append(option)
        case .black76: onForward.append(option)
        }
        return (row, model, (model == .black76 ? onForward.count : onSpot.count) - 1)
      }
    }
    spot = EuropeanBatch(.blackScholes, onSpot)
    forward = EuropeanBatch(.black76, onForward)
    american = early
  }
}

/// A row that has no figures; the name of the field at fault.
struct RefusedRow: Error {
  let field: String
  var status: String { "invalid:\(field)" }

  init(_ field: String) { self.field = field }

  /// A pricing error names its argument as the column does.
  init(_ error: PricingError) {
    switch error {
    case .outOfDomain(let argument): field = argument.rawValue
    case .notRepresentable(let figure): field = figure
    case .negativeVariance: field = "volatility"
    }
  }
}

/// The columns of `greeks` and `implied-vol` in a table.
struct OptionColumns: Sendable {
  let table: RowTable
  let quoteName: String

  static func schema(quote: String) -> RowSchema {
    RowSchema(
      known: [
        "id", "option_type", "strike", "years_to_expiry", quote, "rate", "spot", "dividend_yield", "forward",
        "exercise", "settlement",
      ], required: ["option_type", "strike", "years_to_expiry", quote, "rate"])
  }

  private func column(_ name: String) -> Int { table.column(name) ?? -1 }
  private func isPresent(_ name: String) -> Bool {
    table.column(name).map { table.isPresent[$0] } ?? false
  }

  /// What is missing from the columns as a whole; nil where every row can be read.
  var missing: String? {
    if !isPresent("spot"), !isPresent("forward") { return "the column \"spot\" or \"forward\"" }
    if isPresent("spot"), !isPresent("dividend_yield") {
      return "the column \"dividend_yield\" beside \"spot\""
    }
    return nil
  }

  /// Whether any row is settled in coin, which adds two columns.
  var hasCoin: Bool {
    isPresent("settlement") && (0..<table.rowCount).contains { word("settlement", $0) == "coin" }
  }

  /// The id of a row, its number counted from 1 where it has none.
  func identity(_ row: Int) -> String? {
    switch table.content(row: row, column: column("id")) {
    case .text(let text), .number(let text): text
    case .absent, .boolean, .nested: nil
    }
  }

  /// Reads one row; the first field at fault, in the order of the columns, refuses it.
  func row(_ row: Int) throws(RefusedRow) -> OptionRow {
    if table.raggedWidth(row: row) != nil { throw RefusedRow("row") }
    guard let type = word("option_type", row).flatMap(OptionType.init(rawValue:)) else {
      throw RefusedRow("option_type")
    }
    let strike = try number("strike", row)
    let years = try number("years_to_expiry", row)
    let quote = try number(quoteName, row)
    let rate = try number("rate", row)
    let asset = try asset(row)
    guard
      let exercise = word("exercise", row, default: ExerciseStyle.european.rawValue)
        .flatMap(ExerciseStyle.init(rawValue:))
    else { throw RefusedRow("exercise") }
    let settlement = word("settlement", row, default: "cash")
    guard settlement == "cash" || settlement == "coin" else { throw RefusedRow("settlement") }
    return OptionRow(
      type: type, strike: strike, yearsToExpiry: years, rate: rate, quote: quote, asset: asset,
      isCoinSettled: settlement == "coin", exercise: exercise)
  }

  /// Spot with its yield, or forward: both in one row would contradict each other.
  private func asset(_ row: Int) throws(RefusedRow) -> OptionRow.Asset {
    let hasSpot = !table.isAbsent(row: row, column: column("spot"))
    guard !table.isAbsent(row: row, column: column("forward")) else {
      let spot = try number("spot", row)
      return .spot(spot, dividendYield: try number("dividend_yield", row))
    }
    guard !hasSpot else { throw RefusedRow("forward") }
    return .forward(try number("forward", row))
  }

  private func number(_ name: String, _ row: Int) throws(RefusedRow) -> Double {
    guard case .finite(let value) = table.number(row: row, column: column(name)) else {
      throw RefusedRow(name)
    }
    return value
  }

  private func word(_ name: String, _ row: Int, default standard: String? = nil) -> String? {
    switch table.content(row: row, column: column(name)) {
    case .text(let text): text
    case .absent: standard
    case .number, .boolean, .nested: nil
    }
  }
}
