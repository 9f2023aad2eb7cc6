import CommandLineKit
import Plimsoll
import SystemFiles

/// Refuses what cannot fit before any of it is allocated: Swift ends the process when memory runs out.
///
/// The estimate counts what grows with the input and leaves out what does not. It errs upwards by less than
/// half on desks of 1,000 to 10,000 accounts: a guard against a run that would be killed, not a meter.
enum MemoryBudget {
  /// The program itself, its threads and everything small.
  private static let base = 64.0 * 1_048_576
  /// A book in memory, with its values, against the bytes of its files.
  private static let bookFactor = 6.0
  /// Tables of the margin models: states of the market times dampened scenarios, eight bytes each.
  private static let marginBytesPerInstrument = 110.0 * 40 * 8
  /// Two tiles of paths, their scratch copies, and the columns of one option.
  private static let capitalBytesPerInstrument = 12_000.0
  /// Tails of a batch of accounts, capitals of a wave of paths, and the accounts as the kernel reads them.
  private static let capitalLimit = 320e6
  /// The bounds of `SimulationLayout`: the table of outcomes, the losses of the accounts of one batch where the
  /// table is larger, and of one thread where it is not.
  private static let tableLimit = 256.0 * 1_048_576
  private static let batchLimit = 128.0 * 1_048_576
  private static let groupLimit = 16.0 * 1_048_576

  /// Addresses that a thread reserves and mostly leaves empty: its stack, and its share of the allocator's
  /// arenas, of which there are at most eight a processor.
  private static let stackAddresses = 8.0 * 1_048_576
  private static let arenaAddresses = 32.0 * 1_048_576

  /// Checks a book before it is read.
  static func check(bookAt path: String, threads: Int) throws(CommandError) {
    let needed = base + bookFactor * Double(Folder.byteCount(of: path))
    try check(needed, threads: threads, advice: "split the book")
  }

  /// Checks a run before anything of it is computed.
  ///
  /// - Parameter byteCount: of the book's files.
  static func check(
    _ book: Book, byteCount: Int, plan: RunPlan, threads: Int
  ) throws(CommandError) {
    var needed = base + bookFactor * Double(byteCount)
    let instruments = Double(book.instruments.count)
    if plan.measures.contains(.margin) || plan.measures.contains(.liquidation) {
      needed += instruments * marginBytesPerInstrument
      // Tiles of each thread, what accounts keep at a time, and the spots of all paths.
      if let paths = plan.capitalPaths {
        let beyond = 1 - (paths.confidence.map(\.value).min() ?? 1)
        let account = 8_000 + 60 * beyond * Double(paths.paths)
        needed += instruments * capitalBytesPerInstrument * Double(threads)
        needed += min(capitalLimit, Double(book.accounts.count) * account)
        needed += Double(book.market.assets.count) * Double(paths.paths) * 16
      }
    }
    guard plan.measures.contains(.valueAtRisk) else {
      return try check(needed, threads: threads, advice: "split the book")
    }
    let rows = instruments + 2 * Double(book.market.assets.count) + 16
    var simulation = 0.0
    for entry in plan.valueAtRisk {
      // More paths than the engine takes are for it to refuse.
      let column = Double(min(entry.paths, MonteCarloEngine.mostPaths)) * 8
      // Losses stand twice while they are joined and sorted.
      let atOnce = rows * column > tableLimit ? batchLimit : Double(threads) * groupLimit
      let losses = min(max(atOnce, column), Double(book.accounts.count + 1) * column)
      simulation = max(simulation, min(rows * column, tableLimit) + 2 * losses)
    }
    try check(
      needed + simulation, threads: threads,
      advice: simulation > needed ? "ask for fewer --paths or --threads" : "split the book")
  }

  /// Checks a number of paths that was asked for on the command line.
  static func check(paths: Int) throws(CommandError) {
    guard paths > MonteCarloEngine.mostPaths else { return }
    throw .stop(
      status: ExitStatus.budget,
      message:
        "\(paths) paths are more than the \(MonteCarloEngine.mostPaths) that the losses of one account "
        + "may take memory for; ask for fewer --paths")
  }

  private static func check(_ needed: Double, threads: Int, advice: String) throws(CommandError) {
    try check(needed, limit: Double(Surroundings.memoryLimit), advice)
    guard let limit = Surroundings.addressSpaceLimit else { return }
    let arenas = Double(min(threads, 8 * Surroundings.processorCount))
    let reserved = Double(threads) * stackAddresses + arenas * arenaAddresses
    try check(needed + reserved, limit: Double(limit), advice)
  }

  private static func check(_ needed: Double, limit: Double, _ advice: String) throws(CommandError) {
    guard needed > limit else { return }
    throw .stop(
      status: ExitStatus.budget,
      message: "the run needs about \(megabytes(needed)) MB of memory and may take \(megabytes(limit)) MB; "
        + "give it more or \(advice)")
  }

  private static func megabytes(_ bytes: Double) -> String { TextFigure.fixed(bytes / 1e6, decimals: 0) }
}
