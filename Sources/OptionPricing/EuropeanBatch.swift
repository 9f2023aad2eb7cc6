public import MarketModel
import RiskNumerics

/// One European option as a row of a batch.
public struct EuropeanOption: Hashable, Sendable {
  public var type: OptionType
  /// Spot, or the forward where the batch is Black-76.
  public var asset: Double
  public var strike: Double
  public var yearsToExpiry: Double
  /// The volatility, or the price where volatilities are asked for.
  public var quote: Double
  public var rate: Double
  /// Not read where the batch is Black-76.
  public var dividendYield: Double

  /// A row, not checked before it is computed.
  ///
  /// Units and ranges as for `BlackScholes.value` and `Black76.value`.
  public init(
    type: OptionType, asset: Double, strike: Double, yearsToExpiry: Double, quote: Double, rate: Double,
    dividendYield: Double = 0
  ) {
    self.type = type
    self.asset = asset
    self.strike = strike
    self.yearsToExpiry = yearsToExpiry
    self.quote = quote
    self.rate = rate
    self.dividendYield = dividendYield
  }
}

/// European options computed in columns, several at a time.
///
/// A row has the bits that `BlackScholes`, `Black76` and `ImpliedVolatility` give it alone, and an argument out
/// of range refuses its own row only.
public struct EuropeanBatch: Sendable {
  /// What the asset of every row is.
  public enum Model: Sendable {
    /// A spot with a continuous yield.
    case blackScholes
    /// A forward that derivatives hold fixed.
    case black76
  }

  public let model: Model
  public let options: [EuropeanOption]
  private let inputs: [Double]
  private let stride: Int

  /// A batch of options of one model.
  public init(_ model: Model, _ options: [EuropeanOption]) {
    self.model = model
    self.options = options
    stride = OptionKernels.stride(rows: options.count)
    inputs = Self.columns(options, model, stride)
  }

  private static func columns(_ options: [EuropeanOption], _ model: Model, _ stride: Int) -> [Double] {
    var inputs = [Double](repeating: 0, count: OptionKernels.inputCount * stride)
    for (row, option) in options.enumerated() {
      inputs[row] = option.asset
      inputs[row + stride] = option.strike
      inputs[row + 2 * stride] = option.yearsToExpiry
      inputs[row + 3 * stride] = option.quote
      inputs[row + 4 * stride] = option.rate
      inputs[row + 5 * stride] = model == .black76 ? option.rate : option.dividendYield
      inputs[row + 6 * stride] = option.type.sign
    }
    return inputs
  }

  /// Values and all Greeks, the coin forms included.
  ///
  /// - Complexity: O(rows), about 10 ns a row with AVX-512.
  public func greeks() -> GreekTable {
    var figures = [Double](repeating: 0, count: OptionKernels.figureCount * stride)
    fill(&figures)
    return GreekTable(batch: self, figures: figures, stride: stride)
  }

  private func fill(_ figures: inout [Double]) {
    var output = figures.mutableSpan
    OptionKernels.greeks(
      rows: options.count, onForward: model == .black76, figures: OptionKernels.figureCount,
      inputs: inputs.span, into: &output, stride: stride)
  }

  /// The volatility behind the price of every row, or the argument that is out of range.
  ///
  /// - Complexity: O(rows), about 20 ns a row with AVX-512.
  public func impliedVolatilities() -> [Result<ImpliedVolatility, PricingError>] {
    var volatilities = [Double](repeating: 0, count: options.count)
    var outcomes = [Int64](repeating: 0, count: options.count)
    invert(&volatilities, &outcomes)
    let asset: PricingArgument = model == .black76 ? .forward : .spot
    return zip(volatilities, outcomes).map { volatility, code in
      Result { () throws(PricingError) in
        try ImpliedVolatility((volatility, OptionKernels.outcome(code)), asset: asset)
      }
    }
  }

  private func invert(_ volatilities: inout [Double], _ outcomes: inout [Int64]) {
    var found = volatilities.mutableSpan
    var codes = outcomes.mutableSpan
    OptionKernels.impliedVolatilities(
      rows: options.count, inputs: inputs.span, stride: stride, into: &found, outcomes: &codes)
  }
}

/// The figures of a batch.
public struct GreekTable: Sendable {
  let batch: EuropeanBatch
  let figures: [Double]
  let stride: Int

  /// The number of rows.
  public var count: Int { batch.options.count }

  /// The Greeks of a row, from 0 and inside the table.
  ///
  /// - Throws: `outOfDomain` with the argument of this row that is out; `notRepresentable` with the figure that
  ///   overflows.
  public func greeks(_ row: Int) throws(PricingError) -> OptionGreeks {
    let option = batch.options[row]
    let onForward = batch.model == .black76
    _ = try EuropeanFormula(
      type: option.type, asset: option.asset, strike: option.strike, time: option.yearsToExpiry,
      volatility: option.quote, rate: option.rate, yield: option.dividendYield, onForward: onForward
    ).checked()
    return try OptionGreeks(onForward: onForward) { figures[row + $0 * stride] }.checked()
  }

  /// The coin view of a row: as `CoinGreeks`, to rounding.
  public func coin(_ row: Int) throws(PricingError) -> CoinGreeks {
    try CoinGreeks(
      delta: figures[row + 17 * stride], gamma: figures[row + 18 * stride],
      spot: batch.options[row].asset)
  }
}
