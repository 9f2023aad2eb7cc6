public import RiskNumerics

/// The worst loss of many accounts over scenarios whose profit and loss is tabulated once an instrument.
///
/// An account is a sparse sum of rows: positions × scenarios multiply-adds, no price. Rows are padded to whole cache
/// lines, so that one pass over an account holds all its scenarios in registers.
///
/// ```
/// let scan = ScenarioScan(scenarios: 33, profits: table)
/// let worst = scan.worst(starts: [0, 2], instruments: [0, 1], quantities: [1, -2], team: team)
/// ```
public struct ScenarioScan: Sendable {
  /// The worst loss of one account.
  public struct Worst: Hashable, Sendable {
    /// ≥ 0 where some scenario gains nothing; NaN where a profit, a quantity or a place is no number of the table.
    public var loss: Double
    /// Place of the first scenario with that loss.
    public var scenario: Int
  }

  /// Scenarios of a row.
  public let scenarios: Int
  /// Rows of the table.
  public let instruments: Int
  /// From row to row: scenarios, rounded up to whole cache lines.
  private let stride: Int
  /// Where the first row begins.
  private let lead: Int
  private let table: [Double]
  /// Accounts that one task takes.
  private static let accountsPerTask = 256

  /// A table.
  ///
  /// - Parameters:
  ///   - scenarios: of each instrument; ≥ 1.
  ///   - profits: of one unit, instrument-major; a last row that is not whole is left out.
  public init(scenarios: Int, profits: [Double]) {
    self.scenarios = max(1, scenarios)
    instruments = profits.count / self.scenarios
    stride = (self.scenarios + 7) / 8 * 8
    var table = [Double](repeating: 0, count: instruments * stride + 8)
    lead = VectorMath.lead(table.span)
    var rows = table.mutableSpan
    for instrument in 0..<instruments {
      let (to, from) = (lead + instrument * stride, instrument * self.scenarios)
      for scenario in 0..<self.scenarios { rows[to + scenario] = profits[from + scenario] }
    }
    self.table = table
  }

  /// The worst loss of every account.
  ///
  /// - Parameters:
  ///   - starts: where the positions of each account begin, increasing, and where the last end: accounts + 1 numbers.
  ///   - instruments: row of each position.
  ///   - quantities: of each position, signed.
  ///   - team: shares the accounts; no figure depends on it.
  /// - Returns: one entry an account; empty where the lists do not fit each other.
  /// - Complexity: positions × scenarios.
  public func worst(
    starts: [Int], instruments: [Int], quantities: [Double], team: ThreadTeam
  ) -> [Worst] {
    guard let last = starts.last, starts.first == 0, last == instruments.count, last == quantities.count,
      zip(starts, starts.dropFirst()).allSatisfy({ $0 <= $1 })
    else { return [] }
    let count = starts.count - 1
    let tasks = (count + Self.accountsPerTask - 1) / Self.accountsPerTask
    return team.map(count: tasks) { task in
      var found: [Worst] = []
      found.reserveCapacity(Self.accountsPerTask)
      var sums = [Double](repeating: 0, count: stride)
      let rows = table.span.extracting(lead..<lead + self.instruments * stride)
      for account in task * Self.accountsPerTask..<min((task + 1) * Self.accountsPerTask, count) {
        let range = starts[account]..<starts[account + 1]
        var sum = sums.mutableSpan
        VectorMath.gatherRows(
          rows, rowStarts: instruments.span.extracting(range), stride: stride,
          factors: quantities.span.extracting(range), adding: 0, into: &sum)
        found.append(Self.worst(sums.span, scenarios))
      }
      return found
    }.flatMap { $0 }
  }

  private static func worst(_ profits: Span<Double>, _ count: Int) -> Worst {
    // NaN is worse than any loss, and stays: "not at least" is true of it, and of nothing after it.
    var (least, place) = (profits[0], 0)
    for scenario in 1..<max(1, count) where !(profits[scenario] >= least) {
      if least.isNaN { break }
      (least, place) = (profits[scenario], scenario)
    }
    return Worst(loss: 0 - least, scenario: place)
  }
}
