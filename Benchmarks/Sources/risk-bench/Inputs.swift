import RiskNumerics

/// The columns every measurement reads: fixed seed, so the checks of two runs are equal.
struct Inputs {
  let count = 2000
  let normals: [Double]
  let logMultipliers: [Double]
  let multipliers: [Double]
  let probabilities: [Double]
  let forwards: [Double]
  let strikes: [Double]
  let deviations: [Double]
  let times: [Double]
  let signs: [Double]
  let ones: [Double]
  let table: [Double]
  let rowStarts: [Int]
  let factors: [Double]
  let scenarios = 40
  /// Seven columns of `OptionKernels`, and the same with prices in place of volatilities.
  let options: [Double]
  let prices: [Double]

  init() {
    func draw(_ factor: Int, _ count: Int) -> [Double] {
      var z = [Double](repeating: 0, count: count)
      var span = z.mutableSpan
      RandomStream(seed: 1).normals(factor: factor, step: 0, firstPath: 0, into: &span)
      return z
    }
    normals = draw(0, 2000)
    logMultipliers = normals.map { 0.1 * $0 }
    multipliers = logMultipliers.map { Elementary.exp($0) }
    probabilities = normals.map { Elementary.normalDistribution($0) }
    forwards = draw(1, 2000).map { 100 * Elementary.exp(0.2 * $0) }
    strikes = draw(2, 2000).map { 100 * Elementary.exp(0.2 * $0) }
    deviations = draw(3, 2000).map { 0.3 * Elementary.exp(0.5 * $0) }
    times = draw(4, 2000).map { 0.5 * Elementary.exp(0.5 * $0) }
    signs = (0..<2000).map { $0 % 2 == 0 ? 1 : -1 }
    ones = [Double](repeating: 1, count: 2000)
    table = draw(5, 2000 * 40)
    rowStarts = (0..<50).map { ($0 * 379 % 2000) * 40 }
    factors = draw(6, 50)
    let stride = OptionKernels.stride(rows: 2000)
    var columns = [Double](repeating: 0, count: 7 * stride)
    var priced = columns
    for row in 0..<2000 {
      let figures = OptionKernels.greeks(
        asset: forwards[row], strike: strikes[row], years: times[row], volatility: deviations[row],
        rate: 0.03, yield: 0.01, sign: signs[row], onForward: false)
      let cells = [forwards[row], strikes[row], times[row], deviations[row], 0.03, 0.01, signs[row]]
      for (column, cell) in cells.enumerated() {
        columns[row + column * stride] = cell
        priced[row + column * stride] = column == 3 ? figures[0] : cell
      }
    }
    options = columns
    prices = priced
  }
}
