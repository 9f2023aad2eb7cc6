import MarketModel
import StructuredText

/// What `run.json` lets move beside spots, for every entry of `value_at_risk`.
extension RunPlanReader {
  static let factorKeys = ["volatility_factors", "rate_factors", "basis_factors"]

  /// The lists of the root; nothing where they are absent.
  static func factors(_ root: ObjectReader) throws(ReadingFault) -> FactorPlan {
    FactorPlan(
      volatility: try volatilityFactors(root),
      rates: try factors(root, "rate_factors", "currency", "volatility", .rateVolatility).map {
        RateFactor(currency: $0.name, volatility: $0.volatility)
      },
      basis: try factors(root, "basis_factors", "underlying", "volatility", .rateVolatility).map {
        BasisFactor(underlying: $0.name, volatility: $0.volatility)
      })
  }

  private static func volatilityFactors(_ root: ObjectReader) throws(ReadingFault) -> [VolatilityFactor] {
    var factors: [VolatilityFactor] = []
    for object in try objects(
      root, "volatility_factors", name: "underlying",
      keys: ["underlying", "vol_of_vol", "spot_correlation", "skew"])
    {
      var skew: SkewFactor?
      if let node = object["skew"] {
        let slope = try ObjectReader(
          node, at: object.pointer + "/skew", in: object.tree, keys: ["volatility", "spot_correlation"])
        skew = SkewFactor(
          volatility: try slope.number("volatility", .factorVolatility),
          spotCorrelation: try slope.optionalNumber("spot_correlation", .correlation) ?? 0)
      }
      factors.append(
        VolatilityFactor(
          underlying: try object.identifier("underlying"),
          volatilityOfVolatility: try object.number("vol_of_vol", .factorVolatility),
          spotCorrelation: try object.optionalNumber("spot_correlation", .correlation) ?? 0, skew: skew))
    }
    return factors
  }

  private static func factors(
    _ root: ObjectReader, _ key: String, _ name: String, _ size: String, _ rule: FieldRule
  ) throws(ReadingFault) -> [(name: Identifier, volatility: Double)] {
    var factors: [(name: Identifier, volatility: Double)] = []
    for object in try objects(root, key, name: name, keys: [name, size]) {
      factors.append((try object.identifier(name), try object.number(size, rule)))
    }
    return factors
  }

  /// The objects of a list, no two with the same name.
  private static func objects(
    _ root: ObjectReader, _ key: String, name: String, keys: [String]
  ) throws(ReadingFault) -> [ObjectReader] {
    guard root[key] != nil else { return [] }
    var objects: [ObjectReader] = []
    var seen: Set<Identifier> = []
    for (place, node) in try entries(root, key).enumerated() {
      let object = try ObjectReader(node, at: "/\(key)/\(place)", in: root.tree, keys: keys)
      let id = try object.identifier(name)
      guard seen.insert(id).inserted else {
        throw object.fault(name, .duplicate, "found a factor of \(id) twice")
      }
      objects.append(object)
    }
    return objects
  }
}
