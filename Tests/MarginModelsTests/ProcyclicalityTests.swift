import MarginModels
import Testing

@Suite struct ProcyclicalityTests {
  @Test func `a panel on a series made by hand`() throws {
    // Mean (100 + 110 + 90 + 150 + 120) / 5 = 114; peak over trough 150 / 90.
    let series = [100.0, 110, 90, 150, 120]
    // Losses to the next: 105, 0 (a gain), 95, 150: above the requirement at the first and third; 150 is not above 150.
    let values = [1_000.0, 895, 900, 805, 655]
    let panel = Procyclicality.panel(requirement: series, values: values, horizons: [1, 2, 20])
    #expect(panel.count == 5)
    #expect(panel.mean == 114)
    #expect(panel.peak == 150)
    #expect(panel.trough == 90)
    #expect(panel.peakToTrough == 150.0 / 90)
    #expect(panel.breaches == 2)
    #expect(panel.breachRate == 0.5)
    // One observation: 90 to 150. Two: 110 to 150 is 40, 90 to 120 only 30. Twenty do not fit.
    try #require(panel.largestCalls.map(\.horizon) == [1, 2])
    #expect(panel.largestCalls[0].increase == 60)
    #expect(panel.largestCalls[0].relative == 60.0 / 90)
    #expect(panel.largestCalls[0].end == 3)
    #expect(panel.largestCalls[1].increase == 40)
    #expect(panel.largestCalls[1].end == 3)
  }

  @Test func `what does not exist is nil, never a number that looks like one`() {
    let empty = Procyclicality.panel(requirement: [])
    #expect(empty.mean == 0 && empty.peakToTrough == nil && empty.breachRate == nil)
    #expect(empty.largestCalls.isEmpty)
    let flat = Procyclicality.panel(requirement: [0, 0, 0], values: [1, 2, 3])
    #expect(flat.peakToTrough == nil)
    #expect(flat.breachRate == 0)
    #expect(flat.largestCalls.first?.increase == 0 && flat.largestCalls.first?.end == nil)
    let falling = Procyclicality.panel(requirement: [3, 2, 1], horizons: [1])
    #expect(falling.largestCalls.first?.increase == 0 && falling.largestCalls.first?.relative == nil)
  }

  @Test func `a requirement in proportion has the same panel in proportion`() {
    let series = [7.0, 9, 8, 11, 6, 6.5]
    let one = Procyclicality.panel(requirement: series)
    let four = Procyclicality.panel(requirement: series.map { 4 * $0 })
    #expect(four.mean == 4 * one.mean)
    #expect(four.peakToTrough == one.peakToTrough)
    #expect(four.largestCalls.map(\.increase) == one.largestCalls.map { 4 * $0.increase })
    #expect(four.largestCalls.map(\.relative) == one.largestCalls.map(\.relative))
  }

  @Test func `leverage is exposure over requirement`() {
    #expect(Procyclicality.leverage(exposure: [100, 50, 10], requirement: [20, 0, 5]) == [5, nil, 2])
  }

  @Test func `exponential weights settle on a constant volatility and forget a shock by their decay`() throws
  {
    // Moves of ±1 % a day: squared logarithms differ between up and down by 1 %, so the volatility by half of it.
    var prices = [100.0]
    for day in 0..<200 { prices.append(prices[day] * (day % 2 == 0 ? 1.01 : 1 / 1.01)) }
    let calm = Procyclicality.weightedVolatility(prices: prices)
    #expect(calm.count == prices.count)
    let expected = 0.00995033085 * 365.0.squareRoot()
    for value in calm { #expect(abs(value - expected) < 1e-8) }
    // A day of −20 %, then the calm days again: the excess of the variance shrinks by 0.97 a day.
    let shocked = Procyclicality.weightedVolatility(
      prices: prices + [prices[200] * 0.8, prices[200] * 0.8 * 1.01])
    let excess = shocked.suffix(2).map { $0 * $0 - expected * expected }
    #expect(abs(excess[1] / excess[0] - 0.97) < 1e-6)
    #expect(Procyclicality.weightedVolatility(prices: [1]).isEmpty)
    #expect(Procyclicality.weightedVolatility(prices: [1, 0, 1]).isEmpty)
  }
}
