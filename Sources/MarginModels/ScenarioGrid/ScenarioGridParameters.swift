import MarketModel
import RiskNumerics

/// Every number of a margin model whose heart is a grid of moves of price and volatility.
///
/// Sources: the portfolio margin pages of Paradex, Dederi, OKX and Bybit. They share the scan and differ in moves,
/// weights and charges; a charge that a venue does not know is 0.
struct ScenarioGridParameters: Hashable, Sendable {
  /// One move of price with the volatilities that go with it.
  struct Row: Hashable, Sendable {
    /// Relative; > −1.
    var move: Double
    /// −1 down, 0 unmoved, 1 up, 2 up and down, 3 all three.
    var volatilityCode: Double
    /// What profit and loss is multiplied with; ≥ 0.
    var weight: Double

    var volatilities: [PortfolioScenario.Volatility] {
      switch volatilityCode {
      case -1: [.down]
      case 1: [.up]
      case 2: [.up, .down]
      case 3: [.up, .none, .down]
      default: [.none]
      }
    }
  }

  /// What differs from asset to asset; a number that an asset lacks is that of `other`.
  struct AssetTerms: Hashable, Sendable {
    /// Number of the grid under which its contracts are scanned.
    var grid: Double
    /// What the moves of the grid are multiplied with.
    var range: Double
    /// Least scan: fractions of the net delta, and of the delta that offsets itself.
    var floorNetDelta: Double
    var floorHedgedDelta: Double
    /// Basis charge on the net delta of an expiry: at least the first, else e^(second × T) − 1.
    var basisMinimum: Double
    var basisAnnual: Double
    /// Cost of trading out of the net delta, a fraction.
    var reductionDelta: Double
  }

  /// A bracket of the cost of trading out: what lies above `lower` counts `multiplier` times.
  struct Tier: Hashable, Sendable {
    /// Base currency.
    var lower: Double
    var multiplier: Double
  }

  /// By number.
  var grids: [String: [Row]]
  /// By asset id; `other` for the rest.
  var assets: [String: AssetTerms]
  var other: AssetTerms
  var volatilityUp: PowerLawShock
  var volatilityDown: PowerLawShock
  /// Hours that pass in a scenario of their own, the market unmoved; 0 for none.
  var elapsedHours: Double
  /// Part of the gain of an expiry that offsets losses of other expiries, 0 to 1.
  var gainOffset: Double
  var initialFactor: Double
  var maintenanceFactor: Double
  /// Fractions of spot: a naked short option unit, a unit of future or perpetual, a unit of future or perpetual that
  /// another expiry offsets.
  var shortOption: Double
  var future: Double
  var hedgedFuture: Double
  /// Volatility points (1.00 = 100 %) charged on vega that another expiry offsets.
  var termVega: Double
  /// Move of the interest rate, a year, charged on delta × time.
  var interest: Double
  /// Fraction of the delta in one settlement asset that another one offsets.
  var stable: Double
  /// Fraction of spot for each option unit, long or short, of the cost of trading out.
  var reductionOption: Double
  /// By lower end; empty leaves the cost as it is.
  var tiers: [Tier]
  /// Fraction of the notional of every position.
  var feeRate: Double
  /// Part of the eight hours' funding that perpetuals would pay.
  var fundingShare: Double
  /// Fractions of a borrowed balance.
  var borrowInitial: Double
  var borrowMaintenance: Double
  /// Part of the value of a coin that counts; a borrowed coin counts in full.
  var coinFactor: Double
  /// Part of a coin balance that moves with spot inside the scan.
  var coinInScan: Double
  /// Whether options are margined; else they are unsupported.
  var marginsOptions: Bool { optionsMargined != 0 }
  /// 1 or 0.
  var optionsMargined: Double
  /// Seconds over which a settlement price is averaged.
  var settlementWindow: Double

  /// The grid of an asset; empty where there is none of its number.
  func rows(of terms: AssetTerms) -> [Row] { grids[ModelDescription.text(terms.grid)] ?? [] }

  /// The terms of contracts on an asset.
  func terms(of asset: String) -> AssetTerms { assets[asset] ?? other }

  /// The shock of volatility behind a row.
  func shock(_ volatility: PortfolioScenario.Volatility) -> VolatilityShock {
    switch volatility {
    case .up: .powerLaw(volatilityUp)
    case .down: .powerLaw(volatilityDown)
    case .none, .linearSkew, .absoluteSkew: .none
    }
  }

  /// The cost of trading out after its tiers, as tax brackets count.
  func tiered(_ raw: Double) -> Double {
    guard !tiers.isEmpty else { return raw }
    var sum = 0.0
    for (place, tier) in tiers.enumerated() {
      let upper = place + 1 < tiers.count ? tiers[place + 1].lower : .infinity
      sum += tier.multiplier * max(min(raw, upper) - tier.lower, 0)
    }
    return sum
  }
}
