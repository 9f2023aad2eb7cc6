public import CommandLineKit
public import MarketModel

/// `--detail summary|full`.
extension MarginDetail: OptionValue {}

/// `--method monte_carlo|historical|…`.
extension ValueAtRiskPlan.Method: OptionValue {}
