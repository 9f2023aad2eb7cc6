import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Capital over paths on the desk's two coins.
struct PathBench {
  static let desk = CapitalDesk()

  /// Paths with so many moves of both coins.
  static func paths(
    _ moves: [(btc: Double, eth: Double)], days: Double, valued: ValuedBook,
    readings: [(seconds: Double, moves: [(btc: Double, eth: Double)])] = []
  ) -> SpotPaths {
    func columns(_ moves: [(btc: Double, eth: Double)]) -> [[Double]?] {
      valued.book.market.assets.map { asset in
        switch asset.id.text {
        case "BTC": moves.map(\.btc)
        case "ETH": moves.map(\.eth)
        default: nil
        }
      }
    }
    let multipliers = columns(moves)
    return SpotPaths(
      count: moves.count, horizonDays: days,
      logMultipliers: multipliers.map { $0.map { $0.map { Elementary.log($0) } } }, multipliers: multipliers,
      readingSeconds: readings.map(\.seconds), readings: readings.map { columns($0.moves) })
  }

  static func level(paths: Int) throws -> PathLevel {
    let level = try #require(ConfidenceLevel(decimal: "0.9"))
    let rank = paths - Int(Double(paths) * 0.1)
    return PathLevel(
      confidence: level, rank: rank, lowerRank: max(1, rank - 3), upperRank: min(paths, rank + 2),
      coverage: 0.9)
  }

  static func engine(
    _ valued: ValuedBook, _ paths: SpotPaths, threads: Int = 1, batchBytes: Int = 1 << 28
  ) throws -> PathCapitalEngine {
    try #require(
      PathCapitalEngine(
        book: valued, context: MarginContext(of: valued), paths: paths,
        levels: [try level(paths: paths.count)], team: ThreadTeam(threadCount: threads),
        batchBytes: batchBytes))
  }

  static func randomAccounts(_ count: Int, seed: UInt64) -> [CapitalDesk.Account] {
    var random = DeskRandom(seed: seed)
    return (0..<count).map { desk.randomAccount(&random, lines: 1 + $0 % 9) }
  }

  static func randomMoves(_ count: Int, seed: UInt64, spread: Double = 0.3) -> [(btc: Double, eth: Double)] {
    var random = DeskRandom(seed: seed)
    return (0..<count).map { _ in
      (btc: 1 + spread * (random.uniform() - 0.5), eth: 1 + spread * (random.uniform() - 0.5))
    }
  }
}

struct PathCapitalTests {
  @Test("on a path that is a state of the comparison, capital is that of the comparison, in every mode")
  func singlePaths() throws {
    let accounts = CapitalBench.named.map(\.account) + PathBench.randomAccounts(60, seed: 11)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let context = MarginContext(of: valued)
    let moves = [0.31, 0.6, 0.87, 0.95, 0.9999, 1, 1.013, 1.1, 1.45, 2.2]
    let states =
      [MarketState.today]
      + moves.map {
        MarketState(name: "\($0)", scenarioSet: "path", spotMultiplier: $0, volatility: .none)
      }
    let prepare = { (name: String) in
      try ModelCatalogue.prepare(name, context: context, states: states, team: CapitalDesk.team)
    }
    let reference = CapitalEngine(
      valued: valued, context: context, isolated: try prepare("derive-srm"),
      cross: try prepare("derive-srm"), portfolio: try prepare("derive-pmrm2"))
    let engine = try PathBench.engine(
      valued, PathBench.paths(moves.map { ($0, $0) }, days: 0, valued: valued))
    for account in accounts.indices {
      let table = reference.capital(ofAccount: account)
      let found = engine.capitals(ofAccount: account)
      let expected = [table.isolated, table.cross, table.portfolio, table.portfolioAlone]
      // Two orders of one sum of prices: rounding in units of what the positions are worth.
      let scale = expected.flatMap { $0 }.reduce(1e4) { max($0, abs($1)) }
      for (figure, column) in expected.enumerated() {
        for path in moves.indices {
          let error = abs(found[figure][path] - column[path + 1])
          #expect(error <= 1e-12 * scale, "account \(account), figure \(figure), \(moves[path]): \(error)")
        }
      }
    }
  }

