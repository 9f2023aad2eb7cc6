import Foundation
import MarketModel
import OptionPricing
import TestSupport
import Testing

/// Whole option chains of Deribit with the exchange's own mark, delta and vega.
@Suite struct DeribitChainTests {
  private static let folder = "data/deribit/chains"

  private func seconds(_ text: Substring) -> Int64? {
    let digits = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    guard digits.count >= 6 else { return nil }
    return Instant(
      year: digits[0], month: digits[1], day: digits[2], hour: digits[3], minute: digits[4],
      second: digits[5])?.secondsSinceEpoch
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  @Test("Black-76 at the exchange's forward and volatility gives the exchange's marks and Greeks")
  func chains() throws {
    for name in SharedFolder.list(Self.folder) where name.hasSuffix(".csv") {
      guard let data = SharedFolder.read("\(Self.folder)/\(name)") else { return }
      var lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
      let header = lines.removeFirst().split(separator: ",", omittingEmptySubsequences: false)
      func column(_ name: String) throws -> Int { try #require(header.firstIndex { $0 == name }) }
      let (forwardColumn, typeColumn, strikeColumn) = (
        try column("underlying"), try column("option_type"), try column("strike")
      )
      let (expiryColumn, markColumn, volatilityColumn) = (
        try column("expiry_datetime"), try column("mark_price"), try column("implied_volatility")
      )
      let (deltaColumn, vegaColumn) = (try column("delta"), try column("vega"))
      var marks: [Double] = []
      var deltas: [Double] = []
      var vegas: [Double] = []
      for line in lines {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        let start = try #require(seconds(cells[0]))
        let end = try #require(seconds(cells[expiryColumn]))
        let forward = try #require(Double(cells[forwardColumn]))
        let greeks = try Black76.greeks(
          type: cells[typeColumn] == "call" ? .call : .put, forward: forward,
          strike: try #require(Double(cells[strikeColumn])),
          timeToExpiry: Double(end - start) / Instant.secondsPerYear,
          volatility: try #require(Double(cells[volatilityColumn])), rate: 0)
        marks.append(abs(greeks.price / forward - (try #require(Double(cells[markColumn])))))
        deltas.append(abs(greeks.delta - (try #require(Double(cells[deltaColumn])))))
        vegas.append(abs(greeks.vega / 100 - (try #require(Double(cells[vegaColumn])))))
      }
      print("\(name): mark \(median(marks)) delta \(median(deltas)) vega \(median(vegas))")
      // What sampling at slightly different moments leaves between the columns of the files.
      #expect(median(marks) <= (name.contains("20260103") ? 1e-5 : 6e-5))
      #expect(median(deltas) <= 2e-3)
      #expect(median(vegas) <= 0.03)
    }
  }
}
