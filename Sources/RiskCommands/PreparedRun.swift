import CommandLineKit
import MarginModels
import Plimsoll
import RiskDocuments
import RiskNumerics
import SystemFiles

/// A book that was read and what to compute of it; nothing is computed yet.
struct LoadedRun {
  let book: Book
  let plan: RunPlan
  let digests: [InputDigest]
  /// What trades on the book may name.
  let contracts: ContractNames
  let threads: Int
  private(set) var log: RunLog

  /// Reads the book that the line names, and holds the run against the memory there is.
  ///
  /// - Parameters:
  ///   - adjust: changes the plan of `run.json`.
  ///   - complete: fills in what neither `run.json` nor the line states, from the book.
  init(
    _ line: Invocation, adjust: (inout RunPlan) throws(CommandError) -> Void = { _ throws(CommandError) in },
    complete: (inout RunPlan, Book) -> Void = { _, _ in }
  ) throws(CommandError) {
    try Kernels.select(line)
    threads = try CommonOptions.threadCount(line)
    log = RunLog(threads: threads)
    let path = line.operands.first ?? ""
    try MemoryBudget.check(bookAt: path, threads: threads)
    let files = try BookLoader.load(path)
    let models = try ModelFiles(line)
    let spanFile = try line(CommonOptions.spanFile).map(BookLoader.loadFile)
    digests = files.digests + models.digests + [spanFile].compactMap { $0.map(InputDigest.init) }
    log.note("load")
    let reading = try PreparedRun.read(files, line, models: models.definitions)
    let book = reading.book
    var plan = reading.plan
    contracts = reading.contracts
    log.note("read")
    if let seed = line(CommonOptions.seed) { plan.seed = seed }
    if let paths = line(CommonOptions.paths) {
      guard paths >= 1 else { throw .usage("'--paths' is '\(paths)'; expected a whole number from 1") }
      try MemoryBudget.check(paths: paths)
      for place in plan.valueAtRisk.indices { plan.valueAtRisk[place].paths = paths }
    }
    if let spanFile { plan.spanFile = try PreparedRun.readSpan(spanFile) }
    if let detail = line(CommonOptions.detail) {
      plan.marginDetail = detail
      plan.stated.insert(.marginDetail)
    }
    try adjust(&plan)
    complete(&plan, book)
    try MemoryBudget.check(book, byteCount: files.byteCount, plan: plan, threads: threads)
    self.book = book
    self.plan = plan
    if !line(CommonOptions.quiet), !models.definitions.isEmpty {
      for note in ModelLibrary.notes(of: plan, in: book.market) { line.err.note("plimsoll: \(note)") }
    }
    try PreparedRun.checkSignals()
  }
}

/// A book that was read and an engine that is ready for its accounts: what every command on a book begins with.
struct PreparedRun {
  static let operand = Operand("BOOK", help: "a folder with market.json and its tables, or one JSON file")

  let engine: Engine
  let digests: [InputDigest]
  let threads: Int
  private(set) var log: RunLog

  /// Reads the book that the line names and prepares its plan.
  ///
  /// - Parameters:
  ///   - adjust: changes the plan of `run.json` before anything is prepared.
  ///   - complete: fills in what neither `run.json` nor the line states, from the book.
  init(
    _ line: Invocation, adjust: (inout RunPlan) throws(CommandError) -> Void = { _ throws(CommandError) in },
    complete: (inout RunPlan, Book) -> Void = { _, _ in }
  ) throws(CommandError) {
    try self.init(LoadedRun(line, adjust: adjust, complete: complete), line)
  }

  /// Takes small books apart in full where nobody said how far.
  static func takeApart(_ plan: inout RunPlan, _ book: Book) {
    let isSmall = book.accounts.count <= ReportWriter.accountLimit
    guard !plan.stated.contains(.marginDetail), isSmall else { return }
    plan.marginDetail = .full
  }

  /// Prices what the accounts share: the longest step of a run, which a signal ends.
  init(_ loaded: LoadedRun, _ line: Invocation) throws(CommandError) {
    digests = loaded.digests
    threads = loaded.threads
    log = loaded.log
    do throws(EngineError) {
      engine = try Engine(
        book: loaded.book, plan: loaded.plan, threads: threads,
        isStopped: { SignalFlags.stopSignal != nil })
    } catch {
      throw CommandError(error)
    }
    try Self.checkRefused(engine.valued, line)
    log.note("prepare")
    try Self.checkSignals()
    try checkStrict(engine.failures, line)
  }

  /// Reads the book and its plan from the bytes of its files.
  static func read(
    _ files: BookFiles, _ line: Invocation, models: [ModelDefinition] = []
  ) throws(CommandError) -> BookReading {
    do throws(DocumentError) {
      return try BookReader.readWithPlan(files.source, rules: rules(line), models: models)
    } catch {
      throw .stop(status: error.exitCode, message: error.sentence)
    }
  }

  /// Reads a SPAN risk parameter file from its bytes.
  static func readSpan(_ member: BookSource.Member) throws(CommandError) -> SpanFile {
    do throws(DocumentError) {
      return try SpanFileReader.read(member.bytes, name: member.name)
    } catch {
      throw .stop(status: error.exitCode, message: error.sentence)
    }
  }

  /// Refuses a book that lost too many rows for want of something in the market.
  static func checkRefused(_ valued: ValuedBook, _ line: Invocation) throws(CommandError) {
    do throws(DocumentError) { try rules(line).check(valued) } catch {
      throw .stop(status: error.exitCode, message: error.sentence)
    }
  }

  static func rules(_ line: Invocation) -> ReadingRules {
    ReadingRules(
      isStrict: line(CommonOptions.strict),
      maxRefused: line(CommonOptions.maxRefused)?.limit ?? .standard)
  }

  /// Notes that a step of the run has ended.
  mutating func note(_ step: String) { log.note(step) }

  /// Stops where a signal asked for it.
  static func checkSignals() throws(CommandError) {
    if let status = SignalFlags.stopStatus { throw .stop(status: status, message: "stopped by a signal") }
  }

  /// A row that was set aside while valuing the book stops a strict run as one set aside while reading does.
  func checkStrict(_ failures: [Failure], _ line: Invocation) throws(CommandError) {
    if line(CommonOptions.strict), let first = failures.first {
      throw .badData("\(first.path): \(first.message), and --strict is given")
    }
  }
}

extension CommandError {
  /// A market or plan that the engine cannot start from.
  init(_ error: EngineError) {
    switch error {
    case .invalid(let path, let message): self = .badData("\(path): \(message)")
    case .unsupported(let path, let message):
      self = .stop(status: ExitStatus.usage, message: "\(path): \(message)")
    case .stopped:
      self = .stop(
        status: SignalFlags.stopStatus ?? ExitStatus.internalError, message: "stopped by a signal")
    }
  }
}
