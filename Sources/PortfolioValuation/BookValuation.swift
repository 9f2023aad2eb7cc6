public import MarketModel
import OptionPricing
public import RiskNumerics

/// From a book as it was read to a book in which every position has a value.
public enum BookValuation {
  /// Options that one task of the team prices: large enough to hide the hand-over.
  private static let optionsPerTask = 512

  /// Resolves the instruments, values the positions and balances, and sums each account's equity.
  ///
  /// A position whose instrument cannot be resolved is set aside: it is named in `failures` by its row and
  /// its account is incomplete. Options are valued from forward and volatility, never from their own mark.
  ///
  /// - Parameters:
  ///   - book: as the reader hands it over.
  ///   - team: prices the options; the figures do not depend on its size.
  /// - Returns: the valued book, its failures in order of instruments, then positions, then balances.
  /// - Complexity: O(instruments + positions + balances).
  public static func value(_ book: Book, team: ThreadTeam) -> ValuedBook {
    let (resolved, premiums, refusals, assumptions) = resolve(book, team: team)
    var ledger = Ledger(book)
    ledger.enterPositions(resolved, refusals)
    ledger.enterBalances()
    var sentences = book.assumptions + assumptions
    if ledger.positionsWithoutEntry > 0 {
      sentences.append(
        "positions: \(ledger.positionsWithoutEntry) futures and perpetuals without entry_price are entered at the mark"
      )
    }
    return ValuedBook(
      book: book, resolved: resolved, premiums: premiums, holdings: ledger.holdings,
      holdingRanges: ledger.holdingRanges,
      balances: ledger.balances, balanceRanges: ledger.balanceRanges, equity: ledger.equity,
      isIncomplete: ledger.isIncomplete, failures: ledger.failures, assumptions: sentences)
  }

  /// Every instrument with its unit, or why it has none.
  private static func resolve(
    _ book: Book, team: ThreadTeam
  ) -> ([ResolvedInstrument?], [ExercisePremium?], [Int: Unresolved], [String]) {
    var resolver = InstrumentResolver(book.market)
    var resolved: [ResolvedInstrument?] = []
    var refusals: [Int: Unresolved] = [:]
    resolved.reserveCapacity(book.instruments.count)
    for (place, instrument) in book.instruments.enumerated() {
      do throws(Unresolved) {
        resolved.append(try resolver.resolve(instrument, at: place))
      } catch {
        resolved.append(nil)
        refusals[place] = error
      }
    }
    let options = resolved.compactMap { $0?.kind == .option ? $0 : nil }
    let tasks = (options.count + optionsPerTask - 1) / optionsPerTask
    let values = team.map(count: tasks) { task in
      let start = task * optionsPerTask
      return OptionColumns(options[start..<min(start + optionsPerTask, options.count)]).values()
    }
    let premiums = ExercisePremiums.today(of: resolved, team: team)
    for (task, column) in values.enumerated() {
      for (offset, unit) in column.enumerated() {
        let option = options[task * optionsPerTask + offset]
        let premium = premiums.isEmpty ? nil : premiums[option.instrument]
        resolved[option.instrument] = option.withUnit(
          option.american(unit, premium: premium, multiplier: 1))
      }
    }
    for case let instrument? in resolved where !instrument.unit.isFinite {
      let id = book.instruments[instrument.instrument].id
      resolved[instrument.instrument] = nil
      refusals[instrument.instrument] = Unresolved(
        reason: .calculation, message: "\(id): its value is not a finite number")
    }
    return (resolved, premiums, refusals, resolver.terms.assumptions.sentences)
  }
}

/// Options as columns for the Black kernel.
struct OptionColumns {
  var forward: [Double] = []
  var strike: [Double] = []
  var deviation: [Double] = []
  var sign: [Double] = []
  var scale: [Double] = []

  /// The options under relative moves of spot and volatility: 0 and 0 for today.
  init(_ options: some Sequence<ResolvedInstrument>, spotMove: Double = 0, volatilityMove: Double = 0) {
    for option in options {
      forward.append(option.forward * (1 + spotMove))
      strike.append(option.strike)
      deviation.append(option.volatility * (1 + volatilityMove) * option.timeToExpiry.squareRoot())
      sign.append(option.isCall ? 1 : -1)
      scale.append(option.scale)
    }
  }

  /// Base value of one contract of each.
  func values() -> [Double] {
    var result = [Double](repeating: 0, count: forward.count)
    var span = result.mutableSpan
    BlackKernels.values(
      forward: forward.span, strike: strike.span, standardDeviation: deviation.span, sign: sign.span,
      scale: scale.span, into: &span)
    return result
  }
}

extension ResolvedInstrument {
  /// The same instrument with its unit filled in.
  func withUnit(_ unit: Double) -> ResolvedInstrument {
    var valued = self
    valued.unit = unit
    return valued
  }
}

extension BookValuation {
  /// Why an instrument has no value in a market; nil where it has one.
  public static func whyNot(
    _ instrument: Instrument, in market: MarketSnapshot
  ) -> (reason: FailureReason, message: String)? {
    var resolver = InstrumentResolver(market)
    do throws(Unresolved) {
      _ = try resolver.resolve(instrument, at: 0)
      return nil
    } catch { return (error.reason, error.message) }
  }
}
