public import MarketModel
import StructuredText

/// Writes a report: keys in the order of the contract, every figure by its shortest digits.
///
/// Accounts are written alone, one a line, so that chunks of them can be made in parallel and joined in
/// order: the lines are `accounts.jsonl`, and with commas between them the `accounts` of `report.json`.
/// A measure that was not asked for has no key; a figure that does not exist is `null`.
public struct ReportWriter: Sendable {
  /// Names of the market's assets, by which the places in `AggregateGreeks` are read.
  let assets: [Identifier]

  /// The largest number of accounts that stand in `report.json` itself.
  public static let accountLimit = 1_000

  /// Conventions that a reader of the figures must know, which every report states.
  public static let conventions = [
    "Total delta, gamma, coin_delta and coin_gamma are null where several underlyings are held: "
      + "units of different coins do not add."
  ]

  /// A writer for one market.
  ///
  /// - Parameter assets: ids of the market's assets in its own order.
  public init(assets: [Identifier]) {
    self.assets = assets
  }

  /// Appends one account as a line of JSON.
  ///
  /// - Returns: one failure a figure that is not finite; that figure is `null`, and the account is
  ///   written as incomplete.
  /// - Complexity: O(bytes written).
  public func append(_ account: ReportAccount, to bytes: inout [UInt8]) -> [Failure] {
    let (object, failures) = objectBytes(place: ["accounts", account.id.text], account.figures) {
      $0.id("account_id", account.id)
      $0.flag("incomplete", $1)
    }
    bytes.append(contentsOf: object)
    bytes.append(0x0A)
    return failures
  }

  /// The whole of `report.json`.
  ///
  /// - Parameters:
  ///   - accountLines: chunks of lines made by `append(_:to:)`, in account order; none where the
  ///     accounts stand in a file of their own.
  ///   - failures: everything that was set aside, in the order it was met; figures of the book that are
  ///     not finite are added after them.
  public func report(
    head: ReportHead, accountLines: [[UInt8]], book: ReportBook, failures: [Failure]
  ) -> [UInt8] {
    let (bookBytes, bookFailures) = self.book(book)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(accountLines.reduce(0) { $0 + $1.count } + bookBytes.count + 65_536)
    // One line a key, one line an account: a report can be read and compared with line tools.
    bytes.append(contentsOf: "{\n\"schema\":\"plimsoll.report/1\",\n\"provenance\":".utf8)
    bytes.append(contentsOf: provenance(head.provenance))
    let assumptions = (head.assumptions + Self.conventions).map { text in
      var json = JSONWriter()
      json.string(text)
      return json.take()
    }
    Self.appendList("assumptions", lines: assumptions, to: &bytes)
    if !head.spotMoves.isEmpty {
      var json = JSONWriter()
      json.beginArray()
      for move in head.spotMoves { json.number(move) }
      json.endArray()
      bytes.append(contentsOf: ",\n\"spot_moves\":".utf8)
      bytes.append(contentsOf: json.take())
    }
    Self.appendList("accounts", lines: Self.lines(of: accountLines), to: &bytes)
    bytes.append(contentsOf: ",\n\"book\":".utf8)
    bytes.append(contentsOf: bookBytes)
    Self.appendList("failures", lines: (failures + bookFailures).map(Self.line(of:)), to: &bytes)
    bytes.append(contentsOf: "\n}\n".utf8)
    return bytes
  }

  /// The `book` object, and one failure a figure of it that is not finite.
  func book(_ book: ReportBook) -> (bytes: [UInt8], failures: [Failure]) {
    objectBytes(place: ["book"], book.figures) {
      $0.whole("account_count", book.accountCount)
      $0.whole("incomplete_count", book.incompleteCount)
      $0.flag("incomplete", $1)
    }
  }

  private func objectBytes(
    place: [String], _ figures: ReportFigures, opening: (inout FigureWriter, Bool) -> Void
  ) -> (bytes: [UInt8], failures: [Failure]) {
    func write(tracksPlaces: Bool, isIncomplete: Bool) -> FigureWriter {
      var writer = FigureWriter(place: place, tracksPlaces: tracksPlaces, capacity: 16_384)
      writer.object {
        opening(&$0, isIncomplete)
        self.write(figures, to: &$0)
      }
      return writer
    }
    let first = write(tracksPlaces: false, isIncomplete: figures.isIncomplete)
    if first.json.refusedNumbers == 0 { return (first.json.bytes, []) }
    let second = write(tracksPlaces: true, isIncomplete: true)
    return (second.json.bytes, second.failures)
  }

  private func provenance(_ provenance: Provenance) -> [UInt8] {
    var writer = FigureWriter(place: ["provenance"], tracksPlaces: false, capacity: 1_024)
    let digests = provenance.inputDigests.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    writer.object {
      $0.text("engine_version", provenance.engineVersion)
      $0.text("as_of", provenance.asOf.text)
      $0.id("base_currency", provenance.baseCurrency)
      $0.digits("seed", String(provenance.seed))
      $0.digits("paths", provenance.paths.map { String($0) } ?? "null")
      $0.texts("models", provenance.models)
      $0.text("linear_algebra", provenance.linearAlgebra)
      $0.list("input_digests", digests) {
        $0.text("name", $1.name)
        $0.text("sha256", $1.sha256)
      }
    }
    return writer.json.bytes
  }

  private static func line(of failure: Failure) -> [UInt8] {
    var writer = FigureWriter(place: [], tracksPlaces: false, capacity: 256)
    writer.object {
      $0.text("path", failure.path)
      $0.text("reason", failure.reason.word)
      $0.text("message", failure.message)
    }
    return writer.json.bytes
  }

  private static func lines(of chunks: [[UInt8]]) -> [ArraySlice<UInt8>] {
    // A line break inside a string is written `\n`: every byte 0x0A ends an account.
    chunks.flatMap { $0.split(separator: 0x0A) }
  }

  private static func appendList(
    _ key: String, lines: [some Collection<UInt8>], to bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: ",\n\"\(key)\":[".utf8)
    for (index, line) in lines.enumerated() {
      bytes.append(contentsOf: index == 0 ? [0x0A] : [0x2C, 0x0A])
      bytes.append(contentsOf: line)
    }
    bytes.append(contentsOf: lines.isEmpty ? [0x5D] : [0x0A, 0x5D])
  }
}
