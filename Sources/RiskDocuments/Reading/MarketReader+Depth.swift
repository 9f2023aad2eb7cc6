import MarketModel
import StructuredText

extension MarketReader {
  private static let depthKeys = [
    "underlying", "instrument", "half_spread", "impact", "levels", "bids", "asks", "daily_volatility",
    "widening", "option_half_spread", "volatility_half_spread",
  ]
  private static let mostLevels = 10_000

  /// Reads what closing out costs.
  ///
  /// Where an entry is set aside nothing stands in for it: who holds what it is of has no cost of closing out.
  mutating func readDepth(
    _ instruments: InstrumentDirectory, _ log: inout FailureLog
  ) throws(ReadingFault) {
    var seen: Set<MarketDepth.Subject> = []
    let losing: (inout Self, ObjectReader) -> Void = { reader, entry in
      if case .string(let text)? = entry["underlying"]?.value, let id = Identifier(text) {
        reader.depths.append(MarketDepth(.underlying(id), shape: .unknown))
      } else if case .string(let text)? = entry["instrument"]?.value, let id = Identifier(text) {
        reader.depths.append(MarketDepth(.instrument(id), shape: .unknown))
      }
    }
    try each("depth", keys: Self.depthKeys, &log, losing: losing) {
      reader, entry, _ throws(ReadingFault) in
      let (subject, underlying) = try reader.depthSubject(entry, instruments)
      guard seen.insert(subject).inserted else { throw reader.twice(entry, "the depth of one thing") }
      reader.depths.append(try reader.depth(entry, of: subject, underlying))
    }
  }

  /// What an entry is of, and the asset that it follows.
  private func depthSubject(
    _ entry: ObjectReader, _ instruments: InstrumentDirectory
  ) throws(ReadingFault) -> (MarketDepth.Subject, Identifier) {
    guard entry["instrument"] != nil else {
      let underlying = try entry.identifier("underlying")
      try checkListed(entry, "underlying", underlying)
      return (.underlying(underlying), underlying)
    }
    guard entry["underlying"] == nil else {
      throw entry.fault("underlying", .invalid, "expected an underlying or an instrument, found both")
    }
    let id = try entry.identifier("instrument")
    switch instruments.definition(of: id) {
    case .found(let instrument):
      try checkListed(entry, "instrument", instrument.underlying)
      if let expiry = instrument.expiry, expiry <= asOf {
        throw entry.fault("instrument", .invalid, InstrumentDirectory.expired(id, expiry, asOf))
      }
      return (.instrument(id), instrument.underlying)
    case .refused(let reason, let message): throw entry.fault("instrument", reason, message)
    }
  }

  private func depth(
    _ entry: ObjectReader, of subject: MarketDepth.Subject, _ underlying: Identifier
  ) throws(ReadingFault) -> MarketDepth {
    let optionSpread = try entry.optionalNumber("option_half_spread", .halfSpread)
    let volatilitySpread = try entry.optionalNumber("volatility_half_spread", .volatilityHalfSpread)
    if case .instrument = subject {
      for key in ["option_half_spread", "volatility_half_spread"] where entry[key] != nil {
        throw entry.fault(
          key, .invalid, "expected none beside an instrument, whose half_spread is that of its own price")
      }
    }
    let depth = MarketDepth(
      subject, shape: try depthShape(entry),
      dailyVolatility: try entry.optionalNumber("daily_volatility", .dailyVolatility),
      widening: try widening(entry), optionHalfSpread: optionSpread, volatilityHalfSpread: volatilitySpread)
    guard
      !depth.needsVolatility || depth.dailyVolatility != nil
        || correlation?.dailyVolatility(of: underlying) != nil
    else {
      throw entry.fault(
        "daily_volatility", .missing,
        "expected a daily volatility for the impact or the widening, which the correlation does not give for "
          + underlying.text)
    }
    return depth
  }

  private func depthShape(_ entry: ObjectReader) throws(ReadingFault) -> MarketDepth.Shape {
    let lists = ["levels", "bids", "asks"].filter { entry[$0] != nil }
    guard !lists.isEmpty else {
      return .impact(halfSpread: try entry.number("half_spread", .halfSpread), try impact(entry))
    }
    for key in ["half_spread", "impact"] where entry[key] != nil {
      throw entry.fault(key, .invalid, "expected none beside the levels of an order book, which hold it")
    }
    if lists == ["levels"] {
      let both = try levels(entry, "levels")
      return .levels(bids: both, asks: both)
    }
    guard lists == ["bids", "asks"] else {
      throw entry.fault(
        lists.last ?? "levels", .invalid,
        "expected levels, or bids and asks, found \(lists.joined(separator: ", "))")
    }
    return .levels(bids: try levels(entry, "bids"), asks: try levels(entry, "asks"))
  }

  private func impact(_ entry: ObjectReader) throws(ReadingFault) -> MarketDepth.Impact? {
    guard let node = entry["impact"] else { return nil }
    let object = try ObjectReader(
      node, at: entry.pointer + "/impact", in: tree, keys: ["form", "coefficient", "daily_volume"])
    let name = try object.text("form")
    guard let form = MarketDepth.Impact.Form(rawValue: name) else {
      throw object.fault(
        "form", .invalid,
        Spelling.unknown("form", name, known: MarketDepth.Impact.Form.allCases.map(\.rawValue)))
    }
    return MarketDepth.Impact(
      form: form, coefficient: try object.number("coefficient", .impact),
      dailyVolume: try object.number("daily_volume", .volume))
  }

  private func levels(_ entry: ObjectReader, _ key: String) throws(ReadingFault) -> [MarketDepth.Level] {
    let nodes = try entry.list(key)
    guard !nodes.isEmpty, nodes.count <= Self.mostLevels else {
      throw entry.fault(key, .limit, "expected 1 to \(Self.mostLevels) levels, found \(nodes.count)")
    }
    var levels: [MarketDepth.Level] = []
    for (place, node) in nodes.enumerated() {
      let level = try ObjectReader(
        node, at: "\(entry.pointer)/\(key)/\(place)", in: tree, keys: ["distance", "quantity"])
      let distance = try level.number("distance", .halfSpread)
      if let last = levels.last, distance <= last.distance {
        throw level.fault(
          "distance", .invalid,
          "expected distances that increase, found \(distance) after \(last.distance)")
      }
      levels.append(MarketDepth.Level(distance: distance, quantity: try level.number("quantity", .volume)))
    }
    return levels
  }

  private func widening(_ entry: ObjectReader) throws(ReadingFault) -> MarketDepth.Widening {
    guard let node = entry["widening"] else { return MarketDepth.Widening.none }
    let object = try ObjectReader(
      node, at: entry.pointer + "/widening", in: tree, keys: ["spread", "depth"])
    return MarketDepth.Widening(
      spread: try object.optionalNumber("spread", .widening) ?? 0,
      depth: try object.optionalNumber("depth", .widening) ?? 0)
  }
}
