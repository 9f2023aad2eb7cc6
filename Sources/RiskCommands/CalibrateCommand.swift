public import CommandLineKit
import MarketModel
import Plimsoll
import PortfolioValuation
import RiskDocuments
import SystemFiles

/// `plimsoll calibrate BOOK`: volatility surfaces fitted to the quotes of a book's market.
enum CalibrateCommand {
  static let model = Option(
    "model", value: "MODEL", default: SurfaceModel.svi, help: "svi: a slice an expiry; ssvi: one surface")
  static let out = Option<String?>(
    "out", value: "FILE", help: "write the market with the fitted slices, for a book to be run on")
  static let allowsArbitrage = Option(
    flag: "allow-arbitrage", help: "take the best fit, whatever arbitrage it has (svi)")

  static let command = Command(
    "calibrate", abstract: "Fits volatility surfaces to a book's quotes and reports their arbitrage.",
    discussion: [
      "Quotes are the volatility rows of market.json by strike; for an expiry without one, the marks of its "
        + "European options out of the money. Forwards are the listed ones, else those implied by calls and puts, "
        + "else the carry.",
      "A slice is raw SVI, total variance in k = ln(K/F), fitted by weighted least squares in volatility, weights "
        + "by vega. No slice has a butterfly, none crosses the one before, no wing is steeper than 2 (Lee), unless "
        + "--allow-arbitrage asks for the best fit. Errors are in volatility: 0.01 is one point.",
    ],
    operands: [PreparedRun.operand],
    options: rows(
      model, allowsArbitrage, out, CommonOptions.format, CommonOptions.strict, CommonOptions.maxRefused,
      CommonOptions.quiet),
    examples: [
      Example("plimsoll calibrate desk --format table", "one row an expiry: error and arbitrage"),
      Example("plimsoll calibrate desk --out fitted/market.json", "a market of slices"),
    ]
  ) { line throws(CommandError) in
    try Kernels.select(line)
    let path = line.operands.first ?? ""
    try MemoryBudget.check(bookAt: path, threads: 1)
    let reading = try PreparedRun.read(try BookLoader.load(path), line)
    let contracts = reading.contracts
    let result = MarketCalibration(
      reading.book.market, model: line(model), allowsArbitrage: line(allowsArbitrage),
      setAside: reading.book.failures
    ) { try? contracts.instrument(named: $0.text) }
    try PreparedRun.checkSignals()
    if line(CommonOptions.strict), let first = result.failures.first {
      throw .badData("\(first.path): \(first.message), and --strict is given")
    }
    if let file = line(out) { try write(MarketWriter.document(result.market), to: file, line) }
    let writer = CalibrationWriter(result)
    switch line(CommonOptions.format) ?? (line.out.isTerminal ? .table : .json) {
    case .table: try line.out.write(Array(writer.table.utf8))
    case .json: try line.out.write(writer.document())
    case .jsonl: try line.out.write(writer.document(indentation: nil))
    }
    if !line(CommonOptions.quiet) { ReportOutput.note(result.failures, to: line.err) }
    return result.failures.isEmpty ? ExitStatus.success : ExitStatus.writtenWithFailures
  }

  private static func write(_ document: [UInt8], to path: String, _ line: Invocation) throws(CommandError) {
    let slash = path.lastIndex(of: "/")
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard !name.isEmpty else { throw .usage("'--out' is '\(path)'; expected a file") }
    try CommandError.writing { () throws(FileError) in
      try AtomicFile.write(document, to: name, in: folder)
    }
    if !line(CommonOptions.quiet) { line.err.note("market: \(path)") }
  }
}

extension SurfaceModel: OptionValue {}
