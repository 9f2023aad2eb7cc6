import MarketModel

/// The records of a SPAN file as they come in, put together when all are there.
struct SpanAssembly {
  private var file: SpanFile
  /// How the values of a product are written; the place of its combined commodity.
  private struct Notation {
    var commodity: Int
    /// Arrays are multiplied by it.
    var scale: Double
  }
  private var notations: [SpanFile.Product: Notation] = [:]
  private struct Quotation {
    var strikePlaces: Int
    var isDecimal: Bool
    var valueFactor: Double?
  }
  private var quotations: [SpanFile.Product: Quotation] = [:]
  private struct SeriesKey: Hashable {
    var product: SpanFile.Product
    var futuresMonth: String
    var optionMonth: String
  }
  private struct Series {
    var scaling: Double
    var expiry: Int?
    /// Of this contract; nil where it is that of its product.
    var valueFactor: Double?
  }
  private var series: [SeriesKey: Series] = [:]
  private var commodities: [String: Int] = [:]
  private var exponents: [Double] = []
  /// Priority of the spread that was read last, by record.
  private var lastTierSpread: (commodity: Int, priority: Int, kind: String)?
  private var tierSpreads: [(commodity: Int, order: Int, priority: Int, spread: SpanFile.Spread)] = []
  private struct Inter {
    var group: String
    var priority: Int
    var rate: Double
    var legs: [(code: String, ratio: Double, isSideA: Bool)]
    var refusal: String?
  }
  private var inters: [Inter] = []
  private var half: (record: SpanRecord, losses: [Double])?
  private var raw: [RawContract] = []
  /// Kinds of contracts that are passed over, in the order in which they came.
  private var otherTypes: [String] = []

  private struct RawContract {
    var contract: SpanFile.Contract
    var key: SeriesKey
    var strikeDigits: Int
  }

  init(header: SpanRecord) throws(DocumentError) {
    guard header.kind == "0" else {
      throw header.fault(1, "found record '\(header.kind)' first, expected the header, record 0")
    }
    let format = header.text(36, 37)
    guard format == "U2" || format.isEmpty else {
      throw header.fault(36, "found file format '\(format)', expected U2, the expanded unpacked format")
    }
    file = SpanFile(name: header.file, businessDate: try header.number(9, 16, "the business date"))
  }

  mutating func add(_ record: SpanRecord) throws(DocumentError) {
    if let half, record.kind != "82" {
      throw record.fault(
        1, "found record '\(record.kind)' after record 81 of line \(half.record.line), expected 82")
    }
    switch record.kind {
    case "2": try addCommodity(record)
    case "3": try addTiers(record)
    case "4": try addDelivery(record)
    case "6": try addInterSpread(record)
    case "81": half = (record, try losses(record, count: 9))
    case "82": try addContract(record)
    case "B": try addSeries(record)
    case "C": try addTierSpread(record)
    case "E": try addSeriesSpread(record)
    case "P": try addPrice(record)
    case "S": try addScanning(record)
    case "1", "5", "9", "R", "T", "V", "X", "Y", "Z": break
    case "0": throw record.fault(1, "found a second header")
    default: throw record.fault(1, "found record '\(record.kind)', which the expanded format does not have")
    }
  }

  /// Place of the combined commodity that a record names.
  private func commodity(_ record: SpanRecord) throws(DocumentError) -> Int {
    let code = record.text(3, 8)
    guard let place = commodities[code] else {
      throw record.fault(3, "found combined commodity '\(code)', which no record 2 before it defines")
    }
    return place
  }

  private mutating func refuse(_ place: Int, _ reason: String) {
    if file.commodities[place].refusal == nil { file.commodities[place].refusal = reason }
  }

