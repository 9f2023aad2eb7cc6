import Plimsoll
import Testing

@Suite("laws of a whole run")
struct BookLawTests {
  private func figures(_ book: HandBook) throws -> ReportFigures {
    try #require(try book.engine().account(0)).account.figures
  }

  /// 10⁻⁹ of the spot: twelve digits of prices of its size, less the three that differences cost.
  private let tolerance = 65_010.5e-9

  @Test(
    "call less put less forward is worth nothing, moves by nothing and risks nothing",
    arguments: [true, false])
  func parity(isInverse: Bool) throws {
    let stem = isInverse ? "BTC-27FEB26" : "BTC_USDC-27FEB26"
    let forward = isInverse ? "a,\(stem),-65000,65000,," : "a,\(stem),-1,65000,,"
    let book = HandBook(positions: ["a,\(stem)-65000-C,1,,,", "a,\(stem)-65000-P,-1,,,", forward])
    let figures = try figures(book)
    let total = try #require(figures.greeks).total
    #expect(abs(figures.equity) < tolerance)
    for greek in [total.value, total.cashDelta, total.cashGamma1Percent, total.vega, total.theta, total.rho] {
      #expect(abs(greek) < tolerance)
    }
    #expect(abs(total.delta) < 1e-9)
    let risk = try #require(figures.valueAtRisk?.first)
    #expect(abs(risk.valueAtRisk) < tolerance)
    #expect(abs(risk.expectedShortfall) < tolerance)
    for stress in try #require(figures.stress) { #expect(abs(stress.profitAndLoss) < tolerance) }
  }

  @Test("one coin and a short inverse perpetual of its dollar size have no dollar risk")
  func hedgedCoin() throws {
    let book = HandBook(positions: ["a,BTC-PERPETUAL,-65015,,,"], balances: ["a,BTC,1"])
    let figures = try figures(book)
    let risk = try #require(figures.valueAtRisk?.first)
    #expect(abs(risk.valueAtRisk) < tolerance)
    #expect(abs(try #require(figures.greeks).total.delta) < 1e-12)
  }

  @Test("ten coins risk 47,590 dollars in a day at 99 %, within two standard errors")
  func tenCoins() throws {
    let figures = try figures(HandBook(balances: ["a,BTC,10"], paths: 20_000))
    let risk = try #require(figures.valueAtRisk?.first)
    // 10 S (1 - exp(-σ²h/2 + σ√h z)) at z = -2.3263, h = 1/365.
    let deviation = try #require(risk.standardError)
    #expect(abs(risk.valueAtRisk - 47_590) < 2 * deviation)
    #expect(risk.interval.lower < risk.valueAtRisk && risk.valueAtRisk < risk.interval.upper)
  }

  @Test("delta and gamma are the slope and curvature of equity under a move of the market")
  func bumps() throws {
    var book = HandBook(
      positions: [
        "a,BTC-27FEB26-70000-C,-3,,,", "a,BTC_USDC-26JUN26-55000-P,2.5,,,", "a,BTC-PERPETUAL,120000,61000,,",
        "a,BTC_USDC-27FEB26,-1.25,66100,,",
      ], balances: ["a,BTC,0.75", "a,USDC,90000"])
    let total = try #require(try figures(book).greeks).total
    func equity(_ move: Double) throws -> Double {
      book.move = move
      return try figures(book).equity
    }
    let step = 1e-4
    let (up, here, down) = (try equity(1 + step), try equity(1), try equity(1 - step))
    // The central differences err by step²/6 of a third derivative and by 10⁻¹⁶ of equity over step².
    #expect(abs((up - down) / (2 * step) - total.cashDelta) < 1e-6 * abs(total.cashDelta))
    let curvature = (up - 2 * here + down) / (step * step) / 100
    #expect(abs(curvature - total.cashGamma1Percent) < 1e-4 * abs(total.cashGamma1Percent))
  }
}
