package import MarketModel
import PortfolioValuation
import RiskNumerics

/// Which positions need the capital of one account near the quantile of each mode.
///
/// On a path the capital of a mode is a sum over positions and coins: isolated margin by its definition; an expiry
/// under the standard manager by its short options, or by the payoffs at the price of its largest loss where that is
/// less; the scan of the portfolio manager by the decisive scenario (Euler's rule, both being homogeneous). The share
/// of a position is its mean over the paths whose ranks lie inside the interval of the quantile, and what that
/// mean misses of the quantile is spread by size, so that the shares sum to it.
struct PathAttribution {
  private let engine: PathCapitalEngine
  private let tiles: PathTiles
  private let sets: [AttributedSet]

  init(_ engine: PathCapitalEngine, account: Int) {
    self.engine = engine
    let held = engine.sets(ofAccount: account)
    let tiles = PathTiles(
      engine.tiles, only: held.flatMap { $0.legs.map(\.instrument) }, context: engine.today)
    self.tiles = tiles
    sets = held.map { AttributedSet($0, tiles: tiles) }
  }

  /// One share a position, then one a coin, set by set.
  func shares(_ tail: PathCapitalEngine.PathTail, _ level: Int) -> [SimulatedCapital.Share] {
    let modes = tail.modes[level]
    let near = tail.near[level]
    let parts = MarginMode.allCases.enumerated().map { place, mode in
      mean(mode, paths: near[place].map { Int($0) }, total: modes[place].capital)
    }
    var shares: [SimulatedCapital.Share] = []
    for set in sets {
      let underlying = engine.today.assets[set.underlying].id
      for item in set.items {
        let place = shares.count
        shares.append(
          SimulatedCapital.Share(
            instrument: item.instrument.map { engine.valued.book.instruments[$0].id } ?? underlying,
            underlying: underlying, isolated: parts[0][place], cross: parts[1][place],
            portfolio: parts[2][place]))
      }
    }
    return shares
  }

  /// The mean over some paths, brought to a total.
  private func mean(_ mode: MarginMode, paths: [Int], total: Double) -> [Double] {
    let parts = parts(mode, paths: paths)
    var sums = [Double](repeating: 0, count: sets.reduce(0) { $0 + $1.items.count })
    for part in parts {
      for item in sums.indices { sums[item] += part[item] }
    }
    for item in sums.indices { sums[item] /= Double(max(1, paths.count)) }
    let rest = total - sums.reduce(0, +)
    let size = sums.reduce(0) { $0 + abs($1) }
    guard size > 0 else { return sums }
    return sums.map { $0 + rest * (abs($0) / size) }
  }

  /// The capital of a mode on some paths, item by item.
  func parts(_ mode: MarginMode, paths: [Int]) -> [[Double]] {
    let block = PathBatch(engine.paths, paths: paths)
    let cells = tiles.price(block, isWhole: mode == .portfolio)
    let lanes = CapitalKernels.lanes
    return paths.indices.map { place in
      var parts: [Double] = []
      for set in sets {
        let m = block.multipliers[set.underlying]?[place] ?? 1
        let first = place / lanes * tiles.tileWidth + place % lanes
        switch mode {
        case .isolated: set.addIsolated(cells.span, first, m, to: &parts)
        case .cross: set.addCross(cells.span, first, m, to: &parts)
        case .portfolio: set.addPortfolio(cells.span, first, m, to: &parts)
        }
      }
      // An account that passes without cash needs what it holds and no more.
      let isFree = mode == .cross && parts.reduce(0, +) < 0
      var item = 0
      for set in sets {
        for held in set.items {
          parts[item] = held.value + (isFree ? 0 : parts[item])
          item += 1
        }
      }
      return parts
    }
  }
}

extension PathCapitalEngine {
  /// The capital of a mode taken apart by positions and coins, on every path.
  package func parts(ofAccount account: Int, mode: MarginMode) -> [[Double]] {
    PathAttribution(self, account: account).parts(mode, paths: Array(0..<paths.count))
  }
}
