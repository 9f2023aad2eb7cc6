/// The bytes that the sample account and report must have, in the order of the report's contract.
enum ReportGolden {
  static let account = """
    {"account_id":"desk-1","incomplete":false,"equity":1000.25,"collateral":[{"asset":"BTC",\
    "quantity":-0.5,"spot":65010.5,"value":-32505.25}],"positions":[{"instrument":"BTC-PERPETUAL",\
    "quantity":-500,"unit":"USD","value":1e-07,"greeks":{"delta":1,"gamma":0.5,"coin_delta":0.25,\
    "coin_gamma":-0.125,"cash_delta":100,"cash_gamma_1pct":0.1,"vega":3,"theta":-4,"rho":0}}],\
    "greeks":{"by_underlying":[{"underlying":"BTC","by_expiry":[{"expiry":null,"delta":1,"gamma":0.5,\
    "coin_delta":0.25,"coin_gamma":-0.125,"cash_delta":100,"cash_gamma_1pct":0.1,"vega":3,"theta":-4,\
    "rho":0}],"delta":1,"gamma":0.5,"coin_delta":0.25,"coin_gamma":-0.125,"cash_delta":100,\
    "cash_gamma_1pct":0.1,"vega":3,"theta":-4,"rho":0},{"underlying":"ETH",\
    "by_expiry":[{"expiry":"2026-03-27T08:00:00Z","delta":-2,"gamma":-1,"coin_delta":-0.5,\
    "coin_gamma":0.25,"cash_delta":-200,"cash_gamma_1pct":-0.2,"vega":-6,"theta":8,"rho":0}],"delta":-2,\
    "gamma":-1,"coin_delta":-0.5,"coin_gamma":0.25,"cash_delta":-200,"cash_gamma_1pct":-0.2,"vega":-6,\
    "theta":8,"rho":0}],"total":{"delta":null,"gamma":null,"coin_delta":null,"coin_gamma":null,\
    "cash_delta":-100,"cash_gamma_1pct":-0.1,"vega":-3,"theta":4,"rho":0}},\
    "value_at_risk":[{"method":"monte_carlo","confidence":0.975,"horizon_days":1,"value_at_risk":12.5,\
    "expected_shortfall":15.25,"standard_error":0.5,"expected_shortfall_standard_error":0.75,"rank":975,\
    "interval":{"kind":"order_statistics","confidence":0.9512,"lower":11.5,"upper":13.5,"lower_rank":965,"upper_rank":985},\
    "factors":[{"kind":"spot","name":"BTC","moved":true,"volatility":0.62,"reason":null},\
    {"kind":"volatility","name":"BTC","moved":false,"volatility":null,\
    "reason":"no volatility of volatility"}],"components":[{"name":"BTC","expected_shortfall":15},\
    {"name":"ETH-27MAR26-3000-C","expected_shortfall":0.25}]}],"stress":[{"scenario":"crash",\
    "profit_and_loss":-250,"explain":{"delta":-300,"gamma":20,"vega":15,"volga":1,"vanna":2,"theta":-3,\
    "rho":4,"basis":5,"currency":-6,"funding":7,"residual":5},"ladder":{"spot":[-0.2,0],\
    "rows":[{"volatility":0.5,"profit_and_loss":[-250,0]}]},"window":{"from":"2020-03-11T00:00:00Z",\
    "to":"2020-03-13T00:00:00Z"},"moves":[{"name":"BTC","spot":-0.2,"volatility":0.5,"skew":0.1,\
    "basis":-0.01}]}],"reverse_stress":[{"status":"found","loss_fraction_of_equity":0.5,"loss":500,\
    "horizon_days":10,"bound":20,"distance":2.5,"probability":{"half_space":0.0625,"chi_square":0.125,\
    "degrees_of_freedom":2},"profit_and_loss":-500,"moves":[{"kind":"spot","name":"BTC","move":-0.25,\
    "deviations":-2.5}],"other_minima":[3.5],"largest_loss":600,"remark":"no remark"}],"margin":{"models":[{"model":"derive-srm","mode":"isolated","equity":1000,\
    "initial":300,"maintenance":200,"surplus":800,"surplus_initial":700,\
    "components":{"perpetuals":{"initial":150,"maintenance":100},"options":{"initial":150,\
    "maintenance":100}},"per_position":[{"instrument":"BTC-PERPETUAL","quantity":-500,"initial":150,\
    "maintenance":100,"margin":160,"surplus":62.5}],"worst_scenario":"down_20 = up_20",\
    "unsupported":["ETH-27MAR26-3000-C"]}],"comparison":{"isolated":{"model":"derive-srm","initial":300,\
    "maintenance":200,"capital":450.5,"surplus":800,"equity":1000,"surplus_initial":700,\
    "worst_scenario":"+18% vol up","leverage":{"used":1.5,"initial":2.5,"maintenance":null,\
    "reason":"no size is too large"},\
    "unsupported":[],"reason":null},"cross":{"model":"derive-srm","initial":300,"maintenance":200,\
    "capital":450.5,"surplus":800,"equity":1000,"surplus_initial":700,"worst_scenario":"+18% vol up",\
    "leverage":{"used":1.5,"initial":2.5,"maintenance":null,"reason":"no size is too large"},\
    "unsupported":[],"reason":null},\
    "portfolio":{"model":"derive-srm","initial":300,"maintenance":200,"capital":450.5,"surplus":800,\
    "equity":1000,"surplus_initial":700,"worst_scenario":"+18% vol up","leverage":{"used":1.5,\
    "initial":2.5,"maintenance":null,"reason":"no size is too large"},\
    "unsupported":[],"reason":null},"saving":{"pooling":1,"model":-2,\
    "offset":3},"attribution":[{"instrument":"ETH-27MAR26-3000-C","isolated":20,\
    "worst_scenario_loss":-5}],"capital_to_survive":[{"scenario_set":"stress","scenario":"crash",\
    "isolated":450.5,"cross":449,"portfolio":448,"spot_multiplier":0.8,"volatility":{"rule":"relative",\
    "parameters":{"move":0.5}}},{"scenario_set":"worst","scenario":"worst","isolated":450.5,"cross":449,\
    "portfolio":448,"spot_multiplier":null,"volatility":null}],"unsupported":[],"accounts_left_out":0,"value":40,\
    "venue":"derive",\
    "detail":{"model":"derive-pmrm2","requirement":60,"alone":100,"saving":40,"sampled_orders":256,\
    "sampled_capital_orders":64,"netting_sets":[{"netting_set":"ETH 2026-03-27","underlying":"ETH",\
    "expiry":"2026-03-27T08:00:00Z","members":1,"alone":40,"requirement":40,"share":25,\
    "standard_error":0,"saving_within":0,"saving_between":15,"capital":{"pooling":1,"model":-2,\
    "offset":3},"capital_standard_error":{"pooling":0,"model":0,"offset":0}}],\
    "shapley":[{"instrument":"ETH-27MAR26-3000-C","netting_set":"ETH 2026-03-27","alone":40,"share":25,\
    "saving":15,"standard_error":0.5,"worst_scenario":-5,"capital":{"pooling":1,"model":-2,"offset":3},\
    "capital_standard_error":{"pooling":0,"model":0,"offset":0}}],"offsets":[{"level":"position",\
    "first":"BTC-PERPETUAL","second":"ETH-27MAR26-3000-C","offset":15}],"offsets_left_out":2,\
    "worst_ties":[{"underlying":"ETH","scenario":"up","parts":[{"instrument":"ETH-27MAR26-3000-C",\
    "requirement":25}]}],"contagion":[{"instrument":"BTC-PERPETUAL","scenario_set":"stress",\
    "scenario":"crash","loss":300,"contained":160,"spill":140,"share_of_rest":0.125,\
    "rest_profit_and_loss":-20,"cross_breach":"crash","portfolio_breach":null}]}},\
    "beside":[{"venue":"deribit","isolated":{"model":"derive-srm","initial":300,\
    "maintenance":200,"capital":450.5,"surplus":800,"equity":1000,"surplus_initial":700,\
    "worst_scenario":"+18% vol up","leverage":{"used":1.5,"initial":2.5,"maintenance":null,\
    "reason":"no size is too large"},\
    "unsupported":[],"reason":null},"cross":{"model":"derive-srm","initial":300,"maintenance":200,\
    "capital":450.5,"surplus":800,"equity":1000,"surplus_initial":700,"worst_scenario":"+18% vol up",\
    "leverage":{"used":1.5,"initial":2.5,"maintenance":null,"reason":"no size is too large"},\
    "unsupported":[],"reason":null},\
    "portfolio":{"model":"derive-srm","initial":300,"maintenance":200,"capital":450.5,"surplus":800,\
    "equity":1000,"surplus_initial":700,"worst_scenario":"+18% vol up","leverage":{"used":1.5,\
    "initial":2.5,"maintenance":null,"reason":"no size is too large"},\
    "unsupported":[],"reason":null},"saving":{"pooling":1,"model":-2,\
    "offset":3},"attribution":[{"instrument":"ETH-27MAR26-3000-C","isolated":20,\
    "worst_scenario_loss":-5}],"capital_to_survive":[{"scenario_set":"stress","scenario":"crash",\
    "isolated":450.5,"cross":449,"portfolio":448,"spot_multiplier":0.8,"volatility":{"rule":"relative",\
    "parameters":{"move":0.5}}},{"scenario_set":"worst","scenario":"worst","isolated":450.5,"cross":449,\
    "portfolio":448,"spot_multiplier":null,"volatility":null}],"unsupported":[],"accounts_left_out":0,"value":40}],\
    "ranking":[{"rank":1,"venue":"derive","model":"derive-srm","mode":"cross","capital":449,\
    "saving":1.5,\
    "reason":"needs 1.50 less than isolated by derive-srm: 1.50 because positions share what they can spare",\
    "scenario":"crash","components":{"loss":400,"short_options":49},"initial":300,"maintenance":200,\
    "equity":1000,"surplus":800,"surplus_initial":700,"leverage":{"used":1.5,"initial":2.5,\
    "maintenance":null,"reason":"no size is too large"},"unsupported":0,\
    "unsupported_positions":[]},{"rank":2,"venue":"derive",\
    "model":"derive-srm","mode":"isolated","capital":450.5,"saving":0,\
    "reason":"needs 400.00 loss in the worst scenario and 49.00 margin on short options","scenario":"crash",\
    "components":{"loss":400,"short_options":49,"not_shared":1.5},"initial":300,"maintenance":200,\
    "equity":1000,"surplus":800,"surplus_initial":700,"leverage":{"used":1.5,"initial":2.5,\
    "maintenance":null,"reason":"no size is too large"},"unsupported":0,\
    "unsupported_positions":[]}],\
    "profile":[{"underlyings":["BTC"],"spot":65010.5,\
    "profit_and_loss":[-250.13,0],"isolated":[300.5,800],"cross":[300.5,800],"portfolio":[1234.57,800]}]},\
    "liquidation":{"prices":[{"underlying":"BTC",\
    "position":"BTC-PERPETUAL","mode":"isolated","model":"derive-srm","surplus":125.5,"spot_roots":[50000.5,90000],\
    "reason":null},{"underlying":"ETH","position":null,"mode":"portfolio","model":"derive-pmrm2",\
    "surplus":900,"spot_roots":[],"reason":"no spot between 0.02 and 20 times today's makes the surplus zero"}],\
    "distance":0.26,"leverage":1.5}}

    """

  static let head = """
    {
    "schema":"plimsoll.report/1",
    "provenance":{"engine_version":"0.1.0","as_of":"2026-02-05T21:29:37Z","base_currency":"USD",\
    "seed":18446744073709551615,"paths":10000,"models":["derive-srm","derive-pmrm2"],\
    "linear_algebra":"reference LAPACK 3.11.0","input_digests":[{"name":"market.json",\
    "sha256":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},{"name":"positions.csv",\
    "sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]},
    "assumptions":[
    "No curve for USD: rate 0.",
    "Total delta, gamma, coin_delta and coin_gamma are null where several underlyings are held: units of \
    different coins do not add."
    ],
    "spot_moves":[-0.25,0],
    "accounts":[

    """

  static let middle = """

    ],
    "book":
    """

  static let tail = """
    ,
    "failures":[
    {"path":"positions.csv:3:quantity","reason":"invalid","message":"found \\"x\\""}
    ]
    }

    """
}
