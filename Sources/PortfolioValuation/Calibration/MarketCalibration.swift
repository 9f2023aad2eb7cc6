public import MarketModel
public import OptionPricing

/// What a surface is fitted with.
public enum SurfaceModel: String, Sendable, CaseIterable {
  /// A raw SVI slice for each expiry, none crossing the one before.
  case svi
  /// One surface SVI for all expiries of an underlying.
  case ssvi
}

/// A fitted expiry.
public struct CalibratedExpiry: Sendable {
  public let smile: ExpirySmile
  /// Nil where nothing could be fitted; `failures` says why.
  public let slice: SVISlice?
  /// Nil for a slice that the market gave.
  public let error: FitError?
  /// Whether arbitrage had to be kept out of the fit.
  public let isConstrained: Bool
  /// Total variance at the money, of a surface SVI.
  public let theta: Double?
  public fileprivate(set) var butterfly: SurfaceArbitrage.Butterfly?
  /// Against the fitted expiry before; nil for the first.
  public fileprivate(set) var calendar: SurfaceArbitrage.Calendar?
}

/// The fitted expiries of one underlying.
public struct CalibratedUnderlying: Sendable {
  public let underlying: Identifier
  /// Nil unless the model is `ssvi`.
  public let surface: SSVI?
  public let expiries: [CalibratedExpiry]

  /// Whether no slice has a butterfly, none crosses the next, and no wing is too steep.
  public var isFreeOfArbitrage: Bool {
    expiries.allSatisfy { ($0.butterfly?.isFree ?? true) && ($0.calendar?.isFree ?? true) }
  }
}

/// The surfaces of a market, fitted.
public struct MarketCalibration: Sendable {
  public let model: SurfaceModel
  public let asOf: Instant
  /// In byte order of the underlyings.
  public let underlyings: [CalibratedUnderlying]
  /// The market with a slice in place of every smile that was fitted, and with the forwards found.
  public let market: MarketSnapshot
  public let assumptions: [String]
  public let failures: [Failure]

  /// Fits every smile of a market.
  ///
  /// - Parameters:
  ///   - setAside: rows that reading the market set aside; they come first among `failures`.
  ///   - instrument: the contract of a name, for marks.
  ///   - allowsArbitrage: takes the best fit whatever it allows (`svi` only: SSVI has none by construction).
  /// - Complexity: a few milliseconds an expiry of 50 quotes.
  public init(
    _ market: MarketSnapshot, model: SurfaceModel, allowsArbitrage: Bool = false,
    setAside: [Failure] = [], instrument: (Identifier) -> Instrument?
  ) {
    let smiles = MarketSmiles(market, instrument: instrument)
    var failures = setAside + smiles.failures
    var underlyings: [CalibratedUnderlying] = []
    for names in Self.runs(smiles.smiles) {
      var fitted: CalibratedUnderlying
      switch model {
      case .svi: fitted = Self.slices(names, allowsArbitrage, &failures)
      case .ssvi: fitted = Self.surface(names, &failures)
      }
      fitted = Self.checked(fitted)
      underlyings.append(fitted)
    }
    self.model = model
    asOf = market.asOf
    self.underlyings = underlyings
    self.failures = failures
    assumptions = smiles.assumptions
    self.market = Self.refitted(market, underlyings)
  }

  /// The smiles of each underlying, which stand together.
  private static func runs(_ smiles: [ExpirySmile]) -> [[ExpirySmile]] {
    var runs: [[ExpirySmile]] = []
    for smile in smiles {
      if runs.last?.last?.underlying == smile.underlying {
        runs[runs.count - 1].append(smile)
      } else {
        runs.append([smile])
      }
    }
    return runs
  }

