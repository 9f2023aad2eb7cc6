import MarginModels
import MarketModel
import PortfolioValuation
import Testing

@Suite struct AttributionLawTests {
  @Test(
    "shares sum to the requirement, savings of capital to the saving, members to their sets: 120 books",
    arguments: ["derive-pmrm2", "deribit-pm"])
  func sums(name: String) throws {
    let seed: UInt64 = 11
    let bench = try AttributionBench.random(120, seed: seed, lines: 10, portfolio: name)
    var exact = 0
    for place in bench.accounts.indices {
      let detail = try #require(bench.detail(place))
      let comparison = try #require(bench.engine.comparison(ofAccount: place))
      let figure = try #require(bench.engine.models(ofAccount: place).first)
      // A requirement is sums over dozens of cells of options: rounding of some 1e-15 each.
      let tolerance = 1e-11 * detail.scale
      let note: Comment = "seed \(seed), account \(place)"
      #expect(abs(detail.requirement - figure.maintenance) < tolerance, note)
      #expect(abs(detail.shapley.reduce(0) { $0 + $1.share } - detail.requirement) < tolerance, note)
      #expect(abs(detail.shapley.reduce(0) { $0 + $1.saving } - detail.saving) < tolerance, note)
      #expect(abs(detail.nettingSets.reduce(0) { $0 + $1.share } - detail.requirement) < tolerance, note)
      let capital = 1e-10 * comparison.attribution.reduce(detail.scale) { $0 + abs($1.isolated ?? 0) }
      let whole = try #require(comparison.saving)
      for saving in [
        detail.shapley.reduce(MarginSaving.zero) { $0 + $1.capital },
        detail.nettingSets.reduce(MarginSaving.zero) { $0 + $1.capital },
      ] {
        #expect(abs(saving.pooling - whole.pooling) < capital, note)
        #expect(abs(saving.model - whole.model) < capital, note)
        #expect(abs(saving.offset - whole.offset) < capital, note)
      }
      guard detail.sampledOrders == 0 else { continue }
      exact += 1
      for set in detail.nettingSets {
        let members = detail.shapley.filter { $0.nettingSet == set.name }
        #expect(members.count == set.memberCount)
        #expect(abs(members.reduce(0) { $0 + $1.share } - set.share) < tolerance, note)
        #expect(abs(members.reduce(0) { $0 + $1.alone } - set.alone) < tolerance, note)
      }
    }
    #expect(exact > 100)
  }

  @Test(
    "worst-scenario parts sum to the requirement: 120 books", arguments: ["derive-pmrm2", "deribit-pm"])
  func euler(name: String) throws {
    let seed: UInt64 = 12
    let bench = try AttributionBench.random(120, seed: seed, lines: 9, portfolio: name)
    for place in bench.accounts.indices {
      let detail = try #require(bench.detail(place))
      let parts = detail.shapley.map { $0.worstScenario ?? .nan }
      let scale = parts.reduce(detail.scale) { $0 + abs($1) }
      #expect(abs(parts.reduce(0, +) - detail.requirement) < 1e-11 * scale, "seed \(seed), account \(place)")
    }
  }

  @Test("a tie of the worst scenario is told with both allocations, each of which sums")
  func ties() throws {
    // A strangle sold, and the perpetual that makes its loss upwards and downwards the same: found by bisection
    // on the side that decides.
    func account(_ perpetual: Double) -> CapitalDesk.Account {
      .init(
        lines: [
          .init("BTC_USDC-near-80000-C", -1), .init("BTC_USDC-near-50000-P", -1),
          .init("BTC_USDC-PERPETUAL", perpetual),
        ], cash: 50_000)
    }
    let bench = try AttributionBench([account(1)])
    let model = try ModelCatalogue.prepare(
      "derive-pmrm2", context: bench.context, states: [.today], team: CapitalDesk.team)
    let manager = try #require(model as? DerivePortfolioModel)
    var set = try #require(bench.context.nettingSets(ofAccount: 0, in: bench.valued).first)
    let leg = try #require(set.legs.firstIndex { $0.effectiveQuantity > 0 })
    var (low, high) = (-1.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      set.legs[leg].effectiveQuantity = middle
      // Too long a perpetual loses most where spot falls.
      let worst = manager.scenarioNames(manager.requirement(of: set, state: 0).decisive).first ?? ""
      if worst.hasPrefix("-") { high = middle } else { low = middle }
    }
    let detail = try #require(try AttributionBench([account(low)]).detail(0))
    // Naked on both sides, the strangle is decided by the widest moves.
    #expect(detail.worstTies.map(\.scenario).sorted() == ["+500% vol up", "-66% vol up"])
    for tie in detail.worstTies {
      #expect(tie.underlying == "BTC" && tie.parts.count == 3)
      let sum = tie.parts.reduce(0) { $0 + $1.requirement }
      // What counts as a tie differs by less than 1e-10.
      #expect(abs(sum - detail.requirement) < 1e-9 * detail.requirement)
    }
    #expect(detail.shapley.map(\.worstScenario) == detail.worstTies[0].parts.map { $0.requirement })
    #expect(bench.detail(0)?.worstTies.isEmpty == true)
  }