  private mutating func addCommodity(_ record: SpanRecord) throws(DocumentError) {
    let code = record.text(7, 12)
    guard !code.isEmpty else { throw record.fault(7, "found no combined commodity code") }
    let exchange = record.text(3, 5)
    let place = commodities[code] ?? file.commodities.count
    if place == file.commodities.count {
      commodities[code] = place
      file.commodities.append(SpanFile.Commodity(code: code, currency: record.text(14, 16)))
      exponents.append(SpanRecord.power(try record.optionalNumber(13, 13, "the risk exponent") ?? 0))
    }
    for slot in 0..<6 {
      let column = 23 + 16 * slot
      let product = SpanFile.Product(
        exchange: exchange, code: record.text(column, column + 9), type: record.text(column + 10, column + 12)
      )
      if product.code.isEmpty { continue }
      let places = try record.optionalNumber(column + 13, column + 13, "the decimal locator") ?? 0
      let isNegative = record.text(column + 14, column + 14) == "-"
      notations[product] = Notation(
        commodity: place, scale: exponents[place] / SpanRecord.power(isNegative ? -places : places))
      file.commodities[place].products.append(product)
    }
  }

  private mutating func addTiers(_ record: SpanRecord) throws(DocumentError) {
    let place = try commodity(record)
    let method = record.text(9, 10)
    guard ["10", "01", "1", "00", "0", ""].contains(method) else {
      return refuse(place, "inter-month method \(method) is not built")
    }
    for slot in 0..<4 {
      let column = 11 + 14 * slot
      guard let number = try record.optionalNumber(column, column + 1, "a tier"), number > 0,
        let first = try record.month(column + 2, "the first month of a tier"),
        let last = try record.month(column + 8, "the last month of a tier")
      else { continue }
      guard let from = record.day(81 + 4 * slot), let to = record.day(83 + 4 * slot) else {
        return refuse(place, "tiers by week are not built")
      }
      file.commodities[place].tiers.append(
        SpanFile.Tier(
          number: number, first: Self.period(first, from), last: Self.period(last, to == 0 ? Self.anyDay : to)
        ))
    }
    // Accounts with a heightened risk profile, as retail accounts have it.
    let ratio = try record.decimal(77, 80, places: 3, "the initial ratio")
    if ratio > 0 { file.commodities[place].initialRatio = max(1, ratio) }
  }

  private mutating func addDelivery(_ record: SpanRecord) throws(DocumentError) {
    let place = try commodity(record)
    let method = record.text(9, 10)
    if method == "10" {
      for (column, code) in [(15, 57), (37, 59)] {
        guard let month = try record.month(column, "a delivery month") else { continue }
        guard let day = record.day(code) else { return refuse(place, "deliveries by week are not built") }
        file.commodities[place].deliveries.append(
          SpanFile.Delivery(
            first: Self.period(month, day), last: Self.period(month, day == 0 ? Self.anyDay : day),
            spreadCharge: try record.decimal(column + 6, column + 12, places: 0, "a delivery charge"),
            outrightCharge: try record.decimal(column + 13, column + 19, places: 0, "a delivery charge")))
      }
    } else if !["01", "1", "00", "0", ""].contains(method) {
      refuse(place, "delivery method \(method) is not built")
    }
    // A further record with more delivery months need not say again what stands in the first.
    if !record.text(63, 69).isEmpty {
      file.commodities[place].shortOptionMinimum = try record.decimal(
        63, 69, places: 0, "the short option minimum")
    }
    let adjustment = try record.decimal(76, 78, places: 2, "the adjustment factor")
    if adjustment > 0 { file.commodities[place].adjustment = adjustment }
    if !record.text(79, 79).isEmpty {
      file.commodities[place].countsLargerSide = record.text(79, 79) == "1"
    }
  }

  private mutating func addScanning(_ record: SpanRecord) throws(DocumentError) {
    let place = try commodity(record)
    switch record.text(9, 10) {
    case "01", "1", "": break
    // Tiers for credits alone: without the credits the requirement is an upper bound.
    case "20", "23": leaveUncredited(place, "credits by tier are not built")
    case let method: refuse(place, "scanning method \(method) is not built")
    }
    let method = record.text(83, 83)
    if ["2", "3"].contains(method) {
      leaveUncredited(place, "method \(method) of the weighted price risk is not built")
    }
  }

  private mutating func leaveUncredited(_ place: Int, _ reason: String) {
    guard file.commodities[place].isCredited else { return }
    file.commodities[place].isCredited = false
    let code = file.commodities[place].code
    file.notes.append(
      "span: combined commodity \(code) of \(file.name) has no inter-commodity credit: \(reason)")
  }

