import Foundation
import MarketModel
import OptionPricing
import TestSupport
import Testing

@Suite("SVI in its three forms, and SSVI") struct SurfaceFormTests {
  /// Axel Vogt's slice: proper, no wing too steep, and a butterfly arbitrage near k = 0.8
  /// (Gatheral and Jacquier 2014, example 3.1).
  static let vogt = SVISlice(a: -0.0410, b: 0.1331, rho: 0.3060, m: 0.3586, sigma: 0.4153)

  private func close(_ a: SVISlice, _ b: SVISlice, _ tolerance: Double = 1e-13) -> Bool {
    stride(from: -3.0, through: 3, by: 0.25).allSatisfy {
      abs(a.totalVariance($0) - b.totalVariance($0)) <= tolerance
    }
  }

  @Test("raw to natural and to jump wings and back is the same curve")
  func roundTrips() throws {
    var random = SplitMix(state: 61)
    for _ in 0..<300 {
      let slice = SVISlice(
        a: random.uniform(0, 0.1), b: random.uniform(0.01, 0.5), rho: random.uniform(-0.95, 0.95),
        m: random.uniform(-0.5, 0.5), sigma: random.uniform(0.02, 1))
      let years = random.uniform(0.05, 3)
      #expect(close(SVISlice(try #require(slice.natural)), slice))
      let wings = try #require(slice.jumpWings(years: years))
      let back = try #require(SVISlice(wings, years: years))
      // The curvature comes out of a difference that is small where the minimum is near the money.
      #expect(close(back, slice, 1e-9))
      #expect(abs(wings.leastVariance - slice.minimum / years) < 1e-15)
    }
    #expect(SVISlice(a: 0.04, b: 0.1, rho: 1, m: 0, sigma: 0.1).natural == nil)
    let flat = JumpWingsSVI(variance: 0.04, skew: 0, putWing: 0, callWing: 0, leastVariance: 0.04)
    #expect(SVISlice(flat, years: 1) == nil)
  }

  @Test("slope and curvature are the derivatives of total variance")
  func derivatives() {
    let h = 1e-5
    for k in [-1.0, -0.2, 0, 0.3586, 1.1] {
      let (down, up) = (Self.vogt.totalVariance(k - h), Self.vogt.totalVariance(k + h))
      // Truncation h² and rounding 1e-17/h, and 1e-17/h² for the second derivative.
      #expect(abs(Self.vogt.slope(k) - (up - down) / (2 * h)) < 1e-9)
      #expect(abs(Self.vogt.curvature(k) - (up - 2 * Self.vogt.totalVariance(k) + down) / (h * h)) < 1e-5)
    }
  }

  @Test("Vogt's slice has the butterfly that it is known for, and its repair has none")
  func vogtsButterfly() throws {
    let least = Self.vogt.leastDensity
    #expect(Self.vogt.isProper && least.value < 0)
    #expect(least.logMoneyness > 0.5 && least.logMoneyness < 1.1)
    let wings = try #require(Self.vogt.jumpWings(years: 1))
    // Gatheral and Jacquier (2014), section 5.1.
    for (found, printed) in [
      (wings.variance, 0.01742625), (wings.skew, -0.1752111), (wings.putWing, 0.6997381),
      (wings.callWing, 1.316798), (wings.leastVariance, 0.0116249),
    ] { #expect(abs(found - printed) < 1e-6) }
    let repaired = try #require(SVISlice(wings.withoutButterfly, years: 1))
    #expect(repaired.leastDensity.value > 0)
    #expect(abs(repaired.totalVariance(0) - Self.vogt.totalVariance(0)) < 1e-15)
  }

  @Test("published surface cases")
  func published() throws {
    guard let data = SharedFolder.read("reference/pricing_cases.json"),
      let document = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return }
    for entry in document["cases"] as? [[String: Any]] ?? [] where entry["topic"] as? String == "vol_surface"
    {
      let inputs = entry["inputs"] as? [String: Double] ?? [:]
      let expected = entry["expected"] as? [String: Double] ?? [:]
      func x(_ name: String) -> Double { inputs[name] ?? .nan }
      switch entry["model"] as? String {
      case "svi_butterfly_repair":
        let repaired = JumpWingsSVI(
          variance: x("v"), skew: x("psi"), putWing: x("p"), callWing: 1, leastVariance: 0
        ).withoutButterfly
        #expect(abs(repaired.callWing - (expected["c"] ?? .nan)) <= 6e-7)
        #expect(abs(repaired.leastVariance - (expected["v_min"] ?? .nan)) <= 6e-8)
      case "ssvi":
        let surface = SSVI(rho: x("rho"), eta: x("eta"), gamma: x("gamma"))
        let (wanted, k, theta) = (expected["total_variance"] ?? .nan, x("k"), x("theta"))
        #expect(abs(surface.totalVariance(k, theta: theta) - wanted) <= 1e-12)
        #expect(abs(surface.slice(theta).totalVariance(k) - wanted) <= 1e-12)
      default:
        // SABR is not built: a market file with it is refused by its key.
        break
      }
    }
  }

  @Test("an SSVI surface within its bounds has no arbitrage, and one far outside has some")
  func ssvi() {
    let thetas = [0.01, 0.04, 0.09, 0.3]
    let good = SSVI(rho: -0.6, eta: 1.2, gamma: 0.4)
    #expect(good.isFreeOfArbitrage)
    #expect(SurfaceArbitrage(of: thetas.map(good.slice)).isFree)
    let bad = SSVI(rho: -0.6, eta: 9, gamma: 0.4)
    #expect(!bad.isFreeOfArbitrage)
    #expect(!SurfaceArbitrage(of: thetas.map(bad.slice)).isFree)
  }

  @Test("crossing slices are found where they cross, and wings that fall behind are told")
  func calendar() throws {
    let early = SVISlice(a: 0.02, b: 0.1, rho: 0, m: 0, sigma: 0.1)
    let late = SVISlice(a: 0.031, b: 0.05, rho: 0, m: 0, sigma: 0.1)
    let report = SurfaceArbitrage(of: [early, late]).calendars[0]
    // 0.05·√(k² + 0.01) = 0.011: k = ±√(0.0484 − 0.01).
    #expect(report.crossings.count == 2 && !report.isFree && !report.hasOrderedWings)
    for (found, exact) in zip(report.crossings, [-0.0384.squareRoot(), 0.0384.squareRoot()]) {
      #expect(abs(found - exact) < 1e-12)
    }
    #expect(SurfaceArbitrage(of: [early, early]).isFree)
  }
}
