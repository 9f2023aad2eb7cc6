import MarketModel
import StructuredText

/// What a market lost while it was read: whoever holds a contract that is valued by it is told so.
struct LostQuotes {
  /// Underlyings without one of their volatilities or dividend yields: options are valued by these.
  var optionUnderlyings: [Identifier] = []
  /// Underlyings without one of their forwards: options and dated futures are valued by these.
  var forwardUnderlyings: [Identifier] = []
  /// Currencies without their curve, by which options are discounted.
  var currencies: [Identifier] = []
  var instruments: [Identifier] = []

  /// Whether one of an instrument's quotes was set aside.
  func touches(_ instrument: Instrument) -> Bool {
    if instruments.contains(instrument.id) { return true }
    if instrument.kind == .perpetual { return false }
    if forwardUnderlyings.contains(instrument.underlying) { return true }
    return instrument.kind == .option
      && (optionUnderlyings.contains(instrument.underlying) || currencies.contains(instrument.quoteAsset)
        || currencies.contains(instrument.settlementAsset))
  }
}

/// Reads `market.json`: lists of quotes, each of which can be set aside alone, and one correlation, which
/// cannot.
struct MarketReader {
  static let keys = [
    "schema", "as_of", "base_currency", "assets", "rates", "forwards", "dividends", "volatility", "marks",
    "correlation", "depth", "confidence",
  ]

  let tree: Tree
  let root: ObjectReader
  let asOf: Instant
  let baseCurrency: Identifier
  /// Every asset that the list names, set aside or not.
  private(set) var listedAssets: [Identifier] = []
  private(set) var listed: Set<Identifier> = []
  private(set) var lost = LostQuotes()
  private var assets: [Asset] = []
  private var rates: [RateCurve] = []
  private var forwards: [ForwardQuote] = []
  private var dividends: [DividendYield] = []
  private var volatility: [VolatilitySlice] = []
  private var confidences: [OracleConfidence] = []
  private(set) var correlation: Correlation?
  var depths: [MarketDepth] = []
  private var entries = 0
  /// What was taken for granted, one sentence each.
  private(set) var notes: [String] = []

  init(_ tree: Tree) throws(DocumentError) {
    self.tree = tree
    do throws(ReadingFault) {
      root = try ObjectReader(
        tree.node, at: "", in: tree, keys: Self.keys, notBuilt: ["volatility_factors"])
      try root.schema("plimsoll.market/1")
      let (instant, found) = try root.cutInstant("as_of")
      asOf = instant
      if let found { notes.append("as_of: \(found) is taken to the second, as \(instant.text)") }
      baseCurrency = try root.identifier("base_currency")
    } catch { throw error.stop }
  }

  /// Reads every list and puts the market together; `instruments` tells what a mark may be of.
  mutating func market(
    instruments: InstrumentDirectory, log: inout FailureLog
  ) throws(DocumentError) -> MarketSnapshot {
    log.beginFile()
    var marks: [Mark] = []
    do throws(ReadingFault) {
      _ = try root.list("assets")
      try readAssets(&log)
      try readRates(&log)
      try readForwards(&log)
      try readDividends(&log)
      try readVolatility(&log)
      try readConfidence(&log)
      if let node = root["correlation"] {
        correlation = try CorrelationReader.read(node, in: tree, known: listedAssets + [baseCurrency])
      }
      marks = try readMarks(instruments, &log)
      try readDepth(instruments, &log)
    } catch { throw error.stop }
    try log.endFile(tree.file, rows: entries)
    return MarketSnapshot(
      asOf: asOf, baseCurrency: baseCurrency, assets: assets, rates: rates, forwards: forwards,
      dividends: dividends, volatility: volatility, marks: marks, correlation: correlation,
      confidences: confidences, depths: depths)
  }

  /// Reads each entry of a list; one that is wrong is set aside and handed to `losing`.
  mutating func each(
    _ list: String, keys: [String], _ log: inout FailureLog,
    losing: (inout Self, ObjectReader) -> Void = { _, _ in },
    _ read: (inout Self, ObjectReader, inout FailureLog) throws(ReadingFault) -> Void
  ) throws(ReadingFault) {
    for (place, node) in try root.optionalList(list).enumerated() {
      entries += 1
      let entry = try ObjectReader(node, at: "/\(list)/\(place)", in: tree, keys: keys)
      do throws(ReadingFault) {
        try read(&self, entry, &log)
      } catch {
        guard case .value(let failure) = error else { throw error }
        do throws(DocumentError) {
          try log.add(failure)
        } catch { throw .file(error) }
        losing(&self, entry)
      }
    }
  }

  /// A second quote of one thing leaves in doubt which is meant, so it stops the run.
  func twice(_ entry: ObjectReader, _ what: String) -> ReadingFault {
    .file(DocumentError(path: tree.path(entry.pointer), message: "found \(what) twice"))
  }

