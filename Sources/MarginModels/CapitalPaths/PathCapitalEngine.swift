public import MarketModel
public import PortfolioValuation
public import RiskNumerics

/// The capital that survives a share of simulated tomorrows, under isolated, cross and portfolio margin.
///
/// On each path c*(A) is the least cash with which the account passes the maintenance test of its mode at the horizon:
/// every spot has moved by the path, options have aged, and what expired inside the horizon is cash. K = c* + V(A)
/// with V today's value, as in the scenarios of a comparison. Isolated and cross margin are those of `derive-srm`,
/// portfolio margin that of `derive-pmrm2`; every option is priced anew under every scenario on every path.
///
/// Paths go in tiles of eight: their prices are worked out once for all accounts, and of each account only the largest
/// capitals are kept, so memory does not grow with accounts × paths.
public struct PathCapitalEngine: Sendable {
  /// Beyond this the places of an account's tail would take more than its book.
  public static let mostPaths = 1_000_000
  let valued: ValuedBook
  let today: MarginContext
  let tiles: PathTiles
  let paths: SpotPaths
  let levels: [PathLevel]
  let isComparable: [Bool]
  /// One entry an account; nil where it has no figure.
  private(set) var tails: [PathTail?] = []

  /// Figures at the quantiles of one account, and the paths around them.
  struct PathTail: Sendable {
    /// Level, then isolated, cross, portfolio, portfolio item by item.
    var modes: [[SimulatedCapital.Mode]]
    /// Level, mode: paths of the ranks of the interval.
    var near: [[[Int32]]]
  }

  /// Bytes that the tails of a batch of accounts, and their capitals on a wave of paths, may take.
  static let batchBytes = 192 << 20

  /// Runs all accounts over all paths.
  ///
  /// - Parameters:
  ///   - paths: one entry an asset of the book's market; at most `mostPaths`.
  ///   - levels: ranks within the paths.
  ///   - listed: what the run says of listed underlyings.
  ///   - team: shares the work; the figures do not depend on its size.
  ///   - isStopped: asked before each wave of paths; true ends the run with nil.
  /// - Complexity: paths × (options × scenarios prices + legs × scenarios multiply-adds).
  public init?(
    book: ValuedBook, paths: SpotPaths, levels: [PathLevel], listed: ListedPlan = ListedPlan(),
    team: ThreadTeam,
    isStopped: () -> Bool = { false }
  ) {
    self.init(
      book: book, context: MarginContext(of: book, listed: listed), paths: paths, levels: levels, team: team,
      batchBytes: Self.batchBytes, isStopped: isStopped)
  }

  /// The same with another bound on the memory of a batch; no figure depends on it.
  package init?(
    book: ValuedBook, context: MarginContext, paths: SpotPaths, levels: [PathLevel], team: ThreadTeam,
    batchBytes: Int, isStopped: () -> Bool = { false }
  ) {
    guard paths.count >= 1, paths.count <= Self.mostPaths, !levels.isEmpty,
      paths.multipliers.count == context.assets.count, paths.logMultipliers.count == context.assets.count
    else { return nil }
    let market = AgedMarket(context, paths: paths)
    guard let models = PathModels(market.context, team: team) else { return nil }
    isComparable = context.instruments.indices.map { place in
      !context.isListed[place] && context.instruments[place].map { $0.kind != .future } ?? false
    }
    var isHeld = [Bool](repeating: false, count: context.instruments.count)
    for holding in book.holdings { isHeld[holding.instrument] = true }
    let comparable = isComparable
    let held = isHeld.indices.filter { isHeld[$0] && comparable[$0] }
    valued = book
    today = context
    self.paths = paths
    self.levels = levels
    tiles = PathTiles(models: models, market: market, today: context, held: held, paths: paths)
    let depth = levels.map { paths.count - $0.lowerRank + 1 }.max() ?? 1
    let perAccount =
      CapitalKernels.figures
      * (TailCandidates.bytes(depth: depth) + Self.wave(team) * CapitalKernels.batch * 8)
    let size = max(1, batchBytes / perAccount)
    var first = 0
    var tails: [PathTail?] = []
    while first < book.book.accounts.count {
      let range = first..<min(first + size, book.book.accounts.count)
      guard let part = run(range, depth: depth, team: team, isStopped: isStopped) else { return nil }
      tails += part
      first = range.upperBound
    }
    self.tails = tails
  }

  /// Batches of paths between two merges.
  private static func wave(_ team: ThreadTeam) -> Int { max(8, 2 * team.threadCount) }

