import MarginModels
import MarketModel

/// The ranking of a book: every model and mode summed over accounts in account order, then ranked again.
struct BookRanking: Sendable {
  private var entries: [RankedMode] = []

  mutating func add(_ ranking: [RankedMode]) {
    for added in ranking {
      let known = entries.firstIndex {
        $0.model == added.model && $0.mode == added.mode && $0.venue == added.venue
      }
      if let known {
        entries[known].add(added)
      } else {
        var first = added
        first.scenario = nil
        first.leverage.generalize()
        first.accountsLeftOut = added.unsupported.isEmpty ? 0 : 1
        entries.append(first)
      }
    }
  }

  /// Ranked; equals in the order of venues and modes, which no account decides.
  var total: [RankedMode] {
    RankedMode.ranked(
      entries.sorted {
        ($0.venue ?? "", $0.model, Self.order($0)) < ($1.venue ?? "", $1.model, Self.order($1))
      })
  }

  private static func order(_ entry: RankedMode) -> Int {
    MarginMode.allCases.firstIndex(of: entry.mode) ?? 0
  }
}

extension RankedMode {
  fileprivate mutating func add(_ other: RankedMode) {
    leverage.add(other.leverage)
    unsupportedCount += other.unsupportedCount
    accountsLeftOut += other.unsupported.isEmpty ? 0 : 1
    unsupported.join(other.unsupported)
    // A sum over fewer accounts than another entry's would look like less: there is none.
    capital = sum(capital, other.capital)
    initial = sum(initial, other.initial)
    maintenance = sum(maintenance, other.maintenance)
    equity = sum(equity, other.equity)
    guard capital != nil else { return parts = [] }
    for part in other.parts {
      if let place = parts.firstIndex(where: { $0.name == part.name }) {
        parts[place].amount += part.amount
      } else {
        parts.append(part)
      }
    }
  }
}

/// nil where one of them is.
private func sum(_ left: Double?, _ right: Double?) -> Double? {
  left.flatMap { one in right.map { one + $0 } }
}

extension ModeLeverage {
  mutating func add(_ other: ModeLeverage) {
    exposure += other.exposure
    equity += other.equity
  }

  /// Without what belongs to a single account.
  mutating func generalize() {
    (initial, maintenance) = (nil, nil)
    reason = "accounts are scaled one by one"
  }
}
