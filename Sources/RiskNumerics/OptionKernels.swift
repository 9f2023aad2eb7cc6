internal import CKernels

/// European options row by row: values with every Greek, and volatilities behind prices.
///
/// The columns of a table lie one after the other: element (row, column) at row + column × stride, stride at
/// least the number of rows. Equal strides that are multiples of 512 cost a fifth of the speed; `stride(rows:)`
/// gives one that does not. Nothing is checked here: an argument out of range gives figures that are not
/// finite or mean nothing, in its own row only. The same bits at every `KernelLevel` and from one row alone.
public enum OptionKernels {
  /// Columns of the input: asset, strike, years to expiry, volatility (or price), rate, yield, sign.
  public static let inputCount = 7
  /// price, delta, gamma, vega, theta, rho; then rho_q, vanna, volga, charm, veta, speed, zomma, color, ultima,
  /// dual_delta, dual_gamma; then coin_delta and coin_gamma.
  public static let figureCount = 19

  /// A stride for columns of so many rows.
  public static func stride(rows: Int) -> Int { (max(rows, 0) / 8 + 1) * 8 + 40 }

  /// Values and Greeks of options on a spot with a yield, or on a forward.
  ///
  /// - Parameters:
  ///   - count: rows; negative or more than the spans hold computes what there is.
  ///   - onForward: the asset is a forward, held fixed by every derivative; the yield is not read.
  ///   - figures: 6, 17 or 19 columns of `figureCount`.
  /// - Complexity: about 4 ns a row for 6 figures and 7 ns for 19 on a core with AVX-512.
  public static func greeks(
    rows count: Int, onForward: Bool, figures: Int, inputs: Span<Double>,
    into output: inout MutableSpan<Double>, stride: Int
  ) {
    let width = figures > 17 ? 19 : figures > 6 ? 17 : 6
    guard count > 0, stride >= count, inputs.count / stride >= inputCount, output.count / stride >= width
    else { return }
    unsafe inputs.withUnsafeBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        guard let x = input.baseAddress, let y = output.baseAddress else { return }
        unsafe ck_european(
          count, x, x + stride, x + 2 * stride, x + 3 * stride, x + 4 * stride, x + 5 * stride,
          x + 6 * stride,
          onForward ? 1 : 0, Int32(truncatingIfNeeded: width), y, stride)
      }
    }
  }

  /// The figures of one option, in the order of `figureCount`.
  public static func greeks(
    asset: Double, strike: Double, years: Double, volatility: Double, rate: Double, yield: Double,
    sign: Double, onForward: Bool
  ) -> [19 of Double] {
    var figures = [19 of Double](repeating: 0)
    var span = figures.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { y in
      guard let y = y.baseAddress else { return }
      unsafe ck_european1(asset, strike, years, volatility, rate, yield, sign, onForward ? 1 : 0, y)
    }
    return figures
  }

  /// What inverting a price gave, as the kernel counts it.
  public enum Outcome: Int, Sendable, CaseIterable {
    case ok, belowIntrinsic, aboveMaximum, atMaximum, zeroVolatility, noTimeValue
    /// An argument is out of range; the first one in this order is named.
    case asset, price, strike, years, rate, yield

    init(code: Int64) { self = Outcome(rawValue: Int(truncatingIfNeeded: code)) ?? .asset }
  }

  /// The volatilities at which the Black formula gives prices; the fourth input column holds the prices.
  ///
  /// - Parameters:
  ///   - volatilities: annual, 0 unless the outcome is `ok`; within 4 × 2⁻⁵³ × (1 + condition number) of the
  ///     exact inverse on the reference cases.
  ///   - outcomes: `Outcome.rawValue` of every row.
  /// - Complexity: about 18 ns a row on a core with AVX-512; commonly two Householder steps, at most 20.
  public static func impliedVolatilities(
    rows count: Int, inputs: Span<Double>, stride: Int, into volatilities: inout MutableSpan<Double>,
    outcomes: inout MutableSpan<Int64>
  ) {
    guard count > 0, stride >= count, inputs.count / stride >= inputCount, volatilities.count >= count,
      outcomes.count >= count
    else { return }
    unsafe inputs.withUnsafeBufferPointer { input in
      unsafe volatilities.withUnsafeMutableBufferPointer { volatilities in
        unsafe outcomes.withUnsafeMutableBufferPointer { outcomes in
          guard let x = input.baseAddress, let y = volatilities.baseAddress, let s = outcomes.baseAddress
          else { return }
          unsafe ck_implied(
            count, x + 3 * stride, x, x + stride, x + 2 * stride, x + 4 * stride, x + 5 * stride,
            x + 6 * stride, y, s)
        }
      }
    }
  }

  /// The volatility of one price.
  public static func impliedVolatility(
    price: Double, asset: Double, strike: Double, years: Double, rate: Double, yield: Double, sign: Double
  ) -> (volatility: Double, outcome: Outcome) {
    var code: Int64 = 0
    let volatility = unsafe ck_implied1(price, asset, strike, years, rate, yield, sign, &code)
    return (volatility, Outcome(code: code))
  }

  /// The outcome behind a code that `impliedVolatilities` wrote.
  public static func outcome(_ code: Int64) -> Outcome { Outcome(code: code) }
}
