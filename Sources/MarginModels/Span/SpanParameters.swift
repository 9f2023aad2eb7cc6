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

  static let otherPath = "commodity.other"
  static let sides = ["side_a", "side_b"]

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
        legs: Self.sides.flatMap { side in
          numbers.children(of: "inter.\(name).\(side)").map {
            InterSpread.Leg(
              asset: $0, ratio: numbers["inter.\(name).\(side).\($0)", default: 0],
              isSideA: side == Self.sides[0])
          }
        }, rate: numbers["inter.\(name).rate", default: 0])
    }
  }

  /// What a row of its own does not say is that of `other`; tiers and spreads are taken over together.
  private static func commodity(_ path: String, _ numbers: ModelParameters) -> Commodity {
    func number(_ name: String) -> Double {
      numbers["\(path).\(name)"] ?? numbers["\(otherPath).\(name)", default: 0]
    }
    let hasTiers = ["tier", "spread"].contains { !numbers.children(of: "\(path).\($0)").isEmpty }
    let months = hasTiers ? path : otherPath
    return Commodity(
      priceScan: number("price_scan"), volatilityScan: number("volatility_scan"),
      volatilityPoints: number("volatility_points"), shortOptionMinimum: number("short_option_minimum"),
      countsLargerSide: number("short_option_larger_side") > 0,
      tiers: tiers(months, numbers), spreads: spreads(months, numbers),
      deliverySeconds: seconds(number("delivery.days")), deliverySpread: number("delivery.spread_charge"),
      deliveryOutright: number("delivery.outright_charge"))
  }

  /// The tiers of a row by the days that they reach, whatever the order of their numbers.
  private static func tiers(_ path: String, _ numbers: ModelParameters) -> [(number: Int, seconds: Int)] {
    numbers.children(of: "\(path).tier").compactMap { name in
      Int(name).map { ($0, seconds(numbers["\(path).tier.\(name).to_days", default: 0])) }
    }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
  }

  private static func spreads(_ path: String, _ numbers: ModelParameters) -> [SpanTierSpread] {
    numbers.children(of: "\(path).spread").map { name in
      let spread = "\(path).spread.\(name)"
      return SpanTierSpread(
        legs: sides.flatMap { side in
          numbers.children(of: "\(spread).\(side)").compactMap { tier in
            Int(tier).map {
              SpanTierSpread.Leg(
                tier: $0, ratio: numbers["\(spread).\(side).\(tier)", default: 0], isSideA: side == sides[0])
            }
          }
        }, charge: numbers["\(spread).charge", default: 0])
    }
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
