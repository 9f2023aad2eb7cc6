internal import MarketModel
internal import RiskNumerics

/// One contract that the sample desk trades, with what sizing a position takes.
struct DeskContract {
  enum Kind {
    case perpetual
    case future
    case call
    case put
  }

  let name: String
  let kind: Kind
  /// Place in `DeskCoin.all`.
  let coin: Int
  let isInverse: Bool
  /// Mark of a future, forward of an option, in USD.
  let forward: Double
  let strike: Double
  /// Value of one coin's worth in USD, undiscounted, and its derivative in the forward.
  let value: Double
  let delta: Double
}

/// The names that a venue gives, and what they stand for.
struct DeskProduct {
  let prefix: String
  let coin: Int
  let isInverse: Bool
  /// Places in `DeskExpiry.all` of its options and of its futures.
  let optionExpiries: [Int]
  let futureExpiries: [Int]

  /// Coin-margined and USDC-margined families.
  static let all = [
    DeskProduct(
      prefix: "BTC", coin: 0, isInverse: true, optionExpiries: Array(0..<11), futureExpiries: [3, 6, 8, 9]),
    DeskProduct(
      prefix: "ETH", coin: 1, isInverse: true, optionExpiries: Array(0..<11), futureExpiries: [3, 6, 8, 9]),
    DeskProduct(
      prefix: "BTC_USDC", coin: 0, isInverse: false, optionExpiries: [2, 5, 6, 8], futureExpiries: [5, 6]),
    DeskProduct(
      prefix: "ETH_USDC", coin: 1, isInverse: false, optionExpiries: [2, 5, 6, 8], futureExpiries: [5, 6]),
    DeskProduct(
      prefix: "SOL_USDC", coin: 2, isInverse: false, optionExpiries: [2, 3, 5, 6, 8], futureExpiries: []),
  ]
}

/// One day on which contracts expire, at 08:00 UTC.
struct DeskExpiry {
  /// As contract names write it: `27MAR26`.
  let label: String
  /// As documents write it: `2026-03-27T08:00:00Z`.
  let instant: String
  let years: Double

  /// The instant of the sample book.
  static let asOf = "2026-01-30T08:30:00Z"

  /// Two dailies, three weeklies, then months and quarters: the calendar of a crypto venue.
  static let all: [DeskExpiry] = {
    let days = [
      (2026, 1, 31), (2026, 2, 1), (2026, 2, 6), (2026, 2, 13), (2026, 2, 20), (2026, 2, 27),
      (2026, 3, 27), (2026, 4, 24), (2026, 6, 26), (2026, 9, 25), (2026, 12, 25),
    ]
    let start = Instant(year: 2026, month: 1, day: 30, hour: 8, minute: 30)
    return days.compactMap { year, month, day in
      guard let start, let end = Instant(year: year, month: month, day: day, hour: 8) else { return nil }
      let seconds = Double(end.secondsSinceEpoch - start.secondsSinceEpoch)
      return DeskExpiry(
        label: CivilText.venueDate(end), instant: end.text,
        years: seconds / Instant.secondsPerYear)
    }
  }()
}

/// Dates and numbers as venues write them.
enum CivilText {
  /// Abbreviations of the months in contract names.
  static let months = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
  ]

  /// `6FEB26`, the day without a leading zero.
  static func venueDate(_ instant: Instant) -> String {
    let (year, month, day) = instant.civilDate
    return String(day) + months[month - 1] + digits(year % 100, 2)
  }

  /// A number with leading zeros.
  static func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
