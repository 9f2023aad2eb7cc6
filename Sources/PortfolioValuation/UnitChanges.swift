import MarketModel
import OptionPricing
public import RiskNumerics

/// What a move of the market does to every instrument, per unit of what is held of it.
///
/// Profit and loss of a holding is effective quantity × `effective` + quantity × `quantity` + value × `value`: options
/// and linear contracts need the first alone while their quote asset keeps its price. A linear future is worth
/// Q·(F - e)·P, P being the base value of its quote asset, so that Q·e·P = Q·unit - value changes with P; an inverse one
/// S·Q·(1/e - 1/F), so that what moves F beyond S goes by Q.
public struct UnitChanges: Sendable {
  /// Base currency per unit of effective quantity, one entry an instrument; 0 where unresolved.
  public let effective: [Double]
  /// Base currency per unit of quantity; empty where it is 0 for all.
  public let quantity: [Double]
  /// Per unit of base value; empty where it is 0 for all.
  public let value: [Double]

  /// The profit and loss of a holding.
  public func change(
    instrument place: Int, effective held: Double, quantity raw: Double, value worth: Double
  ) -> Double {
    guard effective.indices.contains(place) else { return 0 }
    var sum = held * effective[place]
    if !quantity.isEmpty { sum += raw * quantity[place] }
    if !value.isEmpty { sum += worth * value[place] }
    return sum
  }
}

/// A book made ready to be moved again and again.
public struct MovableBook: Sendable {
  private static let optionsPerTask = 512

  public let book: ValuedBook
  /// Place of each instrument's quote asset among the market's assets; nil for the base currency.
  package let quotes: [Int?]

  /// Looks up what every move needs.
  ///
  /// - Complexity: O(instruments).
  public init(_ book: ValuedBook) {
    self.book = book
    let market = book.book.market
    quotes = book.book.instruments.map {
      $0.quoteAsset == market.baseCurrency ? nil : market.assetIndex(of: $0.quoteAsset)
    }
  }

  /// What a move does to an instrument.
  package func move(of instrument: ResolvedInstrument, by move: MarketMove) -> InstrumentMove {
    InstrumentMove(
      instrument, by: move,
      quote: quotes.indices.contains(instrument.instrument) ? quotes[instrument.instrument] : nil)
  }

  /// Full revaluation of every instrument on the moved market.
  ///
  /// A linear future's change is exactly unit·spot where nothing else moves, so linear books have linear profit and
  /// loss to the bit.
  ///
  /// - Complexity: O(instruments), shared by the team.
  public func changes(under move: MarketMove, team: ThreadTeam) -> UnitChanges {
    let count = book.resolved.count
    var effective = [Double](repeating: 0, count: count)
    var quantity = [Double](repeating: 0, count: count)
    var value = quantity
    for case let instrument? in book.resolved where instrument.kind != .option {
      let place = instrument.instrument
      let own = self.move(of: instrument, by: move)
      if instrument.isInverse {
        effective[place] = instrument.unit * own.spot
        let beyond = (own.quote - own.beyond) / (1 + own.beyond)
        quantity[place] = -(instrument.unit / instrument.forward) * beyond
      } else {
        effective[place] = instrument.unit * (own.spot + (1 + own.spot) * own.beyond - own.quote)
        value[place] = own.quote
      }
      quantity[place] -= Self.funding(instrument, move)
    }
    for (place, change) in optionChanges(under: move, team: team) { effective[place] = change }
    return UnitChanges(
      effective: effective, quantity: quantity.contains { $0 != 0 } ? quantity : [],
      value: value.contains { $0 != 0 } ? value : [])
  }

  /// What one contract of a perpetual pays when it is long, base currency.
  package static func funding(_ instrument: ResolvedInstrument, _ move: MarketMove) -> Double {
    guard instrument.kind == .perpetual, let funding = move.funding else { return 0 }
    let notional = instrument.isInverse ? instrument.unit / instrument.forward : instrument.unit
    return notional * funding.rate8h * (funding.hours / 8)
  }

  private func optionChanges(under move: MarketMove, team: ThreadTeam) -> [(place: Int, change: Double)] {
    let options = book.resolved.compactMap { $0?.kind == .option ? $0 : nil }
    let size = Self.optionsPerTask
    let chunks = team.map(count: (options.count + size - 1) / size) { task -> [Double] in
      let part = options[task * size..<min((task + 1) * size, options.count)]
      let moved = part.map { $0.moved(by: self.move(of: $0, by: move)) }
      return zip(zip(part, moved), OptionColumns(moved).values()).map { pair, european in
        pair.0.isAmerican ? american(pair.0, pair.1, european, move) - pair.0.unit : european - pair.0.unit
      }
    }
    return zip(options, chunks.flatMap { $0 }).map { ($0.instrument, $1) }
  }

  /// The worth of an American option: today's premium of exercise where the spot alone moves.
  private func american(
    _ option: ResolvedInstrument, _ moved: ResolvedInstrument, _ european: Double, _ move: MarketMove
  ) -> Double {
    let own = self.move(of: option, by: move)
    let isCarried = own.beyond != 0 || own.rate != 0 || own.years != option.timeToExpiry
    let premium =
      isCarried
      ? moved.exercisePremium(volatility: moved.volatility, years: moved.timeToExpiry)
      : own.volatility == option.volatility
        ? book.premium(of: option)
        : option.exercisePremium(volatility: moved.volatility, years: option.timeToExpiry)
    if own.quote != 0 || isCarried { return moved.american(european, premium: premium, multiplier: 1) }
    return option.american(european, premium: premium, multiplier: 1 + own.spot)
  }
}