  /// Refuses a quote for something the market does not price: a misspelt name would be silence otherwise.
  func checkListed(
    _ entry: ObjectReader, _ key: String, _ id: Identifier, orBase: Bool = false
  ) throws(ReadingFault) {
    if listed.contains(id) || (orBase && id == baseCurrency) { return }
    let known = listedAssets.map(\.text) + (orBase ? [baseCurrency.text] : [])
    throw entry.fault(key, .invalid, Spelling.unknown("asset", id.text, known: known))
  }

  private func expiry(_ entry: ObjectReader) throws(ReadingFault) -> Instant {
    let expiry = try entry.instant("expiry")
    guard expiry > asOf else {
      throw entry.fault(
        "expiry", .invalid, "expected an expiry after as_of \(asOf.text), found \(expiry.text)")
    }
    return expiry
  }

  private static func lose(_ key: String, _ list: WritableKeyPath<LostQuotes, [Identifier]>)
    -> (inout Self, ObjectReader) -> Void
  {
    { reader, entry in
      // An entry that has expired takes nothing from what is still alive.
      if case .string(let text)? = entry["expiry"]?.value, let expiry = Instant(rfc3339: text),
        expiry <= reader.asOf
      {
        return
      }
      if case .string(let text)? = entry[key]?.value, let id = Identifier(text) {
        reader.lost[keyPath: list].append(id)
      }
    }
  }

  // MARK: Lists

  private mutating func readAssets(_ log: inout FailureLog) throws(ReadingFault) {
    let base = baseCurrency
    var seen: Set<Identifier> = []
    try each("assets", keys: ["asset", "spot", "stable"], &log) { reader, entry, _ throws(ReadingFault) in
      let id = try entry.identifier("asset")
      guard seen.insert(id).inserted else { throw reader.twice(entry, "the asset \(id)") }
      reader.listedAssets.append(id)
      reader.listed.insert(id)
      let spot = try entry.number("spot", .price)
      guard id != base || spot == 1 else {
        throw entry.fault("spot", .invalid, "expected 1 for the base currency, found \(spot)")
      }
      let isStable = try entry.flag("stable", absent: false)
      reader.assets.append(Asset(id: id, spot: spot, isStable: isStable))
    }
  }

  private mutating func readRates(_ log: inout FailureLog) throws(ReadingFault) {
    var seen: Set<Identifier> = []
    let losing = Self.lose("currency", \.currencies)
    try each("rates", keys: ["currency", "curve"], &log, losing: losing) {
      reader, entry, _ throws(ReadingFault) in
      let currency = try entry.identifier("currency")
      guard seen.insert(currency).inserted else {
        throw reader.twice(entry, "the curve of \(currency)")
      }
      try reader.checkListed(entry, "currency", currency, orBase: true)
      var years: [Double] = []
      var rates: [Double] = []
      for (place, node) in try entry.list("curve").enumerated() {
        let knot = try ObjectReader(
          node, at: "\(entry.pointer)/curve/\(place)", in: reader.tree, keys: ["years", "rate"])
        let time = try knot.number("years", .years)
        if let last = years.last, time <= last {
          throw knot.fault("years", .invalid, "expected times that increase, found \(time) after \(last)")
        }
        years.append(time)
        rates.append(try knot.number("rate", .rate))
      }
      guard !years.isEmpty else {
        throw entry.fault("curve", .missing, "expected at least one rate, found none")
      }
      reader.rates.append(RateCurve(currency: currency, years: years, rates: rates))
    }
  }

  private mutating func readForwards(_ log: inout FailureLog) throws(ReadingFault) {
    var seen: [Identifier: [Instant]] = [:]
    let losing = Self.lose("underlying", \.forwardUnderlyings)
    try each("forwards", keys: ["underlying", "expiry", "price", "fixed"], &log, losing: losing) {
      reader, entry, _ throws(ReadingFault) in
      let underlying = try entry.identifier("underlying")
      try reader.checkListed(entry, "underlying", underlying)
      let expiry = try reader.expiry(entry)
      guard seen[underlying]?.contains(expiry) != true else {
        throw reader.twice(entry, "the forward of \(underlying) at \(expiry.text)")
      }
      seen[underlying, default: []].append(expiry)
      let price = try entry.number("price", .price)
      let fixed = try entry.optionalNumber("fixed", .premium)
      guard (fixed ?? 0) <= price else {
        throw entry.fault("fixed", .invalid, "expected at most the price \(price), found \(fixed ?? 0)")
      }
      reader.forwards.append(
        ForwardQuote(underlying: underlying, expiry: expiry, price: price, fixed: fixed))
    }
  }

