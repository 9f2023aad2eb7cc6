import MarketModel
import OptionPricing
import Testing

@Suite("Batches of European options") struct BatchTests {
  private func options(_ count: Int, seed: UInt64) -> [EuropeanOption] {
    var random = SplitMix(state: seed)
    return (0..<count).map { _ in
      EuropeanOption(
        type: random.next() % 2 == 0 ? .call : .put, asset: random.anything(), strike: random.anything(),
        yearsToExpiry: random.anything(), quote: random.anything(),
        rate: random.next() % 2 == 0 ? random.uniform(-0.1, 0.2) : random.anything(),
        dividendYield: random.next() % 2 == 0 ? random.uniform(-0.1, 0.2) : random.anything())
    }
  }

  private func alone(_ option: EuropeanOption, _ model: EuropeanBatch.Model) -> Result<
    OptionGreeks, PricingError
  > {
    Result { () throws(PricingError) in
      switch model {
      case .blackScholes:
        try BlackScholes.greeks(
          type: option.type, spot: option.asset, strike: option.strike, timeToExpiry: option.yearsToExpiry,
          volatility: option.quote, rate: option.rate, dividendYield: option.dividendYield)
      case .black76:
        try Black76.greeks(
          type: option.type, forward: option.asset, strike: option.strike,
          timeToExpiry: option.yearsToExpiry, volatility: option.quote, rate: option.rate)
      }
    }
  }

  @Test("a row of a batch is the option alone, bit for bit and error for error, whatever its neighbours")
  func rows() throws {
    let options = options(3_000, seed: 41)
    for model in [EuropeanBatch.Model.blackScholes, .black76] {
      let table = EuropeanBatch(model, options).greeks()
      for (row, option) in options.enumerated() {
        let found = Result { () throws(PricingError) in try table.greeks(row) }
        #expect(found == alone(option, model), "\(row) \(option)")
      }
    }
  }

  @Test("coin figures of a batch are those of the option, and the zero strike call has none")
  func coin() throws {
    let option = EuropeanOption(
      type: .call, asset: 60_000, strike: 65_000, yearsToExpiry: 0.1, quote: 0.65, rate: 0.02)
    var zero = option
    zero.strike = 0
    let table = EuropeanBatch(.black76, [option, zero]).greeks()
    let expected = try CoinGreeks(of: table.greeks(0), spot: option.asset, strike: option.strike)
    #expect(abs(try table.coin(0).delta / expected.delta - 1) < 4e-16)
    #expect(abs(try table.coin(0).gamma / expected.gamma - 1) < 4e-15)
    #expect(try table.coin(1).delta == 0 && table.greeks(1).delta > 0)
  }

  /// One shard of the random test: finite figures or a refusal by name, never NaN, never a negative price.
  private func extremes(_ count: Int, seed: UInt64) -> (computed: Int, wrong: [String]) {
    let options = options(count, seed: seed)
    var computed = 0
    var wrong: [String] = []
    for model in [EuropeanBatch.Model.blackScholes, .black76] {
      let batch = EuropeanBatch(model, options)
      let table = batch.greeks()
      for row in options.indices {
        guard let greeks = try? table.greeks(row) else { continue }
        computed += 1
        if !greeks.columns.allSatisfy({ $0?.isFinite ?? true }) || greeks.price < 0 || greeks.gamma < 0
          || greeks.vega < 0
        {
          wrong.append("\(model) \(options[row]) \(greeks)")
        }
      }
      for (row, result) in batch.impliedVolatilities().enumerated() {
        guard case .success(let found) = result else { continue }
        let isRight =
          switch found.status {
          case .ok: (found.volatility ?? .nan) >= 0 && (found.volatility ?? .nan).isFinite
          case .zeroVolatility: found.volatility == 0
          default: found.volatility == nil
          }
        if !isRight { wrong.append("\(model) \(options[row]) \(found)") }
      }
    }
    return (computed, wrong)
  }

  @Test("random extremes give finite figures or a refusal that names the field")
  func randomExtremes() {
    // PLIMSOLL_EXTREMES asks for more rows: `make extremes` runs ten million.
    let rows = ExtremeRows.count
    var (computed, wrong) = (0, [String]())
    for shard in 0..<max(1, rows / 50_000) {
      let found = extremes(min(rows, 50_000), seed: 1_000 + UInt64(shard))
      computed += found.computed
      wrong += found.wrong.prefix(3)
    }
    print("random extremes: \(rows) rows of each model, \(computed) computed")
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    #expect(computed > rows / 4)
  }
}