  @Test("coins that move apart and options that age need what the aged market asks")
  func agedMarket() throws {
    let seed: UInt64 = 3
    let days = 7.0
    let accounts = PathBench.randomAccounts(12, seed: seed).map { account in
      var account = account
      account.cash = 0
      return account
    }
    let moves = PathBench.randomMoves(6, seed: seed)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let engine = try PathBench.engine(valued, PathBench.paths(moves, days: days, valued: valued))
    for (path, move) in moves.enumerated() {
      let now = try PathBench.desk.market(["BTC": .init(spot: move.btc), "ETH": .init(spot: move.eth)])
      let later = try #require(
        Instant(secondsSinceEpoch: now.asOf.secondsSinceEpoch + Int64(days * 86_400)))
      let market = MarketSnapshot(
        asOf: later, baseCurrency: now.baseCurrency, assets: now.assets, forwards: now.forwards,
        volatility: now.volatility, marks: now.marks)
      for (place, account) in accounts.enumerated() {
        let found = engine.capitals(ofAccount: place)
        let value = valued.equity[place]
        let standard = try PathBench.desk.surplus(account, model: "derive-srm", on: market)
        let portfolio = try PathBench.desk.surplus(account, model: "derive-pmrm2", on: market)
        #expect(
          abs(found[1][path] - value - max(-standard, 0)) <= 1e-11 * (1e5 + abs(standard)), "seed \(seed)")
        #expect(abs(found[2][path] - value + portfolio) <= 1e-11 * (1e5 + abs(portfolio)), "seed \(seed)")
      }
    }
  }

  @Test("isolated needs at least what cross does, and offsets between positions never cost, on every path")
  func laws() throws {
    let seed: UInt64 = 29
    let accounts = PathBench.randomAccounts(80, seed: seed)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let moves = PathBench.randomMoves(48, seed: seed)
    let engine = try PathBench.engine(valued, PathBench.paths(moves, days: 1, valued: valued))
    for account in accounts.indices {
      let capital = engine.capitals(ofAccount: account)
      for path in moves.indices {
        let scale = 1e-11 * (1e5 + abs(capital[0][path]))
        #expect(capital[0][path] >= capital[1][path] - scale, "seed \(seed), account \(account)")
        #expect(capital[3][path] >= capital[2][path] - scale, "seed \(seed), account \(account)")
      }
    }
  }

  @Test("quantiles and interval are order statistics of the capitals, and shares sum to them")
  func quantiles() throws {
    let seed: UInt64 = 41
    let accounts = PathBench.randomAccounts(24, seed: seed)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let moves = PathBench.randomMoves(413, seed: seed)
    let engine = try PathBench.engine(valued, PathBench.paths(moves, days: 1, valued: valued))
    let level = try PathBench.level(paths: moves.count)
    for account in accounts.indices {
      let capital = engine.capitals(ofAccount: account).map { $0.sorted() }
      let figure = try #require(engine.figures(ofAccount: account)?.first)
      for (place, mode) in [figure.isolated, figure.cross, figure.portfolio].enumerated() {
        #expect(mode.capital == capital[place][level.rank - 1])
        #expect(mode.lower == capital[place][level.lowerRank - 1])
        #expect(mode.upper == capital[place][level.upperRank - 1])
      }
      #expect(figure.saving.offset == capital[3][level.rank - 1] - figure.portfolio.capital)
      for (read, mode) in [
        (\SimulatedCapital.Share.isolated, figure.isolated), (\.cross, figure.cross),
        (\.portfolio, figure.portfolio),
      ] {
        let sum = figure.attribution.reduce(0) { $0 + $1[keyPath: read] }
        let size = figure.attribution.reduce(1) { $0 + abs($1[keyPath: read]) }
        #expect(abs(sum - mode.capital) <= 1e-12 * size, "seed \(seed), account \(account)")
      }
    }
  }

  @Test("before anything is spread, the parts of every mode sum to its capital on each path")
  func parts() throws {
    let seed: UInt64 = 43
    let accounts = CapitalBench.named.map(\.account) + PathBench.randomAccounts(60, seed: seed)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let moves = PathBench.randomMoves(16, seed: seed, spread: 0.8)
    let engine = try PathBench.engine(valued, PathBench.paths(moves, days: 1, valued: valued))
    for account in accounts.indices {
      let capital = engine.capitals(ofAccount: account)
      for (place, mode) in MarginMode.allCases.enumerated() {
        for (path, parts) in engine.parts(ofAccount: account, mode: mode).enumerated() {
          let size = parts.reduce(1e4) { $0 + abs($1) }
          #expect(
            abs(parts.reduce(0, +) - capital[place][path]) <= 1e-11 * size,
            "seed \(seed), account \(account), \(mode), path \(path)")
        }
      }
    }
  }

  @Test("neither threads nor the cut into batches move a bit")
  func invariance() throws {
    let accounts = PathBench.randomAccounts(270, seed: 7)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let paths = PathBench.paths(PathBench.randomMoves(37, seed: 5), days: 1, valued: valued)
    let one = try PathBench.engine(valued, paths)
    let cut = try PathBench.engine(valued, paths, threads: 3, batchBytes: 1 << 22)
    for account in accounts.indices {
      #expect(one.figures(ofAccount: account) == cut.figures(ofAccount: account))
    }
  }

  @Test("every instruction set gives the same bits")
  func levels() throws {
    let accounts = CapitalBench.named.map(\.account) + PathBench.randomAccounts(20, seed: 17)
    let valued = try PathBench.desk.valued(accounts, on: PathBench.desk.market())
    let paths = PathBench.paths(PathBench.randomMoves(24, seed: 19), days: 1, valued: valued)
    let chosen = KernelLevel.current
    defer { _ = KernelLevel.select(chosen) }
    var found: [[[[Double]]]] = []
    for level in KernelLevel.allCases where KernelLevel.select(level) {
      let engine = try PathBench.engine(valued, paths)
      found.append(accounts.indices.map { engine.capitals(ofAccount: $0) })
    }
    for other in found.dropFirst() { #expect(other == found[0]) }
  }

  @Test("a perpetual held long needs its fall and its rate at the quantile of the spot")
  func closedForm() throws {
    let account = CapitalDesk.Account(lines: [.init("BTC_USDC-PERPETUAL", 2)])
    let valued = try PathBench.desk.valued([account], on: PathBench.desk.market())
    let moves = (0..<101).map { (btc: 0.8 + 0.004 * Double($0), eth: 1.0) }
    let engine = try PathBench.engine(valued, PathBench.paths(moves, days: 1, valued: valued))
    let level = try PathBench.level(paths: moves.count)
    let figure = try #require(engine.figures(ofAccount: 0)?.first)
    // Capital falls with the spot: its rank from below is the spot's from above.
    let m = moves[moves.count - level.rank].btc
    let value = 2 * CapitalDesk.perpetualMark("BTC")
    let rate = DeriveStandardParameters.mainnet.perpetualTerms(of: "BTC").maintenance
    #expect(abs(figure.cross.capital - (value * (1 - m) + value * m * rate)) <= 1e-9)
    #expect(figure.isolated.capital == figure.cross.capital)
    let rules = DerivePortfolioParameters.mainnet2025
    let worst = rules.scenarios.map { -($0.spotMultiplier - 1) * $0.dampening }.max() ?? 0
    let spot = (CapitalDesk.spots["BTC"] ?? 0) * m
    let scan = value * m * worst * rules.maintenanceFactor + 2 * spot * rules.perpetualMaintenance
    #expect(abs(figure.portfolio.capital - (value * (1 - m) + scan)) <= 1e-9)
  }

  @Test("an option that expires inside the horizon is paid on the path's spot at its expiry")
  func expired() throws {
    let account = CapitalDesk.Account(
      lines: [.init("BTC_USDC-near-60000-P", -1), .init("BTC-near-70000-C", 1)])
    let valued = try PathBench.desk.valued([account], on: PathBench.desk.market())
    let asOf = try #require(CapitalDesk.asOf)
    let near = try #require(CapitalDesk.near)
    let moves = [(btc: 0.7, eth: 1.0), (btc: 1.2, eth: 1.0)]
    let settled = [(btc: 0.8, eth: 1.0), (btc: 1.3, eth: 1.0)]
    let engine = try PathBench.engine(
      valued,
      PathBench.paths(
        moves, days: 30, valued: valued, readings: [(Double(asOf.seconds(to: near)), settled)]))
    let found = engine.capitals(ofAccount: 0)
    let spot = CapitalDesk.spots["BTC"] ?? 0
    for path in moves.indices {
      let final = spot * settled[path].btc
      let put = max(60_000 - final, 0)
      let call = max(final - 70_000, 0) / final * spot * moves[path].btc
      #expect(abs(found[0][path] - valued.equity[0] - put) <= 1e-9)
      #expect(abs(found[1][path] - valued.equity[0] - max(put - call, 0)) <= 1e-9)
      #expect(abs(found[2][path] - valued.equity[0] - (put - call)) <= 1e-9)
    }
  }
}
