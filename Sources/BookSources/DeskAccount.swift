/// One account of the sample desk: rows of `positions.csv` and `balances.csv`.
struct DeskAccount {
  /// What an account does for a living.
  enum Kind: String {
    case marketMaker = "market-maker"
    case coveredCall = "covered-call"
    case crossTrader = "cross-trader"
    case isolatedTrader = "isolated-trader"
    case putSpread = "put-spread"
    case borrower = "borrower"
    case basisTrader = "basis-trader"

    /// The kind of each of twenty neighbours; together they hold about twenty positions an account.
    static let rota: [Kind] = [
      .marketMaker, .coveredCall, .crossTrader, .putSpread, .isolatedTrader, .borrower, .marketMaker,
      .basisTrader, .coveredCall, .isolatedTrader, .putSpread, .crossTrader, .marketMaker, .coveredCall,
      .isolatedTrader, .putSpread, .marketMaker, .basisTrader, .crossTrader, .borrower,
    ]
  }

  /// One row of `positions.csv`.
  struct Position {
    let contract: Int
    let quantity: Double
    var entryPrice: Double?
    var mode: String?
    var isolatedMargin: Double?
  }

  let id: String
  private(set) var positions: [Position] = []
  /// Coins by their place in the market's `coins`, beside the cash.
  private var coinBalances: [Double]
  private var cash = 0.0
  private var draws: SeededDraws
  /// How large the account is; 1 is ordinary.
  private let size: Double
  private let market: DeskMarket

  /// Account `number` of a desk, counted from 1.
  init(number: Int, width: Int, seed: UInt64, market: DeskMarket) {
    let kind = Kind.rota[(number - 1) % Kind.rota.count]
    id = kind.rawValue + "-" + CivilText.digits(number, width)
    var draws = SeededDraws(seed: seed, domain: .account, stream: number)
    size = [0.25, 0.5, 1, 1, 2, 4][draws.pick(0..<6)]
    self.draws = draws
    self.market = market
    coinBalances = Array(repeating: 0.0, count: market.coins.count)
    switch kind {
    case .marketMaker: makeMarkets()
    case .coveredCall: sellCoveredCalls()
    case .crossTrader: tradePerpetuals(isIsolated: false)
    case .isolatedTrader: tradePerpetuals(isIsolated: true)
    case .putSpread: buyPutSpreads()
    case .borrower: borrow()
    case .basisTrader: tradeBasis()
    }
  }

  /// Rows of `balances.csv`: those that are not zero, rounded as a venue books them.
  var balances: [(asset: String, quantity: Double)] {
    var rows = market.coins.indices.map { place in
      let coin = market.coins[place]
      return (coin.name, Ticks.rounded(coinBalances[place], decimals: coin.quantityDecimals + 2))
    }
    rows.append((market.cash, Ticks.rounded(cash, decimals: 2)))
    return rows.filter { $0.1 != 0 }
  }

  // MARK: Kinds

  /// Options on both sides of one family, the sum of their deltas hedged with perpetual and future.
  private mutating func makeMarkets() {
    let product = draws.pick(0..<market.products.count)
    let coin = market.coins[market.products[product].coin]
    let options = market.slices.filter { $0.product == product }.flatMap { $0.calls + $0.puts }
    var value = 0.0
    var delta = 0.0
    var written = 0.0
    for place in draws.sample(50 + draws.pick(0..<55), of: options.count) {
      let contract = market.contracts[options[place]]
      let side = draws.chance(0.5) ? 1.0 : -1.0
      let quantity = side * lots(draws.between(0.2, 3) * size, coin)
      add(options[place], quantity, mode: "portfolio")
      value += quantity * contract.value
      delta += quantity * contract.delta
      written += max(0, -quantity) * coin.spot
    }
    let future = draws.chance(0.3) ? market.futures[product].first : nil
    let share = future == nil ? 1 : draws.between(0.5, 1)
    take(market.perpetuals[product], coins: -delta * share, drift: 0.01, mode: "portfolio")
    if let future { take(future, coins: -delta * (1 - share), drift: 0.01, mode: "portfolio") }
    cash += max(0, -value) + written * draws.between(0.05, 0.12) + 20_000 * size
    if market.products[product].isInverse {
      coinBalances[market.products[product].coin] += written * draws.between(0.01, 0.03) / coin.spot
    }
  }

  /// Coin in hand, calls above the market against all of it or less.
  private mutating func sellCoveredCalls() {
    let product = draws.chance(0.7) ? draws.pick(0..<market.leaders) : min(4, market.products.count - 1)
    let place = market.products[product].coin
    let coin = market.coins[place]
    let calls = market.slices.filter { $0.product == product }.flatMap(\.calls)
      .filter { (0.04...0.45).contains(market.contracts[$0].delta) }
    let chosen = draws.sample(10 + draws.pick(0..<14), of: calls.count).map { calls[$0] }
    var sold = 0.0
    for contract in chosen {
      let quantity = lots(draws.between(0.2, 1.5) * size, coin)
      add(contract, -quantity)
      sold += quantity
    }
    coinBalances[place] = sold * draws.between(1, 1.4)
    cash = draws.between(0, 10_000) * size
  }

