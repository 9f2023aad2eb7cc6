public import MarketModel
import StructuredText

/// A market by itself: what a book is marked with later.
public struct MarketReading: Sendable {
  /// What failures and digests call it: `market.json`, or a folder's name before it.
  public let name: String
  public let market: MarketSnapshot
  /// Quotes that were set aside, with their places in the file.
  public let failures: [Failure]
  /// What was taken for granted, one sentence each.
  public let assumptions: [String]
  private let lost: LostQuotes

  init(
    name: String, market: MarketSnapshot, failures: [Failure], assumptions: [String], lost: LostQuotes
  ) {
    self.name = name
    self.market = market
    self.failures = failures
    self.assumptions = assumptions
    self.lost = lost
  }

  /// A market that was made rather than read: nothing of it was set aside.
  public init(name: String, market: MarketSnapshot) {
    self.init(name: name, market: market, failures: [], assumptions: [], lost: LostQuotes())
  }

  /// Whether one of an instrument's quotes was set aside: whoever holds it is incomplete.
  public func hasLost(_ instrument: Instrument) -> Bool { lost.touches(instrument) }
}

extension BookReader {
  /// Reads a `market.json` that stands alone.
  ///
  /// - Parameters:
  ///   - member: the file, under the name that errors give it.
  ///   - book: the book that will be marked with it: its `instruments.csv` tells what marks may be of. Without one
  ///     contract names have to tell everything.
  ///   - rules: how many quotes may be set aside.
  /// - Throws: `DocumentError` with file, place, what was found and what was expected.
  public static func readMarket(
    _ member: BookSource.Member, for book: BookSource? = nil, rules: ReadingRules = ReadingRules()
  ) throws(DocumentError) -> MarketReading {
    var log = FailureLog(rules: rules)
    var market = try MarketReader(BookParts.tree(of: member))
    var directory = InstrumentDirectory()
    if let book, let table = try BookParts(book).table("instruments", InstrumentRows.schema) {
      // Rows that are wrong were named when the book was read.
      var passed = FailureLog(rules: ReadingRules(maxRefused: .percent(100)))
      try directory.read(table, asOf: market.asOf, log: &passed)
    }
    let snapshot = try market.market(instruments: directory, log: &log)
    return MarketReading(
      name: member.name, market: snapshot, failures: log.failures, assumptions: market.notes,
      lost: market.lost)
  }
}

extension BookParts {
  /// A file that is one JSON value.
  static func tree(of member: BookSource.Member) throws(DocumentError) -> Tree {
    let document = try parse(member)
    return Tree(document: document, node: document.root, file: member.name, pointer: "")
  }
}
