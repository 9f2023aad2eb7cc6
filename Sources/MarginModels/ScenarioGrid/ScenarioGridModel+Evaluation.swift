import MarketModel
import PortfolioValuation
import RiskNumerics

/// What the legs of one netting set amount to on one market, apart from the scan.
struct GridExposure {
  var counted = 0.0
  /// Base value of what moves with spot beside options: contracts by bucket, coins in the first.
  var moving: [Double]
  /// Base value of delta, by bucket: futures, perpetuals and coins; then with options.
  var futureDeltas: [Double]
  var deltas: [Double]
  /// Per 1.00 of volatility, by bucket.
  var vegas: [Double]
  /// Years to each bucket, and what its basis costs.
  var years: [Double]
  var basisRates: [Double]
  /// Base value of delta by settlement asset.
  var settled: [(asset: Int, delta: Double)] = []
  /// What adds up position by position; the rest of it is filled in from the buckets.
  var sums = GridSums()
  /// What options lose while time passes.
  var decay = 0.0

  init(buckets: Int) {
    let zeros = [Double](repeating: 0, count: buckets)
    (moving, futureDeltas, deltas, vegas, years, basisRates) = (zeros, zeros, zeros, zeros, zeros, zeros)
  }

  mutating func settle(_ asset: Int, _ delta: Double) {
    if let known = settled.firstIndex(where: { $0.asset == asset }) {
      settled[known].delta += delta
    } else {
      settled.append((asset, delta))
    }
  }
}

/// What the charges of a netting set are worked out from, summed over its positions.
struct GridSums {
  /// Base value of delta, positions by themselves.
  var grossDelta = 0.0
  /// Units of futures and perpetuals, of options, of naked short options.
  var futureUnits = 0.0
  var optionUnits = 0.0
  var nakedShorts = 0.0
  /// What perpetuals would pay in eight hours, base currency; negative where they receive.
  var funding = 0.0
  /// Base value of what is held, at the underlying's price.
  var notional = 0.0
  var netDelta = 0.0
  /// What offsets itself between expiries or settlement assets.
  var hedgedFutures = 0.0
  var hedgedVega = 0.0
  var hedgedStable = 0.0
  /// What the basis of every expiry costs.
  var basis = 0.0
  /// Delta × years.
  var rho = 0.0
}

extension ScenarioGridModel {
  /// The requirement of a netting set over any row of cells a leg.
  ///
  /// - Parameters:
  ///   - multiplier: of every spot, against today.
  ///   - starts: first cell of each leg; −1 for a leg that is no priced option.
  ///   - entries: sensitivities of each leg on that market.
  func requirement(
    of set: NettingSet, multiplier: Double, cells: Span<Double>, starts: [Int], entries: [OptionSensitivity]
  ) -> GridRequirement {
    let exposure = exposure(of: set, multiplier: multiplier, cells: cells, starts: starts, entries: entries)
    let profits = profits(of: set, exposure, cells: cells, starts: starts)
    var worst = 0.0
    var decisive: UInt64 = 0
    for (scenario, profit) in profits.enumerated() {
      if profit < worst {
        (worst, decisive) = (profit, 1 << UInt64(scenario))
      } else if profit == worst, profit < 0 {
        decisive |= 1 << UInt64(scenario)
      }
    }
    let figures = figures(exposure, scan: -worst, of: set, spot: spot(of: set) * multiplier)
    return GridRequirement(
      figures, counted: exposure.counted, decisive: decisive, initialFactor: parameters.initialFactor,
      maintenanceFactor: parameters.maintenanceFactor)
  }

  private func spot(of set: NettingSet) -> Double { context.assets[set.underlying].spot }

  /// Whether gains of an expiry offset losses of another in part alone, so that expiries are summed apart.
  var isSplit: Bool { parameters.gainOffset != 1 }