  @Test("twins get equal shares, and a book under other names has the same shares: 100 books")
  func symmetry() throws {
    let seed: UInt64 = 13
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    var accounts: [CapitalDesk.Account] = []
    for count in 0..<100 {
      var account = desk.randomAccount(&random, lines: 1 + count % 4)
      // One line per instrument, so that the twin below stands for one lot.
      var seen: Set<String> = []
      account.lines = account.lines.filter { seen.insert($0.instrument).inserted }
      var doubled = account
      doubled.lines += [account.lines[0]]
      doubled.lines[doubled.lines.count - 1].instrument += "-T"
      var renamed = account
      for line in renamed.lines.indices { renamed.lines[line].instrument += "-T" }
      accounts += [account, doubled, renamed]
    }
    let bench = try AttributionBench(accounts)
    for place in 0..<100 {
      let note: Comment = "seed \(seed), account \(place)"
      let plain = try #require(bench.detail(3 * place))
      let doubled = try #require(bench.detail(3 * place + 1))
      let renamed = try #require(bench.detail(3 * place + 2))
      let name = accounts[3 * place].lines[0].instrument
      let one = try #require(doubled.share(of: name))
      let twin = try #require(doubled.share(of: name + "-T"))
      #expect(abs(one.share - twin.share) < 1e-11 * doubled.scale, note)
      #expect(abs(one.capital.total - twin.capital.total) < 1e-9 * doubled.scale, note)
      for share in plain.shapley where share.instrument.text.contains("-") {
        let other = try #require(renamed.share(of: share.instrument.text + "-T"))
        #expect(abs(share.share - other.share) < 1e-11 * plain.scale, note)
        #expect(abs(share.capital.offset - other.capital.offset) < 1e-9 * plain.scale, note)
      }
    }
  }

  @Test("a position of nothing gets nothing and leaves the others as they are: 100 books")
  func nullPlayer() throws {
    let seed: UInt64 = 14
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    var accounts: [CapitalDesk.Account] = []
    for count in 0..<100 {
      let account = desk.randomAccount(&random, lines: 1 + count % 5)
      var padded = account
      padded.lines.append(.init(random.pick(desk.instruments).id.text + "-T", 0))
      accounts += [account, padded]
    }
    let bench = try AttributionBench(accounts)
    for place in 0..<100 {
      let note: Comment = "seed \(seed), account \(place)"
      let plain = try #require(bench.detail(2 * place))
      let padded = try #require(bench.detail(2 * place + 1))
      let zero = try #require(padded.shapley.first { $0.instrument.text.hasSuffix("-T") })
      #expect(zero.share == 0 && zero.alone == 0 && zero.capital.total == 0, note)
      guard plain.sampledOrders == 0, padded.sampledOrders == 0 else { continue }
      for share in plain.shapley {
        let other = try #require(padded.share(of: share.instrument.text))
        #expect(abs(share.share - other.share) < 1e-11 * plain.scale, note)
      }
    }
  }

  @Test("the order of the rows changes no bit: 100 books")
  func order() throws {
    let seed: UInt64 = 15
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let accounts = (0..<100).map { desk.randomAccount(&random, lines: 2 + $0 % 7) }
    let bench = try AttributionBench(accounts)
    let mixed = try AttributionBench(
      accounts.map { account in
        var account = account
        account.lines.reverse()
        return account
      })
    var compared = 0
    for place in accounts.indices {
      // Lots of one instrument are summed in input order: their sum may differ in the last bit.
      let names = accounts[place].lines.map(\.instrument)
      guard Set(names).count == names.count else { continue }
      #expect(bench.detail(place) == mixed.detail(place), "seed \(seed), account \(place)")
      compared += 1
    }
    #expect(compared > 80)
  }

  @Test(
    "shares are means over all orders of the model's own requirement, up to six players: 100 books",
    arguments: ["derive-pmrm2", "deribit-pm"])
  func bruteForce(name: String) throws {
    let seed: UInt64 = 16
    let bench = try AttributionBench.random(100, seed: seed, lines: 4, portfolio: name)
    let model = try ModelCatalogue.prepare(
      name, context: bench.context, states: [.today], team: CapitalDesk.team)
    var compared = 0
    for place in bench.accounts.indices {
      let detail = try #require(bench.detail(place))
      guard detail.shapley.count <= 6 else { continue }
      let sets = bench.context.nettingSets(ofAccount: place, in: bench.valued)
      let shares = OrderedShares(sets: sets, model: model, bench: bench, detail: detail).shares()
      for (share, mean) in zip(detail.shapley, shares) {
        #expect(abs(share.share - mean) < 1e-10 * detail.scale, "seed \(seed), account \(place)")
      }
      compared += 1
    }
    #expect(compared > 80)
  }

