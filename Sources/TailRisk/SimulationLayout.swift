/// How a simulation is cut into pieces, by the sizes of the book alone.
///
/// Every figure is computed element by element in one fixed order, so the cut changes time and memory, never
/// a bit. The rule: a run of paths is so wide that its part of the table stays in a core's second-level
/// cache; accounts go in groups whose losses take at most 16 MiB; the table is kept whole up to 256 MiB.
/// Beyond that no more than a block of it is kept: it is priced anew for each batch of accounts whose losses fit into
/// 128 MiB, and then, slab by slab, on the paths of their tails.
struct SimulationLayout: Sendable {
  static let tableLimit = 256 << 20
  static let batchLimit = 128 << 20
  static let groupLimit = 16 << 20

  let paths: Int
  /// Paths of one block, a multiple of 32; the last block is priced beyond the last path.
  let width: Int
  let blockCount: Int
  /// Blocks of each slab.
  let slabs: [Range<Int>]
  /// Places of portfolios of each batch, cut into groups.
  let batches: [[Range<Int>]]

  /// - Parameter columns: of losses a portfolio.
  init(paths: Int, rows: Int, portfolios: Int, columns: Int = 1, tableLimit: Int = Self.tableLimit) {
    self.paths = paths
    let rows = max(1, rows)
    let width = min(512, max(32, (768 << 10) / 8 / rows / 32 * 32))
    self.width = width
    let blocks = (paths + width - 1) / width
    blockCount = blocks
    let blocksPerSlab = max(1, tableLimit / (rows * width * 8))
    slabs = stride(from: 0, to: blocks, by: blocksPerSlab).map {
      $0..<min($0 + blocksPerSlab, blocks)
    }
    let losses = max(1, paths * columns)
    let groupSize = max(1, min(256, Self.groupLimit / 8 / losses))
    let whole = slabs.count <= 1
    let batchSize = whole ? max(1, portfolios) : max(groupSize, Self.batchLimit / 8 / losses)
    batches = stride(from: 0, to: portfolios, by: batchSize).map { start in
      let end = min(start + batchSize, portfolios)
      return stride(from: start, to: end, by: groupSize).map { $0..<min($0 + groupSize, end) }
    }
  }

  /// The paths of a block.
  func paths(ofBlock block: Int) -> Range<Int> {
    paths(ofBlocks: block..<block + 1)
  }

  /// The paths of neighbouring blocks.
  func paths(ofBlocks blocks: Range<Int>) -> Range<Int> {
    blocks.lowerBound * width..<min(blocks.upperBound * width, paths)
  }
}