  /// Weighted profit and loss of every scenario; the passing of time last where the model knows it.
  func profits(
    of set: NettingSet, _ exposure: GridExposure, cells: Span<Double>, starts: [Int]
  ) -> [Double] {
    profits(
      ofBuckets: bucketProfits(of: set, exposure, cells: cells, starts: starts), decay: exposure.decay,
      underlying: set.underlying)
  }

  /// Joins the profits of expiries, gains of each as far as they offset.
  func profits(ofBuckets buckets: [Double], decay: Double, underlying: Int) -> [Double] {
    let count = layouts[underlying].scenarios.count
    var profits = [Double](repeating: 0, count: count)
    for (place, profit) in buckets.enumerated() {
      profits[place % count] += profit > 0 && isSplit ? profit * parameters.gainOffset : profit
    }
    if parameters.elapsedHours > 0 { profits.append(decay) }
    return profits
  }

  /// Weighted profit and loss by expiry, then scenario; all expiries in one where gains offset in full.
  func bucketProfits(
    of set: NettingSet, _ exposure: GridExposure, cells: Span<Double>, starts: [Int]
  ) -> [Double] {
    let scenarios = layouts[set.underlying].scenarios
    var profits: [Double] = []
    var sums = [Double](repeating: 0, count: table.columns.count)
    for bucket in 0..<(isSplit ? bucketCount : 1) {
      var factors: [Double] = []
      var rows: [Int] = []
      for (place, leg) in set.legs.enumerated()
      where starts[place] >= 0 && supports(instrument: leg.instrument)
        && (!isSplit || expiryBuckets[leg.instrument] == bucket)
      {
        factors.append(leg.effectiveQuantity)
        rows.append(starts[place])
      }
      let moving = isSplit ? exposure.moving[bucket] : exposure.moving.reduce(0, +)
      guard !rows.isEmpty || moving != 0 else {
        profits += repeatElement(0, count: scenarios.count)
        continue
      }
      var span = sums.mutableSpan
      VectorMath.gatherRows(cells, rowStarts: rows.span, factors: factors.span, adding: 0, into: &span)
      for scenario in scenarios {
        profits.append((sums[scenario.column] - sums[0] + moving * scenario.move) * scenario.weight)
      }
    }
    return profits
  }

  /// Everything but the scan.
  func exposure(
    of set: NettingSet, multiplier: Double, cells: Span<Double>, starts: [Int], entries: [OptionSensitivity]
  ) -> GridExposure {
    var sum = GridExposure(buckets: bucketCount)
    addCoins(of: set, multiplier: multiplier, to: &sum)
    var naked = NakedShorts()
    for (place, leg) in set.legs.enumerated() where supports(instrument: leg.instrument) {
      guard let contract = context.instruments[leg.instrument] else { continue }
      let bucket = expiryBuckets[leg.instrument]
      let units = leg.effectiveQuantity * contract.multiplier
      let delta: Double
      if starts[place] >= 0 {
        let today = table.start[leg.instrument].map { table.cells[$0] } ?? 0
        sum.counted += leg.value + leg.effectiveQuantity * (cells[starts[place]] - today)
        delta = leg.effectiveQuantity * entries[place].delta
        sum.vegas[bucket] += leg.effectiveQuantity * entries[place].vega
        sum.decay += leg.effectiveQuantity * entries[place].decay
        sum.sums.optionUnits += abs(units)
        naked.add(units, strike: contract.strike, bucket: bucket)
      } else {
        let value = leg.effectiveQuantity * contract.unit
        sum.counted += leg.value + value * (multiplier - 1)
        delta = value * multiplier * openParts[leg.instrument]
        sum.moving[bucket] += delta
        sum.futureDeltas[bucket] += delta
        sum.sums.futureUnits += abs(units)
        sum.sums.funding += value * multiplier * context.fundingRates[leg.instrument]
      }
      sum.sums.notional += abs(units) * spot(of: set) * multiplier
      sum.deltas[bucket] += delta
      sum.sums.grossDelta += abs(delta)
      sum.years[bucket] = contract.kind == .perpetual ? 0 : contract.timeToExpiry
      sum.basisRates[bucket] = max(sum.basisRates[bucket], basisRates[leg.instrument])
      sum.settle(context.settlements[leg.instrument], delta)
    }
    sum.sums.nakedShorts = naked.close()
    return sum
  }

