import MarketModel
import PortfolioValuation
import RiskNumerics

/// Which rows a tile of paths has, and how it is priced.
///
/// Rows are the options that somebody holds and that outlive the horizon, then those that are paid inside it.
struct PathTiles: Sendable {
  let models: PathModels
  let paths: SpotPaths
  let market: AgedMarket
  /// Row of each instrument; nil where it has none.
  let row: [Int?]
  private let options: [(factor: Int, option: CapitalKernels.Option)]
  private let payers: [ResolvedInstrument]
  /// One contract of each option alone, bought and sold.
  private let units: CapitalProgram

  var rowCount: Int { options.count + payers.count }
  var rowWidth: Int { models.shape.rowWidth }
  var tileWidth: Int { rowCount * rowWidth }

  /// The rows of some instruments of a context, all of which move.
  ///
  /// - Parameter today: with the instruments as they are before they age.
  init(models: PathModels, market: AgedMarket, today: MarginContext, held: [Int], paths: SpotPaths) {
    self.models = models
    self.paths = paths
    self.market = market
    var row = [Int?](repeating: nil, count: today.instruments.count)
    var options: [(factor: Int, option: CapitalKernels.Option)] = []
    var payers: [ResolvedInstrument] = []
    var alive: [ResolvedInstrument] = []
    for place in held {
      guard let instrument = market.context.instruments[place], instrument.kind == .option else { continue }
      row[place] = options.count
      options.append((instrument.underlying, models.option(instrument)))
      alive.append(instrument)
    }
    for place in held where market.settlement[place] != nil {
      guard let instrument = today.instruments[place] else { continue }
      row[place] = options.count + payers.count
      payers.append(instrument)
    }
    var units = CapitalProgram(
      rowCount: options.count + payers.count, underlyingCount: today.assets.count)
    for (place, option) in alive.enumerated() {
      for side in [1.0, -1.0] {
        units.append(
          models.unit(option.instrument, underlying: option.underlying, row: place, quantity: side))
      }
    }
    self.row = row
    self.options = options
    self.payers = payers
    self.units = units
  }

  /// The same rows for some of the instruments alone, in their order.
  init(_ whole: PathTiles, only instruments: [Int], context: MarginContext) {
    models = whole.models
    paths = whole.paths
    market = whole.market
    var row = [Int?](repeating: nil, count: whole.row.count)
    var options: [(factor: Int, option: CapitalKernels.Option)] = []
    var payers: [ResolvedInstrument] = []
    for place in instruments {
      guard let old = whole.row[place], old < whole.options.count else { continue }
      row[place] = options.count
      options.append(whole.options[old])
    }
    for place in instruments {
      guard let old = whole.row[place], old >= whole.options.count else { continue }
      row[place] = options.count + payers.count
      payers.append(whole.payers[old - whole.options.count])
    }
    units = CapitalProgram(rowCount: options.count + payers.count, underlyingCount: context.assets.count)
    self.row = row
    self.options = options
    self.payers = payers
  }

  /// The multipliers of every asset on one tile, eight an asset; 1 where it does not move.
  func multipliers(_ block: PathBatch, tile: Int) -> [Double] {
    let lanes = CapitalKernels.lanes
    var spots = [Double](repeating: 1, count: block.multipliers.count * lanes)
    for (asset, column) in block.multipliers.enumerated() {
      guard let column else { continue }
      for lane in 0..<lanes { spots[asset * lanes + lane] = column[tile * lanes + lane] }
    }
    return spots
  }

  /// The tiles of a batch of paths, one after another.
  ///
  /// - Parameter isWhole: false prices the first column alone, the market of each path as it is.
  func price(_ block: PathBatch, isWhole: Bool = true) -> [Double] {
    let tiles = block.paths.count / CapitalKernels.lanes
    var cells = [Double](repeating: 0, count: tiles * tileWidth)
    var span = cells.mutableSpan
    for (place, entry) in options.enumerated() {
      guard let x = block.logs[entry.factor], let m = block.multipliers[entry.factor] else { continue }
      CapitalKernels.price(
        entry.option, limit: isWhole ? models.columns.count : 1, logMultiplier: x.span, multiplier: m.span,
        into: &span, offset: place * rowWidth, tileWidth: tileWidth)
    }
    for (place, payer) in payers.enumerated() {
      pay(payer, block, into: &span, row: options.count + place)
    }
    if units.accountCount > 0, isWhole { for tile in 0..<tiles { addUnits(tile, block, to: &cells) } }
    return cells
  }

  private func pay(
    _ payer: ResolvedInstrument, _ block: PathBatch, into cells: inout MutableSpan<Double>, row: Int
  ) {
    let lanes = CapitalKernels.lanes
    guard let end = block.multipliers[payer.underlying] else { return }
    for (offset, path) in block.paths.enumerated() {
      let settled: Double =
        switch market.settlement[payer.instrument] {
        case .now: 1
        case .reading(let reading): paths.readings[reading][payer.underlying]?[path] ?? 1
        case .horizon, nil: end[offset]
        }
      let worth = payer.payment(settled: settled, end: end[offset])
      cells[offset / lanes * tileWidth + row * rowWidth + offset % lanes] = worth
    }
  }

  /// Fills the cells of one contract alone from the cells of the scenarios.
  private func addUnits(_ tile: Int, _ block: PathBatch, to cells: inout [Double]) {
    let lanes = CapitalKernels.lanes
    let figures = CapitalKernels.figures
    let start = tile * tileWidth
    var capital = [Double](repeating: 0, count: units.accountCount * figures * lanes)
    var span = capital.mutableSpan
    let spots = multipliers(block, tile: tile)
    CapitalKernels.capital(
      of: units, accounts: 0..<units.accountCount, shape: models.shape,
      tile: cells.span.extracting(start..<start + tileWidth), multipliers: spots.span, into: &span)
    for unit in 0..<units.accountCount {
      let cell = start + unit / 2 * rowWidth + (models.shape.columnCount + unit % 2) * lanes
      for lane in 0..<lanes { cells[cell + lane] = -capital[(unit * figures + 2) * lanes + lane] }
    }
  }
}

/// The moves of all assets on neighbouring paths, or on any: a multiple of the kernel's batch.
struct PathBatch: Sendable {
  /// Places of the paths; the last one is repeated where they do not fill the batch.
  let paths: [Int]
  let logs: [[Double]?]
  let multipliers: [[Double]?]

  init(_ sample: SpotPaths, paths wanted: some Collection<Int>) {
    var paths = Array(wanted)
    let last = paths.last ?? 0
    while paths.isEmpty || paths.count % CapitalKernels.batch != 0 { paths.append(last) }
    let chosen = paths
    func column(_ all: [Double]?) -> [Double]? {
      all.map { all in chosen.map { all.indices.contains($0) ? all[$0] : .nan } }
    }
    self.paths = paths
    logs = sample.logMultipliers.map(column)
    multipliers = sample.multipliers.map(column)
  }
}
