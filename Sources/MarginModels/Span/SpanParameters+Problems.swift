extension SpanParameters {
  /// What is wrong with a set of numbers, in the words that follow the name.
  static func problem(with numbers: ModelParameters) -> (parameter: String, message: String)? {
    for entry in numbers.entries {
      if let problem = stranger(entry.name) ?? outOfRange(entry.name, entry.value, numbers) { return problem }
    }
    let weights = ["0", "1", "2", "3"].map { numbers["delta_weight.thirds_\($0)", default: 0] }
    guard weights.contains(where: { $0 > 0 }) else {
      return ("delta_weight.thirds_0", "and all other weights of 0, expected one above 0")
    }
    return numbers.children(of: "commodity").lazy.compactMap { months("commodity.\($0)", numbers) }.first
      ?? numbers.children(of: "inter").lazy.compactMap { credit("inter.\($0)", numbers) }.first
  }

  private static func outOfRange(
    _ name: String, _ value: Double, _ numbers: ModelParameters
  ) -> (parameter: String, message: String)? {
    let multiple = numbers["extreme.multiple", default: 3]
    if name.hasPrefix("commodity."), name.hasSuffix(".price_scan"),
      value <= 0 || value * max(multiple, 1) >= 1
    {
      return (name, "of \(value), expected more than 0 and, times extreme.multiple, less than 1")
    }
    if name == "initial_ratio", value < 1 { return (name, "of \(value), expected at least 1") }
    let isPart = name == "collateral.haircut" || name == "extreme.cover"
    if isPart || name.hasPrefix("inter.") && name.hasSuffix(".rate"), value > 1 {
      return (name, "of \(value), expected at most 1")
    }
    let isRatio = name.contains(".side_a.") || name.contains(".side_b.")
    if isRatio, value <= 0 { return (name, "of \(value), expected a ratio above 0") }
    return value < 0 ? (name, "of \(value), expected at least 0") : nil
  }

  private static let scalars = [
    "price_scan", "volatility_scan", "volatility_points", "short_option_minimum", "short_option_larger_side",
    "delivery.days", "delivery.spread_charge", "delivery.outright_charge",
  ]

  /// A number that no row of a commodity or of a credit has: left alone it would stand for none, and margin nothing.
  private static func stranger(_ name: String) -> (parameter: String, message: String)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let table = parts.first, ["commodity", "inter"].contains(table) else { return nil }
    let own = parts.dropFirst(2).joined(separator: ".")
    // A number is written in one way, so that no two rows are one tier.
    func isNumber(_ place: Int) -> Bool {
      guard parts.indices.contains(place), let number = Int(parts[place]) else { return false }
      return number > 0 && String(number) == parts[place]
    }
    let isKnown: Bool
    if table == "inter" {
      isKnown = own == "rate" || parts.count == 4 && sides.contains(parts[2]) && !parts[3].isEmpty
    } else if parts.count > 2, parts[2] == "tier" {
      isKnown = parts.count == 5 && isNumber(3) && parts[4] == "to_days"
    } else if parts.count > 2, parts[2] == "spread" {
      isKnown =
        parts.count == 5 && parts[4] == "charge"
        || parts.count == 6 && sides.contains(parts[4]) && isNumber(5)
    } else {
      isKnown = scalars.contains(own)
    }
    if isKnown, parts.count > 1, !parts[1].isEmpty { return nil }
    let known =
      table == "inter"
      ? "rate, side_a.ASSET, side_b.ASSET"
      : scalars.joined(separator: ", ")
        + ", tier.N.to_days, spread.N.charge, spread.N.side_a.TIER, spread.N.side_b.TIER"
    return (name, "which no row of \(table) has, only \(known)")
  }

  /// Tiers that reach to one day, and spreads between tiers that are not there.
  private static func months(
    _ path: String, _ numbers: ModelParameters
  ) -> (parameter: String, message: String)? {
    let tiers = numbers.children(of: "\(path).tier")
    for (place, tier) in tiers.enumerated() {
      let name = "\(path).tier.\(tier).to_days"
      if tiers[..<place].contains(where: { numbers["\(path).tier.\($0).to_days"] == numbers[name] }) {
        return (name, "to which another tier reaches already")
      }
    }
    for spread in numbers.children(of: "\(path).spread") {
      let name = "\(path).spread.\(spread)"
      if numbers["\(name).charge"] == nil { return (name, "without a charge") }
      for side in sides {
        let legs = numbers.children(of: "\(name).\(side)")
        if legs.isEmpty { return (name, "without a leg on \(side)") }
        if let strange = legs.first(where: { !tiers.contains($0) }) {
          return ("\(name).\(side).\(strange)", "on a tier that \(path) does not have")
        }
      }
    }
    return nil
  }

  /// Credits with one side alone, or for one commodity against itself.
  private static func credit(
    _ path: String, _ numbers: ModelParameters
  ) -> (parameter: String, message: String)? {
    if numbers["\(path).rate"] == nil { return (path, "without a rate") }
    let legs = sides.map { numbers.children(of: "\(path).\($0)") }
    for (side, legs) in zip(sides, legs) where legs.isEmpty { return (path, "without a leg on \(side)") }
    if let same = legs[0].first(where: { legs[1].contains($0) }) {
      return ("\(path).side_b.\(same)", "on both sides of one spread")
    }
    return nil
  }
}
