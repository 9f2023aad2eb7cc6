import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// What each model of the catalogue promises, held to it on seeded random books of crypto and of listed contracts.
@Suite struct ModelLawTests {
  /// A promise that is not true of every model.
  struct Promises: OptionSet {
    let rawValue: Int
    /// Twice the account needs twice the margin.
    static let proportion = Promises(rawValue: 1)
    /// Two accounts together never need more than apart, so that no offset is negative.
    static let offset = Promises(rawValue: 2)
    /// Prices and cash in another currency are the requirement in that currency: no number of the model is money.
    static let currency = Promises(rawValue: 4)
  }

  /// The models that promise something beyond what all do.
  ///
  /// Not in proportion: rates that grow with size (deribit-sm, brackets), allowances in dollars (the dampener of
  /// deribit-pm). No sure offset: the smaller of two requirements an expiry (derive-srm). Money among the numbers: the
  /// minimum of a contract of tims-cpm, the dampener, brackets by notional.
  static let promises: [String: Promises] = [
    "derive-srm": [.proportion, .currency],
    "derive-pmrm1": [.proportion, .offset, .currency],
    "derive-pmrm2": [.proportion, .offset, .currency],
    "derive-pmrm2-test": [.proportion, .offset, .currency],
    "deribit-sm": [.currency],
    "reg-t": [.proportion, .offset, .currency],
    "tims-cpm": [.proportion, .offset],
    "aave-v3": [.proportion, .offset, .currency],
    "compound-v3": [.proportion, .offset, .currency],
    "maker-vault": [.proportion, .offset, .currency],
    "gate-options": [.proportion, .offset, .currency],
    "scenario-grid": [.proportion, .currency],
    "dederi-pm": [.proportion, .offset, .currency],
    "paradex-pm": [.proportion, .currency],
    "bybit-sm": [.proportion, .offset, .currency],
    "delta-gamma": [.proportion, .offset, .currency],
    "span": [.proportion, .offset, .currency],
    "var-margin": [.proportion, .currency],
    "es-margin": [.proportion, .offset, .currency],
    "fhs-margin": [.proportion, .offset, .currency],
  ]

  static let team = ThreadTeam(threadCount: 2)
  static let states = Array(MarginLawTests.states.prefix(2))
  static let seeds: [UInt64] = [11, 12]

  /// One account as a model sees it.
  struct Account {
    var sets: [NettingSet]
    /// What roundings are measured against: the value of everything, prices several times moved.
    var size: Double

    init(_ sets: [NettingSet], in context: MarginContext) {
      self.sets = sets
      size = 1
      for set in sets {
        let spot = context.assets[set.underlying].spot
        size += 10 * abs(set.collateral) * spot
        for leg in set.legs {
          size +=
            10 * abs(leg.effectiveQuantity) * context.terms[leg.instrument].units * spot + abs(leg.value)
        }
      }
    }
  }

  /// A valued book and its accounts.
  struct Desk {
    let valued: ValuedBook
    let context: MarginContext
    let accounts: [Account]

    init(_ valued: ValuedBook) {
      self.valued = valued
      let context = MarginContext(of: valued)
      self.context = context
      accounts = valued.book.accounts.indices.map {
        Account(context.nettingSets(ofAccount: $0, in: valued), in: context)
      }
    }

    func models(_ promise: Promises = []) throws -> [any ReportableModel] {
      try MarginLawTests.names.filter { ModelLawTests.promises[$0, default: []].isSuperset(of: promise) }.map
      {
        try ModelCatalogue.prepare(
          $0, context: context, states: ModelLawTests.states, team: ModelLawTests.team)
      }
    }
  }

