import RiskNumerics

/// Every kernel at the level in force.
func kernelMeasurements(_ inputs: Inputs, level: String, repetitions: Int) -> [Measurement] {
  let n = inputs.count
  func line(
    _ name: String, elements: Int? = nil, width: Int? = nil, _ body: (inout MutableSpan<Double>) -> Void
  ) -> Measurement {
    measure(
      name, level: level, elements: elements ?? n, width: width ?? n, repetitions: repetitions, body)
  }
  var lines = [
    line("exp") { VectorMath.exp(inputs.normals.span, into: &$0) },
    line("log") { VectorMath.log(inputs.multipliers.span, into: &$0) },
    line("cdf") { VectorMath.normalDistribution(inputs.normals.span, into: &$0) },
    line("quantile") { VectorMath.normalQuantile(inputs.probabilities.span, into: &$0) },
    line("black") {
      BlackKernels.values(
        forward: inputs.forwards.span, strike: inputs.strikes.span,
        standardDeviation: inputs.deviations.span, sign: inputs.signs.span, scale: inputs.ones.span,
        into: &$0)
    },
    line("path") {
      BlackKernels.path(
        logMultiplier: inputs.logMultipliers.span, multiplier: inputs.multipliers.span, forward: 100,
        strike: 110, standardDeviation: 0.3, sign: 1, scale: 1, into: &$0)
    },
    line("normals") { RandomStream(seed: 7).normals(factor: 1, step: 0, firstPath: 0, into: &$0) },
  ]
  var delta = [Double](repeating: 0, count: n)
  var gamma = delta
  var vega = delta
  var theta = delta
  lines.append(
    line("greeks") { price in
      var deltaSpan = delta.mutableSpan
      var gammaSpan = gamma.mutableSpan
      var vegaSpan = vega.mutableSpan
      var thetaSpan = theta.mutableSpan
      BlackKernels.greeks(
        forward: inputs.forwards.span, strike: inputs.strikes.span, timeToExpiry: inputs.times.span,
        volatility: inputs.deviations.span, sign: inputs.signs.span, price: &price, delta: &deltaSpan,
        gamma: &gammaSpan, vega: &vegaSpan, theta: &thetaSpan)
    })
  let stride = OptionKernels.stride(rows: n)
  for figures in [6, 17, 19] {
    lines.append(
      line("european\(figures)", width: figures * stride) { output in
        OptionKernels.greeks(
          rows: n, onForward: false, figures: figures, inputs: inputs.options.span, into: &output,
          stride: stride)
      })
  }
  var outcomes = [Int64](repeating: 0, count: n)
  lines.append(
    line("impliedVolatility") { volatilities in
      var codes = outcomes.mutableSpan
      OptionKernels.impliedVolatilities(
        rows: n, inputs: inputs.prices.span, stride: stride, into: &volatilities, outcomes: &codes)
    })
  // A hundred accounts, so that the clock is not what is measured.
  lines.append(
    line("gatherRows", elements: 100 * 50 * inputs.scenarios, width: inputs.scenarios) { sum in
      for _ in 0..<100 {
        VectorMath.gatherRows(
          inputs.table.span, rowStarts: inputs.rowStarts.span, factors: inputs.factors.span, adding: 0,
          into: &sum)
      }
    })
  return lines
}

/// What does not depend on the level: selection and exact sums.
func otherMeasurements(_ inputs: Inputs, repetitions: Int) -> [Measurement] {
  let table = inputs.table
  return [
    measure(
      "largest", level: "swift", elements: table.count, width: 1, repetitions: repetitions / 10
    ) {
      $0[0] = OrderStatistics.largest(table.count / 100, of: table.span)?.last ?? .nan
    },
    measure(
      "exactSum", level: "swift", elements: table.count, width: 1, repetitions: repetitions / 10
    ) {
      var sum = ExactSum()
      for x in table { sum.add(x) }
      $0[0] = sum.value
    },
  ]
}