  private func addCoins(of set: NettingSet, multiplier: Double, to sum: inout GridExposure) {
    guard set.collateral != 0 else { return }
    let value = set.collateral * spot(of: set) * multiplier
    sum.counted += value > 0 ? value * parameters.coinFactor : value
    let moving = value * parameters.coinInScan
    guard moving != 0 else { return }
    sum.moving[0] += moving
    sum.futureDeltas[0] += moving
    sum.deltas[0] += moving
    sum.sums.grossDelta += abs(moving)
    let terms = parameters.terms(of: context.assets[set.underlying].id.text)
    sum.basisRates[0] = max(sum.basisRates[0], terms.basisMinimum)
    sum.settle(-1, moving)
  }

  /// The charges beside the scan.
  func figures(
    _ exposure: GridExposure, scan: Double, of set: NettingSet, spot: Double
  ) -> GridRequirement.Figures {
    var sums = exposure.sums
    for (bucket, delta) in exposure.deltas.enumerated() {
      sums.netDelta += delta
      sums.basis += abs(delta) * exposure.basisRates[bucket]
      sums.rho += delta * exposure.years[bucket]
    }
    sums.hedgedFutures = Self.hedged(exposure.futureDeltas)
    sums.hedgedVega = Self.hedged(exposure.vegas)
    sums.hedgedStable = Self.hedged(exposure.settled.map(\.delta))
    let terms = parameters.terms(of: context.assets[set.underlying].id.text)
    return figures(sums, scan: scan, terms: terms, spot: spot)
  }

  /// The same of sums over positions.
  func figures(
    _ sums: GridSums, scan: Double, terms: ScenarioGridParameters.AssetTerms, spot: Double
  ) -> GridRequirement.Figures {
    let net = abs(sums.netDelta)
    var found = GridRequirement.Figures()
    found.scan = scan
    found.minimumDelta =
      terms.floorNetDelta * net + terms.floorHedgedDelta * max(sums.grossDelta - net, 0) / 2
    found.shortOptions = parameters.shortOption * sums.nakedShorts * spot
    found.futures = parameters.future * sums.futureUnits * spot
    found.hedgedFutures = parameters.hedgedFuture * sums.hedgedFutures
    found.termVega = parameters.termVega * sums.hedgedVega
    found.basis = sums.basis
    found.interest = parameters.interest * abs(sums.rho)
    found.stable = parameters.stable * sums.hedgedStable
    found.reduction = parameters.tiered(
      terms.reductionDelta * net + parameters.reductionOption * sums.optionUnits * spot)
    found.fee = parameters.feeRate * sums.notional
    found.funding = parameters.fundingShare * max(sums.funding, 0)
    return found
  }

  /// What offsets itself: half of the sum of sizes less the size of the sum.
  static func hedged(_ values: some Sequence<Double>) -> Double {
    var (gross, net) = (0.0, 0.0)
    for value in values {
      gross += abs(value)
      net += value
    }
    return max(gross - abs(net), 0) / 2
  }
}

/// Units of naked short options: (−Σ quantity)⁺ of each strike of an expiry, calls and puts together.
///
/// Legs come in margin order, so that those of one strike follow each other.
struct NakedShorts {
  private var sum = 0.0
  private var units = 0.0
  private var strike = -1.0
  private var bucket = -1

  mutating func add(_ quantity: Double, strike: Double, bucket: Int) {
    if strike != self.strike || bucket != self.bucket {
      sum += max(-units, 0)
      (self.strike, self.bucket, units) = (strike, bucket, 0)
    }
    units += quantity
  }

  mutating func close() -> Double {
    sum += max(-units, 0)
    units = 0
    return sum
  }
}
