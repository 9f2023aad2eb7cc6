internal import MarketModel
internal import StructuredText

/// A whole option chain of Deribit, as collectors store it: one row an option, turned into a book.
///
/// The columns read are `timestamp`, `instrument_name`, `underlying` (the forward that the venue used),
/// `implied_volatility` (a fraction), `mark_price` (in coin where coin-settled) and `index_price`, and
/// where they are there `open_interest`, `futures_instrument_name` and `futures_price`. Others are not
/// looked at. What an instrument is, its name tells.
///
/// A chain is collected over tens of seconds, so its rows differ a little. The rules:
/// - `as_of` is the latest timestamp, cut to the second;
/// - spot is the median of the index over an underlying's rows, a forward the median over an expiry's,
///   in both cases the lower of the two middle ones, so that each is a price that was quoted;
/// - a strike's volatility is that of the option out of the money (the call from the forward upwards, else
///   the put), and the other one's where only that is listed;
/// - a mark of zero says that the option is worth less than a tick and is not written.
///
/// In a fast market the forwards of a chain were sampled seconds before or after its marks. `Forwards.marks` takes
/// instead the forward at which the marks of call and put agree (K/(1 − C + P) in coin, K + C − P in USDC), the
/// median over the strikes near the money; on such a day marks then come back from forward and volatility to a
/// hundredth of the difference.
public enum DeribitChain {
  /// Where the forwards of a market come from.
  public enum Forwards: String, CaseIterable, Sendable {
    /// As the chain quotes them.
    case quoted
    /// As its marks imply them; quoted where no strike has both marks.
    case marks
  }

  /// The files of a book: `market.json`, `run.json`, and tables of positions and balances with no rows.
  ///
  /// A chain says nothing of how coins move together, so `run.json` asks for everything but value at risk;
  /// with a `history.csv` beside it, or `correlation` in the market, it can be asked for too.
  /// - Parameters:
  ///   - csv: the chain.
  ///   - name: what errors call it.
  ///   - forwards: where they come from.
  /// - Throws: `SourceError` with line and column, for the first row that is no option, has no volatility or
  ///   price, has expired, or was there before.
  /// - Complexity: O(rows · log(rows)).
  public static func files(
    csv: [UInt8], name: String = "chain.csv", forwards: Forwards = .quoted
  ) throws(SourceError) -> [(name: String, bytes: [UInt8])] {
    let chain = try ChainTable(csv: csv, name: name)
    return [
      ("market.json", chain.document(forwards)),
      ("positions.csv", Array(BookTables.positionsHeader.utf8)),
      ("balances.csv", Array(BookTables.balancesHeader.utf8)),
      ("run.json", RunDocument.standard(seed: 1, measures: ["greeks", "stress", "margin", "liquidation"])),
    ]
  }
}

/// The headers of a book's tables.
enum BookTables {
  static let positionsHeader = "account_id,instrument,quantity,entry_price,margin_mode,isolated_margin\n"
  static let balancesHeader = "account_id,asset,quantity\n"
}

extension ChainTable {
  /// `market.json` of the chain.
  fileprivate func document(_ source: DeribitChain.Forwards) -> [UInt8] {
    var document = MarketDocument(asOf: asOf.text)
    let underlyings = groups { $0.instrument.underlying }
    for rows in underlyings {
      document.asset(rows[0].instrument.underlying.text, spot: Self.median(rows.map(\.index)))
    }
    let expiries = underlyings.flatMap { rows in
      ChainTable.groups(of: rows) { $0.expiry }
    }
    for rows in expiries {
      document.forward(
        rows[0].instrument.underlying.text, rows[0].expiry.text, Self.forward(rows, source))
    }
    for rows in expiries {
      let forward = Self.forward(rows, source)
      let strikes = ChainTable.groups(of: rows) { $0.strike }
      document.quotes(
        rows[0].instrument.underlying.text, rows[0].expiry.text, strikes: strikes.map { $0[0].strike },
        volatilities: strikes.map { Self.outOfTheMoney($0, forward: forward).volatility })
    }
    for future in futures { document.mark(future.name.text, future.price) }
    for row in rows where row.mark > 0 {
      document.mark(row.instrument.id.text, row.mark, interest: row.openInterest)
    }
    return document.bytes
  }

  /// The forward of the rows of one expiry.
  private static func forward(_ rows: [ChainRow], _ source: DeribitChain.Forwards) -> Double {
    let quoted = median(rows.map(\.forward))
    guard source == .marks else { return quoted }
    let implied = groups(of: rows) { $0.strike }.compactMap { pair -> Double? in
      guard let call = pair.first(where: { $0.instrument.optionType == .call }),
        let put = pair.first(where: { $0.instrument.optionType == .put && $0.isInverse == call.isInverse }),
        call.mark > 0, put.mark > 0, (0.7...1.4).contains(call.strike / quoted)
      else { return nil }
      let difference = call.mark - put.mark
      let forward = call.isInverse ? call.strike / (1 - difference) : call.strike + difference
      return forward.isFinite && forward > 0 ? forward : nil
    }
    return implied.isEmpty ? quoted : median(implied)
  }

  /// The option of a strike whose volatility counts.
  private static func outOfTheMoney(_ rows: [ChainRow], forward: Double) -> ChainRow {
    let wanted = rows[0].strike >= forward ? OptionType.call : .put
    return rows.first { $0.instrument.optionType == wanted } ?? rows[0]
  }

  /// The lower of the middle ones.
  private static func median(_ values: [Double]) -> Double {
    values.sorted()[(values.count - 1) / 2]
  }

  private func groups<Key: Equatable>(by key: (ChainRow) -> Key) -> [[ChainRow]] {
    ChainTable.groups(of: rows, by: key)
  }

  /// Neighbours of one key.
  private static func groups<Key: Equatable>(
    of rows: [ChainRow], by key: (ChainRow) -> Key
  ) -> [[ChainRow]] {
    var groups: [[ChainRow]] = []
    for row in rows {
      if let last = groups.last?.first, key(last) == key(row) {
        groups[groups.count - 1].append(row)
      } else {
        groups.append([row])
      }
    }
    return groups
  }
}

extension ChainRow {
  fileprivate var isInverse: Bool { instrument.isInverse }
}