  /// A few perpetuals and futures at some leverage, entered not long ago.
  private mutating func tradePerpetuals(isIsolated: Bool) {
    let futures = market.futures.flatMap { $0 }
    var chosen = draws.sample(2 + draws.pick(0..<4), of: market.perpetuals.count).map {
      market.perpetuals[$0]
    }
    // Dated futures are the exception: not every margin model knows them.
    if draws.chance(0.25) { chosen += draws.sample(2, of: futures.count).map { futures[$0] } }
    for place in chosen {
      let contract = market.contracts[place]
      let coin = market.coins[contract.coin]
      // Most could also be margined as a portfolio; one trade in twelve is a gamble.
      let leverage = draws.chance(0.08) ? draws.between(10, 25) : draws.between(2, 6)
      let notional = draws.between(5_000, 90_000) * size
      let side = draws.chance(0.62) ? 1.0 : -1.0
      // Losses so far stay well inside the margin: who lost more is no longer there.
      let drift = draws.between(-0.5, 0.8) / leverage * side * -1
      let margin = notional / leverage
      let mode = isIsolated ? "isolated" : "cross"
      take(
        place, coins: side * notional / coin.spot, entry: contract.forward * (1 + drift), mode: mode,
        isolatedMargin: isIsolated ? margin : nil)
      let free = isIsolated ? draws.between(1.05, 1.3) : draws.between(1, 1.5)
      if contract.isInverse {
        coinBalances[contract.coin] += margin * free / coin.spot
      } else {
        cash += margin * free
      }
    }
  }

  /// Long a put, short a lower one of the same expiry, several times; some also hold the coin.
  private mutating func buyPutSpreads() {
    let product = draws.pick(0..<market.products.count)
    let place = market.products[product].coin
    let coin = market.coins[place]
    let slices = market.slices.filter { $0.product == product && $0.puts.count > 1 }
    var bought: [Int] = []
    for _ in 0..<(6 + draws.pick(0..<8)) where !slices.isEmpty {
      let puts = slices[draws.pick(0..<slices.count)].puts
      let low = draws.pick(0..<(puts.count - 1))
      let high = draws.pick((low + 1)..<puts.count)
      // Each contract once: a second lot would be margined with the first.
      if bought.contains(puts[low]) || bought.contains(puts[high]) { continue }
      bought += [puts[low], puts[high]]
      let quantity = lots(draws.between(0.3, 2) * size, coin)
      add(puts[high], quantity)
      add(puts[low], -quantity)
    }
    let holdsCoin = draws.chance(0.4)
    coinBalances[place] = holdsCoin ? draws.between(1, 6) * coin.ordinarySize * size : 0
    cash = draws.between(2_000, 25_000) * size
  }

  /// Cash borrowed against coin, or one coin against another; a put or two for the night.
  private mutating func borrow() {
    let pledged = draws.pick(0..<market.leaders)
    let coin = market.coins[pledged]
    let coins = draws.between(1, 8) * coin.ordinarySize * size
    coinBalances[pledged] = coins
    let loan = coins * coin.spot * draws.between(0.2, 0.65)
    if draws.chance(0.75) || market.coins.count < 2 {
      cash = -loan
    } else {
      let other = 1 - pledged
      coinBalances[other] = -loan / market.coins[other].spot
      cash = loan * 0.1
    }
    let puts = market.slices.filter { $0.product == pledged }.flatMap(\.puts)
      .filter { (-0.4 ... -0.05).contains(market.contracts[$0].delta) }
    for place in draws.sample(1 + draws.pick(0..<3), of: puts.count) {
      add(puts[place], lots(draws.between(0.3, 1.5) * size, coin))
    }
  }

  /// Coin in hand against short futures, for the carry.
  private mutating func tradeBasis() {
    let place = draws.pick(0..<market.leaders)
    let coin = market.coins[place]
    let coins = draws.between(4, 12) * coin.ordinarySize * size
    coinBalances[place] = coins
    var legs: [Int] = []
    for product in market.products.indices where market.products[product].coin == place {
      legs += market.futures[product] + [market.perpetuals[product]]
    }
    let chosen = draws.sample(3 + draws.pick(0..<4), of: legs.count).map { legs[$0] }
    for leg in chosen {
      take(leg, coins: -coins / Double(chosen.count), drift: 0.02, mode: "portfolio")
    }
    cash = coins * coin.spot * draws.between(0.05, 0.2)
  }

  // MARK: Rows

  private func lots(_ coins: Double, _ coin: DeskCoin) -> Double {
    let lots = max(1, (coins * coin.ordinarySize / coin.optionLot).rounded())
    return Ticks.rounded(lots * coin.optionLot, decimals: coin.quantityDecimals)
  }

  private mutating func add(_ contract: Int, _ quantity: Double, mode: String? = nil) {
    positions.append(Position(contract: contract, quantity: quantity, mode: mode))
  }

  /// Takes a perpetual or future worth some coins, entered within `drift` of its mark.
  private mutating func take(_ place: Int, coins: Double, drift: Double, mode: String) {
    let entry = market.contracts[place].forward * (1 + draws.between(-drift, drift))
    take(place, coins: coins, entry: entry, mode: mode)
  }

  private mutating func take(
    _ place: Int, coins: Double, entry: Double, mode: String, isolatedMargin: Double? = nil
  ) {
    let contract = market.contracts[place]
    let coin = market.coins[contract.coin]
    let quantity =
      contract.isInverse
      ? Ticks.rounded(coins * contract.forward, step: coin.inverseLot)
      : Ticks.rounded(coins, decimals: coin.quantityDecimals)
    guard quantity != 0 else { return }
    let margin = isolatedMargin.map {
      contract.isInverse
        ? Ticks.rounded($0 / coin.spot, decimals: coin.quantityDecimals + 2)
        : Ticks.rounded($0, decimals: 2)
    }
    positions.append(
      Position(
        contract: place, quantity: quantity, entryPrice: Ticks.rounded(entry, decimals: coin.priceDecimals),
        mode: mode, isolatedMargin: margin))
  }
}
