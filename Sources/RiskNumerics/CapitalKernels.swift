internal import CKernels

/// The scenarios of a portfolio model over the columns of a tile.
///
/// Columns: 0 the market of the path as it is; then those whose profit counts with its sign; then those whose
/// profit counts as a loss either way.
public struct CapitalShape: Sendable {
  /// One scenario: its column, the move of what is linear, and what its profit is multiplied with.
  public struct Scenario: Hashable, Sendable {
    public var column: Int
    public var linearMove: Double
    public var dampening: Double

    /// A scenario from its numbers.
    public init(column: Int, linearMove: Double, dampening: Double) {
      self.column = column
      self.linearMove = linearMove
      self.dampening = dampening
    }
  }

  /// Most columns of a tile.
  public static let mostColumns = 96
  /// All columns.
  public let columnCount: Int
  let whole: [Int32]
  let numbers: [Double]

  /// A shape; nil where a column is outside or there are too many.
  ///
  /// - Parameters:
  ///   - plain: columns whose profit counts with its sign, the first included.
  ///   - flipped: columns behind them.
  ///   - basis: the two columns of moved forwards.
  ///   - factor: of the worst loss in maintenance margin.
  public init?(
    plain: Int, flipped: Int, basis: (up: Int, down: Int), factor: Double, scenarios: [Scenario]
  ) {
    guard plain >= 1, flipped >= 0, plain + flipped <= Self.mostColumns else { return nil }
    let signed = scenarios.filter { $0.column < plain }
    let either = scenarios.filter { $0.column >= plain }
    let columns = 0..<(plain + flipped)
    guard (scenarios.map(\.column) + [basis.up, basis.down]).allSatisfy({ columns.contains($0) }) else {
      return nil
    }
    columnCount = plain + flipped
    let head = [plain, flipped, basis.up, basis.down, signed.count, either.count]
    whole = (head + (signed + either).map(\.column)).map { Int32(clamping: $0) }
    numbers = [factor] + (signed + either).flatMap { [$0.linearMove, $0.dampening] }
  }

  /// Numbers of one row of a tile: the columns, then one contract alone, bought and sold.
  public var rowWidth: Int { (columnCount + 2) * CapitalKernels.lanes }
}

/// Option prices on tiles of paths and the capital of accounts over them; the same bits at every `KernelLevel`.
public enum CapitalKernels {
  /// Paths of a tile.
  public static let lanes = 8
  /// Paths that are priced together; a multiple of `lanes`.
  public static let batch = 16
  /// Figures of an account on a path: capital isolated, cross, portfolio, and portfolio item by item.
  public static let figures = 4

  /// One column of the grid: how forward and volatility of an option move.
  public struct Column: Hashable, Sendable {
    /// The smile where the forward moves: kept, tilted, or both wings raised.
    public enum Bend: Double, Sendable { case none, tilt, wings }

    /// Multiplier of the forward, > 0.
    public var move: Double
    /// σ√T before the bend.
    public var deviation: Double
    public var bend: Bend
    public var cap: Double
    public var width: Double

    /// A column from its numbers.
    public init(move: Double, deviation: Double, bend: Bend = .none, cap: Double = 0, width: Double = 1) {
      self.move = move
      self.deviation = deviation
      self.bend = bend
      self.cap = cap
      self.width = width
    }

    fileprivate var numbers: [Double] { [move, Elementary.log(move), deviation, bend.rawValue, cap, width] }
  }

  /// One option and the columns of its row.
  public struct Option: Sendable {
    let columnCount: Int
    let columns: [Double]
    let forward: Double
    let strike: Double
    let sign: Double
    let scale: Double

    /// An option from its numbers: scale × Black(forward, strike, σ√T), sign +1 for a call and −1 for a put.
    public init(columns: [Column], forward: Double, strike: Double, sign: Double, scale: Double) {
      columnCount = columns.count
      self.columns = columns.flatMap(\.numbers)
      self.forward = forward
      self.strike = strike
      self.sign = sign
      self.scale = scale
    }
  }

