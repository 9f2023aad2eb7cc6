import RiskNumerics

/// Where the moves of a run of paths come from.
///
/// A path is a function of its number alone: any cut of the paths into blocks, and any order of the blocks, gives
/// the same bits, and the accounts at hand do not matter.
protocol PathSource: Sendable {
  /// The paths firstPath ..< firstPath + width; paths beyond the last one of the source are filled with anything.
  func block(firstPath: Int, width: Int) -> PathBlock
}

/// Normal moves from counter-based draws.
struct GaussianPaths: PathSource {
  let risk: RiskFactors
  let grid: TimeGrid
  let stream: RandomStream

  func block(firstPath: Int, width: Int) -> PathBlock {
    PathBlock(risk, grid, normals: normals(firstPath: firstPath, width: width), width: width)
  }

  /// The standard normals behind a block, laid out as `PathBlock` takes them.
  func normals(firstPath: Int, width: Int) -> [Double] {
    var normals = [Double](repeating: 0, count: grid.seconds.count * risk.rank * width)
    var whole = normals.mutableSpan
    for step in grid.seconds.indices {
      for factor in 0..<risk.rank {
        let start = (step * risk.rank + factor) * width
        var column = whole._mutatingExtracting(start..<start + width)
        stream.normals(factor: factor, step: step, firstPath: firstPath, into: &column)
      }
    }
    return normals
  }
}

/// Moves of any law from counter-based draws; those of the normal law differ from `GaussianPaths` by rounding.
struct PseudoPaths: PathSource {
  let law: MoveLaw
  let normal: GaussianPaths

  func block(firstPath: Int, width: Int) -> PathBlock {
    let (risk, grid) = (normal.risk, normal.grid)
    let motions = PathBlock.logs(
      risk, grid, normals: normal.normals(firstPath: firstPath, width: width), width: width, drifting: false)
    let moves = law.moves(motions, risk, grid, width: width) { place in
      var column = [Double](repeating: 0, count: width)
      var span = column.mutableSpan
      normal.stream.uniforms(
        factor: PathPlace.extra + place, step: 0, firstPath: firstPath, into: &span)
      return column
    }
    return PathBlock(width: width, factors: risk.volatilities.count, logs: moves)
  }
}

/// Moves of any law from scrambled points of Sobol.
struct SobolPaths: PathSource {
  let law: MoveLaw
  let risk: RiskFactors
  let grid: TimeGrid
  let points: SobolPoints

  func block(firstPath: Int, width: Int) -> PathBlock {
    let moves = law.moves(
      points.motions(firstPath: firstPath, width: width), risk, grid, width: width
    ) { points.extra($0, firstPath: firstPath, width: width) }
    return PathBlock(width: width, factors: risk.volatilities.count, logs: moves)
  }
}
