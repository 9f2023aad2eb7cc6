import MarketModel
package import OptionPricing
package import RiskNumerics

/// The premiums of early exercise of a book's American options.
package enum ExercisePremiums {
  /// Options that one task of the team tabulates.
  private static let optionsPerTask = 4

  /// Today's premiums, one entry an instrument; empty where no option is American.
  static func today(of resolved: [ResolvedInstrument?], team: ThreadTeam) -> [ExercisePremium?] {
    table(of: resolved, team: team) { $0.exercisePremium(volatility: $0.volatility, years: $0.timeToExpiry) }
  }

  /// The premium of every American option by a rule; empty where no option is American.
  ///
  /// - Complexity: one tabulation an American option, shared by the team.
  package static func table(
    of resolved: [ResolvedInstrument?], team: ThreadTeam,
    _ premium: @Sendable (ResolvedInstrument) -> ExercisePremium?
  ) -> [ExercisePremium?] {
    let options = resolved.compactMap { $0?.isAmerican == true ? $0 : nil }
    guard !options.isEmpty else { return [] }
    var table = [ExercisePremium?](repeating: nil, count: resolved.count)
    let tasks = (options.count + optionsPerTask - 1) / optionsPerTask
    let found = team.map(count: tasks) { task in
      let start = task * optionsPerTask
      return options[start..<min(start + optionsPerTask, options.count)].map { premium($0) }
    }.flatMap { $0 }
    for (option, premium) in zip(options, found) { table[option.instrument] = premium }
    return table
  }
}

extension ResolvedInstrument {
  /// Yield of the underlying that rate and forward imply together.
  package var impliedYield: Double {
    if forwardFollowsCarry { return carryYield }
    guard timeToExpiry > 0 else { return 0 }
    return rate - Elementary.log(forward * quoteSpot / spot) / timeToExpiry
  }

  /// What early exercise adds as a function of spot; nil where it adds nothing, or the option is European.
  package func exercisePremium(volatility: Double, years: Double) -> ExercisePremium? {
    guard isAmerican, years > 0 else { return nil }
    guard let dividends else {
      return ExercisePremium(
        isCall: isCall, strike: strike, years: years, volatility: volatility, rate: rate,
        dividendYield: impliedYield)
    }
    return ExercisePremium(
      isCall: isCall, strike: strike, years: years, volatility: volatility, rate: rate,
      impliedYield: impliedYield, dividends: dividends)
  }

  /// Base value of one American contract, from its European value.
  ///
  /// - Parameters:
  ///   - european: base value at the moved spot.
  ///   - premium: at the same volatility and time; nil where exercise early never pays.
  ///   - multiplier: of today's spot.
  package func american(_ european: Double, premium: ExercisePremium?, multiplier move: Double) -> Double {
    guard isAmerican else { return european }
    let price = spot / quoteSpot * move
    let scale = quoteSpot * multiplier
    if let premium { return premium.value(european: european, spot: price, scale: scale) }
    return max(european, scale * (isCall ? price - strike : strike - price))
  }
}

extension ValuedBook {
  /// Today's premium of one instrument; nil where it has none.
  package func premium(of instrument: ResolvedInstrument) -> ExercisePremium? {
    premiums.isEmpty ? nil : premiums[instrument.instrument]
  }
}