  /// Prices one option under its columns on paths and puts the cells into a row of each tile.
  ///
  /// - Parameters:
  ///   - limit: prices no more than the first so many columns.
  ///   - logMultiplier: x of each path, a multiple of `batch` of them.
  ///   - multiplier: eˣ.
  ///   - tiles: tile after tile of `tileWidth` numbers; nothing is written unless the row is inside every tile.
  ///   - offset: of the row in its tile.
  /// - Complexity: one Black formula a path and column, about 10 ns of a core with AVX2.
  public static func price(
    _ option: Option, limit: Int = CapitalShape.mostColumns, logMultiplier: Span<Double>,
    multiplier: Span<Double>,
    into tiles: inout MutableSpan<Double>, offset: Int, tileWidth: Int
  ) {
    let count = min(logMultiplier.count, multiplier.count)
    let columnCount = max(0, min(option.columnCount, limit))
    guard count > 0, count % batch == 0, offset >= 0, tileWidth > 0,
      offset + columnCount * lanes <= tileWidth, tiles.count / tileWidth >= count / lanes
    else { return }
    unsafe logMultiplier.withUnsafeBufferPointer { x in
      unsafe multiplier.withUnsafeBufferPointer { m in
        unsafe tiles.withUnsafeMutableBufferPointer { tiles in
          unsafe option.columns.withUnsafeBufferPointer { columns in
            guard let x = x.baseAddress, let m = m.baseAddress, let y = tiles.baseAddress,
              let f = columns.baseAddress
            else { return }
            unsafe ck_capital_grid(
              count, x, m, columnCount, f, option.forward, option.strike, option.sign, option.scale,
              y + offset, tileWidth)
          }
        }
      }
    }
  }

  /// The capital of some accounts on the eight paths of one tile.
  ///
  /// - Parameters:
  ///   - tile: `program.rowCount` rows of `shape.rowWidth` numbers.
  ///   - multipliers: eight of each underlying.
  ///   - capital: `figures` × `lanes` numbers an account, overwritten; not a number where the sizes do not fit.
  /// - Complexity: about one fused step a leg, column and path.
  public static func capital(
    of program: CapitalProgram, accounts: Range<Int>, shape: CapitalShape, tile: Span<Double>,
    multipliers: Span<Double>, into capital: inout MutableSpan<Double>
  ) {
    guard tile.count >= program.rowCount * shape.rowWidth,
      multipliers.count >= program.underlyingCount * lanes, accounts.lowerBound >= 0,
      accounts.upperBound <= program.accountCount, capital.count >= accounts.count * figures * lanes,
      !accounts.isEmpty
    else {
      for place in capital.indices { capital[place] = .nan }
      return
    }
    let firstCode = program.codeStarts[accounts.lowerBound]
    let firstNumber = program.numberStarts[accounts.lowerBound]
    unsafe program.code.withUnsafeBufferPointer { code in
      unsafe program.numbers.withUnsafeBufferPointer { numbers in
        unsafe tile.withUnsafeBufferPointer { tile in
          unsafe multipliers.withUnsafeBufferPointer { spots in
            unsafe shape.whole.withUnsafeBufferPointer { whole in
              unsafe shape.numbers.withUnsafeBufferPointer { model in
                unsafe capital.withUnsafeMutableBufferPointer { capital in
                  guard let c = code.baseAddress, let n = numbers.baseAddress, let y = capital.baseAddress,
                    let w = whole.baseAddress, let f = model.baseAddress
                  else { return }
                  // A table without rows and a market without factors have no address; no field reads them.
                  unsafe ck_capital(
                    accounts.count, c + firstCode, n + firstNumber, tile.baseAddress ?? n, shape.rowWidth,
                    spots.baseAddress ?? n, w, f, y)
                }
              }
            }
          }
        }
      }
    }
  }
}
