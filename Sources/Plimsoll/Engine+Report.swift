public import MarginModels
import MarketModel
import PortfolioValuation
public import RiskDocuments
import RiskNumerics

/// A finished run: the document and what a summary of it needs.
public struct RunReport: Sendable {
  /// `report.json`, whole.
  public var document: [UInt8]
  /// The book's figures, as they stand in the document.
  public var book: ReportBook
  /// Everything that was set aside, in the order it was met.
  public var failures: [Failure]
  /// Whether the accounts were handed over line by line rather than put into the document.
  public var hasAccountFile: Bool
  /// Accounts whose equity is below the maintenance margin of a model that was run.
  public var breachCount: Int
  /// What stands above the accounts.
  public var head: ReportHead
  /// One entry an account, in account order: what a summary shows of it.
  public var accounts: [AccountSummary]
}

extension AccountMargin {
  /// Whether the equity that a model counts is below its maintenance margin, once collateral has lost its haircuts
  /// where the run has some.
  public var isBreached: Bool {
    models.contains { $0.equity < $0.maintenance }
      || (collateral?.surplus.contains { $0.surplus < 0 } ?? false)
  }
}

extension Engine {
  /// Accounts of one task: enough to hide the hand-over, few enough to share out evenly.
  private static let accountsPerTask = 16
  /// Tasks between two hand-overs of finished lines, which bounds the memory they take.
  private static let tasksPerWave = 32

  /// What was set aside before any account was computed: rows, quotes, and what was simulated without.
  public var failures: [Failure] {
    valued.book.failures + valued.failures + tails.flatMap(\.failures) + (stress?.failures ?? [])
      + (capitalPaths?.failures ?? [])
  }

  /// Computes every account and the book, and writes the report.
  ///
  /// - Parameters:
  ///   - inputDigests: of the files the book was read from, for provenance.
  ///   - isStopped: asked before each wave of accounts; true ends the run.
  ///   - keepsAccounts: whether the accounts stand in the document; nil: up to 1,000 of them do.
  ///   - emit: takes finished lines of `accounts.jsonl`, in account order, where the accounts do not stand
  ///     in the document; returning false ends the run.
  /// - Returns: the report, nil where the run was ended.
  /// - Complexity: memory for one wave of account lines, or for all of them where the document keeps them.
  public func report(
    inputDigests: [InputDigest], keepsAccounts: Bool? = nil, isStopped: () -> Bool = { false },
    emit: (_ lines: [UInt8]) -> Bool
  ) -> RunReport? {
    let count = valued.book.accounts.count
    let hasAccountFile = !(keepsAccounts ?? (count <= ReportWriter.accountLimit))
    let writer = ReportWriter(assets: valued.book.market.assets.map(\.id))
    var failures = self.failures
    var totals = BookTotals()
    var kept: [[UInt8]] = []
    var summaries: [AccountSummary] = []
    summaries.reserveCapacity(count)
    var first = 0
    while first < count {
      if isStopped() { return nil }
      let wave = wave(from: first, writer: writer)
      for task in wave {
        task.totals.forEach { totals.add($0) }
        summaries += task.summaries
        failures += task.failures
        if hasAccountFile {
          guard emit(task.lines) else { return nil }
        } else {
          kept.append(task.lines)
        }
      }
      first += Self.accountsPerTask * Self.tasksPerWave
    }
    let (book, bookFailures) = book(totals)
    failures += bookFailures
    let head = head(inputDigests)
    return RunReport(
      document: writer.report(head: head, accountLines: kept, book: book, failures: failures), book: book,
      failures: failures, hasAccountFile: hasAccountFile, breachCount: totals.breachCount, head: head,
      accounts: summaries)
  }

  private struct Task: Sendable {
    var lines: [UInt8] = []
    var totals: [AccountTotals] = []
    var summaries: [AccountSummary] = []
    var failures: [Failure] = []
  }

  private func wave(from first: Int, writer: ReportWriter) -> [Task] {
    let size = Self.accountsPerTask
    let last = min(first + size * Self.tasksPerWave, valued.book.accounts.count)
    return team.map(count: (last - first + size - 1) / size) { task in
      var result = Task()
      let start = first + task * size
      for place in start..<min(start + size, last) {
        guard var (account, failures) = account(place) else { continue }
        failures += writer.append(account, to: &result.lines)
        account.figures.isIncomplete = account.figures.isIncomplete || !failures.isEmpty
        result.failures += failures
        result.totals.append(AccountTotals(account.figures))
        result.summaries.append(AccountSummary(account))
      }
      return result
    }
  }

  /// What stands above the accounts: provenance and every default that was taken.
  public func head(_ inputDigests: [InputDigest]) -> ReportHead {
    let market = valued.book.market
    let provenance = Provenance(
      engineVersion: Self.version, asOf: market.asOf, baseCurrency: market.baseCurrency, seed: plan.seed,
      paths: plan.measures.contains(.valueAtRisk) ? plan.valueAtRisk.map(\.paths).max() : nil,
      models: margin == nil ? [] : plan.marginModels, linearAlgebra: LinearAlgebraLibrary.name,
      inputDigests: inputDigests)
    return ReportHead(
      provenance: provenance,
      assumptions: valued.assumptions + liquidityNotes + tailNotes + stressNotes
        + (margin?.assumptions ?? []) + ModelLibrary.notes(of: plan, in: market),
      spotMoves: plan.measures.contains(.margin) ? margin?.profileMoves ?? [] : [])
  }

  /// What the stresses take for granted, and which of them no capital has to survive.
  private var stressNotes: [String] {
    let wide = plan.stress.filter { $0.uniform == nil }.map(\.name.text)
    let isCompared = plan.measures.contains(.margin) && !wide.isEmpty
    return (stress?.notes ?? [])
      + (isCompared
        ? [
          "capital_to_survive: only stresses that move every spot and every volatility by one factor each enter it, not "
            + wide.joined(separator: ", ")
        ] : [])
  }

  private var liquidityNotes: [String] { liquidity?.costs.notes ?? [] }

  /// What the entries of value at risk say of their figures, each sentence once.
  private var tailNotes: [String] {
    var said: Set<String> = []
    return tails.flatMap(\.notes).filter { said.insert($0).inserted }
  }
}
