import RiskNumerics

/// A small generator with a fixed seed: SplitMix64 (Steele, Lea and Flood, 2014).
struct TestRandom {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(next() >> 11) * 0x1p-53
  }
}

/// Units in the last place of `exact` between the two numbers.
func ulps(_ found: Double, _ exact: Double) -> Double {
  if found == exact || (found.isNaN && exact.isNaN) { return 0 }
  return (found - exact).magnitude / exact.ulp
}

/// |found − exact| / |exact|; 0 when equal.
func relativeError(_ found: Double, _ exact: Double) -> Double {
  found == exact ? 0 : (found - exact).magnitude / exact.magnitude
}

/// The same bits; all NaN count as one.
func sameBits(_ a: [Double], _ b: [Double]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}

/// A new column of the count of x, filled by the body.
func column(_ count: Int, _ body: (inout MutableSpan<Double>) -> Void) -> [Double] {
  var result = [Double](repeating: 0, count: count)
  var span = result.mutableSpan
  body(&span)
  return result
}

func blackValues(_ rows: [[Double]]) -> [Double] {
  let forward = rows.map { $0[0] }
  let strike = rows.map { $0[1] }
  let deviation = rows.map { $0[2] }
  let sign = rows.map { $0[3] }
  let ones = [Double](repeating: 1, count: rows.count)
  return column(rows.count) {
    BlackKernels.values(
      forward: forward.span, strike: strike.span, standardDeviation: deviation.span, sign: sign.span,
      scale: ones.span, into: &$0)
  }
}

/// Price, delta, gamma, vega and theta of rows of forward, strike, time, volatility and sign.
func greekColumns(_ rows: [[Double]]) -> [[Double]] {
  let forward = rows.map { $0[0] }
  let strike = rows.map { $0[1] }
  let time = rows.map { $0[2] }
  let volatility = rows.map { $0[3] }
  let sign = rows.map { $0[4] }
  var price = [Double](repeating: 0, count: rows.count)
  var delta = price
  var gamma = price
  var vega = price
  var theta = price
  var priceSpan = price.mutableSpan
  var deltaSpan = delta.mutableSpan
  var gammaSpan = gamma.mutableSpan
  var vegaSpan = vega.mutableSpan
  var thetaSpan = theta.mutableSpan
  BlackKernels.greeks(
    forward: forward.span, strike: strike.span, timeToExpiry: time.span, volatility: volatility.span,
    sign: sign.span, price: &priceSpan, delta: &deltaSpan,
    gamma: &gammaSpan, vega: &vegaSpan, theta: &thetaSpan)
  return [price, delta, gamma, vega, theta]
}

func largest(_ k: Int, _ xs: [Double]) -> [Double]? { OrderStatistics.largest(k, of: xs.span) }

func indicesOfLargest(_ k: Int, _ xs: [Double]) -> [Int]? { OrderStatistics.indicesOfLargest(k, of: xs.span) }

/// Figures of rows of asset, strike, years, volatility, rate, yield and sign, column after column.
func optionFigures(_ rows: [[Double]], onForward: Bool, figures: Int) -> [Double] {
  let stride = OptionKernels.stride(rows: rows.count)
  let input = optionColumns(rows, stride)
  let output = column(figures * stride) {
    OptionKernels.greeks(
      rows: rows.count, onForward: onForward, figures: figures, inputs: input.span, into: &$0,
      stride: stride)
  }
  return (0..<figures).flatMap { output[($0 * stride)..<($0 * stride + rows.count)] }
}

/// Volatility and outcome of rows with a price in the fourth place.
func volatilities(_ rows: [[Double]]) -> [(Double, Int64)] {
  let stride = OptionKernels.stride(rows: rows.count)
  let input = optionColumns(rows, stride)
  var codes = [Int64](repeating: 0, count: rows.count)
  let found = column(rows.count) { y in
    var outcomes = codes.mutableSpan
    OptionKernels.impliedVolatilities(
      rows: rows.count, inputs: input.span, stride: stride, into: &y, outcomes: &outcomes)
  }
  return Array(zip(found, codes))
}

private func optionColumns(_ rows: [[Double]], _ stride: Int) -> [Double] {
  var input = [Double](repeating: 0, count: 7 * stride)
  for (row, cells) in rows.enumerated() {
    for (column, cell) in cells.enumerated() { input[row + column * stride] = cell }
  }
  return input
}
