import MarketModel
import StructuredText

/// What `run.json` says of stresses: `stress` and `reverse_stress`.
extension RunPlanReader {
  /// Keys that say where the spots go; one of them at most.
  private static let sources = ["spot", "history", "worst_history", "preset", "ladder", "correlation_break"]
  private static let stressKeys =
    ["scenario"] + sources
    + ["volatility", "skew", "basis", "rates", "days", "moves", "depeg", "funding_spike"]
  /// Cells of a ladder along one side.
  private static let mostSteps = 100

  static func stress(_ root: ObjectReader) throws(ReadingFault) -> [StressScenario] {
    var scenarios: [StressScenario] = []
    var seen: Set<Identifier> = []
    for (place, node) in try entries(root, "stress").enumerated() {
      let object = try ObjectReader(node, at: "/stress/\(place)", in: root.tree, keys: stressKeys)
      let name = try object.identifier("scenario")
      guard seen.insert(name).inserted else {
        throw object.fault("scenario", .duplicate, "found the scenario \(name) twice")
      }
      var scenario = StressScenario(
        name: name, source: try source(object),
        volatility: try object.optionalNumber("volatility", .move) ?? 0)
      scenario.skew = try object.optionalNumber("skew", .skew) ?? 0
      scenario.basis = try object.optionalNumber("basis", .move) ?? 0
      scenario.rates = try object.optionalNumber("rates", .rateShift) ?? 0
      scenario.days = try object.optionalNumber("days", .daysPassed) ?? 0
      scenario.moves = try moves(object)
      scenario.depeg = try depeg(object)
      scenario.funding = try funding(object)
      scenarios.append(scenario)
    }
    return scenarios
  }

  private static func source(_ object: ObjectReader) throws(ReadingFault) -> StressScenario.Source {
    let given = sources.filter { object[$0] != nil }
    if given.count > 1 {
      throw object.fault(
        given[1], .invalid,
        "expected at most one of \(sources.joined(separator: ", ")), found \(given[0]) as well")
    }
    switch given.first {
    case "history": return try history(object)
    case "worst_history":
      let part = try self.part(object, "worst_history", keys: ["days"])
      return .worstHistory(days: try whole(part, "days", 1...3_650))
    case "preset":
      guard let preset: StressPreset = try choice(object, "preset") else { return .all(0) }
      return .preset(preset)
    case "ladder":
      guard object["volatility"] == nil else {
        throw object.fault("volatility", .invalid, "a ladder has its own moves of volatility")
      }
      let part = try self.part(object, "ladder", keys: ["spot", "volatility"])
      return .ladder(
        StressLadder(
          spots: try steps(part, "spot", absent: StressLadder.standard.spots),
          volatilities: try steps(part, "volatility", absent: [0])))
    case "correlation_break": return .correlationBreak(try correlationBreak(object))
    default: return .all(try object.optionalNumber("spot", .move) ?? 0)
    }
  }

  private static func part(
    _ object: ObjectReader, _ key: String, keys: [String]
  ) throws(ReadingFault) -> ObjectReader {
    try ObjectReader(object.node(key), at: object.pointer + "/" + key, in: object.tree, keys: keys)
  }

  private static func history(_ object: ObjectReader) throws(ReadingFault) -> StressScenario.Source {
    let part = try part(object, "history", keys: ["from", "to"])
    func date(_ key: String) throws(ReadingFault) -> Instant {
      let text = try part.text(key)
      guard let date = Instant(date: text) else {
        throw part.fault(key, .invalid, "expected a date such as 2020-03-11, found \(Spelling.quoted(text))")
      }
      return date
    }
    let (from, to) = (try date("from"), try date("to"))
    guard from < to else { throw part.fault("to", .invalid, "expected a date after \"from\"") }
    return .history(from: from, to: to)
  }

  private static func steps(
    _ part: ObjectReader, _ key: String, absent: [Double]
  ) throws(ReadingFault) -> [Double] {
    guard part[key] != nil else { return absent }
    let moves = try part.numbers(key, .move)
    guard (1...mostSteps).contains(moves.count) else {
      throw part.fault(key, .limit, "expected 1 to \(mostSteps) moves, found \(moves.count)")
    }
    return moves
  }

