import MarginModels
public import MarketModel
import TailRisk

extension Engine {
  /// Checks what would stop a run before its first account, without pricing anything.
  ///
  /// - Throws: `EngineError`, as `init` does: names that are not built, numbers out of range, an indefinite
  ///   correlation.
  /// - Complexity: O(factors³), for the factor of the correlation.
  public static func check(_ book: Book, plan: RunPlan) throws(EngineError) {
    if plan.measures.contains(.valueAtRisk) {
      try checkEntries(plan)
      for (place, entry) in plan.valueAtRisk.enumerated() {
        do throws(TailRiskError) {
          try TailMeasures.check(book, plan: entry)
        } catch {
          throw EngineError(error, entry: place, method: entry.method)
        }
      }
    }
    try checkCapitalPaths(plan)
    try checkCollateral(book, plan)
    try checkHistory(book, plan)
    guard plan.measures.contains(.margin) || plan.measures.contains(.liquidation) else { return }
    do throws(MarginError) {
      let library = try ModelLibrary(of: plan)
      for name in plan.marginModels + plan.rankedModels { try library.check(name) }
      for comparison in [plan.comparison] + plan.comparisonsBeside { try library.check(comparison) }
    } catch {
      throw EngineError(error)
    }
  }

  /// Models and scaling that live on a history have nothing to say without one.
  static func checkHistory(_ book: Book, _ plan: RunPlan) throws(EngineError) {
    guard plan.measures.contains(.margin), book.history == nil else { return }
    guard plan.dynamic == nil else {
      throw .invalid(
        path: "run.json#/margin/dynamic",
        message: "found a book without history.csv, which volatility comes from")
    }
    let library: ModelLibrary
    do throws(MarginError) {
      library = try ModelLibrary(of: plan)
    } catch {
      throw EngineError(error)
    }
    for name in plan.marginModels where library.needsHistory(name) {
      throw .invalid(
        path: "margin model \(name)", message: "found a book without history.csv, which its losses come from")
    }
  }

  /// A peg that no asset of the market has would break in silence.
  static func checkCollateral(_ book: Book, _ plan: RunPlan) throws(EngineError) {
    guard let collateral = plan.collateral, plan.measures.contains(.margin) else { return }
    for (place, depeg) in collateral.depeg.enumerated() {
      guard depeg.asset != book.market.baseCurrency, let asset = book.market.assetIndex(of: depeg.asset),
        book.market.assets[asset].isStable
      else {
        throw .invalid(
          path: "run.json#/margin/collateral/depeg/\(place)/asset",
          message:
            "expected a stable asset of the market other than the base currency, found \(depeg.asset)")
      }
    }
  }

  /// A measure that is asked for without saying which would be a report without its figures.
  static func checkEntries(_ plan: RunPlan) throws(EngineError) {
    guard plan.valueAtRisk.isEmpty else { return }
    throw .invalid(
      path: "run.json#/value_at_risk",
      message: "expected at least one entry, because the measure is asked for, found none")
  }
}
