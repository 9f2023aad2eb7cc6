/// A parameter set whose volatility rises and falls by the same law of time: numbers that stand for both places.
protocol TwoSidedVolatility {
  var volatilityUp: PowerLawShock { get set }
  var volatilityDown: PowerLawShock { get set }
}

extension TwoSidedVolatility {
  var shortTermPower: Double {
    get { volatilityUp.shortTermPower }
    set { (volatilityUp.shortTermPower, volatilityDown.shortTermPower) = (newValue, newValue) }
  }

  var longTermPower: Double {
    get { volatilityUp.longTermPower }
    set { (volatilityUp.longTermPower, volatilityDown.longTermPower) = (newValue, newValue) }
  }

  var floorDays: Double {
    get { volatilityUp.floorDays }
    set { (volatilityUp.floorDays, volatilityDown.floorDays) = (newValue, newValue) }
  }
}
