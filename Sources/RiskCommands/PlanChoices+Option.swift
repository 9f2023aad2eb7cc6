public import CommandLineKit
public import MarketModel
public import Plimsoll

/// `--detail summary|full`.
extension MarginDetail: OptionValue {}

/// `--method monte_carlo|historical|…`.
extension ValueAtRiskPlan.Method: OptionValue {}

/// `--market past|today`.
extension WalkForward.Market: OptionValue {}
