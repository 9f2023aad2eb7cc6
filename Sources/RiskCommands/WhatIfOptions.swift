public import CommandLineKit
public import MarginModels
public import MarketModel

extension MarginTest: OptionValue {}
extension MarginMode: OptionValue {}
extension SplitObjective: OptionValue {}