  private mutating func addPrice(_ record: SpanRecord) throws(DocumentError) {
    let product = SpanFile.Product(
      exchange: record.text(3, 5), code: record.text(6, 15), type: record.text(16, 18))
    let places = record.text(37, 39)
    let isNegative = places.hasPrefix("-")
    let column = isNegative ? 38 : 37
    let digits = try record.optionalNumber(column, 39, "the strike decimal locator") ?? 0
    let exponent = try record.optionalNumber(74, 75, "the exponent of the contract value factor") ?? 0
    let factor =
      try record.decimal(42, 55, places: 7, "the contract value factor")
      * SpanRecord.power(record.text(73, 73) == "-" ? -exponent : exponent)
    quotations[product] = Quotation(
      strikePlaces: isNegative ? -digits : digits, isDecimal: ["", "0"].contains(record.text(41, 41)),
      valueFactor: factor > 0 ? factor : nil)
  }

  private mutating func addSeries(_ record: SpanRecord) throws(DocumentError) {
    let key = SeriesKey(
      product: SpanFile.Product(
        exchange: record.text(3, 5), code: record.text(6, 15), type: record.text(16, 18)),
      futuresMonth: Self.period(record.text(19, 26)), optionMonth: Self.period(record.text(28, 35)))
    let scaling = try record.decimal(86, 91, places: 4, "the delta scaling factor")
    let expiry = try record.optionalNumber(92, 99, "the expiration date")
    let exponent = try record.optionalNumber(143, 144, "the exponent of a contract's value factor") ?? 0
    let factor =
      try record.decimal(129, 142, places: 7, "a contract's value factor")
      * SpanRecord.power(record.text(145, 145) == "-" ? -exponent : exponent)
    series[key] = Series(
      scaling: scaling > 0 ? scaling : 1, expiry: expiry == 0 ? nil : expiry,
      valueFactor: factor > 0 ? factor : nil)
  }

  /// Later than any day of a month.
  private static let anyDay = 99

  /// A month, in some products with a day.
  private static func period(_ month: Int, _ day: Int) -> Int { month * 100 + day }

  /// A contract period as a key; zeros stand for none, as blanks do.
  private static func period(_ text: String) -> String { text.allSatisfy { $0 == "0" } ? "" : text }

  private mutating func addTierSpread(_ record: SpanRecord) throws(DocumentError) {
    let place = try commodity(record)
    let priority = try record.number(11, 12, "the spread priority")
    var legs: [SpanFile.Leg] = []
    var column = 22
    while column + 6 <= record.bytes.count, !record.text(column, column + 6).isEmpty {
      guard let tier = try record.optionalNumber(column + 2, column + 3, "a tier"), tier > 0 else { break }
      let ratio = try record.decimal(column + 4, column + 5, places: 0, "a spread ratio")
      legs.append(SpanFile.Leg(place: tier, ratio: ratio, isSideA: try side(record, column + 6)))
      column += 7
    }
    add(legs, charge: try record.decimal(15, 21, places: 0, "the charge"), place, priority, "C")
  }

  private mutating func addSeriesSpread(_ record: SpanRecord) throws(DocumentError) {
    let place = try commodity(record)
    let priority = try record.number(9, 13, "the spread priority")
    var legs: [SpanFile.Leg] = []
    for column in [21, 35, 49, 63] {
      guard let month = try record.optionalNumber(column, column + 3, "a contract month"), month > 0 else {
        continue
      }
      guard (1...12).contains(month % 100) else {
        throw record.fault(column, "found '\(record.text(column, column + 3))', expected a month as YYMM")
      }
      let period = (2_000 + month / 100) * 12 + month % 100 - 1
      let ratio = try record.decimal(column + 7, column + 12, places: 4, "a spread ratio")
      // A month is a tier of its own, numbered beyond those of a file, which have two digits.
      if !file.commodities[place].tiers.contains(where: { $0.number == period }) {
        file.commodities[place].tiers.append(
          SpanFile.Tier(
            number: period, first: Self.period(period, 0), last: Self.period(period, Self.anyDay)))
      }
      legs.append(SpanFile.Leg(place: period, ratio: ratio, isSideA: try side(record, column + 13)))
    }
    add(legs, charge: try record.decimal(14, 20, places: 0, "the charge"), place, priority, "E")
  }