  private static func correlationBreak(_ object: ObjectReader) throws(ReadingFault) -> CorrelationBreak {
    let part = try part(
      object, "correlation_break", keys: ["pattern", "deviations", "horizon_days", "against"])
    let pattern: CorrelationBreak.Pattern = try choice(part, "pattern") ?? .worstSigns
    var breaking = CorrelationBreak(pattern: pattern)
    breaking.deviations = try part.optionalNumber("deviations", .deviations) ?? breaking.deviations
    breaking.horizonDays = try part.optionalNumber("horizon_days", .days) ?? breaking.horizonDays
    if part["against"] != nil || pattern == .against { breaking.against = try part.identifier("against") }
    guard breaking.against == nil || pattern == .against else {
      throw part.fault("against", .invalid, "expected none, for the pattern is \(pattern.rawValue)")
    }
    return breaking
  }

  private static func moves(_ object: ObjectReader) throws(ReadingFault) -> [UnderlyingStress] {
    var moves: [UnderlyingStress] = []
    for (place, node) in try object.optionalList("moves").enumerated() {
      let part = try ObjectReader(
        node, at: "\(object.pointer)/moves/\(place)", in: object.tree,
        keys: ["underlying", "spot", "volatility", "skew", "basis"])
      let underlying = try part.identifier("underlying")
      guard !moves.contains(where: { $0.underlying == underlying }) else {
        throw part.fault("underlying", .duplicate, "found \(underlying) twice")
      }
      guard moves.count < 1_000 else { throw object.fault("moves", .limit, "expected at most 1,000 entries") }
      moves.append(
        UnderlyingStress(
          underlying: underlying, spot: try part.optionalNumber("spot", .move),
          volatility: try part.optionalNumber("volatility", .move),
          skew: try part.optionalNumber("skew", .skew), basis: try part.optionalNumber("basis", .move)))
    }
    return moves
  }

  private static func depeg(_ object: ObjectReader) throws(ReadingFault) -> Depeg? {
    guard object["depeg"] != nil else { return nil }
    let part = try part(object, "depeg", keys: ["asset", "price"])
    return Depeg(asset: try part.identifier("asset"), price: try part.number("price", .price))
  }

  private static func funding(_ object: ObjectReader) throws(ReadingFault) -> FundingSpike? {
    guard object["funding_spike"] != nil else { return nil }
    let part = try part(object, "funding_spike", keys: ["rate_8h", "hours"])
    return FundingSpike(
      rate8h: try part.number("rate_8h", .funding), hours: try part.number("hours", .hours))
  }

  // MARK: Reverse stress

  static func reverseStress(_ root: ObjectReader) throws(ReadingFault) -> [ReverseStressPlan] {
    let nodes = try entries(root, "reverse_stress")
    guard nodes.count <= 100 else {
      throw root.fault("reverse_stress", .limit, "expected at most 100 entries, found \(nodes.count)")
    }
    var plans: [ReverseStressPlan] = []
    for (place, node) in nodes.enumerated() {
      let object = try ObjectReader(
        node, at: "/reverse_stress/\(place)", in: root.tree,
        keys: ["loss", "loss_fraction_of_equity", "horizon_days"])
      let loss: ReverseStressPlan.Loss
      switch (object["loss"] != nil, object["loss_fraction_of_equity"] != nil) {
      case (_, false): loss = .amount(try object.number("loss", .price))
      case (false, true):
        loss = .fractionOfEquity(try object.number("loss_fraction_of_equity", .shareOfEquity))
      case (true, true):
        throw object.fault("loss", .invalid, "expected either this or loss_fraction_of_equity, found both")
      }
      plans.append(
        ReverseStressPlan(loss: loss, horizonDays: try object.optionalNumber("horizon_days", .days) ?? 1))
    }
    return plans
  }
}

extension FieldRule {
  fileprivate static let skew = FieldRule(
    lower: -100, upper: 100, expected: "a bend of the smile per unit of ln(K/F) (-100 to 100)")
  fileprivate static let rateShift = FieldRule(
    lower: -1, upper: 1, expected: "a shift of annual rates as a fraction (-1 to 1)")
  fileprivate static let daysPassed = FieldRule(
    lower: 0, upper: 3_650, expected: "days of 0 or more (to 3650)")
  fileprivate static let deviations = FieldRule(
    lower: 1e-6, upper: 20, expected: "standard deviations above 0 (to 20)")
  fileprivate static let hours = FieldRule(lower: 0, upper: 87_600, expected: "hours of 0 or more (to 87600)")
  fileprivate static let shareOfEquity = FieldRule(
    lower: 1e-9, upper: 1_000, expected: "a fraction of equity above 0 (to 1000)")
}
