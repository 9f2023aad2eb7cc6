/// What each strategy costs more or less than its legs alone, in one market state.
///
/// Requirements are net of the premium of shorts, against an equity that owes it: an uncovered short needs its
/// percentage, a long its full value, a spread its largest loss and net debit. Sources: Cboe margin manual; FINRA
/// rule 4210(f)(2); the maintenance of protective options, collars and conversions after its (H).
struct StrategyCharges {
  let holdings: StrategyHoldings
  let prices: StrategyPrices
  let parameters: StrategyParameters
  let isInitial: Bool

  /// The cost of one unit of a use, less what its legs cost alone.
  func cost(of use: StrategyGrouping.Use, strikeScale: Double) -> Double {
    switch use {
    case .loss: strikeScale
    case .poolShort(let short): -prices.shorts[short] - uncovered(short)
    case .poolLong(let long): paidInFull(long)
    case .straddle(let call, let put): straddle(call, put)
    case .covered(_, let short):
      // The stock counts at no more than the strike at which it may be called away.
      inTheMoney(holdings.shorts[short]) - prices.shorts[short] - uncovered(short)
    case .protective(let stock, let long): protective(holdings.stocks[stock], long)
    case .collar(let stock, let long, let short): collar(holdings.stocks[stock], long, short)
    }
  }

  /// What a short option needs beside its premium.
  func uncovered(_ short: Int) -> Double {
    let option = holdings.shorts[short]
    return parameters.uncovered(
      isCall: option.isCall, price: prices.spots[option.underlying], strike: option.strike,
      terms: holdings.terms[option.underlying])
  }

  /// A long option that defends others counts in full: what a long-dated one alone would be lent.
  private func paidInFull(_ long: Int) -> Double {
    (1 - holdings.longs[long].longRate) * prices.longs[long]
  }

  /// The greater of two uncovered requirements and the premium of the other side.
  private func straddle(_ call: Int, _ put: Int) -> Double {
    let (callAdd, putAdd) = (uncovered(call), uncovered(put))
    let isCallGreater = prices.shorts[call] + callAdd >= prices.shorts[put] + putAdd
    return -(isCallGreater ? putAdd : callAdd)
  }

  /// Stock with a long option: the lesser of a tenth of the strike with what lies out of the money, and the stock's.
  private func protective(_ stock: StrategyStock, _ long: Int) -> Double {
    guard !isInitial else { return paidInFull(long) }
    let option = holdings.longs[long]
    let hedged = parameters.hedgedRate * option.strike + outOfTheMoney(option)
    let alone = stockCharge(stock, for: option)
    return min(hedged, alone) - alone + paidInFull(long)
  }

  /// Stock between a long and a short option; with equal strikes a conversion.
  private func collar(_ stock: StrategyStock, _ long: Int, _ short: Int) -> Double {
    let (bought, sold) = (holdings.longs[long], holdings.shorts[short])
    let alone = stockCharge(stock, for: bought)
    let legs = paidInFull(long) + inTheMoney(sold) - prices.shorts[short] - uncovered(short)
    guard !isInitial else { return legs }
    let hedged: Double
    if bought.strike == sold.strike {
      hedged = parameters.hedgedRate * bought.strike
    } else {
      hedged = min(
        parameters.hedgedRate * bought.strike + outOfTheMoney(bought), parameters.collarRate * sold.strike)
    }
    return min(hedged, alone) - alone + legs
  }

  /// The stock's own requirement for one unit of an option's underlying.
  private func stockCharge(_ stock: StrategyStock, for option: StrategyOption) -> Double {
    let rate = parameters.stockRate(
      isLong: stock.isLong, isInitial: isInitial, leverage: holdings.terms[stock.underlying].leverage)
    return rate * prices.spots[stock.underlying] / holdings.cover(of: stock, for: option)
  }

  private func inTheMoney(_ option: StrategyOption) -> Double {
    let price = prices.spots[option.underlying]
    return max(0, option.isCall ? price - option.strike : option.strike - price)
  }

  private func outOfTheMoney(_ option: StrategyOption) -> Double {
    let price = prices.spots[option.underlying]
    return max(0, option.isCall ? option.strike - price : price - option.strike)
  }
}