  private mutating func add(
    _ legs: [SpanFile.Leg], charge: Double, _ place: Int, _ priority: Int, _ kind: String
  ) {
    let last = tierSpreads.count - 1
    if let known = lastTierSpread, known == (place, priority, kind), last >= 0 {
      tierSpreads[last].spread.legs += legs
    } else {
      tierSpreads.append((place, kind == "E" ? 0 : 1, priority, SpanFile.Spread(legs: legs, rate: charge)))
    }
    lastTierSpread = (place, priority, kind)
  }

  private func side(_ record: SpanRecord, _ column: Int) throws(DocumentError) -> Bool {
    switch record.text(column, column) {
    case "A": return true
    case "B": return false
    case let text: throw record.fault(column, "found '\(text)' for the side of a spread, expected A or B")
    }
  }

  private mutating func addInterSpread(_ record: SpanRecord) throws(DocumentError) {
    let group = record.text(3, 5)
    let priority = try record.number(6, 9, "the spread priority")
    var legs: [(code: String, ratio: Double, isSideA: Bool)] = []
    for column in [17, 35, 53, 71] where !record.text(column + 4, column + 9).isEmpty {
      let ratio = try record.decimal(column + 10, column + 16, places: 4, "a spread ratio")
      legs.append((record.text(column + 4, column + 9), ratio, try side(record, column + 17)))
    }
    let rate = try record.decimal(10, 16, places: 4, "the credit rate") / 100
    // A record has room for four legs: one that is full goes on in the next.
    if let last = inters.last, last.group == group, last.priority == priority, last.rate == rate,
      last.legs.count % 4 == 0
    {
      inters[inters.count - 1].legs += legs
      return
    }
    var refusal: String?
    let method = record.text(89, 90)
    if ["04", "4", "20"].contains(method) { refusal = "method \(method) is not built" }
    if record.text(101, 101) == "F" { refusal = "a flat credit is not built" }
    if refusal == nil, rate > 1 { refusal = "its credit is more than the risk" }
    inters.append(Inter(group: group, priority: priority, rate: rate, legs: legs, refusal: refusal))
  }

  private func losses(_ record: SpanRecord, count: Int) throws(DocumentError) -> [Double] {
    var found: [Double] = []
    for value in 0..<count {
      let column = 55 + 6 * value
      found.append(try record.signed(column, column + 4, "an array value"))
    }
    return found
  }

  private mutating func addContract(_ record: SpanRecord) throws(DocumentError) {
    guard let first = half else { throw record.fault(1, "found record 82 without the 81 before it") }
    guard
      first.record.bytes[2..<min(54, first.record.bytes.count)]
        == record.bytes[2..<min(54, record.bytes.count)]
    else { throw record.fault(3, "found another contract than record 81 of line \(first.record.line)") }
    half = nil
    let product = SpanFile.Product(
      exchange: record.text(3, 5), code: record.text(6, 15), type: record.text(26, 28))
    let losses = first.losses + (try losses(record, count: 7))
    let delta = try record.signed(97, 101, places: 4, "the composite delta")
    let key = SeriesKey(
      product: product, futuresMonth: Self.period(record.text(30, 37)),
      optionMonth: Self.period(record.text(39, 46)))
    guard ["FUT", "PHY", "OOF", "OOP"].contains(product.type) else {
      if !otherTypes.contains(product.type) { otherTypes.append(product.type) }
      return
    }
    let isOption = product.type.hasPrefix("O")
    let right = record.text(29, 29)
    guard isOption == (right == "C" || right == "P") else {
      throw record.fault(29, "found '\(right)' for the right of a contract of type \(product.type)")
    }
    guard let futuresMonth = try record.month(30, "the futures month") else { return }
    let optionMonth = try record.month(39, "the option month")
    let day = isOption ? record.text(45, 46) : record.text(36, 37)
    let contract = SpanFile.Contract(
      product: product, underlying: record.text(16, 25), commodity: -1,
      month: isOption ? optionMonth ?? futuresMonth : futuresMonth,
      period: Self.period(futuresMonth, record.day(36) ?? 0),
      day: Int(day).flatMap { $0 > 0 ? $0 : nil }, expiry: nil, isCall: isOption ? right == "C" : nil,
      strike: 0, valueFactor: nil, losses: losses, delta: delta, line: first.record.line)
    raw.append(
      RawContract(
        contract: contract, key: key,
        strikeDigits: try record.optionalNumber(48, 54, "the strike price") ?? 0))
  }
}

