/// A number that a pricing function takes, named as the columns of the command line name it.
public enum PricingArgument: String, Sendable, CaseIterable {
  case spot
  case forward
  case strike
  case yearsToExpiry = "years_to_expiry"
  case volatility
  case rate
  case dividendYield = "dividend_yield"
  case price
  case dividends
}

/// Why an option has no figure.
public enum PricingError: Error, Equatable, Sendable {
  /// The argument is not finite or outside its range.
  case outOfDomain(PricingArgument)
  /// The figure of this name is larger than the largest double.
  case notRepresentable(figure: String)
  /// The surface gives a total variance below zero at ln(K/F) = `logMoneyness`.
  case negativeVariance(logMoneyness: Double)
}
