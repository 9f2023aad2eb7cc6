import Foundation
import MarginModels
import MarketModel
import TestSupport
import Testing

/// Published requirements of strategy-based and customer portfolio margin.
///
/// Figures: Cboe margin manual and the Cboe/OIC hand-out of 2007, as the reference folder quotes them.
@Suite struct ListedCaseTests {
  private typealias Object = [String: Any]

  private func reference(_ id: String) -> (inputs: Object, expected: Object)? {
    guard let data = SharedFolder.read("reference/margin_cases.json"),
      let document = try? JSONSerialization.jsonObject(with: data) as? Object
    else { return nil }
    let entry = (document["cases"] as? [Object] ?? []).first { $0["id"] as? String == id }
    guard let inputs = entry?["inputs"] as? Object, let expected = entry?["expected"] as? Object else {
      return nil
    }
    return (inputs, expected)
  }

  private func naked(
    _ underlying: Double, _ strike: Double, _ premium: Double, isCall: Bool, rate: Double, leverage: Double
  ) throws -> Double {
    var desk = ListedDesk(spots: [("XYZ", underlying)])
    desk.legs = [
      ListedDesk.Leg(underlying: "XYZ", quantity: -1, strike: strike, isCall: isCall, mark: premium)
    ]
    desk.plan = ListedPlan(securities: [
      SecurityRule(
        underlying: try #require(Identifier("XYZ")), securityClass: rate == 0.15 ? .broadIndex : .equity,
        leverage: leverage)
    ])
    let figure = try desk.cross()
    // The manual's requirement holds the premium, which ours credits.
    return figure.initial - figure.component("short_premium")
  }

  /// Contracts, strike, 1 for a call, premium.
  private func leg(_ row: [Double]) -> ListedDesk.Leg {
    ListedDesk.Leg(underlying: "XYZ", quantity: row[0], strike: row[1], isCall: row[2] == 1, mark: row[3])
  }

  @Test("uncovered shorts need what the manual prints, to its whole dollars")
  func nakedShorts() throws {
    guard let (inputs, expected) = reference("cboe-naked-shorts"),
      let rows = inputs["rows"] as? [[Any]], let requirements = expected["requirement"] as? [Double]
    else { return }
    #expect(rows.count == 16)
    for (row, requirement) in zip(rows, requirements) {
      let numbers = row.dropFirst().compactMap { $0 as? Double }
      let found = try naked(
        numbers[0], numbers[1], numbers[2], isCall: numbers[3] == 1, rate: numbers[4], leverage: numbers[5])
      #expect(abs(found - requirement) <= 1, "\(row)")
    }
  }

  @Test("uncovered shorts need what a broker showed, to 1.25 % for marks that moved")
  func brokerShorts() throws {
    guard let (inputs, expected) = reference("lean-ib-naked-shorts"),
      let rows = inputs["rows"] as? [[Any]], let requirements = expected["requirement"] as? [Double]
    else { return }
    for (row, requirement) in zip(rows, requirements) {
      let numbers = row.dropFirst().compactMap { $0 as? Double }
      let found = try naked(
        numbers[2], numbers[0], numbers[1], isCall: row[0] as? String == "call", rate: numbers[3], leverage: 1
      )
      #expect(abs(found - requirement) <= 0.0125 * requirement, "\(row)")
    }
  }

  @Test("spreads of every form cost their largest loss and net debit")
  func definedRisk() throws {
    guard let (inputs, expected) = reference("cboe-defined-risk"),
      let rows = inputs["rows"] as? [Object], let requirements = expected["net_cash_requirement"] as? [Double]
    else { return }
    #expect(rows.count == 10)
    for (row, requirement) in zip(rows, requirements) {
      let legs = row["legs"] as? [[Double]] ?? []
      let middle = legs.map { $0[1] }.reduce(0, +) / Double(legs.count)
      var desk = ListedDesk(spots: [("XYZ", middle)])
      desk.legs = legs.map { leg($0) }
      let figure = try desk.cross()
      #expect(abs(figure.initial - requirement) <= 0.01, "\(row["label"] ?? "")")
      #expect(figure.maintenance == figure.initial)
    }
  }

  @Test("long options are paid in full up to nine months, three quarters beyond")
  func longDated() throws {
    guard let (inputs, expected) = reference("cboe-long-dated"), let rows = inputs["rows"] as? [[Double]],
      let requirements = expected["requirement"] as? [Double]
    else { return }
    for (row, requirement) in zip(rows, requirements) {
      var desk = ListedDesk(spots: [("XYZ", 100)])
      let days = row[1] == 0 ? 150 : Int(row[1] * 30.4)
      desk.legs = [
        ListedDesk.Leg(underlying: "XYZ", quantity: 1, strike: 100, isCall: true, days: days, mark: row[0])
      ]
      #expect(abs(try desk.cross().initial - requirement) <= 0.01)
    }
  }

  @Test("the strategies of 2007, strategy by strategy, to the dollar")
  func strategyHalf() throws {
    guard let (_, expected) = reference("cboe2007-ibm-strategy"),
      let published = expected["net_requirement"] as? [String: Double]
    else { return }
    for (name, desk) in HandOut.strategies {
      guard let requirement = published[name] else { continue }
      #expect(abs(try desk.cross().initial - requirement) <= 1, "\(name)")
    }
  }

  @Test("the strategies of 2007 under portfolio margin, to 0.5 %: rate and dividends are not published")
  func portfolioHalf() throws {
    guard let (_, expected) = reference("cboe2007-ibm-portfolio"),
      let published = expected["requirement"] as? [String: Double]
    else { return }
    for (name, desk) in HandOut.strategies {
      let requirement = try #require(published[name])
      let figure = try desk.portfolio()
      #expect(abs(figure.initial - requirement) <= 0.005 * requirement, "\(name)")
      #expect(figure.initial == figure.maintenance)
    }
  }

  @Test(
    "a broker's four positions need what it printed, to the cent: a long leg that expires first covers nothing"
  )
  func brokerPositions() throws {
    guard let (inputs, expected) = reference("regt-broker-forum-2006"),
      let rows = inputs["rows"] as? [Object], let requirements = expected["net_requirement"] as? [Double]
    else { return }
    #expect(rows.count == 4)
    for (row, requirement) in zip(rows, requirements) {
      let label = row["label"] as? String ?? ""
      var desk = ListedDesk(spots: [("XYZ", try #require(row["price"] as? Double))])
      desk.legs = (row["legs"] as? [[Double]] ?? []).map { leg($0) }
      if label.contains("expires first") {
        for place in desk.legs.indices where desk.legs[place].quantity < 0 { desk.legs[place].days += 28 }
      }
      if let stock = row["stock"] as? Double { desk.stock = [("XYZ", stock)] }
      #expect(abs(try desk.cross().initial - requirement) <= 0.01, "\(label)")
    }
  }

  @Test("stock alone needs its loss at the end of its range under portfolio margin, bought or sold")
  func stockAlone() throws {
    guard let (inputs, expected) = reference("pm-stock-only"),
      let shares = inputs["shares"] as? Double, let price = inputs["price"] as? Double,
      let requirement = expected["requirement"] as? Double
    else { return }
    for side in [1.0, -1] {
      var desk = ListedDesk(spots: [("XYZ", price)])
      desk.stock = [("XYZ", side * shares)]
      #expect(abs(try desk.portfolio().initial - requirement) <= 0.01)
    }
  }
}