  static func desks(seed: UInt64) throws -> [Desk] {
    print("seed \(seed)")
    var desk = RandomDesk(seed: seed)
    let crypto = desk.valued(accounts: 8, positions: 10)
    var draws = SeededGenerator(state: seed)
    return try [Desk(#require(crypto))] + (0..<4).map { _ in Desk(try listed(&draws).valued()) }
  }

  /// Options and stock on a share, an index, a fund on that index and a levered one.
  static func listed(_ draws: inout SeededGenerator) -> ListedDesk {
    var desk = ListedDesk(spots: [("XYZ", 100), ("SPX", 1_400), ("SPY", 140), ("SSO", 70)])
    for _ in 0..<7 {
      let (asset, spot) = desk.spots.randomElement(using: &draws) ?? ("XYZ", 100)
      let level = Double(Int.random(in: 14...26, using: &draws)) / 20
      let size = Double(Int.random(in: 1...9, using: &draws))
      desk.legs.append(
        ListedDesk.Leg(
          underlying: asset, quantity: Bool.random(using: &draws) ? size : -size, strike: spot * level,
          isCall: Bool.random(using: &draws), days: [28, 91].randomElement(using: &draws) ?? 28))
    }
    desk.stock = [("XYZ", Double(Int.random(in: -5...5, using: &draws) * 100)), ("SPY", 300)]
    return desk
  }

  /// Net margin of all groups of an account.
  static func net(_ account: Account, _ model: any ReportableModel, state: Int) -> NetMargin {
    var net = NetMargin.zero
    for group in model.groups(of: account.sets) { net += model.netMargin(ofGroup: group, state: state) }
    return net
  }

  /// Sums of some hundred terms; where a programme or a search decides, its own tolerance.
  static func slack(_ account: Account, _ model: any ReportableModel) -> Double {
    account.size * (model.name == "reg-t" ? 1e-9 : 1e-12)
  }

  /// Every model of a promise with every account and state of every desk.
  static func each(
    _ promise: Promises = [], seed: UInt64,
    _ body: (Desk, Account, any ReportableModel, Int) throws -> Void
  ) throws {
    for desk in try desks(seed: seed) {
      for model in try desk.models(promise) {
        for account in desk.accounts {
          for state in states.indices { try body(desk, account, model, state) }
        }
      }
    }
  }

  @Test("two and a half times the account needs two and a half times the margin", arguments: seeds)
  func proportion(seed: UInt64) throws {
    try Self.each(.proportion, seed: seed) { _, account, model, state in
      var larger = account
      for set in account.sets.indices {
        larger.sets[set].collateral *= 2.5
        for leg in account.sets[set].legs.indices {
          larger.sets[set].legs[leg].effectiveQuantity *= 2.5
          larger.sets[set].legs[leg].rawQuantity *= 2.5
          larger.sets[set].legs[leg].value *= 2.5
        }
      }
      let (one, more) = (Self.net(account, model, state: state), Self.net(larger, model, state: state))
      let bound = 5 * Self.slack(account, model)
      #expect(abs(more.initial - 2.5 * one.initial) <= bound, "\(model.name)")
      #expect(abs(more.maintenance - 2.5 * one.maintenance) <= bound, "\(model.name)")
    }
  }

  @Test("two accounts together need no more than apart", arguments: seeds)
  func subadditivity(seed: UInt64) throws {
    try Self.each(.offset, seed: seed) { _, account, model, state in
      var (one, other) = (account, account)
      for set in account.sets.indices {
        let legs = account.sets[set].legs.enumerated()
        one.sets[set].legs = legs.filter { $0.offset % 2 == 0 }.map(\.element)
        other.sets[set].legs = legs.filter { $0.offset % 2 == 1 }.map(\.element)
        other.sets[set].collateral = 0
      }
      let whole = Self.net(account, model, state: state)
      var apart = Self.net(one, model, state: state)
      apart += Self.net(other, model, state: state)
      let bound = Self.slack(account, model)
      #expect(whole.initial >= apart.initial - bound, "\(model.name)")
      #expect(whole.maintenance >= apart.maintenance - bound, "\(model.name)")
    }
  }

  @Test("the offset of an account against its positions alone is never negative", arguments: seeds)
  func offset(seed: UInt64) throws {
    try Self.each(.offset, seed: seed) { _, account, model, state in
      let whole = Self.net(account, model, state: state)
      var apart = NetMargin.zero
      for set in account.sets {
        apart += model.netMargin(collateral: set.collateral, underlying: set.underlying, state: state)
        for leg in set.legs { apart += model.netMargin(alone: leg, state: state) }
      }
      let bound = Self.slack(account, model)
      #expect(whole.initial >= apart.initial - bound, "\(model.name)")
      #expect(whole.maintenance >= apart.maintenance - bound, "\(model.name)")
    }
  }

  @Test("a larger short alone never needs less", arguments: seeds)
  func loneShort(seed: UInt64) throws {
    for desk in try Self.desks(seed: seed) {
      for model in try desk.models() {
        for place in desk.context.instruments.indices where model.supports(instrument: place) {
          guard let instrument = desk.context.instruments[place] else { continue }
          var last = (initial: 0.0, maintenance: 0.0)
          for quantity in [1e-3, 0.5, 1, 1.5, 40, 1_000, 1e5] {
            let value = instrument.kind == .option ? -quantity * instrument.unit : 0
            let leg = Leg(
              instrument: place, effectiveQuantity: -quantity, rawQuantity: -quantity, value: value)
            let next = model.loneRequirement(of: leg)
            #expect(next.initial >= last.initial * (1 - 1e-12), "\(model.name)")
            #expect(next.maintenance >= last.maintenance * (1 - 1e-12), "\(model.name)")
            last = next
          }
        }
      }
    }
  }

  @Test("the order of underlyings and of positions does not matter", arguments: seeds)
  func order(seed: UInt64) throws {
    try Self.each(seed: seed) { _, account, model, state in
      var turned = account
      turned.sets.reverse()
      let (one, other) = (Self.net(account, model, state: state), Self.net(turned, model, state: state))
      let bound = Self.slack(account, model)
      #expect(abs(one.initial - other.initial) <= bound, "\(model.name)")
      #expect(abs(one.maintenance - other.maintenance) <= bound, "\(model.name)")
    }
  }

  @Test("every figure is a number, and initial margin is no less than maintenance margin", arguments: seeds)
  func numbers(seed: UInt64) throws {
    for desk in try Self.desks(seed: seed) {
      let engine = try MarginEngine(
        book: desk.valued, models: MarginLawTests.names, parts: [], team: Self.team)
      for account in desk.accounts.indices {
        for figure in engine.models(ofAccount: account) {
          let slack = 1e-12 * desk.accounts[account].size
          #expect(figure.initial >= figure.maintenance - slack, "\(figure.model)")
          #expect(figure.maintenance >= -slack && figure.equity.isFinite, "\(figure.model)")
          for part in figure.components { #expect(part.initial.isFinite && part.maintenance.isFinite) }
          for measure in figure.measures { #expect(measure.value?.isFinite ?? true, "\(measure.name)") }
        }
      }
    }
  }

  @Test("prices and cash in another currency are the requirement in that currency", arguments: seeds)
  func currency(seed: UInt64) throws {
    let scale = 1.25
    var desk = RandomDesk(seed: seed)
    let made = desk.book(accounts: 6, positions: 8)
    let book = try #require(made)
    var draws = SeededGenerator(state: seed)
    let listed = Self.listed(&draws)
    var dearer = listed
    dearer.spots = listed.spots.map { ($0.asset, $0.spot * scale) }
    for place in dearer.legs.indices { dearer.legs[place].strike *= scale }
    dearer.cash *= scale
    let pairs = [
      (BookValuation.value(book, team: Self.team), BookValuation.value(book.scaled(scale), team: Self.team)),
      (try listed.valued(), try dearer.valued()),
    ]
    let names = MarginLawTests.names.filter { Self.promises[$0, default: []].contains(.currency) }
    for (one, other) in pairs {
      let engines = try [one, other].map {
        try MarginEngine(book: $0, models: names, parts: [], team: Self.team)
      }
      for account in one.book.accounts.indices {
        let figures = zip(engines[0].models(ofAccount: account), engines[1].models(ofAccount: account))
        for (figure, scaled) in figures {
          let bound = 1e-9 * (1 + abs(figure.equity) + figure.initial)
          #expect(abs(scaled.initial - scale * figure.initial) <= bound, "\(figure.model)")
          #expect(abs(scaled.maintenance - scale * figure.maintenance) <= bound, "\(figure.model)")
          #expect(abs(scaled.equity - scale * figure.equity) <= bound, "\(figure.model)")
        }
      }
    }
  }
}

extension Book {
  /// The book with the prices of all but stable assets, what is struck in them and cash multiplied.
  fileprivate func scaled(_ scale: Double) -> Book {
    let stable = Set(market.assets.filter(\.isStable).map(\.id))
    return Book(
      market: MarketSnapshot(
        asOf: market.asOf, baseCurrency: market.baseCurrency,
        assets: market.assets.map {
          Asset(id: $0.id, spot: $0.isStable ? $0.spot : $0.spot * scale, isStable: $0.isStable)
        },
        rates: market.rates,
        forwards: market.forwards.map {
          ForwardQuote(underlying: $0.underlying, expiry: $0.expiry, price: $0.price * scale)
        },
        volatility: market.volatility,
        marks: market.marks.map { Mark(instrument: $0.instrument, price: $0.price * scale) }),
      instruments: instruments.map {
        Instrument(
          id: $0.id, kind: $0.kind, underlying: $0.underlying, quoteAsset: $0.quoteAsset,
          settlementAsset: $0.settlementAsset, expiry: $0.expiry, strike: $0.strike.map { $0 * scale },
          optionType: $0.optionType, isInverse: $0.isInverse)
      }, accounts: accounts,
      positions: positions.map { position in
        let instrument = instruments[position.instrument]
        let isSizedInQuote = instrument.isInverse && instrument.kind != .option
        return Position(
          account: position.account, instrument: position.instrument,
          quantity: isSizedInQuote ? position.quantity * scale : position.quantity,
          entryPrice: position.entryPrice.map { $0 * scale }, row: position.row)
      },
      balances: balances.map {
        Balance(
          account: $0.account, asset: $0.asset,
          quantity: stable.contains($0.asset) ? $0.quantity * scale : $0.quantity, row: $0.row)
      })
  }
}
