import MarketModel
import RiskNumerics

/// Places of the factors that move beside spots, among all moving factors.
struct MarketFactors: Sendable {
  /// Volatility levels, one entry an asset of the market; nil where it does not move.
  ///
  /// They stand right behind the spots, and are like these logarithms of something with mean one.
  var level: [Int?] = []
  /// Slopes of the smile.
  var skew: [Int?] = []
  var basis: [Int?] = []
  /// By place in the market's `rates`.
  var rate: [Int?] = []
  /// How many volatility levels there are.
  var levelCount = 0

  /// Whether spots alone move.
  var isEmpty: Bool {
    levelCount == 0 && (skew + basis + rate).allSatisfy { $0 == nil }
  }
}

extension RiskFactors {
  /// Factors whose exponential has mean one: spots and volatility levels.
  var lognormalCount: Int { assets.count + beside.levelCount }

  /// The factors with those of a plan beside the spots.
  ///
  /// With Z the standard normal of a factor's own spot, a volatility level or slope of correlation ρ to it has the
  /// normal ρ·Z + √(1−ρ²)·ε with an ε of its own. So two of them are correlated by ρ₁·ρ(S₁,S₂)·ρ₂, every matrix
  /// that comes of it is positive semidefinite, ρ = ±1 is legal, and the spots' own draws stay what they are.
  /// Rates and bases are independent. Each list is taken in byte order of its names, the first of equal names.
  ///
  /// A factor does not move, and says why, where its spot does not, where the market has no curve of its currency,
  /// and where the method of the plan moves spots alone.
  ///
  /// - Throws: `outOfRange` for a volatility that is not a number of at least 0, or a correlation outside [−1, 1].
  func moving(_ plan: ValueAtRiskPlan, in market: MarketSnapshot) throws(TailRiskError) -> RiskFactors {
    guard !plan.factors.isEmpty else { return self }
    try Self.check(plan.factors)
    var all = self
    let isOfHistory = [.historical, .filteredHistorical].contains(plan.method)
    let lack =
      isOfHistory
      ? "\(plan.method.rawValue) takes its moves from history.csv: a column UNDERLYING:volatility moves that level"
      : nil
    let none = [Int?](repeating: nil, count: market.assets.count)
    all.beside = MarketFactors(
      level: none, skew: none, basis: none, rate: [Int?](repeating: nil, count: market.rates.count))
    let levels = plan.factors.volatility.sorted { $0.underlying < $1.underlying }
    for factor in levels {
      let spot = market.assetIndex(of: factor.underlying)
      if let spot, all.beside.level[spot] != nil { continue }
      let place = all.add(
        "volatility", factor.underlying, factor.volatilityOfVolatility, spot: spot,
        correlation: factor.spotCorrelation, lack: lack)
      guard let spot, let place else { continue }
      all.beside.level[spot] = place
      all.beside.levelCount += 1
    }
    for factor in levels {
      guard let skew = factor.skew else { continue }
      let spot = market.assetIndex(of: factor.underlying)
      if let spot, all.beside.skew[spot] != nil { continue }
      let place = all.add(
        "skew", factor.underlying, skew.volatility, spot: spot, correlation: skew.spotCorrelation, lack: lack)
      if let spot, let place { all.beside.skew[spot] = place }
    }
    for factor in plan.factors.basis.sorted(by: { $0.underlying < $1.underlying }) {
      let spot = market.assetIndex(of: factor.underlying)
      if let spot, all.beside.basis[spot] != nil { continue }
      let place = all.add(
        "basis", factor.underlying, factor.volatility, spot: spot, correlation: 0, lack: lack)
      if let spot, let place { all.beside.basis[spot] = place }
    }
    for factor in plan.factors.rates.sorted(by: { $0.currency < $1.currency }) {
      let curve = market.rates.firstIndex { $0.currency == factor.currency }
      if let curve, all.beside.rate[curve] != nil { continue }
      let reason = lack ?? (curve == nil ? "the market has no curve of rates for it" : nil)
      if let reason {
        all.stay("rate", factor.currency, reason)
      } else if let curve {
        all.beside.rate[curve] = all.append(
          "rate", factor.currency, factor.volatility, spot: nil, correlation: 0)
      }
    }
    return all
  }

  /// The factors of a history with the volatility levels that it has columns of, in byte order of the underlyings.
  ///
  /// Their volatility is stated, about zero and annual, over the dates on which the column has figures; their moves are
  /// those of the dates alone, together with the spots'.
  func movingVolatilities(in book: Book) -> RiskFactors {
    guard let history = book.history, !history.volatilities.isEmpty else { return self }
    var all = self
    let market = book.market
    if all.beside.level.isEmpty {
      let none = [Int?](repeating: nil, count: market.assets.count)
      all.beside = MarketFactors(
        level: none, skew: none, basis: none, rate: [Int?](repeating: nil, count: market.rates.count))
    }
    for column in history.volatilities.sorted(by: { $0.underlying < $1.underlying }) {
      let spot = market.assetIndex(of: column.underlying)
      if let spot, all.beside.level[spot] != nil { continue }
      all.uses.removeAll { $0.kind == "volatility" && $0.name == column.underlying }
      let place = all.add(
        "volatility", column.underlying, Self.deviation(column, history.dates), spot: spot, correlation: 0,
        lack: nil)
      guard let spot, let place else { continue }
      all.beside.level[spot] = place
      all.beside.levelCount += 1
    }
    return all
  }

