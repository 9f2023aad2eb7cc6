import MarginModels
import RiskNumerics

/// Portfolio margin as the anchors of a comparison have it: 10,000 accounts of 50 positions over 2,000 options, eleven
/// moves of spot times three of volatility, the worst loss of each account.
struct MarginScanBench {
  static let accounts = 10_000
  static let positions = 50
  static let options = 2_000
  static let scenarios = 33
  static let cells = accounts * positions * scenarios

  private static let moves = [-0.15, -0.12, -0.09, -0.06, -0.03, 0, 0.03, 0.06, 0.09, 0.12, 0.15]
  private static let volatilityMoves = [-0.25, 0, 0.25]
  private var forward: [Double] = []
  private var strike: [Double] = []
  private var deviation: [Double] = []
  private var sign: [Double] = []
  private let scale: [Double]
  private let starts: [Int]
  private var instruments: [Int] = []
  private var quantities: [Double] = []

  init() {
    var state: UInt64 = 5
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    for _ in 0..<Self.options {
      let spot = 80 + 40 * uniform()
      let (ratio, years, volatility) = (0.7 + 0.6 * uniform(), 0.02 + 2 * uniform(), 0.1 + 0.7 * uniform())
      let side = uniform() < 0.5 ? 1.0 : -1.0
      for volatilityMove in Self.volatilityMoves {
        for move in Self.moves {
          forward.append(spot * (1 + move))
          strike.append(spot * ratio)
          deviation.append(volatility * years.squareRoot() * (1 + volatilityMove))
          sign.append(side)
        }
      }
    }
    scale = [Double](repeating: 1, count: forward.count)
    starts = (0...Self.accounts).map { $0 * Self.positions }
    for _ in 0..<Self.accounts * Self.positions {
      instruments.append(min(Int(Double(Self.options) * uniform()), Self.options - 1))
      quantities.append((201 * uniform()).rounded(.down) - 100)
    }
  }

  /// Prices the table and scans every account.
  func run(threads: Int) -> Double {
    let team = ThreadTeam(threadCount: threads)
    let width = Self.options / threads * Self.scenarios
    let parts = team.map(count: threads) { part -> [Double] in
      let range = part * width..<(part + 1 == threads ? forward.count : (part + 1) * width)
      var prices = [Double](repeating: 0, count: range.count)
      var span = prices.mutableSpan
      BlackKernels.values(
        forward: forward.span.extracting(range), strike: strike.span.extracting(range),
        standardDeviation: deviation.span.extracting(range), sign: sign.span.extracting(range),
        scale: scale.span.extracting(range), into: &span)
      for option in stride(from: 0, to: span.count, by: Self.scenarios) {
        let today = span[option + Self.scenarios / 2]
        for place in option..<option + Self.scenarios { span[place] -= today }
      }
      return prices
    }
    let profits = parts.count == 1 ? parts[0] : parts.flatMap { $0 }
    let scan = ScenarioScan(scenarios: Self.scenarios, profits: profits)
    let worst = scan.worst(starts: starts, instruments: instruments, quantities: quantities, team: team)
    return worst.reduce(0) { $0 + $1.loss }
  }
}