  private mutating func readDividends(_ log: inout FailureLog) throws(ReadingFault) {
    var seen: Set<Identifier> = []
    let losing = Self.lose("underlying", \.optionUnderlyings)
    try each("dividends", keys: ["underlying", "yield", "payments"], &log, losing: losing) {
      reader, entry, _ throws(ReadingFault) in
      let underlying = try entry.identifier("underlying")
      guard seen.insert(underlying).inserted else {
        throw reader.twice(entry, "the dividend yield of \(underlying)")
      }
      try reader.checkListed(entry, "underlying", underlying)
      guard entry["yield"] != nil || entry["payments"] != nil else {
        throw entry.fault("yield", .missing, "expected a yield, payments or both, found neither")
      }
      reader.dividends.append(
        DividendYield(
          underlying: underlying, rate: try entry.optionalNumber("yield", .rate) ?? 0,
          payments: try Self.payments(entry)))
    }
  }

  /// Payments of one underlying, each ex-date once.
  private static func payments(_ entry: ObjectReader) throws(ReadingFault) -> [DividendPayment] {
    guard entry["payments"] != nil else { return [] }
    var payments: [DividendPayment] = []
    for (place, node) in try entry.list("payments").enumerated() {
      let object = try ObjectReader(
        node, at: "\(entry.pointer)/payments/\(place)", in: entry.tree, keys: ["ex_date", "cash", "share"])
      let date = try object.instant("ex_date")
      guard !payments.contains(where: { $0.exDate == date }) else {
        throw object.fault("ex_date", .duplicate, "found two payments of one underlying at \(date.text)")
      }
      switch (object["cash"] != nil, object["share"] != nil) {
      case (true, false):
        payments.append(.init(exDate: date, amount: .cash(try object.number("cash", .premium))))
      case (false, true):
        payments.append(.init(exDate: date, amount: .share(try object.number("share", .dividendShare))))
      default:
        throw object.fault("cash", .invalid, "expected either cash or share, found both or neither")
      }
      guard payments.count <= mostPayments else {
        throw entry.fault("payments", .limit, "expected at most \(mostPayments) payments of one underlying")
      }
    }
    return payments
  }

  private static let mostPayments = 1_000

  private mutating func readVolatility(_ log: inout FailureLog) throws(ReadingFault) {
    var seen: [Identifier: [Instant]] = [:]
    let keys = ["underlying", "expiry", "strikes", "volatilities", "svi"]
    let losing = Self.lose("underlying", \.optionUnderlyings)
    try each("volatility", keys: keys, &log, losing: losing) {
      reader, entry, _ throws(ReadingFault) in
      let underlying = try entry.identifier("underlying")
      try reader.checkListed(entry, "underlying", underlying)
      let expiry = try reader.expiry(entry)
      guard seen[underlying]?.contains(expiry) != true else {
        throw reader.twice(entry, "the volatility of \(underlying) at \(expiry.text)")
      }
      seen[underlying, default: []].append(expiry)
      let shape = try VolatilityReader.shape(entry)
      reader.volatility.append(VolatilitySlice(underlying: underlying, expiry: expiry, shape: shape))
    }
  }

  private mutating func readConfidence(_ log: inout FailureLog) throws(ReadingFault) {
    var seen: Set<Identifier> = []
    try each("confidence", keys: ["asset", "confidence"], &log) { reader, entry, _ throws(ReadingFault) in
      let asset = try entry.identifier("asset")
      guard seen.insert(asset).inserted else {
        throw reader.twice(entry, "the confidence of \(asset)")
      }
      try reader.checkListed(entry, "asset", asset)
      reader.confidences.append(
        OracleConfidence(asset: asset, confidence: try entry.number("confidence", .fraction)))
    }
  }

  private mutating func readMarks(
    _ instruments: InstrumentDirectory, _ log: inout FailureLog
  ) throws(ReadingFault) -> [Mark] {
    var marks: [Mark] = []
    var seen: Set<Identifier> = []
    let losing = Self.lose("instrument", \.instruments)
    let keys = ["instrument", "price", "funding_rate_8h", "open_interest"]
    try each("marks", keys: keys, &log, losing: losing) { reader, entry, _ throws(ReadingFault) in
      let id = try entry.identifier("instrument")
      guard seen.insert(id).inserted else { throw reader.twice(entry, "the mark of \(id)") }
      switch instruments.definition(of: id) {
      case .found(let instrument):
        try reader.checkListed(entry, "instrument", instrument.underlying)
        if let expiry = instrument.expiry, expiry <= reader.asOf {
          throw entry.fault("instrument", .invalid, InstrumentDirectory.expired(id, expiry, reader.asOf))
        }
        let rule: FieldRule = instrument.kind == .option ? .premium : .price
        marks.append(
          Mark(
            instrument: id, price: try entry.number("price", rule),
            fundingRate8h: try entry.optionalNumber("funding_rate_8h", .funding),
            openInterest: try entry.optionalNumber("open_interest", .amount)))
      case .refused(let reason, let message):
        throw entry.fault("instrument", reason, message)
      }
    }
    return marks
  }
}
