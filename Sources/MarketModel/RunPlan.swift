/// A confidence level held exactly, as a fraction of whole numbers: 0.99 is 99/100, not a double.
public struct ConfidenceLevel: Hashable, Comparable, Sendable {
  public let numerator: Int
  /// A power of ten, at most 10^15.
  public let denominator: Int

  /// A level from its decimal digits, such as `0.975`.
  ///
  /// - Returns: nil unless the text is a plain decimal strictly between 0 and 1, up to 15 digits.
  public init?(decimal text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count > 2, bytes.count <= 17, bytes[0] == 0x30, bytes[1] == 0x2E else { return nil }
    var numerator = 0
    var denominator = 1
    for byte in bytes.dropFirst(2) {
      guard (0x30...0x39).contains(byte) else { return nil }
      numerator = numerator * 10 + Int(byte - 0x30)
      denominator *= 10
    }
    guard numerator > 0, numerator < denominator else { return nil }
    while numerator % 10 == 0 {
      numerator /= 10
      denominator /= 10
    }
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The nearest double.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The level as a decimal text, `0.99`.
  public var decimal: String {
    var digits = String(numerator)
    let width = String(denominator).utf8.count - 1
    while digits.utf8.count < width { digits = "0" + digits }
    return "0." + digits
  }

  /// Order by value.
  public static func < (left: ConfidenceLevel, right: ConfidenceLevel) -> Bool {
    // Both products stay below 10^30, past Int: compare at the full width.
    left.numerator.multipliedFullWidth(by: right.denominator)
      < right.numerator.multipliedFullWidth(by: left.denominator)
  }
}

/// A measure that a run may be asked for.
public enum Measure: String, Sendable, CaseIterable {
  case greeks
  case valueAtRisk = "value_at_risk"
  case stress
  case margin
  case liquidation
}

/// One value-at-risk figure that a run is asked for.
public struct ValueAtRiskPlan: Hashable, Sendable {
  /// The only method built so far.
  public static let monteCarlo = "monte_carlo"

  public var method: String
  public var confidence: [ConfidenceLevel]
  /// Days of 24 hours; > 0.
  public var horizonDays: Double
  /// Number of simulated paths; ≥ 1.
  public var paths: Int
  public var distribution: String

  /// A plan from its entries.
  public init(
    method: String = ValueAtRiskPlan.monteCarlo, confidence: [ConfidenceLevel],
    horizonDays: Double = 1, paths: Int = 10_000, distribution: String = "normal"
  ) {
    self.method = method
    self.confidence = confidence
    self.horizonDays = horizonDays
    self.paths = paths
    self.distribution = distribution
  }
}

/// One named stress: relative moves of every spot and every volatility.
public struct StressScenario: Hashable, Sendable {
  public let name: Identifier
  /// Relative move of spot, forwards and marks; > -1.
  public let spot: Double
  /// Relative move of every volatility; > -1.
  public let volatility: Double

  /// A stress from its moves.
  public init(name: Identifier, spot: Double, volatility: Double) {
    self.name = name
    self.spot = spot
    self.volatility = volatility
  }
}

/// How far the margin of an account is taken apart: what is dear is worked out only where it was asked for.
public enum MarginDetail: String, Sendable, CaseIterable {
  /// Requirements, capital and the split of the saving.
  case summary
  /// The saving down to netting sets and positions as well.
  case full
}

/// What a run is to compute: `run.json`, with the defaults filled in.
public struct RunPlan: Hashable, Sendable {
  /// Choices that a person made, in `run.json` or on the command line.
  public struct Stated: OptionSet, Hashable, Sendable {
    public let rawValue: Int

    /// A set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Which models are compared.
    public static let comparison = Stated(rawValue: 1)
    /// `marginDetail`.
    public static let marginDetail = Stated(rawValue: 2)
    /// `marginModels`.
    public static let marginModels = Stated(rawValue: 4)
  }

  public var seed: UInt64
  public var measures: [Measure]
  public var valueAtRisk: [ValueAtRiskPlan]
  public var marginModels: [String]
  /// The comparison that a report's `margin.comparison` holds.
  public var comparison: ComparisonPlan
  /// Further comparisons, a venue each, that stand beside it.
  public var comparisonsBeside: [ComparisonPlan]
  /// Models that join the ranking of modes alone, beside those that are compared.
  public var rankedModels: [String]
  /// How far each account's margin is taken apart.
  public var marginDetail: MarginDetail
  /// What somebody decided; the rest is open to the defaults of a command and of a book.
  public var stated: Stated
  /// What the run says of listed underlyings.
  public var listed: ListedPlan
  public var stress: [StressScenario]

  /// A plan from its parts; the default computes everything.
  public init(
    seed: UInt64 = 1, measures: [Measure] = Measure.allCases,
    valueAtRisk: [ValueAtRiskPlan] = [ValueAtRiskPlan.standard],
    marginModels: [String] = ["derive-srm", "derive-pmrm2", "deribit-sm"],
    comparison: ComparisonPlan = ComparisonPlan(), comparisonsBeside: [ComparisonPlan] = [],
    rankedModels: [String] = [], marginDetail: MarginDetail = .summary, stated: Stated = [],
    listed: ListedPlan = ListedPlan(),
    stress: [StressScenario] = StressScenario.standard
  ) {
    self.seed = seed
    self.measures = measures
    self.valueAtRisk = valueAtRisk
    self.marginModels = marginModels
    self.comparison = comparison
    self.comparisonsBeside = comparisonsBeside
    self.rankedModels = rankedModels
    self.marginDetail = marginDetail
    self.stated = stated
    self.listed = listed
    self.stress = stress
  }
}

extension ValueAtRiskPlan {
  /// One day at 95 % and 99 % over 10,000 normal paths.
  public static var standard: ValueAtRiskPlan {
    ValueAtRiskPlan(confidence: ["0.95", "0.99"].compactMap(ConfidenceLevel.init(decimal:)))
  }
}

extension StressScenario {
  /// The stresses of a run that names none: a crash, a rally, and a calm market that falls asleep.
  public static var standard: [StressScenario] {
    [("crash", -0.2, 0.3), ("rally", 0.2, 0.1), ("volatility-collapse", 0, -0.3)]
      .compactMap { name, spot, volatility in
        Identifier(name).map { StressScenario(name: $0, spot: spot, volatility: volatility) }
      }
  }
}
