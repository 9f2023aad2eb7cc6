/// The gain of one portfolio, class of risk by class, as linear forms of rows of the table.
///
/// The forms sum to the portfolio's own multiples of its rows. They are read on the few paths of a tail, so they cost
/// nothing on the others.
struct ClassForms: Sendable {
  /// One class: a constant, and its multiples of rows.
  struct Form: Sendable {
    let kind: RiskClass
    let constant: Double
    /// One entry a row: those of the portfolio, then `further`.
    let coefficients: [Double]
  }

  /// In the order of `RiskClass`; a class without anything in it is left out.
  private(set) var forms: [Form] = []
  /// Rows of the table that are read beside those of the portfolio.
  private(set) var further: [Int] = []

  init() {}

  /// The forms of a portfolio.
  ///
  /// - Parameters:
  ///   - rows: distinct rows of full revaluations.
  ///   - coefficients: its multiple of each.
  init(rows: [Int], coefficients: [Double], table: ProfitTable) {
    var all = rows
    var sums: [RiskClass: [(slot: Int, weight: Double)]] = [:]
    var constant = 0.0
    var places: [Int: Int] = [:]
    for (place, row) in rows.enumerated() { places[row] = place }
    func slot(_ row: Int) -> Int {
      if let place = places[row] { return place }
      places[row] = all.count
      all.append(row)
      return all.count - 1
    }
    for (row, coefficient) in zip(rows, coefficients) where coefficient != 0 {
      guard table.chains.indices.contains(row), let chain = table.chains[row] else { continue }
      var last: (slot: Int, weight: Double)?
      if let spot = chain.spot, table.anchors.indices.contains(spot), let anchor = table.anchors[spot] {
        let weight = coefficient * chain.spotWeight
        let isLinear = spot < table.risk.assets.count
        let linear = (slot(anchor.factor), weight * anchor.slope)
        sums[.delta, default: []].append(linear)
        last = (slot(spot), weight)
        if !isLinear {
          constant += weight * anchor.start
          sums[.theta, default: []].append((linear.0, 0))
          sums[.gammaAndHigher, default: []] += [(slot(spot), weight), (linear.0, -linear.1)]
        }
      }
      for step in chain.steps {
        let next = (slot: slot(step.row), weight: coefficient)
        sums[step.kind, default: []].append(next)
        if let last { sums[step.kind, default: []].append((last.slot, -last.weight)) }
        last = next
      }
    }
    further = Array(all.dropFirst(rows.count))
    for kind in RiskClass.allCases {
      guard let terms = sums[kind] else { continue }
      var coefficients = [Double](repeating: 0, count: all.count)
      for term in terms { coefficients[term.slot] += term.weight }
      let start = kind == .theta ? constant : kind == .gammaAndHigher ? -constant : 0
      forms.append(Form(kind: kind, constant: start, coefficients: coefficients))
    }
  }

  /// The loss of each class from weighted sums of the rows.
  ///
  /// - Parameter mass: the sum of the weights.
  func losses(_ rowSums: [Double], mass: Double) -> [Double] {
    forms.map { form in
      var gain = form.constant * mass
      for (coefficient, sum) in zip(form.coefficients, rowSums) where coefficient != 0 {
        gain += coefficient * sum
      }
      return 0 - gain / mass
    }
  }
}
