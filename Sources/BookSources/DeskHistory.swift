internal import MarketModel
internal import RiskNumerics
internal import StructuredText

/// Daily closes of the sample desk's coins, made backwards from today's spot.
enum DeskHistory {
  /// Days of the history; the last is the day before the book.
  static let dayCount = 400

  /// The correlation of two coins' returns: both follow one common factor.
  static func correlation(_ one: Int, _ other: Int) -> Double {
    if one == other { return 1 }
    return Ticks.rounded(DeskCoin.all[one].commonLoading * DeskCoin.all[other].commonLoading, decimals: 4)
  }

  /// `history.csv`, oldest day first.
  static func table(seed: UInt64) -> [UInt8] {
    let closes = closes(seed: seed)
    var bytes = Array("date,".utf8) + Array(DeskCoin.all.map(\.name).joined(separator: ",").utf8) + [0x0A]
    guard let today = Instant(year: 2026, month: 1, day: 30) else { return bytes }
    for daysAgo in stride(from: dayCount, through: 1, by: -1) {
      let seconds = today.secondsSinceEpoch - Int64(daysAgo) * 86_400
      guard let date = Instant(secondsSinceEpoch: seconds) else { continue }
      bytes.append(contentsOf: date.dateText.utf8)
      for close in closes[daysAgo - 1] {
        bytes.append(0x2C)
        _ = NumberText.append(close, to: &bytes)
      }
      bytes.append(0x0A)
    }
    return bytes
  }

  /// Closes by days ago less one, then coin: geometric Brownian motion walked back from spot.
  private static func closes(seed: UInt64) -> [[Double]] {
    var draws = SeededDraws(seed: seed, domain: .history, stream: 0)
    var logs = DeskCoin.all.map { Elementary.log($0.spot) }
    let step = (1 / 365.0).squareRoot()
    return (0..<dayCount).map { _ in
      let common = draws.normal()
      return DeskCoin.all.indices.map { place in
        let coin = DeskCoin.all[place]
        let rest = (1 - coin.commonLoading * coin.commonLoading).squareRoot()
        let normal = coin.commonLoading * common + rest * draws.normal()
        logs[place] -= coin.realisedVolatility * step * normal
        return Ticks.rounded(Elementary.exp(logs[place]), decimals: coin.priceDecimals)
      }
    }
  }
}