  private static func slices(
    _ smiles: [ExpirySmile], _ allowsArbitrage: Bool, _ failures: inout [Failure]
  ) -> CalibratedUnderlying {
    var earlier: SVISlice?
    var expiries: [CalibratedExpiry] = []
    for smile in smiles {
      var entry = CalibratedExpiry(
        smile: smile, slice: smile.given.map(SVISlice.init(_:)), error: nil, isConstrained: false, theta: nil)
      if smile.given == nil {
        do throws(CalibrationError) {
          let fit = try SVICalibration.fit(
            smile.quotes, years: smile.years, above: earlier, allowsArbitrage: allowsArbitrage)
          entry = CalibratedExpiry(
            smile: smile, slice: fit.slice, error: fit.error, isConstrained: fit.isConstrained, theta: nil)
        } catch {
          failures.append(failure(error, "\(smile.underlying) \(smile.expiry.text)", smile))
        }
      }
      earlier = entry.slice ?? earlier
      expiries.append(entry)
    }
    return CalibratedUnderlying(
      underlying: smiles[0].underlying, surface: nil, expiries: expiries)
  }

  private static func surface(
    _ smiles: [ExpirySmile], _ failures: inout [Failure]
  ) -> CalibratedUnderlying {
    let quoted = smiles.filter { !$0.quotes.isEmpty }
    var fit: SSVIFit?
    if !quoted.isEmpty {
      do throws(CalibrationError) {
        fit = try SSVICalibration.fit(quoted.map { SmileExpiry(years: $0.years, quotes: $0.quotes) })
      } catch {
        failures.append(failure(error, "\(smiles[0].underlying)", quoted[0]))
      }
    }
    var next = 0
    let expiries = smiles.map { smile in
      guard !smile.quotes.isEmpty, let fit else {
        return CalibratedExpiry(
          smile: smile, slice: smile.given.map(SVISlice.init(_:)), error: nil, isConstrained: false,
          theta: nil)
      }
      defer { next += 1 }
      return CalibratedExpiry(
        smile: smile, slice: fit.surface.slice(fit.thetas[next]), error: fit.errors[next],
        isConstrained: true, theta: fit.thetas[next])
    }
    return CalibratedUnderlying(
      underlying: smiles[0].underlying, surface: fit?.surface, expiries: expiries)
  }

  private static func failure(_ error: CalibrationError, _ name: String, _ smile: ExpirySmile) -> Failure {
    let path = smile.source == .marks ? "market.json#/marks" : "market.json#/volatility"
    let message =
      switch error {
      case .tooFewQuotes(let found, let needed): "\(name): found \(found) quotes, expected \(needed) or more"
      case .invalidQuote(let place): "\(name): quote \(place) is no volatility above 0"
      case .invalidTime: "\(name): expected expiries ahead, each later than the one before"
      case .noFit: "\(name): no slice with a finite error was found"
      }
    return Failure(path: path, reason: .calculation, message: message)
  }

  /// With the arbitrage report of the slices that are there.
  private static func checked(_ fitted: CalibratedUnderlying) -> CalibratedUnderlying {
    let report = SurfaceArbitrage(of: fitted.expiries.compactMap(\.slice))
    var place = 0
    let expiries = fitted.expiries.map { entry in
      guard entry.slice != nil else { return entry }
      var entry = entry
      entry.butterfly = report.butterflies[place]
      entry.calendar = place > 0 ? report.calendars[place - 1] : nil
      place += 1
      return entry
    }
    return CalibratedUnderlying(
      underlying: fitted.underlying, surface: fitted.surface, expiries: expiries)
  }

  private static func refitted(
    _ market: MarketSnapshot, _ underlyings: [CalibratedUnderlying]
  ) -> MarketSnapshot {
    let entries = underlyings.flatMap(\.expiries)
    let slices = entries.compactMap { entry in
      entry.slice.map {
        VolatilitySlice(
          underlying: entry.smile.underlying, expiry: entry.smile.expiry, shape: .svi($0.parameters))
      }
    }
    let kept = market.volatility.filter { row in
      !slices.contains { $0.underlying == row.underlying && $0.expiry == row.expiry }
    }
    let implied = entries.compactMap { entry in
      entry.smile.parity.map {
        ForwardQuote(underlying: entry.smile.underlying, expiry: entry.smile.expiry, price: $0.forward)
      }
    }
    return MarketSnapshot(
      asOf: market.asOf, baseCurrency: market.baseCurrency, assets: market.assets, rates: market.rates,
      forwards: market.forwards + implied, dividends: market.dividends, volatility: kept + slices,
      marks: market.marks, correlation: market.correlation, confidences: market.confidences,
      depths: market.depths)
  }
}
