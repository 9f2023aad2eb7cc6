import CommandLineKit
import MarginModels
import Plimsoll
import RiskNumerics
import StructuredText

/// `plimsoll check BOOK`: tells whether the night run would go through.
enum CheckCommand {
  static let command = Command(
    "check", abstract: "Reads and validates a book; computes no measure.",
    discussion: [
      "Every row that a run would set aside is named, and whatever would stop the run stops here. Exit status: 0 "
        + "nothing, 2 some rows, 65 the book cannot be run, 66 there is none."
    ],
    operands: [PreparedRun.operand],
    options: rows(
      CommonOptions.modelFiles, CommonOptions.textFormat, CommonOptions.threads, CommonOptions.strict,
      CommonOptions.maxRefused,
      CommonOptions.quiet),
    examples: [Example("plimsoll check desk && plimsoll run desk --out report", "run only what is sound")]
  ) { line throws(CommandError) in
    let threads = try CommonOptions.threadCount(line)
    let path = line.operands.first ?? ""
    try MemoryBudget.check(bookAt: path, threads: threads)
    let files = try BookLoader.load(path)
    let reading = try PreparedRun.read(files, line, models: ModelFiles(line).definitions)
    let (book, plan) = (reading.book, reading.plan)
    // Resolving names against the market finds prices that are missing.
    let team = ThreadTeam(threadCount: threads)
    let valued = BookValuation.value(book, team: team)
    try PreparedRun.checkRefused(valued, line)
    do throws(EngineError) {
      try Engine.check(book, plan: plan)
    } catch {
      throw CommandError(error)
    }
    try MemoryBudget.check(book, byteCount: files.byteCount, plan: plan, threads: threads)
    let failures = book.failures + valued.failures
    if line(CommonOptions.strict), let first = failures.first {
      throw .badData("\(first.path): \(first.message), and --strict is given")
    }
    switch line(CommonOptions.textFormat) ?? .table {
    case .table: try printText(book, plan, failures, line)
    case .json: try line.out.write(document(book, plan, failures, indentation: 2))
    case .jsonl: try line.out.write(document(book, plan, failures, indentation: nil))
    }
    return failures.isEmpty ? ExitStatus.success : ExitStatus.writtenWithFailures
  }

  private static func printText(
    _ book: Book, _ plan: RunPlan, _ failures: [Failure], _ line: Invocation
  ) throws(CommandError) {
    for failure in failures {
      try line.out.line("\(failure.path): \(failure.reason.word): \(failure.message)")
    }
    if line(CommonOptions.quiet) { return }
    try line.out.line(
      "\(book.accounts.count) accounts, \(book.positions.count) positions in \(book.instruments.count) "
        + "instruments, \(book.balances.count) balances, as of \(book.market.asOf.text); "
        + "\(failures.count) set aside")
    try line.out.line("measures: " + plan.measures.map(\.rawValue).joined(separator: ", "))
    for note in ModelLibrary.notes(of: plan, in: book.market) { try line.out.line("note: \(note)") }
  }

  private static func document(
    _ book: Book, _ plan: RunPlan, _ failures: [Failure], indentation: Int?
  ) -> [UInt8] {
    var json = JSONWriter(indentation: indentation)
    json.beginObject()
    json.field("as_of", book.market.asOf.text)
    json.field("accounts", book.accounts.count)
    json.field("positions", book.positions.count)
    json.field("instruments", book.instruments.count)
    json.field("balances", book.balances.count)
    json.key("failures")
    json.beginArray()
    for failure in failures {
      json.beginObject()
      json.field("path", failure.path)
      json.field("reason", failure.reason.word)
      json.field("message", failure.message)
      json.endObject()
    }
    json.endArray()
    json.key("notes")
    json.beginArray()
    for note in ModelLibrary.notes(of: plan, in: book.market) { json.string(note) }
    json.endArray()
    json.endObject()
    json.newline()
    return json.bytes
  }
}
