// The umbrella: one import gives a client every floor it may name. `RiskNumerics` stays behind it; its
// types are reached through the floors that use them.
@_exported public import MarginModels
@_exported public import MarketModel
@_exported public import OptionPricing
@_exported public import PortfolioValuation
@_exported public import RiskDocuments
@_exported public import TailRisk
