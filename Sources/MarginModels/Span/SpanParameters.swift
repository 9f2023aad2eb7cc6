import MarketModel

/// Every number of SPAN margin by a model's own arrays; what a clearing house would set, a user may.
package struct SpanParameters: Hashable, Sendable {
  /// The terms of one combined commodity, money as a part of the underlying's price.
  struct Commodity: Hashable, Sendable {
    /// Move of the price at one scan range, relative.
    var priceScan: Double
    /// Relative move of the volatility at one scan range.
    var volatilityScan: Double
    /// Move of it in annual volatility, beside the relative one.
    var volatilityPoints: Double
    /// For a short option on one unit.
    var shortOptionMinimum: Double
    var countsLargerSide: Bool
    /// Seconds to expiry up to which each tier reaches, by tier number, increasing.
    var tiers: [(number: Int, seconds: Int)]
    /// In order of priority.
    var spreads: [SpanTierSpread]
    /// Days before expiry within which a contract counts as being in delivery.
    var deliverySeconds: Int
    var deliverySpread: Double
    var deliveryOutright: Double

    static func == (left: Self, right: Self) -> Bool {
      left.key == right.key && left.spreads == right.spreads
    }
    func hash(into hasher: inout Hasher) { hasher.combine(key) }

    private var key: [Double] {
      [
        priceScan, volatilityScan, volatilityPoints, shortOptionMinimum, countsLargerSide ? 1 : 0,
        Double(deliverySeconds), deliverySpread, deliveryOutright,
      ] + tiers.flatMap { [Double($0.number), Double($0.seconds)] }
    }
  }

  /// An inter-commodity spread by the names of the underlyings.
  struct InterSpread: Hashable, Sendable {
    struct Leg: Hashable, Sendable {
      var asset: String
      var ratio: Double
      var isSideA: Bool
    }

    var legs: [Leg]
    var rate: Double
  }

  let extremeMultiple: Double
  let extremeCover: Double
  let lookAheadSeconds: Double
  /// Initial over maintenance requirement.
  let initialRatio: Double
  /// Weights of the composite delta at 0, 1/3, 2/3 and 1 range.
  let deltaWeights: [Double]
  /// Part of coins and stock that does not count as collateral.
  let collateralHaircut: Double
  /// By underlying; the empty name stands for those that are not named.
  private let commodities: [String: Commodity]
  /// In order of priority.
  let interSpreads: [InterSpread]

  init(_ numbers: ModelParameters) {
    extremeMultiple = numbers["extreme.multiple", default: 3]
    extremeCover = numbers["extreme.cover", default: 0.33]
    lookAheadSeconds = numbers["look_ahead_days", default: 1] * 86_400
    initialRatio = numbers["initial_ratio", default: 1]
    deltaWeights = ["0", "1", "2", "3"].map { numbers["delta_weight.thirds_\($0)", default: 0] }
    collateralHaircut = numbers["collateral.haircut", default: 0]
    var commodities: [String: Commodity] = [:]
    for name in numbers.children(of: "commodity") {
      commodities[name == "other" ? "" : name] = Self.commodity("commodity.\(name)", numbers)
    }
    self.commodities = commodities
    interSpreads = numbers.children(of: "inter").map { name in
      InterSpread(
        legs: ["side_a", "side_b"].flatMap { side in
          numbers.children(of: "inter.\(name).\(side)").map {
            InterSpread.Leg(
              asset: $0, ratio: numbers["inter.\(name).\(side).\($0)", default: 0], isSideA: side == "side_a")
          }
        }, rate: numbers["inter.\(name).rate", default: 0])
    }
  }

  private static func commodity(_ path: String, _ numbers: ModelParameters) -> Commodity {
    func number(_ name: String) -> Double { numbers["\(path).\(name)", default: 0] }
    return Commodity(
      priceScan: number("price_scan"), volatilityScan: number("volatility_scan"),
      volatilityPoints: number("volatility_points"), shortOptionMinimum: number("short_option_minimum"),
      countsLargerSide: number("short_option_larger_side") > 0,
      tiers: numbers.children(of: "\(path).tier").compactMap { name in
        Int(name).map { ($0, seconds(number("tier.\(name).to_days"))) }
      },
      spreads: numbers.children(of: "\(path).spread").map { name in
        SpanTierSpread(
          legs: ["side_a", "side_b"].flatMap { side in
            numbers.children(of: "\(path).spread.\(name).\(side)").compactMap { tier in
              Int(tier).map {
                SpanTierSpread.Leg(
                  tier: $0, ratio: number("spread.\(name).\(side).\(tier)"), isSideA: side == "side_a")
              }
            }
          }, charge: number("spread.\(name).charge"))
      },
      deliverySeconds: seconds(number("delivery.days")), deliverySpread: number("delivery.spread_charge"),
      deliveryOutright: number("delivery.outright_charge"))
  }

  /// Seconds of a number of days, at most those of some thousand years.
  private static func seconds(_ days: Double) -> Int {
    Int(exactly: (min(max(days, 0), 1e6) * 86_400).rounded()) ?? 0
  }

  /// The terms of an underlying: its own, else those of the underlyings that are not named.
  func commodity(of asset: Identifier) -> Commodity {
    commodities[asset.text] ?? commodities[""]
      ?? Commodity(
        priceScan: 0, volatilityScan: 0, volatilityPoints: 0, shortOptionMinimum: 0, countsLargerSide: false,
        tiers: [], spreads: [], deliverySeconds: 0, deliverySpread: 0, deliveryOutright: 0)
  }

  /// The moves of one commodity, one column a scenario.
  func columns(of commodity: Commodity) -> [ScenarioColumn] {
    (0..<SpanScenario.count).map { scenario in
      let move = SpanScenario.volatilityFractions[scenario]
      return ScenarioColumn(
        spotMultiplier: multiplier(scenario, commodity),
        volatility: .scan(
          VolatilityScan(
            relative: move * commodity.volatilityScan, points: move * commodity.volatilityPoints,
            elapsed: lookAheadSeconds)))
    }
  }

  /// What the price is multiplied by in a scenario.
  func multiplier(_ scenario: Int, _ commodity: Commodity) -> Double {
    let range = scenario >= 14 ? extremeMultiple * commodity.priceScan : commodity.priceScan
    return max(1 + SpanScenario.priceFractions[scenario] * range, .leastNormalMagnitude)
  }

  /// The part of a loss that counts in a scenario.
  func cover(_ scenario: Int) -> Double { scenario >= 14 ? extremeCover : 1 }
}

