import BookSources
import CommandLineKit
import SystemFiles

/// `plimsoll import SOURCE FILE --out BOOK`: what an exchange hands out, turned into a book.
enum ImportCommand {
  /// Sources that are built, and those that users ask for and that are not.
  static let sources = ["deribit"]
  static let unbuilt = ["binance", "bybit", "derive", "okx", "osi"]

  static let out = Option<String?>("out", value: "BOOK", help: "the folder to write the book to; needed")

  static let forwards = Option<ForwardSource?>(
    "forwards", value: "FROM",
    help: "quoted (default), or marks: the forward at which the marks of call and put agree")

  /// Where the forwards of a chain come from.
  enum ForwardSource: String, CaseIterable, OptionValue {
    case quoted
    case marks
  }

  static let command = Command(
    "import", abstract: "Turns an exchange's file into a book.",
    discussion: [
      "deribit: an option chain as CSV with timestamp, instrument_name, underlying, implied_volatility, "
        + "mark_price and index_price. The market is written with empty positions and balances, to be filled in.",
      "Into a book that is there already only market.json is written anew; its other members stay as they are.",
    ],
    operands: [
      Operand("SOURCE", kind: .words(sources), help: sources.joined(separator: ", ")),
      Operand("FILE", help: "the file to read; - is standard input"),
    ],
    options: rows(out, forwards, CommonOptions.quiet),
    examples: [Example("plimsoll import deribit chain.csv --out book", "a book with the chain's market")]
  ) { line throws(CommandError) in
    let source = line.operands[0]
    guard sources.contains(source) else {
      if unbuilt.contains(source) {
        throw .stop(status: ExitStatus.usage, message: "import '\(source)' is not built in this version")
      }
      throw .usage(
        "unknown source '\(source)'; expected one of \(sources.joined(separator: ", "))"
          + Spelling.hint(for: source, among: sources))
    }
    guard let folder = line(out) else { throw .usage("'--out' is missing: the folder to write the book to") }
    let path = line.operands[1]
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try path == "-" ? FileReader.standardInput() : FileReader.bytes(of: path)
    } catch {
      throw CommandError(reading: error)
    }
    let files: [(name: String, bytes: [UInt8])]
    do throws(SourceError) {
      files = try DeribitChain.files(
        csv: bytes, name: path == "-" ? "standard input" : path,
        forwards: line(forwards) == .marks ? .marks : .quoted)
    } catch {
      throw .badData(error.description)
    }
    let kept = try BookFolder.update(files, in: folder)
    if !line(CommonOptions.quiet) {
      let rest = kept.isEmpty ? "" : "; kept as they were: \(kept.joined(separator: ", "))"
      line.err.note("plimsoll: market written to \(folder)\(rest)")
    }
    return ExitStatus.success
  }
}
