import CommandLineKit
import Plimsoll
import RiskNumerics
import SystemFiles

/// A book that was read and an engine that is ready for its accounts: what every command on a book begins with.
struct PreparedRun {
  static let operand = Operand("BOOK", help: "a folder with market.json and its tables, or one JSON file")

  let engine: Engine
  let digests: [InputDigest]
  let threads: Int
  private(set) var log: RunLog

  /// Reads the book that the line names and prepares its plan.
  ///
  /// - Parameter adjust: changes the plan of `run.json` before anything is prepared.
  init(
    _ line: Invocation, adjust: (inout RunPlan) throws(CommandError) -> Void = { _ throws(CommandError) in }
  ) throws(CommandError) {
    try Kernels.select(line)
    threads = try CommonOptions.threadCount(line)
    log = RunLog(threads: threads)
    let files = try BookLoader.load(line.operands.first ?? "")
    digests = files.digests
    log.note("load")
    var (book, plan) = try Self.read(files, line)
    log.note("read")
    if let seed = line(CommonOptions.seed) { plan.seed = seed }
    if let paths = line(CommonOptions.paths) {
      guard (1...RunPlanLimits.paths).contains(paths) else {
        throw .usage("'--paths' is '\(paths)'; expected a whole number from 1 to \(RunPlanLimits.paths)")
      }
      for place in plan.valueAtRisk.indices { plan.valueAtRisk[place].paths = paths }
    }
    try adjust(&plan)
    try MemoryBudget.check(book, plan)
    do throws(EngineError) {
      engine = try Engine(book: book, plan: plan, threads: threads)
    } catch {
      throw CommandError(error)
    }
    try Self.checkRefused(engine.valued, line)
    log.note("prepare")
    try Self.checkSignals()
  }

  /// Reads the book and its plan from the bytes of its files.
  static func read(_ files: BookFiles, _ line: Invocation) throws(CommandError) -> (Book, RunPlan) {
    do throws(DocumentError) {
      let reading = try BookReader.readWithPlan(files.source, rules: rules(line))
      return (reading.book, reading.plan)
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

  private static func rules(_ line: Invocation) -> ReadingRules {
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
    }
  }
}

/// Limits on what a plan may ask for.
enum RunPlanLimits {
  static let paths = 100_000_000
}

/// Refuses what cannot fit before any of it is allocated: Swift ends the process when memory runs out.
enum MemoryBudget {
  /// Checks the tables of a run against four fifths of the machine's memory.
  static func check(_ book: Book, _ plan: RunPlan) throws(CommandError) {
    guard plan.measures.contains(.valueAtRisk) else { return }
    let rows = Double(book.instruments.count + 2 * book.market.assets.count + 16)
    for entry in plan.valueAtRisk {
      let needed = rows * Double(entry.paths) * 8
      guard needed > Double(Surroundings.physicalMemory) * 0.8 else { continue }
      throw .stop(
        status: ExitStatus.budget,
        message: "\(entry.paths) paths over \(book.instruments.count) instruments need about "
          + "\(TextFigure.money(needed / 1e9)) GB, more than this machine has; ask for fewer --paths")
    }
  }
}