extension SpanAssembly {
  /// Everything that was read, each part in order.
  func finished(line: Int) throws(DocumentError) -> SpanFile {
    if let half { throw half.record.fault(1, "found record 81 without the 82 after it") }
    var file = file
    for entry in tierSpreads.sorted(by: {
      ($0.commodity, $0.order, $0.priority) < ($1.commodity, $1.order, $1.priority)
    }) { file.commodities[entry.commodity].spreads.append(entry.spread) }
    for place in file.commodities.indices {
      if let fault = Self.fault(of: file.commodities[place]), file.commodities[place].refusal == nil {
        file.commodities[place].refusal = fault
      }
    }
    var oddStrikes = 0
    for entry in raw {
      var contract = entry.contract
      // Products of no combined commodity cannot be held.
      guard let notation = notations[contract.product] else { continue }
      let quotation = quotations[contract.product]
      if contract.isCall != nil, let quotation, !quotation.isDecimal {
        oddStrikes += 1
        continue
      }
      contract.commodity = notation.commodity
      contract.strike = Double(entry.strikeDigits) / SpanRecord.power(quotation?.strikePlaces ?? 0)
      contract.valueFactor = quotation?.valueFactor
      contract.losses = contract.losses.map { $0 * notation.scale }
      if let terms = series[entry.key] {
        contract.delta *= terms.scaling
        contract.expiry = terms.expiry
        contract.valueFactor = terms.valueFactor ?? contract.valueFactor
      }
      file.contracts.append(contract)
    }
    guard !file.contracts.isEmpty else {
      throw DocumentError(
        path: "\(file.name):\(line):1", message: "found no contract of a combined commodity")
    }
    if oddStrikes > 0 {
      file.notes.append(
        "span: \(oddStrikes) options of \(file.name) are passed over: strikes in fractions are not built")
    }
    if !otherTypes.isEmpty {
      file.notes.append(
        "span: contracts of \(file.name) of type \(otherTypes.joined(separator: ", ")) are passed over")
    }
    for inter in inters.sorted(by: { $0.priority < $1.priority }) {
      let legs = inter.legs.compactMap { leg in
        commodities[leg.code].map { SpanFile.Leg(place: $0, ratio: leg.ratio, isSideA: leg.isSideA) }
      }
      if let refusal = inter.refusal {
        file.notes.append(
          "span: inter-commodity spread \(inter.priority) of \(file.name) is left out: \(refusal)")
      } else if Set(legs.map(\.isSideA)).count < 2, legs.count == inter.legs.count {
        file.notes.append(
          "span: inter-commodity spread \(inter.priority) of \(file.name) is left out: its legs are of one side"
        )
      } else if legs.contains(where: { $0.ratio <= 0 }) {
        file.notes.append(
          "span: inter-commodity spread \(inter.priority) of \(file.name) is left out: a ratio of 0")
      } else if legs.count == inter.legs.count, !legs.isEmpty {
        file.interSpreads.append(SpanFile.Spread(legs: legs, rate: inter.rate))
      }
    }
    for commodity in file.commodities {
      guard let refusal = commodity.refusal else { continue }
      file.notes.append(
        "span: combined commodity \(commodity.code) of \(file.name) is unsupported: \(refusal)")
    }
    return file
  }
  /// Spreads that could never form would leave their charges out.
  private static func fault(of commodity: SpanFile.Commodity) -> String? {
    for spread in commodity.spreads {
      for leg in spread.legs {
        if !commodity.tiers.contains(where: { $0.number == leg.place }) {
          return "a spread on tier \(leg.place), which no record 3 defines"
        }
        if leg.ratio <= 0 { return "a spread with a ratio of 0" }
      }
    }
    return nil
  }
}
