import MarketModel
import StructuredText

/// What `run.json` says of value at risk: one entry a method, horizon and way of sampling.
extension RunPlanReader {
  private static let valueAtRiskKeys = [
    "method", "confidence", "horizon_days", "paths", "distribution", "degrees_of_freedom", "jumps",
    "sampling",
    "replicates", "variance_reduction", "scaling", "covariance", "filter", "profits", "smile",
  ]

  private static let covarianceKeys = ["estimator", "decay", "repair", "gaps", "return_days"]

  static func valueAtRisk(_ root: ObjectReader) throws(ReadingFault) -> [ValueAtRiskPlan] {
    var plans: [ValueAtRiskPlan] = []
    for (place, node) in try entries(root, "value_at_risk").enumerated() {
      let object = try ObjectReader(
        node, at: "/value_at_risk/\(place)", in: root.tree, keys: valueAtRiskKeys)
      var plan = ValueAtRiskPlan.standard
      plan.method = try choice(object, "method") ?? plan.method
      if object["confidence"] != nil { plan.confidence = try confidence(object) }
      plan.horizonDays = try object.optionalNumber("horizon_days", .days) ?? plan.horizonDays
      plan.scaling = try choice(object, "scaling") ?? plan.scaling
      plan.smile = try choice(object, "smile") ?? plan.smile
      plan.keepsProfits = try object.flag("profits", absent: false)
      try readSampling(object, into: &plan)
      try readEstimation(object, into: &plan)
      plans.append(plan)
    }
    return plans
  }

  /// How moves are drawn.
  private static func readSampling(
    _ object: ObjectReader, into plan: inout ValueAtRiskPlan
  ) throws(ReadingFault) {
    if object["paths"] != nil { plan.paths = try paths(object) }
    plan.distribution = try choice(object, "distribution") ?? plan.distribution
    plan.degreesOfFreedom =
      try object.optionalNumber("degrees_of_freedom", .degreesOfFreedom) ?? plan.degreesOfFreedom
    if let node = object["jumps"] {
      let jumps = try ObjectReader(
        node, at: object.pointer + "/jumps", in: object.tree,
        keys: ["per_year", "mean", "deviation", "common"])
      plan.jumps = JumpPlan(
        perYear: try jumps.optionalNumber("per_year", .jumpRate) ?? plan.jumps.perYear,
        mean: try jumps.optionalNumber("mean", .logMove) ?? plan.jumps.mean,
        deviation: try jumps.optionalNumber("deviation", .factorVolatility) ?? plan.jumps.deviation,
        areCommon: try jumps.flag("common", absent: plan.jumps.areCommon))
    }
    plan.sampling = try choice(object, "sampling") ?? plan.sampling
    plan.varianceReduction = try choice(object, "variance_reduction") ?? plan.varianceReduction
    if object["replicates"] != nil {
      plan.replicates = try whole(object, "replicates", 16...4_096)
    }
  }

  /// How the history is read.
  private static func readEstimation(
    _ object: ObjectReader, into plan: inout ValueAtRiskPlan
  ) throws(ReadingFault) {
    if let node = object["covariance"] {
      let covariance = try ObjectReader(
        node, at: object.pointer + "/covariance", in: object.tree, keys: covarianceKeys)
      plan.covariance.estimator = try choice(covariance, "estimator") ?? plan.covariance.estimator
      plan.covariance.decay = try covariance.optionalNumber("decay", .decay) ?? plan.covariance.decay
      plan.covariance.repairs = try covariance.flag("repair", absent: plan.covariance.repairs)
      plan.covariance.gaps = try choice(covariance, "gaps") ?? plan.covariance.gaps
      if covariance["return_days"] != nil {
        plan.covariance.returnDays = try whole(covariance, "return_days", 1...100)
      }
      // Who says how to read the history wants it read, whatever the market quotes.
      plan.covariance.prefersHistory = ["estimator", "gaps", "return_days"].contains { covariance[$0] != nil }
    }
    if let node = object["filter"] {
      let filter = try ObjectReader(
        node, at: object.pointer + "/filter", in: object.tree, keys: ["model", "decay"])
      plan.filter.model = try choice(filter, "model") ?? plan.filter.model
      plan.filter.decay = try filter.optionalNumber("decay", .decay) ?? plan.filter.decay
    }
  }

  /// One of the names of a choice, nil where the key is absent.
  static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ object: ObjectReader, _ key: String
  ) throws(ReadingFault) -> Choice? {
    guard object[key] != nil else { return nil }
    let name = try object.text(key)
    for choice in Choice.allCases where choice.rawValue.utf8.elementsEqual(name.utf8) { return choice }
    let what = key.split(separator: "_").joined(separator: " ")
    throw notBuilt(object, key, what, name, built: Choice.allCases.map(\.rawValue))
  }

  /// A whole number inside a range.
  static func whole(
    _ object: ObjectReader, _ key: String, _ range: ClosedRange<Int>
  ) throws(ReadingFault) -> Int {
    let node = try object.node(key)
    if case .number(let number) = node.value, let value = number.value, let whole = Int(exactly: value),
      range.contains(whole)
    {
      return whole
    }
    throw object.fault(
      key, .limit,
      "expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(node.value.kind)")
  }

  private static func paths(_ object: ObjectReader) throws(ReadingFault) -> Int {
    try whole(object, "paths", 1...mostPaths)
  }

  /// Levels are read from their digits, because 0.99 is no double.
  static func confidence(_ object: ObjectReader) throws(ReadingFault) -> [ConfidenceLevel] {
    var levels: [ConfidenceLevel] = []
    for (place, node) in try object.list("confidence").enumerated() {
      var level: ConfidenceLevel?
      switch node.value {
      case .string(let text): level = ConfidenceLevel(decimal: text)
      case .number(let number): level = ConfidenceLevel(decimal: number.text)
      default: break
      }
      guard let level else {
        throw object.fault(
          "confidence/\(place)", .invalid,
          "expected a decimal between 0 and 1 such as \"0.99\", found \(node.value.kind)")
      }
      guard !levels.contains(level) else {
        throw object.fault("confidence/\(place)", .duplicate, "found the level \(level.decimal) twice")
      }
      levels.append(level)
    }
    guard !levels.isEmpty, levels.count <= 100 else {
      throw object.fault("confidence", .limit, "expected 1 to 100 levels, found \(levels.count)")
    }
    return levels
  }
}
