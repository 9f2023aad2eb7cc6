/// What closing out neighbouring portfolios costs on the paths of a table.
struct CloseOutGroup: Sendable {
  /// One list a portfolio, one curve an underlying; nil where its cost is not known.
  let curves: [[CloseOutCurve]?]
  /// Row of the table where ln(S'/S) of the moving assets begin; their S'/S − 1 begin at row 0.
  let logStart: Int
  /// What losses are multiplied by in the end, and costs, which know no horizon, are not.
  let scale: Double

  /// Adds the costs of one portfolio to its losses on a block of paths.
  ///
  /// - Parameters:
  ///   - block: the table, rows of `width` numbers.
  ///   - losses: of `count` paths from the start of the block.
  /// - Complexity: O(underlyings × paths).
  func add(
    _ portfolio: Int, _ block: [Double], width: Int, count: Int, to losses: inout [Double]
  ) {
    guard let curves = curves[portfolio] else { return }
    var held = [Double](repeating: 0, count: count)
    for curve in curves {
      let moves = curve.factor * width
      let logs = (logStart + curve.factor) * width
      var sum = losses.mutableSpan
      var room = held.mutableSpan
      curve.addCosts(
        logMoves: block.span.extracting(logs..<logs + count),
        moves: block.span.extracting(moves..<moves + count), dividedBy: scale, held: &room,
        to: &sum)
    }
  }
}
