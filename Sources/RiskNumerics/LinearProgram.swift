/// A linear programme: the least of Σ costᵢ·xᵢ over columns within bounds whose rows lie within bounds.
///
/// ```
/// var programme = LinearProgram()
/// let x = programme.addColumn(cost: 1, from: 0, to: .infinity)
/// programme.addRow(from: 2, to: .infinity, [(x, 1)])
/// let least = try programme.minimise().values[x]  // 2
/// ```
///
/// Solved by COIN-OR Clp (`LinearProgram+Clp.swift`): the same programme gives the same vertex every time. Of several
/// optima one is returned.
public struct LinearProgram: Sendable {
  /// A multiple of a column in a row.
  public typealias Term = (column: Int, factor: Double)

  /// Cost, lower and upper bound of each column.
  public private(set) var costs: [Double] = []
  private(set) var columnLower: [Double] = []
  private(set) var columnUpper: [Double] = []
  private(set) var rowLower: [Double] = []
  private(set) var rowUpper: [Double] = []
  /// The terms of each row, a column at most once.
  private(set) var rows: [[Term]] = []
  /// The first thing that made the programme no programme.
  private(set) var fault: String?

  /// A programme without columns and rows; its least is 0.
  public init() {}

  /// Adds a variable.
  ///
  /// - Parameters:
  ///   - cost: finite.
  ///   - from: lower bound, −∞ for none.
  ///   - to: upper bound, +∞ for none.
  /// - Returns: its place, from 0.
  public mutating func addColumn(cost: Double, from: Double, to: Double) -> Int {
    if !cost.isFinite { note("a cost is \(cost)") }
    check(from, to)
    costs.append(cost)
    columnLower.append(from)
    columnUpper.append(to)
    return costs.count - 1
  }

  /// Adds a restriction: from ≤ Σ factor·column ≤ to.
  ///
  /// Terms of one column add up.
  ///
  /// - Returns: its place, from 0.
  @discardableResult
  public mutating func addRow(from: Double, to: Double, _ terms: [Term]) -> Int {
    check(from, to)
    var kept: [Term] = []
    for term in terms.sorted(by: { $0.column < $1.column }) {
      guard costs.indices.contains(term.column), term.factor.isFinite else {
        note("a row names column \(term.column) with the factor \(term.factor)")
        continue
      }
      if kept.last?.column == term.column {
        kept[kept.count - 1].factor += term.factor
      } else {
        kept.append(term)
      }
    }
    rows.append(kept.filter { $0.factor != 0 })
    rowLower.append(from)
    rowUpper.append(to)
    return rows.count - 1
  }

  /// Moves the bounds of a row.
  public mutating func setRow(_ row: Int, from: Double, to: Double) {
    guard rows.indices.contains(row) else { return note("there is no row \(row)") }
    check(from, to)
    rowLower[row] = from
    rowUpper[row] = to
  }

  /// Changes the cost of a column.
  public mutating func setCost(_ cost: Double, ofColumn column: Int) {
    guard costs.indices.contains(column), cost.isFinite else {
      return note("column \(column) cannot cost \(cost)")
    }
    costs[column] = cost
  }

  private mutating func check(_ from: Double, _ to: Double) {
    if from.isNaN || to.isNaN || from == .infinity || to == -.infinity { note("bounds \(from) to \(to)") }
  }

  private mutating func note(_ sentence: String) { fault = fault ?? sentence }
}

/// The optimum of a linear programme.
public struct LinearSolution: Sendable {
  /// One entry a column.
  public let values: [Double]
  /// What one unit more of each column would add to the objective.
  public let reducedCosts: [Double]
  /// By how much the objective grows with the active bound of each row; 0 where none is active.
  public let prices: [Double]
  public let objective: Double
}

/// Why a linear programme has no optimum.
public enum LinearProgramError: Error, Hashable, Sendable {
  /// A number or place of the programme is not valid: what was found.
  case invalid(String)
  /// No point keeps all bounds.
  case infeasible
  /// The objective falls without end.
  case unbounded
  /// The solver gave up, or its answer does not keep the bounds.
  case numerical
}
