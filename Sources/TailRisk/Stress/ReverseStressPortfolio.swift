import MarketModel
import PortfolioValuation
import RiskNumerics

/// What one account, or the book, holds, as a loss on moves of the log prices of the spots it depends on.
///
/// Each instrument depends on one spot, so the loss is a sum of functions of one move each.
struct ReverseStressPortfolio {
  /// Place of each spot among the moving factors, increasing.
  private(set) var factors: [Int] = []
  /// An asset that is held and has no volatility; nil where there is none.
  private(set) var unmoved: Identifier?
  private var linear: [Double] = []
  private var options = OptionBook()
  private let book: ValuedBook
  private let risk: RiskFactors

  /// Options as columns.
  private struct OptionBook {
    var instruments: [ResolvedInstrument] = []
    var quantity: [Double] = []
    var slot: [Int] = []
    var forward: [Double] = []
    var strike: [Double] = []
    var deviation: [Double] = []
    var sign: [Double] = []
    var scale: [Double] = []
  }

  /// The holdings of an account.
  init(_ book: ValuedBook, account: Int, risk: RiskFactors) {
    (self.book, self.risk) = (book, risk)
    var held: [Int: Double] = [:]
    var order: [Int] = []
    for holding in book.holdings[book.holdingRanges[account]] {
      if held[holding.instrument] == nil { order.append(holding.instrument) }
      held[holding.instrument, default: 0] += holding.effectiveQuantity
    }
    for place in order { enter(place, held[place] ?? 0) }
    for balance in book.balances[book.balanceRanges[account]] where !balance.isCash {
      if let asset = balance.assetIndex { enter(asset: asset, balance.quantity * balance.spot) }
    }
    seal()
  }

  /// The holdings of the whole book.
  init(_ book: ValuedBook, net: NettedBook, risk: RiskFactors) {
    (self.book, self.risk) = (book, risk)
    for place in book.resolved.indices { enter(place, net.effectiveQuantity[place].value) }
    for (asset, quote) in book.book.market.assets.enumerated() {
      enter(asset: asset, net.balance[asset].value * quote.spot)
    }
    seal()
  }

  private mutating func enter(_ place: Int, _ quantity: Double) {
    guard let instrument = book.resolved[place], quantity != 0 else { return }
    if instrument.kind != .option {
      enter(asset: instrument.underlying, quantity * instrument.unit)
    } else if let slot = slot(instrument.underlying) {
      options.instruments.append(instrument)
      options.quantity.append(quantity)
      options.slot.append(slot)
      options.forward.append(instrument.forward)
      options.strike.append(instrument.strike)
      options.deviation.append(instrument.volatility * instrument.timeToExpiry.squareRoot())
      options.sign.append(instrument.isCall ? 1 : -1)
      options.scale.append(instrument.scale)
    }
  }

  private mutating func enter(asset: Int, _ worth: Double) {
    guard worth != 0, let slot = slot(asset) else { return }
    linear[slot] += worth
  }

  private mutating func slot(_ asset: Int) -> Int? {
    guard let factor = risk.place[asset] else {
      unmoved = unmoved ?? book.book.market.assets[asset].id
      return nil
    }
    if let known = factors.firstIndex(of: factor) { return known }
    factors.append(factor)
    linear.append(0)
    return factors.count - 1
  }

  /// Puts the factors into the market's order, whatever was entered first.
  private mutating func seal() {
    let order = factors.indices.sorted { factors[$0] < factors[$1] }
    var place = [Int](repeating: 0, count: order.count)
    for (new, old) in order.enumerated() { place[old] = new }
    factors = order.map { factors[$0] }
    linear = order.map { linear[$0] }
    options.slot = options.slot.map { place[$0] }
  }

  /// The loss by spot when their log prices move, by full revaluation; base currency.
  ///
  /// - Complexity: one price an option.
  func losses(_ moves: [Double]) -> [Double] {
    var losses = zip(linear, moves).map { -$0 * Elementary.expMinusOne($1) }
    guard !options.quantity.isEmpty else { return losses }
    let factors = moves.map { Elementary.exp($0) }
    let forward = zip(options.forward, options.slot).map { $0 * factors[$1] }
    var values = [Double](repeating: 0, count: forward.count)
    price(forward, into: &values)
    for place in values.indices {
      let option = options.instruments[place]
      var value = values[place]
      if option.isAmerican {
        value = option.american(
          value, premium: book.premium(of: option), multiplier: factors[options.slot[place]])
      }
      losses[options.slot[place]] -= options.quantity[place] * (value - option.unit)
    }
    return losses
  }

  private func price(_ forward: [Double], into values: inout [Double]) {
    var span = values.mutableSpan
    BlackKernels.values(
      forward: forward.span, strike: options.strike.span, standardDeviation: options.deviation.span,
      sign: options.sign.span, scale: options.scale.span, into: &span)
  }
}
