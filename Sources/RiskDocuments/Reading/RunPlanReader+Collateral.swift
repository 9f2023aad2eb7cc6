import MarketModel
import StructuredText

/// What `run.json` says of collateral: `margin.collateral`.
extension RunPlanReader {
  /// In place of an asset: every one that is not named.
  private static let otherAssets = "other"

  static func collateral(_ node: JSONNode, _ root: ObjectReader) throws(ReadingFault) -> CollateralPlan {
    let object = try ObjectReader(
      node, at: "/margin/collateral", in: root.tree,
      keys: ["assets", "depeg", "concentration", "oracle", "wrong_way", "borrow"])
    var plan = CollateralPlan()
    for (place, node) in try elements(object, "assets").enumerated() {
      let terms = try assetTerms(node, "\(object.pointer)/assets/\(place)", root)
      guard !plan.assets.contains(where: { $0.asset == terms.asset }) else {
        throw twice(terms.asset, "assets/\(place)", object)
      }
      plan.assets.append(terms)
    }
    for (place, node) in try elements(object, "depeg").enumerated() {
      let entry = try ObjectReader(
        node, at: "\(object.pointer)/depeg/\(place)", in: root.tree, keys: ["asset", "price"])
      let depeg = Depeg(asset: try entry.identifier("asset"), price: try entry.number("price", .price))
      guard !plan.depeg.contains(where: { $0.asset == depeg.asset }) else {
        throw twice(depeg.asset, "depeg/\(place)", object)
      }
      plan.depeg.append(depeg)
    }
    if let node = object["concentration"] { plan.concentration = try concentration(node, root) }
    if let node = object["oracle"] {
      let entry = try ObjectReader(
        node, at: "\(object.pointer)/oracle", in: root.tree, keys: ["threshold", "factor"])
      plan.oracle = CollateralPlan.OraclePenalty(
        threshold: try entry.number("threshold", .fraction), factor: try entry.number("factor", .amount))
    }
    if let node = object["wrong_way"] {
      let entry = try ObjectReader(node, at: "\(object.pointer)/wrong_way", in: root.tree, keys: ["move"])
      plan.wrongWayMove = try entry.number("move", .fraction)
    }
    if let node = object["borrow"] { try readBorrow(node, root, into: &plan) }
    return plan
  }

  private static func assetTerms(
    _ node: JSONNode, _ path: String, _ root: ObjectReader
  ) throws(ReadingFault) -> CollateralPlan.AssetTerms {
    let object = try ObjectReader(
      node, at: path, in: root.tree, keys: ["asset", "haircut", "latency_seconds", "volatility", "beta"])
    var terms = CollateralPlan.AssetTerms(
      asset: try asset(object), haircut: try object.optionalNumber("haircut", .fraction) ?? 0)
    terms.beta = try object.optionalNumber("beta", .beta) ?? 0
    // One without the other is half a sentence, which would take nothing off in silence.
    if object["latency_seconds"] != nil || object["volatility"] != nil {
      terms.latencySeconds = try object.number("latency_seconds", .amount)
      terms.volatility = try object.number("volatility", .factorVolatility)
    }
    return terms
  }

  private static func concentration(
    _ node: JSONNode, _ root: ObjectReader
  ) throws(ReadingFault) -> CollateralPlan.Concentration {
    let object = try ObjectReader(
      node, at: "/margin/collateral/concentration", in: root.tree, keys: ["by_share", "by_value", "assets"])
    var rule = CollateralPlan.Concentration(
      byShare: try steps(object, "by_share", .fraction), byValue: try steps(object, "by_value", .amount))
    guard !rule.byShare.isEmpty || !rule.byValue.isEmpty else {
      throw object.fault("by_share", .missing, "expected steps under by_share or by_value, found none")
    }
    if object["assets"] != nil {
      rule.assets = []
      for (place, name) in try names(object, "assets").enumerated() {
        guard let id = Identifier(name) else {
          throw object.fault("assets/\(place)", .invalid, "expected an id, found \(Spelling.quoted(name))")
        }
        rule.assets?.append(id)
      }
    }
    return rule
  }

  private static func steps(
    _ object: ObjectReader, _ key: String, _ threshold: FieldRule
  ) throws(ReadingFault) -> [CollateralPlan.ConcentrationStep] {
    var steps: [CollateralPlan.ConcentrationStep] = []
    for (place, node) in try elements(object, key).enumerated() {
      let entry = try ObjectReader(
        node, at: "\(object.pointer)/\(key)/\(place)", in: object.tree, keys: ["above", "haircut"])
      let step = CollateralPlan.ConcentrationStep(
        above: try entry.number("above", threshold), haircut: try entry.number("haircut", .fraction))
      if let last = steps.last {
        guard step.above > last.above else {
          throw entry.fault(
            "above", .invalid, "expected a threshold above \(last.above), found \(step.above)")
        }
        guard step.haircut >= last.haircut else {
          throw entry.fault(
            "haircut", .invalid, "expected a haircut of \(last.haircut) or more, found \(step.haircut)")
        }
      }
      steps.append(step)
    }
    return steps
  }

  private static func readBorrow(
    _ node: JSONNode, _ root: ObjectReader, into plan: inout CollateralPlan
  ) throws(ReadingFault) {
    let object = try ObjectReader(
      node, at: "/margin/collateral/borrow", in: root.tree, keys: ["horizon_days", "rates"])
    plan.borrowDays = try object.number("horizon_days", .days)
    for (place, node) in try elements(object, "rates").enumerated() {
      let entry = try ObjectReader(
        node, at: "\(object.pointer)/rates/\(place)", in: root.tree, keys: ["asset", "rate"])
      let rate = CollateralPlan.BorrowRate(
        asset: try asset(entry), rate: try entry.number("rate", .borrowRate))
      guard !plan.borrowRates.contains(where: { $0.asset == rate.asset }) else {
        throw twice(rate.asset, "rates/\(place)", object)
      }
      plan.borrowRates.append(rate)
    }
    guard !plan.borrowRates.isEmpty else {
      throw object.fault("rates", .missing, "expected at least one rate, found none")
    }
  }

  private static func asset(_ object: ObjectReader) throws(ReadingFault) -> Identifier? {
    let id = try object.identifier("asset")
    return id.text == otherAssets ? nil : id
  }

  private static func elements(_ object: ObjectReader, _ key: String) throws(ReadingFault) -> [JSONNode] {
    let list = try object.optionalList(key)
    guard list.count <= mostEntries else {
      throw object.fault(key, .limit, "expected at most \(mostEntries) entries, found \(list.count)")
    }
    return list
  }

  private static func twice(_ asset: Identifier?, _ key: String, _ object: ObjectReader) -> ReadingFault {
    object.fault(key, .duplicate, "found \(asset?.text ?? otherAssets) twice")
  }
}
