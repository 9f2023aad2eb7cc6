internal import RiskNumerics

/// Everything the sample desk trades, and the smiles behind it.
struct DeskMarket {
  /// Options of one family and expiry, by rising strike.
  struct Slice {
    let product: Int
    let expiry: Int
    /// Places in `contracts`; call i and put i share a strike.
    var calls: [Int] = []
    var puts: [Int] = []
  }

  /// The fewest and most contracts that a desk can have.
  static let contractCounts = 100...10_000

  let coins: [DeskCoin]
  let products: [DeskProduct]
  /// The asset in which accounts hold their cash.
  let cash: String
  private(set) var contracts: [DeskContract] = []
  private(set) var slices: [Slice] = []
  /// Places in `contracts` by product.
  private(set) var perpetuals: [Int] = []
  private(set) var futures: [[Int]] = []

  /// A market of at most `count` contracts: every perpetual and future, the rest options.
  init(contractCount count: Int) {
    coins = DeskCoin.all
    products = DeskProduct.all
    cash = "USDC"
    for product in DeskProduct.all { addLinear(product) }
    let room = max(0, count.clamped(to: Self.contractCounts) - contracts.count) / 2
    let sliceCount = DeskProduct.all.reduce(0) { $0 + $1.optionExpiries.count }
    var place = 0
    for (number, product) in DeskProduct.all.enumerated() {
      for expiry in product.optionExpiries {
        // The strikes that do not divide evenly go to the first slices.
        let strikes = room / sliceCount + (place < room % sliceCount ? 1 : 0)
        addOptions(number, expiry, strikeCount: strikes)
        place += 1
      }
    }
  }

  /// A market whose contracts are known already.
  init(
    coins: [DeskCoin], products: [DeskProduct], cash: String, contracts: [DeskContract], slices: [Slice],
    perpetuals: [Int], futures: [[Int]]
  ) {
    self.coins = coins
    self.products = products
    self.cash = cash
    self.contracts = contracts
    self.slices = slices
    self.perpetuals = perpetuals
    self.futures = futures
  }

  /// How many of the first coins, and of the first products, are those that most accounts hold.
  var leaders: Int { min(2, coins.count, products.count) }

  /// The strikes quoted for a coin at an expiry, over all families, rising.
  func strikes(coin: Int, expiry: Int) -> [Double] {
    var strikes: [Double] = []
    for slice in slices where slice.expiry == expiry && DeskProduct.all[slice.product].coin == coin {
      strikes += slice.calls.map { contracts[$0].strike }
    }
    strikes.sort()
    return strikes.indices.filter { $0 == 0 || strikes[$0] != strikes[$0 - 1] }.map { strikes[$0] }
  }

  private mutating func addLinear(_ product: DeskProduct) {
    let coin = DeskCoin.all[product.coin]
    perpetuals.append(contracts.count)
    // A perpetual trades a little over spot where longs pay.
    let premium = 1 + coin.funding * 3
    append(product, .perpetual, "PERPETUAL", Ticks.rounded(coin.spot * premium, decimals: coin.priceDecimals))
    var places: [Int] = []
    for expiry in product.futureExpiries.map({ DeskExpiry.all[$0] }) {
      places.append(contracts.count)
      append(product, .future, expiry.label, coin.forward(years: expiry.years))
    }
    futures.append(places)
  }

  private mutating func append(
    _ product: DeskProduct, _ kind: DeskContract.Kind, _ suffix: String, _ mark: Double
  ) {
    contracts.append(
      DeskContract(
        name: product.prefix + "-" + suffix, kind: kind, coin: product.coin, isInverse: product.isInverse,
        forward: mark, strike: 0, value: mark, delta: 1))
  }

  /// Strikes evenly spread in log moneyness over 1.8 standard deviations, each moved to the next free
  /// multiple of the step.
  private mutating func addOptions(_ number: Int, _ place: Int, strikeCount: Int) {
    let product = DeskProduct.all[number]
    let coin = DeskCoin.all[product.coin]
    let expiry = DeskExpiry.all[place]
    let forward = coin.forward(years: expiry.years)
    let smile = coin.smile(years: expiry.years)
    let step = coin.strikeSteps[expiry.years < 0.05 ? 0 : expiry.years < 0.3 ? 1 : 2]
    let reach = min(0.9, 1.8 * coin.longVolatility * expiry.years.squareRoot())
    var slice = Slice(product: number, expiry: place)
    var last = 0.0
    for index in 0..<strikeCount {
      let position = strikeCount > 1 ? 2 * Double(index) / Double(strikeCount - 1) - 1 : 0
      let wanted = Ticks.rounded(forward * Elementary.exp(reach * position), step: step)
      let strike = max(wanted, last + step)
      last = strike
      let volatility = smile.volatility(strike: strike, forward: forward)
      let deviation = volatility * expiry.years.squareRoot()
      let d1 = Elementary.log(forward / strike) / deviation + deviation / 2
      let reached = Elementary.normalDistribution(d1)
      let call = forward * reached - strike * Elementary.normalDistribution(d1 - deviation)
      // Strikes are whole numbers.
      let text = String(Int(exactly: strike) ?? 0)
      for kind in [DeskContract.Kind.call, .put] {
        let isCall = kind == .call
        if isCall { slice.calls.append(contracts.count) } else { slice.puts.append(contracts.count) }
        contracts.append(
          DeskContract(
            name: product.prefix + "-" + expiry.label + "-" + text + (isCall ? "-C" : "-P"), kind: kind,
            coin: product.coin, isInverse: product.isInverse, forward: forward, strike: strike,
            value: isCall ? call : call - forward + strike, delta: isCall ? reached : reached - 1))
      }
    }
    slices.append(slice)
  }
}

extension Int {
  /// The nearest number of a range.
  func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
