import Foundation
import MarketModel
import OptionPricing
import TestSupport
import Testing

/// Surfaces of whole chains of exchanges: how far the slices are from the quotes, and that nothing crosses.
@Suite("Surfaces of real chains") struct ChainSurfaceTests {
  private struct Row {
    let coin: String
    let expiry: Int64
    let quote: SmileQuote
    let years: Double
  }

  private func seconds(_ text: Substring) -> Int64? {
    let digits = text.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    guard digits.count >= 6 else { return nil }
    return Instant(
      year: digits[0], month: digits[1], day: digits[2], hour: digits[3], minute: digits[4],
      second: digits[5])?.secondsSinceEpoch
  }

  private func deribit(_ name: String) throws -> [Row] {
    guard let data = SharedFolder.read("data/deribit/chains/\(name)") else { return [] }
    var lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let header = lines.removeFirst().split(separator: ",", omittingEmptySubsequences: false)
    func column(_ name: String) throws -> Int { try #require(header.firstIndex { $0 == name }) }
    let places = try [
      "timestamp", "currency", "underlying", "strike", "expiry_datetime", "implied_volatility", "option_type",
    ]
    .map(column)
    return try lines.compactMap { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      let (start, end) = (
        try #require(seconds(cells[places[0]])), try #require(seconds(cells[places[4]]))
      )
      let (forward, strike) = (
        try #require(Double(cells[places[2]])), try #require(Double(cells[places[3]]))
      )
      let volatility = try #require(Double(cells[places[5]]))
      let years = Double(end - start) / Instant.secondsPerYear
      // Out of the money, and not on its last day.
      guard (cells[places[6]] == "call") == (strike >= forward), years > 1.0 / 365, volatility > 0 else {
        return nil
      }
      return Row(
        coin: String(cells[places[1]]), expiry: end,
        quote: SmileQuote(logMoneyness: log(strike / forward), volatility: volatility, years: years),
        years: years)
    }
  }

  @Test("Deribit's chains: a point of volatility at most in the middle of the smile, and no arbitrage")
  func chains() throws {
    // The first chain, and one of the day of a fall by a tenth.
    let names = SharedFolder.list("data/deribit/chains").sorted().filter { $0.hasSuffix(".csv") }
    for (place, name) in names.enumerated() where place == 0 || place == 2 {
      let rows = try deribit(name)
      for coin in ["BTC", "ETH"] {
        let expiries = Dictionary(grouping: rows.filter { $0.coin == coin }) { $0.expiry }
          .sorted { $0.key < $1.key }.map(\.value).filter { $0.count >= 5 }
        var slices: [SVISlice] = []
        var errors: [FitError] = []
        for rows in expiries {
          let fit = try SVICalibration.fit(rows.map(\.quote), years: rows[0].years, above: slices.last)
          slices.append(fit.slice)
          errors.append(fit.error)
        }
        let arbitrage = SurfaceArbitrage(of: slices)
        let worst = errors.map(\.weightedRootMeanSquare).max() ?? 0
        print(
          "\(name) \(coin): \(slices.count) expiries, worst weighted error \(worst), free \(arbitrage.isFree)"
        )
        #expect(arbitrage.isFree)
        #expect(worst < 0.02)
        let surface = try SSVICalibration.fit(
          expiries.map { rows in SmileExpiry(years: rows[0].years, quotes: rows.map(\.quote)) })
        let wide = surface.errors.map(\.weightedRootMeanSquare).max() ?? 0
        print("  SSVI: rho \(surface.surface.rho), worst weighted error \(wide)")
        #expect(SurfaceArbitrage(of: surface.slices).isFree)
      }
    }
  }

  @Test("SPX: forwards by parity, slices through the middle of bid and ask")
  func spx() throws {
    guard let data = SharedFolder.read("data/cboe/spx_quotedata_2022-06-11.csv") else { return }
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    var byExpiry: [Int64: [(strike: Double, call: (Double, Double), put: (Double, Double))]] = [:]
    let start = try #require(Instant(year: 2022, month: 6, day: 10, hour: 20)).secondsSinceEpoch
    for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).dropFirst(3) {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count > 16, cells[1].hasPrefix("SPXW") else { continue }
      let date = cells[0].split(separator: " ")
      let month = (months.firstIndex { $0 == date[1] } ?? 0) + 1
      let end = try #require(
        Instant(year: Int(date[3]) ?? 0, month: month, day: Int(date[2]) ?? 0, hour: 20))
      let numbers = [11, 4, 5, 15, 16].compactMap { Double(cells[$0]) }
      guard numbers.count == 5, numbers.dropFirst().allSatisfy({ $0 > 0 }) else { continue }
      byExpiry[end.secondsSinceEpoch, default: []].append(
        (numbers[0], (numbers[1], numbers[2]), (numbers[3], numbers[4])))
    }
    var slices: [SVISlice] = []
    var worst = 0.0
    var taken = 0
    for (expiry, rows) in byExpiry.sorted(by: { $0.key < $1.key }) {
      let years = Double(expiry - start) / Instant.secondsPerYear
      guard years > 7.0 / 365, rows.count > 20, taken % 5 == 0 else {
        taken += 1
        continue
      }
      taken += 1
      let pairs = rows.map { row in
        let width = row.call.1 - row.call.0 + row.put.1 - row.put.0
        return ParityQuote(
          strike: row.strike, call: (row.call.0 + row.call.1) / 2, put: (row.put.0 + row.put.1) / 2,
          weight: 1 / (width * width))
      }
      let parity = try #require(ParityForward(pairs))
      #expect(abs(parity.forward / 3_900 - 1) < 0.03 && abs(parity.discount - 1) < 0.2)
      let quotes = pairs.compactMap { pair -> SmileQuote? in
        let isCall = pair.strike >= parity.forward
        guard
          let found = try? ImpliedVolatility.black76(
            type: isCall ? .call : .put, price: isCall ? pair.call : pair.put, forward: parity.forward,
            strike: pair.strike, timeToExpiry: years, rate: -log(parity.discount) / years),
          let volatility = found.volatility, volatility > 0
        else { return nil }
        return SmileQuote(
          logMoneyness: log(pair.strike / parity.forward), volatility: volatility, years: years)
      }
      // Every other quote is enough here.
      let half = quotes.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      let fit = try SVICalibration.fit(half, years: years, above: slices.last)
      slices.append(fit.slice)
      worst = max(worst, fit.error.weightedRootMeanSquare)
    }
    let arbitrage = SurfaceArbitrage(of: slices)
    print("SPX: \(slices.count) expiries, worst weighted error \(worst), free \(arbitrage.isFree)")
    #expect(slices.count > 3 && arbitrage.isFree)
    #expect(worst < 0.02)
  }
}