extension SpanParameters {
  /// What is wrong with a set of numbers, in the words that follow the name.
  static func problem(with numbers: ModelParameters) -> (parameter: String, message: String)? {
    let multiple = numbers["extreme.multiple", default: 3]
    for entry in numbers.entries {
      let isScan = entry.name.hasPrefix("commodity.") && entry.name.hasSuffix(".price_scan")
      if isScan, entry.value <= 0 || entry.value * max(multiple, 1) >= 1 {
        return (
          entry.name, "of \(entry.value), expected more than 0 and, times extreme.multiple, less than 1"
        )
      }
      if entry.name == "initial_ratio", entry.value < 1 {
        return (entry.name, "of \(entry.value), expected at least 1")
      }
      if entry.name == "collateral.haircut" || entry.name == "extreme.cover", entry.value > 1 {
        return (entry.name, "of \(entry.value), expected at most 1")
      }
      if entry.name.hasPrefix("inter."), entry.name.hasSuffix(".rate"), entry.value > 1 {
        return (entry.name, "of \(entry.value), expected at most 1")
      }
      if entry.value < 0 { return (entry.name, "of \(entry.value), expected at least 0") }
    }
    let weights = ["0", "1", "2", "3"].map { numbers["delta_weight.thirds_\($0)", default: 0] }
    guard weights.contains(where: { $0 > 0 }) else {
      return ("delta_weight.thirds_0", "and all other weights of 0, expected one above 0")
    }
    return nil
  }
}
