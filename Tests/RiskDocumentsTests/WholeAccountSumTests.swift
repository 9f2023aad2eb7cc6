import MarginModels
import MarketModel
import RiskDocuments
import Testing

/// Sums of comparisons over accounts that a model margins and accounts that it does not.
struct WholeAccountSumTests {
  @Test(
    "an account that is not margined whole is in no sum of its comparison, and ends the ranked sum of its model"
  )
  func sums() throws {
    let sample = try ReportSample()
    let whole = sample.margin
    var partial = sample.margin
    partial.comparison?.portfolio = ComparedMode(
      model: "derive-srm", unsupported: [sample.call], leverage: ModeLeverage())
    partial.comparison?.unsupported = [sample.call]
    partial.comparison?.saving = nil
    partial.ranking[0] = RankedMode(
      venue: "derive", model: "derive-srm", mode: .cross, capital: nil, scenario: nil, initial: nil,
      maintenance: nil, equity: nil, leverage: ModeLeverage(), parts: [], unsupported: [sample.call])
    for order in [[whole, partial, whole], [partial, whole, whole]] {
      var book = BookMargin()
      for margin in order { book.add(margin) }
      let sum = try #require(book.total.comparison)
      #expect(sum.accountsLeftOut == 1 && sum.unsupported == [sample.call])
      #expect(sum.isolated.capital == 901 && sum.cross.capital == 901 && sum.portfolio.maintenance == 400)
      #expect(sum.saving == MarginSaving(pooling: 2, model: -4, offset: 6) && sum.value == 80)
      #expect(sum.capitalToSurvive.last?.cross == 898)
      let cross = try #require(book.total.ranking.last)
      #expect(cross.mode == .cross && cross.capital == nil && cross.maintenance == nil && cross.parts.isEmpty)
      #expect(cross.accountsLeftOut == 1 && cross.unsupportedCount == 1 && cross.saving == nil)
      #expect(RankedMode.cheapest(of: book.total.ranking)?.mode == .isolated)
    }
  }
}
