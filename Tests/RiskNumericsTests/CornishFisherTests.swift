import RiskNumerics
import Testing

@Suite struct CornishFisherTests {
  @Test(
    "the expansion has the reference values of four moments",
    arguments: [
      (0.01, 0.0, 0.0, -2.326347874040841), (0.01, -0.5, 1, -2.8337090353393695),
      (0.025, -0.4, 0, -2.1260238083614045), (0.05, 0, 0, -1.6448536269514726),
      (0.05, -0.4, 0, -1.7555512892603673), (0.05, 0.3, 0.2, -1.5538498604542874),
      (0.95, -0.5, 1, 1.4778485801032815), (0.99, -0.4, 0, 1.972007539356199),
      (0.99, 0.3, 0.2, 2.559829744182103), (0.999, 0, 0, 3.090232306167813),
      (0.999, -0.5, 1, 2.9185217960163237), (0.999, 0.3, 0.2, 3.5774488001376827),
    ])
  func reference(p: Double, skewness: Double, kurtosis: Double, expected: Double) {
    let law = CornishFisher(mean: 0, deviation: 1, skewness: skewness, kurtosis: kurtosis)
    #expect(abs(law.standardQuantile(Elementary.normalQuantile(p)) - expected) < 1e-12)
  }

  @Test("it is valid where it rises everywhere, and only there")
  func region() {
    for k in 0...100 {
      for s in -32...32 {
        let (skewness, kurtosis) = (Double(s) / 10, Double(k) / 8 - 1)
        let law = CornishFisher(mean: 0, deviation: 1, skewness: skewness, kurtosis: kurtosis)
        var rises = true
        for step in -4_000...4_000 where rises {
          let z = Double(step) / 100
          rises = law.standardQuantile(z + 1e-3) >= law.standardQuantile(z) - 1e-12
        }
        if law.isValid { #expect(rises, "S \(skewness), K \(kurtosis)") }
      }
    }
    func isValid(_ s: Double, _ k: Double) -> Bool {
      CornishFisher(mean: 0, deviation: 1, skewness: s, kurtosis: k).isValid
    }
    // Maillard (2012): 0 ≤ K ≤ 8 without skewness, |S| at most 6(√2 − 1) = 2.485 with any K.
    #expect(isValid(0, 0) && isValid(0, 8) && !isValid(0, 8.001) && !isValid(0, -0.001))
    #expect(!isValid(-0.4, 0) && !isValid(2.49, 7) && isValid(0.6, 4.7))
  }

  @Test("its expected shortfall is the mean of its quantiles beyond, and its slopes are derivatives")
  func shortfall() {
    let law = CornishFisher(mean: 3, deviation: 2, skewness: -0.4, kurtosis: 1.5)
    var sum = 0.0
    let count = 200_000
    for step in 0..<count { sum += law.quantile(upper: 0.01 * (Double(step) + 0.5) / Double(count)) }
    // The midpoint rule at the singular end leaves some 1e-5.
    #expect(abs(sum / Double(count) - law.expectedShortfall(upper: 0.01)) < 1e-4)
    func of(_ k: [Double]) -> CornishFisher {
      let d = k[1].squareRoot()
      return CornishFisher(
        mean: k[0], deviation: d, skewness: k[2] / (d * d * d), kurtosis: k[3] / (k[1] * k[1]))
    }
    let cumulants = [3.0, 4, -3.2, 24]
    let slopes = of(cumulants).slopes(upper: 0.01)
    for n in 0..<4 {
      var (up, down) = (cumulants, cumulants)
      up[n] += 1e-5
      down[n] -= 1e-5
      let value = (of(up).quantile(upper: 0.01) - of(down).quantile(upper: 0.01)) / 2e-5
      let tail = (of(up).expectedShortfall(upper: 0.01) - of(down).expectedShortfall(upper: 0.01)) / 2e-5
      #expect(abs(value - slopes.quantile[n]) < 1e-8 && abs(tail - slopes.expectedShortfall[n]) < 1e-8)
    }
  }
}
