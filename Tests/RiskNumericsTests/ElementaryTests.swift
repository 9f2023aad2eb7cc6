import RiskNumerics
import Testing

@Suite("Elementary functions against 60-digit values")
struct ElementaryTests {
  @Test("exp is within one ulp, subnormal results included")
  func exponential() {
    for row in ElementaryReference.exponential { #expect(ulps(Elementary.exp(row[0]), row[1]) <= 1) }
  }

  @Test("log is within two ulp, subnormal arguments included")
  func logarithm() {
    for row in ElementaryReference.logarithm { #expect(ulps(Elementary.log(row[0]), row[1]) <= 2) }
  }

  @Test("expMinusOne and logOnePlus keep their digits near zero")
  func nearZero() {
    // The reduction rounds once or twice more than exp and log themselves: four ulp.
    for row in ElementaryReference.exponentialMinusOne {
      #expect(ulps(Elementary.expMinusOne(row[0]), row[1]) <= 4, "x \(row[0])")
    }
    for row in ElementaryReference.logarithmOnePlus {
      #expect(ulps(Elementary.logOnePlus(row[0]), row[1]) <= 4, "x \(row[0])")
    }
  }

  @Test("the normal distribution keeps its digits in both tails")
  func normal() {
    // Nineteen fused steps and one exp: measured 8.4e-16.
    for row in ElementaryReference.normal {
      #expect(relativeError(Elementary.normalDistribution(row[0]), row[1]) < 2e-15, "x \(row[0])")
    }
  }

  @Test("the normal quantile is accurate from the smallest double to one")
  func quantile() {
    for row in ElementaryReference.quantile {
      #expect(relativeError(Elementary.normalQuantile(row[0]), row[1]) < 2e-15, "p \(row[0])")
    }
  }

  @Test("the quantile undoes the distribution and is odd about one half")
  func quantileLaws() {
    var random = TestRandom(state: 11)
    for _ in 0..<2000 {
      let x = random.uniform(-8, 0)
      // The condition of the inverse is x²: N loses that many times an ulp.
      #expect(abs(Elementary.normalQuantile(Elementary.normalDistribution(x)) - x) < 1e-14)
      let p = Double(random.next() >> 12) * 0x1p-52
      #expect(Elementary.normalQuantile(p) == -Elementary.normalQuantile(1 - p))
    }
  }

  @Test("power agrees with repeated multiplication")
  func power() {
    for base in [0.3, 0.99, 1.7, 12.0] {
      var product = 1.0
      for n in 0...20 {
        // exp magnifies the rounding of y log x by its size, here at most 50: 50 ulp of 2.2e-16.
        #expect(relativeError(Elementary.power(base, Double(n)), product) < 1.2e-14)
        product *= base
      }
    }
  }

  @Test("the density is the derivative of the distribution")
  func density() {
    for x in [-9.0, -2.5, -0.1, 0, 1.25, 2] {
      let h = 1e-4
      let slope = (Elementary.normalDistribution(x + h) - Elementary.normalDistribution(x - h)) / (2 * h)
      // The central difference errs by h² (x² − 1)/6 relatively.
      #expect(relativeError(Elementary.normalDensity(x), slope) < 1e-8 * (x * x + 1))
    }
  }

  @Test("arguments at and beyond the ends have the defined values")
  func ends() {
    #expect(Elementary.exp(.infinity) == .infinity && Elementary.exp(-.infinity) == 0)
    #expect(Elementary.exp(710) == .infinity && Elementary.exp(-1e300) == 0 && Elementary.exp(.nan).isNaN)
    #expect(Elementary.log(0) == -.infinity && Elementary.log(.infinity) == .infinity)
    #expect(Elementary.log(-1).isNaN && Elementary.log(-.infinity).isNaN && Elementary.log(.nan).isNaN)
    #expect(Elementary.expMinusOne(-.infinity) == -1 && Elementary.expMinusOne(1e9) == .infinity)
    #expect(Elementary.logOnePlus(-1) == -.infinity && Elementary.logOnePlus(-1.5).isNaN)
    #expect(Elementary.logOnePlus(.infinity) == .infinity && Elementary.expMinusOne(.nan).isNaN)
    #expect(Elementary.normalDistribution(-.infinity) == 0 && Elementary.normalDistribution(.infinity) == 1)
    #expect(Elementary.normalDistribution(.nan).isNaN && Elementary.normalDensity(.infinity) == 0)
    #expect(Elementary.normalQuantile(0) == -.infinity && Elementary.normalQuantile(1) == .infinity)
    #expect(Elementary.normalQuantile(-0.1).isNaN && Elementary.normalQuantile(1.1).isNaN)
    #expect(Elementary.normalQuantile(.nan).isNaN && Elementary.normalQuantile(0.5) == 0)
  }
}
