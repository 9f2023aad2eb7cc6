import StructuredText

/// The range of a field, wide enough for every market and narrow enough that figures stay finite.
struct FieldRule: Sendable {
  let lower: Double
  let upper: Double
  /// "a price above 0", for "expected …".
  let expected: String

  func admits(_ value: Double) -> Bool { value >= lower && value <= upper }

  /// Above zero: spots, forwards, strikes.
  static let price = FieldRule(lower: 1e-12, upper: 1e15, expected: "a price above 0 (1e-12 to 1e+15)")
  /// A premium may be zero.
  static let premium = FieldRule(lower: 0, upper: 1e15, expected: "a price of 0 or more (to 1e+15)")
  static let quantity = FieldRule(lower: -1e15, upper: 1e15, expected: "a quantity within 1e+15 of 0")
  static let amount = FieldRule(lower: 0, upper: 1e15, expected: "an amount of 0 or more (to 1e+15)")
  static let multiplier = FieldRule(lower: 1e-9, upper: 1e9, expected: "a multiplier above 0 (1e-9 to 1e+9)")
  /// Annual, as a fraction: 100 is 10,000 %.
  static let volatility = FieldRule(
    lower: 1e-6, upper: 100, expected: "an annual volatility above 0 as a fraction (1e-6 to 100)")
  static let factorVolatility = FieldRule(
    lower: 0, upper: 100, expected: "an annual volatility of 0 or more as a fraction (to 100)")
  static let rate = FieldRule(
    lower: -10, upper: 10, expected: "a continuous annual rate as a fraction (-10 to 10)")
  static let correlation = FieldRule(lower: -1, upper: 1, expected: "a correlation between -1 and 1")
  /// Annual, of a rate: 0.01 is one hundred basis points.
  static let rateVolatility = FieldRule(
    lower: 0, upper: 10, expected: "an annual volatility of a rate of 0 or more as a fraction (to 10)")
  /// Of Student's t with a variance.
  static let degreesOfFreedom = FieldRule(
    lower: 2.01, upper: 1e6, expected: "degrees of freedom above 2 (2.01 to 1e+6)")
  static let jumpRate = FieldRule(lower: 0, upper: 10_000, expected: "jumps a year of 0 or more (to 10000)")
  static let logMove = FieldRule(lower: -5, upper: 5, expected: "a move of a log price (-5 to 5)")
  static let decay = FieldRule(
    lower: 1e-6, upper: 0.999_999, expected: "a weight of yesterday between 0 and 1 (1e-6 to 0.999999)")
  static let funding = FieldRule(lower: -1, upper: 1, expected: "a fraction between -1 and 1")
  static let years = FieldRule(lower: 1e-9, upper: 200, expected: "a time above 0 in years (to 200)")
  static let leverage = FieldRule(lower: 0.1, upper: 10, expected: "a factor between 0.1 and 10")
  static let fraction = FieldRule(lower: 0, upper: 1, expected: "a fraction between 0 and 1")
  static let beta = FieldRule(lower: -100, upper: 100, expected: "a beta within 100 of 0")
  static let borrowRate = FieldRule(
    lower: 0, upper: 10, expected: "a simple annual rate of 0 or more as a fraction (to 10)")
  static let parameter = FieldRule(lower: -1e6, upper: 1e6, expected: "a number within 1e+6 of 0")
  static let dividendShare = FieldRule(
    lower: 0, upper: 0.99, expected: "a share of the spot between 0 and 0.99")
  static let modelNumber = FieldRule(lower: -1e15, upper: 1e15, expected: "a number within 1e+15 of 0")
  static let days = FieldRule(lower: 1e-6, upper: 3_650, expected: "days above 0 (to 3650)")
  /// A relative move; −1 would leave nothing.
  static let move = FieldRule(
    lower: -0.999_999_999, upper: 1_000, expected: "a relative move above -1 (to 1000)")

  static let halfSpread = FieldRule(
    lower: 0, upper: 1, expected: "a fraction of the price between 0 and 1")
  static let volume = FieldRule(lower: 1e-9, upper: 1e15, expected: "a quantity above 0 (1e-9 to 1e+15)")
  static let impact = FieldRule(lower: 0, upper: 1_000, expected: "a coefficient of 0 or more (to 1000)")
  static let widening = FieldRule(
    lower: 0, upper: 1_000, expected: "a slope a daily standard deviation of 0 or more (to 1000)")
  /// Of log returns over a day, as a fraction.
  static let dailyVolatility = FieldRule(
    lower: 1e-6, upper: 10, expected: "a daily volatility above 0 as a fraction (1e-6 to 10)")
  static let volatilityHalfSpread = FieldRule(
    lower: 0, upper: 10, expected: "a half-spread in annual volatility of 0 or more as a fraction (to 10)")

  /// The sentence for a number outside the range.
  func refusal(_ value: Double) -> String {
    "expected \(expected), found \(NumberText.text(of: value) ?? "no number")"
  }
}
