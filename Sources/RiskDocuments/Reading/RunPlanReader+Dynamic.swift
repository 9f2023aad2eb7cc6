import MarketModel
import StructuredText

/// What `run.json` says of requirements that follow volatility: `margin.dynamic`.
extension RunPlanReader {
  private static let factor = FieldRule(lower: 0.01, upper: 100, expected: "a factor between 0.01 and 100")

  static func dynamic(_ node: JSONNode, _ root: ObjectReader) throws(ReadingFault) -> DynamicMarginPlan {
    let object = try ObjectReader(
      node, at: "/margin/dynamic", in: root.tree,
      keys: ["volatility", "decay", "alpha", "beta", "reference_volatility", "floor", "cap", "tools"])
    var plan = DynamicMarginPlan()
    plan.volatility = try choice(object, "volatility") ?? plan.volatility
    plan.decay = try object.optionalNumber("decay", .decay) ?? plan.decay
    plan.alpha = try object.optionalNumber("alpha", .fraction) ?? plan.alpha
    plan.beta = try object.optionalNumber("beta", .fraction) ?? plan.beta
    // A number that the other filter reads would change nothing, and look as if it did.
    let foreign = plan.volatility == .ewma ? ["alpha", "beta"] : ["decay"]
    for key in foreign where object[key] != nil {
      throw object.fault(
        key, .invalid, "found \(key), which a volatility by \(plan.volatility.rawValue) does not read")
    }
    guard plan.alpha + plan.beta < 1 else {
      throw object.fault(
        object["beta"] == nil ? "alpha" : "beta", .invalid,
        "expected alpha + beta below 1, found \(plan.alpha) + \(plan.beta)")
    }
    plan.reference = try object.optionalNumber("reference_volatility", .volatility)
    plan.floor = try object.optionalNumber("floor", factor) ?? plan.floor
    plan.cap = try object.optionalNumber("cap", factor) ?? plan.cap
    guard plan.floor <= plan.cap else {
      throw object.fault("cap", .invalid, "expected at least the floor of \(plan.floor), found \(plan.cap)")
    }
    if let node = object["tools"] { try readTools(node, root, into: &plan) }
    return plan
  }

  private static func readTools(
    _ node: JSONNode, _ root: ObjectReader, into plan: inout DynamicMarginPlan
  ) throws(ReadingFault) {
    let object = try ObjectReader(
      node, at: "/margin/dynamic/tools", in: root.tree,
      keys: ["buffer", "stressed_weight", "stressed_days", "ten_year_floor"])
    plan.buffer = try object.optionalNumber("buffer", .fraction) ?? plan.buffer
    plan.stressedWeight = try object.optionalNumber("stressed_weight", .fraction) ?? plan.stressedWeight
    if object["stressed_days"] != nil { plan.stressedDays = try whole(object, "stressed_days", 1...3_650) }
    plan.hasTenYearFloor = try object.flag("ten_year_floor", absent: plan.hasTenYearFloor)
  }
}
