extension ModelDescription {
  static let derivePortfolio = ModelDescription(
    name: ModelCatalogue.portfolio, modes: DerivePortfolioModel.modes,
    confidence:
      "method reproduced against the exchange's vectors; parameters of 2025 as deployed; static discounts and haircuts judged",
    source: "public contracts and documentation of the Derive exchange (portfolio manager, second version)",
    parameters: DerivePortfolioParameters.mainnet2025.parameters,
    assumptions: [
      "derive-pmrm2: static discounts 0.95 for long and 1.05 for short expiries; coin haircuts as in the exchange's test accounts",
      "derive-pmrm2: each underlying is margined apart and summed; its own coins cancel its risk",
      "derive-pmrm2: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
      "derive-pmrm2: a coin contract stands for quantity / entry price coins; where options of one expiry have rates of their own each keeps its discounts and the lesser of the two sums counts; capital over paths takes each rate's options for an expiry of their own",
    ])

  static let derivePortfolioTest = ModelDescription(
    name: ModelCatalogue.portfolioTest, modes: DerivePortfolioModel.modes,
    confidence: "reproduced against the exchange's vectors, with the numbers of its tests",
    source: "test vectors of the public contracts of the Derive exchange (portfolio manager, second version)",
    parameters: DerivePortfolioParameters.secondVersionTest.parameters,
    assumptions: [
      "derive-pmrm2-test: the numbers of the exchange's tests, not those it margins by; see derive-pmrm2",
      "derive-pmrm2-test: each underlying is margined apart and summed; its own coins cancel its risk",
      "derive-pmrm2-test: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
      "derive-pmrm2-test: a coin contract stands for quantity / entry price coins; where options of one expiry have rates of their own each keeps its discounts and the lesser of the two sums counts; capital over paths takes each rate's options for an expiry of their own",
    ])

  static let derivePortfolioFirst = ModelDescription(
    name: ModelCatalogue.portfolioFirst, modes: DerivePortfolioModel.modes,
    confidence:
      "method reproduced against the exchange's vectors; parameters as deployed until the second version took over",
    source: "public contracts of the Derive exchange (portfolio manager, first version)",
    parameters: DerivePortfolioParameters.firstVersionMainnet.parameters,
    assumptions: [
      "derive-pmrm1: options count at their forward value; only an expiry worth something after the shock is discounted",
      "derive-pmrm1: each underlying is margined apart and summed; its own coins move with spot and are charged like perpetuals",
      "derive-pmrm1: dated futures and listed options are unsupported; coin contracts count at their USD payoff",
      "derive-pmrm1: a coin contract stands for quantity / entry price coins; where options of one expiry have rates of their own each keeps its discounts and the lesser of the two sums counts; capital over paths takes each rate's options for an expiry of their own",
    ])
}
