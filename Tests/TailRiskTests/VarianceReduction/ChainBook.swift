import Foundation
import MarketModel
import PortfolioValuation
import TestSupport

/// A market read from a real chain of coin-settled options, and books of short options on it.
struct ChainBook {
  struct Quote {
    let instrument: Instrument
    let strike: Double
    let forward: Double
    let volatility: Double
  }

  static let folder = "data/deribit/chains/"
  let asOf: Instant
  var quotes: [Quote] = []
  private var spots: [String: Double] = [:]

  /// A chain of the shared folder; nil where it is absent.
  init?(_ name: String) {
    guard let data = SharedFolder.read(Self.folder + name) else { return nil }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map { $0.split(separator: ",") }
    guard let header = lines.first, lines.count > 1 else { return nil }
    var columns: [Substring: Int] = [:]
    for (place, name) in header.enumerated() { columns[name] = place }
    func text(_ row: [Substring], _ name: Substring) -> String {
      columns[name].flatMap { row.indices.contains($0) ? String(row[$0]) : nil } ?? ""
    }
    guard let asOf = Instant(cutting: text(lines[1], "timestamp")) else { return nil }
    self.asOf = asOf
    for row in lines.dropFirst() {
      let name = text(row, "instrument_name")
      guard let coin = name.split(separator: "-").first.map(String.init), ["BTC", "ETH"].contains(coin),
        let id = Identifier(name), let asset = Identifier(coin), let usd = Identifier("USD"),
        let expiry = Instant(rfc3339: text(row, "expiry_datetime")), asOf.seconds(to: expiry) > 2 * 86_400,
        let strike = Double(text(row, "strike")), let forward = Double(text(row, "underlying")),
        let volatility = Double(text(row, "implied_volatility")), volatility > 0.05,
        let index = Double(text(row, "index_price"))
      else { continue }
      spots[coin] = spots[coin] ?? index
      quotes.append(
        Quote(
          instrument: Instrument(
            id: id, kind: .option, underlying: asset, quoteAsset: usd, settlementAsset: asset,
            expiry: expiry, strike: strike, optionType: text(row, "option_type") == "call" ? .call : .put,
            isInverse: true), strike: strike, forward: forward, volatility: volatility))
    }
    quotes.sort { $0.instrument.id < $1.instrument.id }
    guard !quotes.isEmpty else { return nil }
  }

  /// A book of one account that holds some of the quoted options; quantities go by quote.
  ///
  /// Volatilities of the spots are those of the options nearest the money, their correlation is set to 0.8.
  func book(_ quantity: (Quote) -> Double) -> Book? {
    guard let usd = Identifier("USD"), let account = Identifier("desk") else { return nil }
    let coins = spots.keys.sorted().compactMap(Identifier.init)
    var positions: [Position] = []
    for (place, quote) in quotes.enumerated() where quantity(quote) != 0 {
      positions.append(Position(account: 0, instrument: place, quantity: quantity(quote), row: place + 1))
    }
    var forwards: [ForwardQuote] = []
    var slices: [VolatilitySlice] = []
    for coin in coins {
      let own = quotes.filter { $0.instrument.underlying == coin }
      for expiry in Set(own.compactMap(\.instrument.expiry)).sorted() {
        let listed = own.filter { $0.instrument.expiry == expiry }
        guard let first = listed.first else { continue }
        // The option out of the money gives a strike its volatility.
        let kept = listed.filter { ($0.strike >= first.forward) == ($0.instrument.optionType == .call) }
          .sorted { $0.strike < $1.strike }
        forwards.append(ForwardQuote(underlying: coin, expiry: expiry, price: first.forward))
        slices.append(
          VolatilitySlice(
            underlying: coin, expiry: expiry,
            shape: .quotes(strikes: kept.map(\.strike), volatilities: kept.map(\.volatility))))
      }
    }
    let volatilities = coins.map { coin in
      quotes.filter { $0.instrument.underlying == coin }
        .min { abs($0.strike / $0.forward - 1) < abs($1.strike / $1.forward - 1) }?.volatility ?? 0.5
    }
    let matrix = coins.indices.flatMap { i in coins.indices.map { i == $0 ? 1 : 0.8 } }
    return Book(
      market: MarketSnapshot(
        asOf: asOf, baseCurrency: usd,
        assets: coins.map { Asset(id: $0, spot: spots[$0.text] ?? 1) }, forwards: forwards,
        volatility: slices,
        correlation: Correlation(assets: coins, matrix: matrix, volatilities: volatilities)),
      instruments: quotes.map(\.instrument), accounts: [account], positions: positions, balances: [])
  }

  /// Short strangles five to fifteen per cent out of the money, in every expiry.
  static func strangles(_ quote: Quote) -> Double {
    let distance = quote.strike / quote.forward - 1
    let isOut = (quote.instrument.optionType == .call) == (distance > 0)
    return isOut && (0.05...0.15).contains(abs(distance)) ? -size(quote) : 0
  }

  /// Short straddles within three per cent of the money.
  static func straddles(_ quote: Quote) -> Double {
    abs(quote.strike / quote.forward - 1) < 0.03 ? -size(quote) : 0
  }

  /// Puts sold, half as many sold further out bought back: skewed, with a kink.
  static func putSpreads(_ quote: Quote) -> Double {
    guard quote.instrument.optionType == .put else { return 0 }
    let share = quote.strike / quote.forward
    return (0.9...0.97).contains(share) ? -size(quote) : (0.75...0.8).contains(share) ? 0.5 * size(quote) : 0
  }

  private static func size(_ quote: Quote) -> Double { quote.instrument.underlying.text == "BTC" ? 1 : 30 }
}
