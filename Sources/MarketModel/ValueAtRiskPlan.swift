/// One value-at-risk figure that a run is asked for: the method, and what each method needs to know.
public struct ValueAtRiskPlan: Hashable, Sendable {
  /// How the law of the loss is found.
  public enum Method: String, Sendable, CaseIterable {
    /// The loss linear in normal moves.
    case parametric
    /// The loss quadratic in normal moves, its quantile by the Cornish–Fisher expansion.
    case cornishFisher = "cornish_fisher"
    /// The same quadratic loss, its quantile by inversion of the characteristic function.
    case deltaGamma = "delta_gamma"
    /// Full revaluation on the moves of the history.
    case historical
    /// Full revaluation on moves of the history that are rescaled by today's volatility.
    case filteredHistorical = "filtered_historical"
    /// Full revaluation on simulated moves.
    case monteCarlo = "monte_carlo"

    /// Whether losses come path by path or day by day, not from sensitivities in closed form.
    public var hasPaths: Bool {
      switch self {
      case .parametric, .cornishFisher, .deltaGamma: false
      case .historical, .filteredHistorical, .monteCarlo: true
      }
    }
  }

  /// The law of simulated moves.
  public enum Distribution: String, Sendable, CaseIterable {
    case normal
    case studentT = "student_t"
    case tCopula = "t_copula"
    case jumpDiffusion = "jump_diffusion"
  }

  /// Where the points of a simulation come from.
  public enum Sampling: String, Sendable, CaseIterable {
    case pseudo
    case sobol
  }

  /// What makes a simulation need fewer paths.
  public enum VarianceReduction: String, Sendable, CaseIterable {
    case none
    case controlVariate = "control_variate"
    case importance
    case importanceStratified = "importance_stratified"
  }

  /// What an option's volatility does when its forward moves.
  public enum Smile: String, Sendable, CaseIterable {
    /// A strike keeps its volatility.
    case stickyStrike = "sticky_strike"
    /// The smile moves along with the forward: ln(K/F) keeps its volatility.
    case stickyDelta = "sticky_delta"
  }

  /// How a horizon of several days is reached.
  public enum HorizonScaling: String, Sendable, CaseIterable {
    /// The whole horizon is simulated, and options age over it.
    case simulated
    /// One day is computed and multiplied by the square root of the days.
    case squareRootOfTime = "square_root_of_time"
  }

  public var method: Method
  public var confidence: [ConfidenceLevel]
  /// Days of 24 hours; > 0.
  public var horizonDays: Double
  /// Number of simulated paths; ≥ 1.
  public var paths: Int
  public var distribution: Distribution
  /// Of `studentT` and `tCopula`; > 2.
  public var degreesOfFreedom: Double
  /// Of `jumpDiffusion`.
  public var jumps: JumpPlan
  public var sampling: Sampling
  /// Independent replicates behind the error of Sobol points, strata and importance sampling; ≥ 16.
  public var replicates: Int
  public var varianceReduction: VarianceReduction
  public var scaling: HorizonScaling
  /// How the history becomes a covariance.
  public var covariance: CovariancePlan
  /// What rescales the moves of `filteredHistorical`.
  public var filter: VolatilityFilterPlan
  /// Whether figures keep their vector of profits.
  public var keepsProfits: Bool
  /// Of the methods by full revaluation.
  public var smile: Smile
  /// What moves beside spots; in `monteCarlo`, and in the analytic methods to their order.
  public var factors: FactorPlan

  /// A plan from its entries.
  public init(
    method: Method = .monteCarlo, confidence: [ConfidenceLevel], horizonDays: Double = 1,
    paths: Int = 10_000, distribution: Distribution = .normal, degreesOfFreedom: Double = 4,
    jumps: JumpPlan = JumpPlan(), sampling: Sampling = .pseudo, replicates: Int = 16,
    varianceReduction: VarianceReduction = .none, scaling: HorizonScaling = .simulated,
    covariance: CovariancePlan = CovariancePlan(), filter: VolatilityFilterPlan = VolatilityFilterPlan(),
    keepsProfits: Bool = false, smile: Smile = .stickyStrike, factors: FactorPlan = FactorPlan()
  ) {
    self.method = method
    self.confidence = confidence
    self.horizonDays = horizonDays
    self.paths = paths
    self.distribution = distribution
    self.degreesOfFreedom = degreesOfFreedom
    self.jumps = jumps
    self.sampling = sampling
    self.replicates = replicates
    self.varianceReduction = varianceReduction
    self.scaling = scaling
    self.covariance = covariance
    self.filter = filter
    self.keepsProfits = keepsProfits
    self.smile = smile
    self.factors = factors
  }
}

/// Jumps of a spot's log price (Merton 1976): Poisson times, normal sizes.
public struct JumpPlan: Hashable, Sendable {
  /// Mean number a year; ≥ 0.
  public var perYear: Double
  /// Mean of one jump of the log price.
  public var mean: Double
  /// Standard deviation of one jump; ≥ 0.
  public var deviation: Double
  /// Whether all spots jump at the same times and by the same size; otherwise each has jumps of its own.
  public var areCommon: Bool

  /// Jumps from their rate and size.
  public init(
    perYear: Double = 10, mean: Double = -0.03, deviation: Double = 0.05, areCommon: Bool = true
  ) {
    self.perYear = perYear
    self.mean = mean
    self.deviation = deviation
    self.areCommon = areCommon
  }
}

/// How the volatility of each day of a history is estimated.
public struct VolatilityFilterPlan: Hashable, Sendable {
  /// The recursion behind it.
  public enum Model: String, Sendable, CaseIterable {
    case ewma
    case garch
  }

  public var model: Model
  /// Weight of yesterday's variance in `ewma`; in (0, 1).
  public var decay: Double

  /// A filter from its model.
  public init(model: Model = .ewma, decay: Double = 0.94) {
    self.model = model
    self.decay = decay
  }
}

extension ValueAtRiskPlan {
  /// One day at 95 % and 99 % over 10,000 normal paths.
  public static var standard: ValueAtRiskPlan {
    ValueAtRiskPlan(confidence: ["0.95", "0.99"].compactMap(ConfidenceLevel.init(decimal:)))
  }
}
