public import MarginModels
public import MarketModel
import PortfolioValuation
public import RiskDocuments

extension WhatIfEngine {
  /// What would cure accounts, one answer an account, model and mode.
  ///
  /// - Parameter question: its accounts must be among those the engine was made for.
  public func cures(_ question: CureQuestion) -> [WhatIfReport.Cure] {
    question.accounts.compactMap { places[$0] }.filter(accounts.indices.contains).flatMap { account in
      let hedges = question.hedges.compactMap { hedge in
        valued.book.instruments.place(of: hedge.id) { $0.id }
      }
      let candidates = valued.cureCandidates(
        ofAccount: account, hedges: hedges, mayReduce: question.mayReduce, costRate: question.costRate,
        lot: question.lot)
      return accounts[account].entries.indices.filter { entry in
        question.mode.map { $0 == accounts[account].entries[entry].id.mode } ?? true
      }.compactMap { entry -> WhatIfReport.Cure? in
        let cure = accounts[account].cure(
          entry: entry, test: question.test, target: question.target, candidates: candidates
        ) { valued.resolved[$0]?.trade(quantity: 1) }
        return cure.map { valued.report($0, ofAccount: account) }
      }
    }
  }

  /// The cheapest splits of accounts between isolated and cross, by the models of the plan's comparison.
  public func splits(
    _ accounts: [Int], by objective: SplitObjective, limit: Double?
  ) throws(EngineError) -> [WhatIfReport.Split] {
    let engine: MarginEngine
    do throws(MarginError) {
      engine = try MarginEngine(
        book: valued, models: [], comparison: plan.comparison, stress: plan.stress, listed: plan.listed,
        library: ModelLibrary(of: plan), parts: .comparison,
        team: team)
    } catch { throw EngineError(error) }
    return accounts.compactMap { places[$0] }.compactMap { place in
      engine.split(ofAccount: place, by: objective, limit: limit)
        .map { WhatIfReport.Split(account: valued.book.accounts[place], split: $0) }
    }
  }
}

/// What is asked for a cure.
public struct CureQuestion: Sendable {
  /// Places in the whole book's `accounts`.
  public var accounts: [Int]
  public var test: MarginTest
  /// Surplus to reach, base currency.
  public var target: Double
  /// nil: every mode.
  public var mode: MarginMode?
  /// Instruments that may be traded in any size and direction.
  public var hedges: [Instrument]
  /// Whether held positions may be reduced.
  public var mayReduce: Bool
  /// Cost of trading, as a fraction of the underlying's notional; > 0.
  public var costRate: Double
  /// nil: `Instrument.customaryLot`.
  public var lot: Double?

  /// The rate that is taken where none is given: 5 basis points.
  public static let customaryCostRate = 0.0005

  /// A question from its parts.
  public init(
    accounts: [Int], test: MarginTest = .initial, target: Double = 0, mode: MarginMode? = nil,
    hedges: [Instrument] = [], mayReduce: Bool = true, costRate: Double = customaryCostRate,
    lot: Double? = nil
  ) {
    self.accounts = accounts
    self.test = test
    self.target = target
    self.mode = mode
    self.hedges = hedges
    self.mayReduce = mayReduce
    self.costRate = costRate
    self.lot = lot
  }

  /// The perpetuals that the market marks on what an account holds: hedges where none are named.
  ///
  /// - Parameter named: the contract of a name of the market, nil where it is none.
  public static func customaryHedges(
    ofAccount account: Int, in book: Book, named: (Identifier) -> Instrument?
  ) -> [Instrument] {
    guard book.accounts.indices.contains(account) else { return [] }
    var underlyings = Set(
      book.positions[book.positionRanges[account]].map { book.instruments[$0.instrument].underlying })
    underlyings.formUnion(book.balances[book.balanceRanges[account]].map(\.asset))
    return book.market.marks.compactMap { named($0.instrument) }
      .filter { $0.kind == .perpetual && underlyings.contains($0.underlying) }
  }
}
