import Glibc

/// The same work with the scalar functions of the C library, in plain loops.
func libraryMeasurements(_ inputs: Inputs, repetitions: Int) -> [Measurement] {
  let n = inputs.count
  func line(_ name: String, _ body: (Int) -> Double) -> Measurement {
    measure(name, level: "libm", elements: n, width: n, repetitions: repetitions) { span in
      for i in 0..<n { span[i] = body(i) }
    }
  }
  func normal(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }
  func black(_ f: Double, _ k: Double, _ moneyness: Double, _ s: Double, _ w: Double) -> Double {
    let d1 = moneyness / s + 0.5 * s
    return w * (f * normal(w * d1) - k * normal(w * (d1 - s)))
  }
  let x = inputs.normals
  let m = inputs.multipliers
  let f = inputs.forwards
  let k = inputs.strikes
  let s = inputs.deviations
  let w = inputs.signs
  let start = log(100.0 / 110)
  return [
    line("exp") { exp(x[$0]) },
    line("log") { log(m[$0]) },
    line("cdf") { normal(x[$0]) },
    line("black") { black(f[$0], k[$0], log(f[$0] / k[$0]), s[$0], w[$0]) },
    line("path") { black(100 * m[$0], 110, start + inputs.logMultipliers[$0], 0.3, 1) },
  ]
}