  @Test("an offset is what two positions save together, half of it each: 100 pairs")
  func offsets() throws {
    let seed: UInt64 = 17
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let accounts = (0..<100).map { _ in
      var account = desk.randomAccount(&random, lines: 2)
      (account.btc, account.eth) = (0, 0)
      return account
    }
    let bench = try AttributionBench(accounts)
    var found = 0
    for place in accounts.indices {
      let detail = try #require(bench.detail(place))
      guard detail.shapley.count == 2 else { continue }
      let offset = detail.offsets.first { $0.level == .position }?.offset ?? 0
      let tolerance = 2e-9 * detail.scale
      for share in detail.shapley {
        #expect(abs(share.saving - offset / 2) < tolerance, "seed \(seed), account \(place)")
      }
      // The model is subadditive: two positions never need more than one by one.
      #expect(offset > -tolerance)
      if offset > 0 { found += 1 }
    }
    #expect(found > 20)
  }

  @Test("sampled shares sum to the requirement, and to their sets within the errors: 10 large books")
  func sampled() throws {
    let seed: UInt64 = 18
    var random = DeskRandom(seed: seed)
    let desk = CapitalDesk()
    let accounts = (0..<10).map { _ in desk.randomAccount(&random, lines: 48) }
    let bench = try AttributionBench(accounts)
    var sampled = 0
    for place in accounts.indices {
      let detail = try #require(bench.detail(place, seed: seed))
      #expect(detail == bench.detail(place, seed: seed))
      #expect(
        abs(detail.shapley.reduce(0) { $0 + $1.share } - detail.requirement) < 1e-11 * detail.scale)
      for set in detail.nettingSets {
        let members = detail.shapley.filter { $0.nettingSet == set.name }
        let error = members.reduce(0) { $0 + $1.standardError }
        guard error > 0 else { continue }
        sampled += 1
        // The error of a sum is at most the sum of the errors; some sets have no error but rounding.
        #expect(
          abs(members.reduce(0) { $0 + $1.share } - set.share) < 4 * error + 1e-11 * detail.scale,
          "seed \(seed), account \(place)")
      }
    }
    #expect(sampled > 10)
  }
}

/// Shares by walking every order in which unions, and inside them members, can join: the definition, on netting sets
/// cut by hand and margined by the model itself.
private struct OrderedShares {
  let sets: [NettingSet]
  let model: any ReportableModel
  let bench: AttributionBench
  let detail: AttributionDetail

  func shares() -> [Double] {
    var unions: [[Int]] = []
    for (place, share) in detail.shapley.enumerated() {
      if let last = unions.last, detail.shapley[last[0]].nettingSet == share.nettingSet {
        unions[unions.count - 1].append(place)
      } else {
        unions.append([place])
      }
    }
    var sums = [Double](repeating: 0, count: detail.shapley.count)
    var count = 0.0
    for order in Self.orders(unions) {
      for inside in Self.products(order.map { Self.orders($0) }) {
        var joined: Set<Int> = []
        var before = 0.0
        for player in inside.flatMap({ $0 }) {
          joined.insert(player)
          let after = requirement(joined)
          sums[player] += after - before
          before = after
        }
        count += 1
      }
    }
    return sums.map { $0 / count }
  }

  private func requirement(_ players: Set<Int>) -> Double {
    let names = Set(players.map { detail.shapley[$0].instrument.text })
    var sum = 0.0
    for set in sets {
      var part = set
      part.legs = set.legs.filter { names.contains(bench.valued.book.instruments[$0.instrument].id.text) }
      if !names.contains(bench.context.assets[set.underlying].id.text) { part.collateral = 0 }
      for leg in part.legs { sum += leg.value }
      sum += part.collateral * bench.context.assets[set.underlying].spot
      sum -= model.netMargin(of: part, state: 0).maintenance
    }
    return sum
  }

  private static func orders<Element>(_ list: [Element]) -> [[Element]] {
    guard list.count > 1 else { return [list] }
    return list.indices.flatMap { first -> [[Element]] in
      var rest = list
      let taken = rest.remove(at: first)
      return orders(rest).map { [taken] + $0 }
    }
  }

  private static func products(_ lists: [[[Int]]]) -> [[[Int]]] {
    lists.reduce([[]]) { found, list in found.flatMap { head in list.map { head + [$0] } } }
  }
}