  private static func deviation(_ column: PriceHistory.VolatilityColumn, _ dates: [Instant]) -> Double {
    let known = zip(dates, column.levels).compactMap { date, level -> (Instant, Double)? in
      guard let level, level > 0 else { return nil }
      return (date, Elementary.log(level))
    }
    guard let first = known.first, let last = known.last, first.0 < last.0 else { return 0 }
    let squares = zip(known, known.dropFirst()).reduce(0.0) { sum, pair in
      sum + (pair.1.1 - pair.0.1) * (pair.1.1 - pair.0.1)
    }
    return (squares / first.0.years(to: last.0)).squareRoot()
  }

  /// The class of risk of each moving factor; `delta` of a spot.
  var classes: [RiskClass] {
    var classes = [RiskClass](repeating: .delta, count: volatilities.count)
    for (kind, places) in [
      (RiskClass.vega, beside.level + beside.skew), (.basis, beside.basis), (.rate, beside.rate),
    ] {
      for case let place? in places { classes[place] = kind }
    }
    return classes
  }

  /// The correlation of all moving factors: that of the spots as it was given, the others by the rows of L.
  var fullCorrelation: Matrix {
    let (count, spots) = (volatilities.count, correlation.rowCount)
    var full = Matrix(rowCount: count, columnCount: count)
    for i in 0..<count {
      for j in 0...i {
        var sum = 0.0
        if i < spots {
          sum = correlation[i, j]
        } else {
          for (a, b) in zip(rows[i], rows[j]) { sum += a * b }
        }
        full[i, j] = sum
        full[j, i] = sum
      }
    }
    return full
  }

  /// The rate factor that discounts an asset: of its own curve, else, for cash, of the base currency's.
  func rateFactor(of asset: Identifier, in market: MarketSnapshot) -> Int? {
    if let own = market.rates.firstIndex(where: { $0.currency == asset }) {
      return beside.rate.isEmpty ? nil : beside.rate[own]
    }
    guard market.isCash(asset),
      let base = market.rates.firstIndex(where: { $0.currency == market.baseCurrency })
    else { return nil }
    return beside.rate.isEmpty ? nil : beside.rate[base]
  }

  private static func check(_ plan: FactorPlan) throws(TailRiskError) {
    for factor in plan.volatility {
      try check("vol_of_vol", factor.volatilityOfVolatility, factor.spotCorrelation)
      if let skew = factor.skew { try check("skew/volatility", skew.volatility, skew.spotCorrelation) }
    }
    for factor in plan.rates { try check("rate_factors/volatility", factor.volatility, 0) }
    for factor in plan.basis { try check("basis_factors/volatility", factor.volatility, 0) }
  }

  private static func check(
    _ field: String, _ volatility: Double, _ correlation: Double
  ) throws(TailRiskError) {
    guard volatility >= 0, volatility.isFinite else { throw .outOfRange(field: field, value: volatility) }
    guard abs(correlation) <= 1 else { throw .outOfRange(field: "spot_correlation", value: correlation) }
  }

  /// A factor of an underlying; nil where it does not move.
  private mutating func add(
    _ kind: String, _ name: Identifier, _ volatility: Double, spot: Int?, correlation: Double, lack: String?
  ) -> Int? {
    if let lack {
      stay(kind, name, lack)
      return nil
    }
    guard let spot else {
      stay(kind, name, "the market has no such asset")
      return nil
    }
    guard let place = place[spot] else {
      stay(kind, name, "its spot does not move")
      return nil
    }
    return append(kind, name, volatility, spot: place, correlation: correlation)
  }

  private mutating func stay(_ kind: String, _ name: Identifier, _ reason: String) {
    uses.append(FactorUse(kind: kind, name: name, moved: false, volatility: nil, reason: reason))
  }

  private mutating func append(
    _ kind: String, _ name: Identifier, _ volatility: Double, spot: Int?, correlation: Double
  ) -> Int {
    uses.append(FactorUse(kind: kind, name: name, moved: true, volatility: volatility, reason: nil))
    for place in rows.indices { rows[place].append(0) }
    var row = [Double](repeating: 0, count: rank + 1)
    if let spot {
      for column in 0..<rank { row[column] = correlation * rows[spot][column] }
    }
    row[rank] = max(0, 1 - correlation * correlation).squareRoot()
    rows.append(row)
    volatilities.append(volatility)
    rank += 1
    return volatilities.count - 1
  }
}
