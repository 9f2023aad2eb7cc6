import MarginModels
import MarketModel
import StructuredText

/// What `run.json` says of margin: `margin` with the models and how far accounts are taken apart, and `compare`.
extension RunPlanReader {
  static func readMargin(_ root: ObjectReader, into plan: inout RunPlan) throws(ReadingFault) {
    let known = ModelCatalogue.names + plan.modelDefinitions.map(\.name)
    if let node = root["margin"] {
      let object = try ObjectReader(
        node, at: "/margin", in: root.tree,
        keys: ["models", "detail", "capital_to_survive", "collateral", "dynamic"])
      if object["models"] != nil {
        plan.marginModels = try models(object, known)
        plan.stated.insert(.marginModels)
      }
      if object["detail"] != nil {
        plan.marginDetail = try detail(object)
        plan.stated.insert(.marginDetail)
      }
      if let node = object["capital_to_survive"] { plan.capitalPaths = try capitalPaths(node, root) }
      if let node = object["collateral"] { plan.collateral = try collateral(node, root) }
      if let node = object["dynamic"] { plan.dynamic = try dynamic(node, root) }
    }
    guard let node = root["compare"] else { return }
    let comparisons = try comparisons(node, root, known)
    guard let first = comparisons.first else {
      throw root.fault("compare", .invalid, "expected at least one venue, found none")
    }
    plan.comparison = first
    plan.comparisonsBeside = Array(comparisons.dropFirst())
    plan.stated.insert(.comparison)
  }

  private static func capitalPaths(
    _ node: JSONNode, _ root: ObjectReader
  ) throws(ReadingFault) -> CapitalPathsPlan {
    let object = try ObjectReader(
      node, at: "/margin/capital_to_survive", in: root.tree, keys: ["paths", "confidence", "horizon_days"])
    var plan = CapitalPathsPlan.standard
    if object["paths"] != nil {
      plan.paths = try whole(object, "paths", 1...PathCapitalEngine.mostPaths)
    }
    if object["confidence"] != nil { plan.confidence = try confidence(object) }
    plan.horizonDays = try object.optionalNumber("horizon_days", .days) ?? plan.horizonDays
    return plan
  }

  private static func models(_ object: ObjectReader, _ known: [String]) throws(ReadingFault) -> [String] {
    var models: [String] = []
    for (place, name) in try names(object, "models").enumerated() {
      models.append(try model(object, "models/\(place)", name, known))
    }
    return models
  }

  private static func model(
    _ object: ObjectReader, _ key: String, _ name: String, _ known: [String]
  ) throws(ReadingFault) -> String {
    guard known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
      throw notBuilt(object, key, "margin model", name, built: known)
    }
    return name
  }

  private static func detail(_ object: ObjectReader) throws(ReadingFault) -> MarginDetail {
    let name = try object.text("detail")
    guard let detail = MarginDetail(rawValue: name) else {
      let known = MarginDetail.allCases.map(\.rawValue).joined(separator: " or ")
      throw object.fault("detail", .invalid, "expected \(known), found \(Spelling.quoted(name))")
    }
    return detail
  }

  /// One comparison or a list of them, the primary first.
  private static func comparisons(
    _ node: JSONNode, _ root: ObjectReader, _ known: [String]
  ) throws(ReadingFault) -> [ComparisonPlan] {
    guard case .array = node.value else { return [try comparison(node, "compare", root, known)] }
    var plans: [ComparisonPlan] = []
    for (place, element) in try root.list("compare").enumerated() {
      let key = "compare/\(place)"
      let plan = try comparison(element, key, root, known)
      guard !plans.contains(plan) else {
        throw root.fault(key, .duplicate, "found the venue \(Spelling.quoted(plan.venue)) twice")
      }
      plans.append(plan)
      guard plans.count <= 100 else { throw root.fault("compare", .limit, "expected at most 100 venues") }
    }
    return plans
  }

  /// A venue by name, or the models of its modes; a mode that is left out is that of the first venue.
  private static func comparison(
    _ node: JSONNode, _ key: String, _ root: ObjectReader, _ known: [String]
  ) throws(ReadingFault) -> ComparisonPlan {
    if case .string(let name) = node.value {
      guard let venue = MarginVenue.named(name) else {
        throw notBuilt(root, key, "venue", name, built: ModelCatalogue.venues.map(\.name))
      }
      return venue.comparison
    }
    let object = try ObjectReader(
      node, at: "/\(key)", in: root.tree, keys: ["isolated", "cross", "portfolio"])
    var plan = ComparisonPlan()
    if object["isolated"] != nil {
      plan.isolated = try model(object, "isolated", try object.text("isolated"), known)
    }
    if object["cross"] != nil {
      plan.cross = try model(object, "cross", try object.text("cross"), known)
    }
    if object["portfolio"] != nil {
      plan.portfolio = try model(object, "portfolio", try object.text("portfolio"), known)
    }
    return plan
  }
}
