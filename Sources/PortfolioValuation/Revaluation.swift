import MarketModel
import OptionPricing
public import RiskNumerics

/// Full revaluation of every instrument under moves of spot and volatility.
public enum Revaluation {
  /// Options that one task of the team prices.
  private static let optionsPerTask = 512

  /// The change of every unit when all spots, forwards and marks move by `spot` and all volatilities by
  /// `volatility`, relative.
  ///
  /// A future's change is exactly unit·spot, so linear books have linear profit and loss to the bit.
  ///
  /// - Parameters:
  ///   - spot: > −1.
  ///   - volatility: ≥ −1.
  /// - Returns: one entry an instrument, base currency per unit of effective quantity; 0 where unresolved.
  /// - Complexity: O(instruments), shared by the team.
  public static func unitChanges(
    _ book: ValuedBook, spot: Double, volatility: Double, team: ThreadTeam
  ) -> [Double] {
    var changes = book.resolved.map { instrument in
      instrument.map { $0.kind == .option ? 0 : $0.unit * spot } ?? 0
    }
    if spot == 0, volatility == 0 { return changes }
    let options = book.resolved.compactMap { $0?.kind == .option ? $0 : nil }
    let tasks = (options.count + optionsPerTask - 1) / optionsPerTask
    let values = team.map(count: tasks) { task in
      let start = task * optionsPerTask
      return OptionColumns(
        options[start..<min(start + optionsPerTask, options.count)], spotMove: spot,
        volatilityMove: volatility
      ).values()
    }
    let premiums =
      volatility == 0
      ? book.premiums
      : ExercisePremiums.table(of: book.resolved, team: team) {
        $0.exercisePremium(volatility: $0.volatility * (1 + volatility), years: $0.timeToExpiry)
      }
    for (task, column) in values.enumerated() {
      for (offset, value) in column.enumerated() {
        let option = options[task * optionsPerTask + offset]
        let premium = premiums.isEmpty ? nil : premiums[option.instrument]
        changes[option.instrument] =
          option.american(value, premium: premium, multiplier: 1 + spot) - option.unit
      }
    }
    return changes
  }
}
