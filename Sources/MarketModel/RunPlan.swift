/// A measure that a run may be asked for.
public enum Measure: String, Sendable, CaseIterable {
  case greeks
  case valueAtRisk = "value_at_risk"
  case stress
  case margin
  case liquidation
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
  /// Models that the user defines beside the built ones.
  public var modelDefinitions: [ModelDefinition]
  /// A clearing house's file that `span` takes its arrays and terms from; nil where it prices its own.
  public var spanFile: SpanFile?
  /// The comparison that a report's `margin.comparison` holds.
  public var comparison: ComparisonPlan
  /// Further comparisons, a venue each, that stand beside it.
  public var comparisonsBeside: [ComparisonPlan]
  /// Models that join the ranking of modes alone, beside those that are compared.
  public var rankedModels: [String]
  /// How far each account's margin is taken apart.
  public var marginDetail: MarginDetail
  /// Simulated tomorrows that capital has to survive; nil where they were not asked for.
  public var capitalPaths: CapitalPathsPlan?
  /// Haircuts of balances; nil where the run says nothing of them.
  public var collateral: CollateralPlan?
  /// How requirements follow volatility; nil where they do not.
  public var dynamic: DynamicMarginPlan?
  /// What somebody decided; the rest is open to the defaults of a command and of a book.
  public var stated: Stated
  /// What the run says of listed underlyings.
  public var listed: ListedPlan
  public var stress: [StressScenario]
  /// Losses of which the most likely cause is looked for.
  public var reverseStress: [ReverseStressPlan]

  /// A plan from its parts; the default computes everything.
  public init(
    seed: UInt64 = 1, measures: [Measure] = Measure.allCases,
    valueAtRisk: [ValueAtRiskPlan] = [ValueAtRiskPlan.standard],
    marginModels: [String] = ["derive-srm", "derive-pmrm2", "deribit-sm"],
    modelDefinitions: [ModelDefinition] = [], comparison: ComparisonPlan = ComparisonPlan(),
    comparisonsBeside: [ComparisonPlan] = [],
    rankedModels: [String] = [], marginDetail: MarginDetail = .summary, stated: Stated = [],
    listed: ListedPlan = ListedPlan(),
    stress: [StressScenario] = StressScenario.standard, reverseStress: [ReverseStressPlan] = []
  ) {
    self.seed = seed
    self.measures = measures
    self.valueAtRisk = valueAtRisk
    self.marginModels = marginModels
    self.modelDefinitions = modelDefinitions
    self.comparison = comparison
    self.comparisonsBeside = comparisonsBeside
    self.rankedModels = rankedModels
    self.marginDetail = marginDetail
    self.stated = stated
    self.listed = listed
    self.stress = stress
    self.reverseStress = reverseStress
  }
}