  /// The tails of some accounts; nil where the run was stopped.
  private func run(
    _ range: Range<Int>, depth: Int, team: ThreadTeam, isStopped: () -> Bool
  ) -> [PathTail?]? {
    let chunk = 256
    let chunks = stride(from: range.lowerBound, to: range.upperBound, by: chunk).map { start in
      start..<min(start + chunk, range.upperBound)
    }
    var program = CapitalProgram(rowCount: tiles.rowCount, underlyingCount: today.assets.count)
    let parts = team.map(count: chunks.count) { chunks[$0].map { account(at: $0) } }
    for part in parts { for account in part { program.append(account) } }
    let whole = program
    let stores = chunks.map { TailChunk(accounts: $0.count, depth: depth) }
    let batch = CapitalKernels.batch
    let batches = (paths.count + batch - 1) / batch
    var first = 0
    while first < batches {
      if isStopped() { return nil }
      let count = min(Self.wave(team), batches - first)
      let start = first
      let figures = team.map(count: count) { capital(of: whole, batch: start + $0) }
      team.forEach(count: chunks.count) { index in
        for (offset, values) in figures.enumerated() {
          let firstPath = (start + offset) * batch
          stores[index].add(
            values, accounts: index * chunk..<index * chunk + chunks[index].count, firstPath: firstPath,
            paths: min(batch, paths.count - firstPath))
        }
      }
      first += count
    }
    return team.map(count: chunks.count) { index in
      stores[index].tails(levels, paths: paths.count, accounts: chunks[index].count)
    }.flatMap { $0 }
  }

  /// The capitals of all accounts of a program on one batch of paths, a list a tile: account, figure, path.
  private func capital(of program: CapitalProgram, batch: Int) -> [[Double]] {
    let size = CapitalKernels.batch
    let range = batch * size..<min((batch + 1) * size, paths.count)
    let block = PathBatch(paths, paths: range)
    return capital(of: program, block, tiles.price(block))
  }

  /// The capitals of all accounts of a program on priced tiles.
  func capital(of program: CapitalProgram, _ block: PathBatch, _ cells: [Double]) -> [[Double]] {
    let lanes = CapitalKernels.lanes
    let width = program.accountCount * CapitalKernels.figures * lanes
    return (0..<block.paths.count / lanes).map { tile in
      let spots = tiles.multipliers(block, tile: tile)
      var capital = [Double](repeating: 0, count: width)
      var span = capital.mutableSpan
      CapitalKernels.capital(
        of: program, accounts: 0..<program.accountCount, shape: tiles.models.shape,
        tile: cells.span.extracting(tile * tiles.tileWidth..<(tile + 1) * tiles.tileWidth),
        multipliers: spots.span, into: &span)
      return capital
    }
  }
}

/// The tails of neighbouring accounts, filled by one thread at a time.
private final class TailChunk: Sendable {
  private let store: Guarded<TailCandidates>

  init(accounts: Int, depth: Int) {
    store = Guarded(TailCandidates(slots: accounts * CapitalKernels.figures, depth: depth))
  }

  /// Enters the capitals of a range of a program's accounts on the first `paths` paths of a batch.
  func add(_ tiles: [[Double]], accounts: Range<Int>, firstPath: Int, paths: Int) {
    let (lanes, figures) = (CapitalKernels.lanes, CapitalKernels.figures)
    store.withLock { store in
      for (tile, capital) in tiles.enumerated() where tile * lanes < paths {
        let span = capital.span
        let known = min(lanes, paths - tile * lanes)
        for (slot, account) in accounts.enumerated() {
          for figure in 0..<figures {
            let start = (account * figures + figure) * lanes
            store.add(
              span.extracting(start..<start + known), slot: slot * figures + figure,
              firstPath: firstPath + tile * lanes)
          }
        }
      }
    }
  }

  func tails(_ levels: [PathLevel], paths: Int, accounts: Int) -> [PathCapitalEngine.PathTail?] {
    let figures = CapitalKernels.figures
    return store.withLock { store in
      (0..<accounts).map { account in
        let slots = account * figures..<(account + 1) * figures
        guard !slots.contains(where: { store.isBroken[$0] }) else { return nil }
        let sorted = slots.map { store.sorted($0) }
        // A capital below all numbers was not kept: too few are left.
        let depth = min(store.depth, paths)
        guard sorted.allSatisfy({ $0.count >= depth }) else { return nil }
        return PathCapitalEngine.PathTail(sorted, levels, paths: paths)
      }
    }
  }
}

extension PathCapitalEngine.PathTail {
  fileprivate init(_ sorted: [[(value: Double, path: Int)]], _ levels: [PathLevel], paths: Int) {
    modes = levels.map { level in
      sorted.map { tail in
        SimulatedCapital.Mode(
          capital: tail[paths - level.rank].value, lower: tail[paths - level.lowerRank].value,
          upper: tail[paths - level.upperRank].value)
      }
    }
    near = levels.map { level in
      sorted.dropLast().map { tail in
        tail[paths - level.upperRank...paths - level.lowerRank].map { Int32(clamping: $0.path) }
      }
    }
  }
}
