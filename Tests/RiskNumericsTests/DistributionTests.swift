import RiskNumerics
import Testing

@Suite struct DistributionTests {
  private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * abs(b)
  }

  @Test(
    "chi-squared quantiles are those of scipy 1.17.1",
    arguments: [
      (2.01, 1.1102230246251565e-16, 2.671365243096186e-16), (2.01, 0.01, 0.020612358612614432),
      (2.01, 0.999999, 27.663699061221283), (4, 1.1102230246251565e-16, 2.9802322535725054e-08),
      (4, 1e-06, 0.0028297613229586872), (4, 0.3, 2.1946984214069833), (4, 0.9, 7.779440339734858),
      (4, 0.999999, 33.37684158165888), (7.5, 1e-06, 0.10744917774123809), (7.5, 0.5, 6.844905469601071),
      (100, 1.1102230246251565e-16, 23.52324925216731), (100, 0.999999, 182.12677711942618),
      (10_000, 0.01, 9673.948839577635), (10_000, 0.999999, 10686.689829866038),
    ])
  func chiSquared(degrees: Double, p: Double, expected: Double) {
    // scipy itself is good to some 1e-12 here.
    #expect(isClose(GammaDistribution.chiSquaredQuantile(p, degreesOfFreedom: degrees), expected, 2e-11))
  }

  @Test("two degrees have the quantile −2 ln(1 − p)")
  func exponential() {
    for p in [1e-12, 0.001, 0.2, 0.5, 0.75, 0.9999] {
      let quantile = GammaDistribution.chiSquaredQuantile(p, degreesOfFreedom: 2)
      #expect(isClose(quantile, -2 * Elementary.logOnePlus(-p), 1e-13))
    }
  }

  @Test(
    "Student tails are those of mpmath at 30 digits",
    arguments: [
      (2.5, 0.1, 0.46390327203124476), (2.5, 3, 0.03628804777451592), (2.5, 1e4, 7.193397015992212e-11),
      (4, 1, 0.18695048315002943), (4, 20, 1.8441552901498662e-05), (4, 1e4, 2.9999998000000103e-16),
      (15, 3, 0.004486368738611664), (15, 1e4, 6.703714520159002e-53), (1_000, 0.1, 0.46018218451180204),
      (1_000, 3, 0.0013833545221190963), (1_000, 20, 2.0311442497623856e-75),
    ])
  func tails(degrees: Double, t: Double, expected: Double) {
    // The front factor is the exponential of logarithms of some hundreds or thousands, and carries their rounding.
    #expect(isClose(StudentDistribution(degreesOfFreedom: degrees).tail(t), expected, 1e-12))
  }

  @Test(
    "Student quantiles are the published ones",
    arguments: [
      (1, 0.025, -12.706204736174705), (2, 0.001, -22.327124770119877), (3, 0.25, -0.7648923284043453),
      (4, 0.001, -7.1731822197823085), (5, 0.025, -2.5705818356363155), (10, 0.001, -4.143700494046589),
      (30, 0.05, -1.6972608865939578), (100, 0.01, -2.364217366238482), (15, 0.975, 2.131449545559776),
      (4, 0.6, 0.2707222947075976),
    ])
  func quantiles(degrees: Double, p: Double, expected: Double) {
    // pricing_cases.json, distributions.086 ff.; the last two from scipy 1.17.1.
    #expect(isClose(StudentDistribution(degreesOfFreedom: degrees).quantile(p), expected, 1e-12))
  }

  @Test("quantile and distribution undo each other, from 2.01 to a million degrees")
  func inverse() {
    for degrees in [2.01, 3, 4, 11.5, 300, 1e6] {
      let law = StudentDistribution(degreesOfFreedom: degrees)
      for p in [1e-15, 1e-6, 0.01, 0.25, 0.4999] {
        // Rounding of the front factor grows with the degrees.
        #expect(isClose(law.distribution(law.quantile(p)), p, 1e-9))
      }
    }
    #expect(StudentDistribution(degreesOfFreedom: 4).quantile(0) == -.infinity)
    #expect(StudentDistribution(degreesOfFreedom: 4).quantile(1.5).isNaN)
    #expect(GammaDistribution.chiSquaredQuantile(0, degreesOfFreedom: 4) == 0)
    #expect(GammaDistribution.chiSquaredQuantile(.nan, degreesOfFreedom: 4).isNaN)
  }
}
