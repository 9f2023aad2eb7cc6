import Plimsoll

/// A thousand candidate trades for an account of five hundred positions, on one thread.
///
/// `prepare` prices what all candidates share: the models' tables, and for the last line the paths. `full evaluation`
/// is what a candidate would cost if the account were margined anew by every model over the same tables; `rerun` what
/// it would cost to price a changed book from the start.
func whatIfMeasurements(repetitions: Int) -> [String] {
  guard let desk = WhatIfBench() else { return ["{\"name\":\"what-if\",\"error\":\"no desk\"}"] }
  var lines: [String] = []
  for (name, measures) in [
    ("margin", [Measure.margin]), ("margin, greeks, stress", [.margin, .greeks, .stress]),
    ("margin, greeks, stress, value at risk", [.margin, .greeks, .stress, .valueAtRisk]),
  ] {
    var plan = RunPlan(measures: measures)
    plan.marginModels = ["derive-srm", "derive-pmrm2", "deribit-sm"]
    let start = processorTime()
    guard let engine = try? WhatIfEngine(book: desk.book, plan: plan, orders: desk.orders, threads: 1) else {
      continue
    }
    let prepared = processorTime()
    var best = Double.infinity
    var check = 0.0
    for _ in 0..<max(2, min(repetitions / 30, 20)) {
      let begin = processorTime()
      let report = engine.report(WhatIfRequest(orders: desk.orders))
      best = min(best, processorTime() - begin)
      check = report.trades.reduce(0) { $0 + ($1.margin.first.flatMap { $0?.initial } ?? 0) }
    }
    lines.append(
      "{\"name\":\"what-if: \(name)\",\"candidates\":\(desk.orders.count),\"positions\":\(desk.book.positions.count),"
        + "\"prepare_ms\":\(milliseconds(prepared - start)),\"best_ms\":\(milliseconds(best)),\"check\":\(check)}"
    )
    guard measures == [.margin], let full = desk.fullEvaluation(plan) else { continue }
    let ratio = (full.evaluation * Double(desk.orders.count) / best * 10).rounded() / 10
    lines.append(
      "{\"name\":\"what-if: full evaluation over the same tables\",\"ms_a_candidate\":"
        + "\(milliseconds(full.evaluation)),\"ratio\":\(ratio)}")
    let slower = (full.rerun * Double(desk.orders.count) / (best + prepared - start)).rounded()
    lines.append(
      "{\"name\":\"what-if: rerun of the engine\",\"ms_a_candidate\":\(milliseconds(full.rerun)),"
        + "\"ratio_with_prepare\":\(slower)}")
  }
  return lines
}

private func milliseconds(_ nanoseconds: Double) -> Double { (nanoseconds / 1e3).rounded() / 1e3 }

/// A synthetic account and candidates for it.
private struct WhatIfBench {
  var book: Book
  var orders: [TradeOrder] = []

  init?() {
    guard let asOf = Instant(secondsSinceEpoch: 1_770_278_400), let usd = Identifier("USD"),
      let usdc = Identifier("USDC"), let account = Identifier("desk")
    else { return nil }
    var assets = [Asset(id: usdc, spot: 1, isStable: true)]
    var (instruments, forwards, slices, marks): ([Instrument], [ForwardQuote], [VolatilitySlice], [Mark]) =
      ([], [], [], [])
    for (name, spot) in [("BTC", 65_000.0), ("ETH", 2_000.0)] {
      guard let coin = Identifier(name), let perpetual = Identifier("\(name)-PERPETUAL") else { return nil }
      assets.append(Asset(id: coin, spot: spot))
      instruments.append(
        Instrument(
          id: perpetual, kind: .perpetual, underlying: coin, quoteAsset: usd, settlementAsset: coin,
          isInverse: true))
      marks.append(Mark(instrument: perpetual, price: spot * 1.0004))
      for (number, days) in [2, 9, 23, 51, 114, 205, 324].enumerated() {
        guard let expiry = Instant(secondsSinceEpoch: asOf.secondsSinceEpoch + Int64(days) * 86_400) else {
          return nil
        }
        forwards.append(
          ForwardQuote(underlying: coin, expiry: expiry, price: spot * (1 + 0.0002 * Double(days))))
        slices.append(
          VolatilitySlice(
            underlying: coin, expiry: expiry,
            shape: .quotes(strikes: [spot * 0.6, spot, spot * 1.6], volatilities: [0.72, 0.6, 0.66])))
        for strike in 0..<36 {
          let level = (spot * (0.5 + 0.03 * Double(strike))).rounded()
          for type in OptionType.allCases {
            guard let id = Identifier("\(name)-\(number)-\(strike)-\(type.rawValue)") else { return nil }
            instruments.append(
              Instrument(
                id: id, kind: .option, underlying: coin, quoteAsset: usd, settlementAsset: coin,
                expiry: expiry,
                strike: level, optionType: type, isInverse: true))
          }
        }
      }
    }
    instruments.sort { $0.id < $1.id }
    let correlation = Correlation(
      assets: assets.dropFirst().map(\.id), matrix: [1, 0.85, 0.85, 1], volatilities: [0.62, 0.81])
    let market = MarketSnapshot(
      asOf: asOf, baseCurrency: usd, assets: assets, forwards: forwards, volatility: slices, marks: marks,
      correlation: correlation)
    // Every other option, long and short in turn, in sizes that repeat after 13.
    let positions = (0..<500).map { place in
      Position(
        account: 0, instrument: place * 2 % instruments.count,
        quantity: Double(place % 13 + 1) * (place % 3 == 0 ? -0.5 : 0.4), row: place + 1)
    }
    book = Book(
      market: market, instruments: instruments, accounts: [account], positions: positions,
      balances: [Balance(account: 0, asset: usdc, quantity: 5e6)])
    for place in 0..<1_000 {
      orders.append(
        TradeOrder(
          account: 0, instrument: instruments[place % instruments.count], quantity: place % 2 == 0 ? 1 : -2,
          path: "\(place)"))
    }
  }

  /// Nanoseconds of margining the account by all models over prepared tables, and of an engine from the start.
  func fullEvaluation(_ plan: RunPlan) -> (evaluation: Double, rerun: Double)? {
    let start = processorTime()
    guard let engine = try? Engine(book: book, plan: plan, threads: 1), engine.account(0) != nil else {
      return nil
    }
    let rerun = processorTime() - start
    guard let same = try? WhatIfEngine(book: book, plan: plan, orders: orders, threads: 1) else { return nil }
    let begin = processorTime()
    for _ in 0..<200 { _ = same.fullMargin(ofAccount: 0) }
    return ((processorTime() - begin) / 200, rerun)
  }
}
