public import CommandLineKit
public import MarketModel

/// `--detail summary|full`.
extension MarginDetail: OptionValue {}
