import MarketModel
import StructuredText

/// What `run.json` says of listed underlyings: `listed`.
extension RunPlanReader {
  static func listed(_ root: ObjectReader) throws(ReadingFault) -> ListedPlan {
    let object = try ObjectReader(
      root.node("listed"), at: "/listed", in: root.tree, keys: ["securities", "product_groups"])
    var plan = ListedPlan()
    for (place, node) in try object.optionalList("securities").enumerated() {
      let rule = try security(node, "/listed/securities/\(place)", root)
      guard !plan.securities.contains(where: { $0.underlying == rule.underlying }) else {
        throw object.fault("securities/\(place)", .duplicate, "found \(rule.underlying) twice")
      }
      plan.securities.append(rule)
      try limit(plan.securities.count, "securities", object)
    }
    for (place, node) in try object.optionalList("product_groups").enumerated() {
      let group = try productGroup(node, "/listed/product_groups/\(place)", root)
      let known = plan.productGroups.flatMap(\.groups)
      if let twice = group.groups.first(where: { known.contains($0) }) {
        throw object.fault("product_groups/\(place)", .duplicate, "found the class group \(twice) twice")
      }
      plan.productGroups.append(group)
      try limit(plan.productGroups.count, "product_groups", object)
    }
    return plan
  }

  private static func limit(_ count: Int, _ key: String, _ object: ObjectReader) throws(ReadingFault) {
    guard count > mostEntries else { return }
    throw object.fault(key, .limit, "expected at most \(mostEntries) entries")
  }

  private static func security(
    _ node: JSONNode, _ path: String, _ root: ObjectReader
  ) throws(ReadingFault) -> SecurityRule {
    let object = try ObjectReader(
      node, at: path, in: root.tree, keys: ["underlying", "class", "leverage", "group", "units"])
    var rule = SecurityRule(underlying: try object.identifier("underlying"))
    if object["class"] != nil {
      let name = try object.text("class")
      guard let known = SecurityClass(rawValue: name) else {
        throw object.fault(
          "class", .invalid,
          "expected one of \(SecurityClass.allCases.map(\.rawValue).joined(separator: ", ")), "
            + "found \(Spelling.quoted(name))")
      }
      rule.securityClass = known
    }
    if object["group"] != nil { rule.group = try object.identifier("group") }
    rule.leverage = try object.optionalNumber("leverage", .leverage)
    rule.units = try object.optionalNumber("units", .amount)
    return rule
  }

  private static func productGroup(
    _ node: JSONNode, _ path: String, _ root: ObjectReader
  ) throws(ReadingFault) -> ProductGroup {
    let object = try ObjectReader(node, at: path, in: root.tree, keys: ["groups", "offset"])
    var groups: [Identifier] = []
    for (place, name) in try names(object, "groups").enumerated() {
      guard let id = Identifier(name) else {
        throw object.fault("groups/\(place)", .invalid, "expected an id, found \(Spelling.quoted(name))")
      }
      groups.append(id)
    }
    guard groups.count > 1 else {
      throw object.fault("groups", .invalid, "expected at least two class groups, found \(groups.count)")
    }
    return ProductGroup(groups: groups, offset: try object.number("offset", .fraction))
  }
}
