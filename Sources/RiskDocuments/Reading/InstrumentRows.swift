import MarketModel
import StructuredText

/// Reads the rows of `instruments.csv`.
///
/// A row completes what its name tells and must not contradict it: kind, strike, call or put, the day of
/// expiry and, for crypto contracts, the underlying are told by a name, and so is a quote asset that
/// stands in it. Exercise, multiplier, the time of day of expiry and a settlement that a spelling leaves
/// to its venue are the row's to say.
struct InstrumentRows {
  static let schema = RowSchema(
    known: [
      "instrument", "kind", "underlying", "quote_asset", "settlement_asset", "expiry", "strike",
      "option_type", "exercise", "multiplier", "inverse",
    ], required: ["instrument"])

  let reader: RowReader
  let id = 0
  private let kind = 1
  private let underlying = 2
  private let quote = 3
  private let settlement = 4
  private let expiry = 5
  private let strike = 6
  private let optionType = 7
  private let exercise = 8
  private let multiplier = 9
  private let inverse = 10

  init(_ table: RowTable) {
    reader = RowReader(table: table)
  }

  /// The contract of a row; `id` tells the name even of a row that is set aside.
  func instrument(_ row: Int, id name: inout Identifier?) throws(RowFault) -> Instrument {
    guard let id = try reader.optionalIdentifier(row, id) else { throw reader.missing(id) }
    name = id
    try reader.checkWidth(row)
    let told = try? InstrumentName.parse(id)
    let kind = try kind(row, told)
    let underlying = try agreed(
      row, underlying, told: told.flatMap { $0.isListed ? nil : $0.underlying }, absent: told?.underlying
    ) { row, column throws(RowFault) in try reader.optionalIdentifier(row, column) }
    let isInverse = try reader.optionalFlag(row, inverse) ?? told?.isInverse ?? false
    let quoteTold = told.flatMap { Self.names($0.quoteAsset, in: id) ? $0.quoteAsset : nil }
    let quote = try agreed(row, quote, told: quoteTold, absent: told?.quoteAsset) {
      row, column throws(RowFault) in try reader.optionalIdentifier(row, column)
    }
    let settlement = try settlement(row, underlying, quote, isInverse)
    let expiry = try expiry(row, kind, told)
    let strike = try strike(row, kind, told)
    let type = try type(row, kind, told)
    return Instrument(
      id: id, kind: kind, underlying: underlying, quoteAsset: quote, settlementAsset: settlement,
      expiry: expiry, strike: strike, optionType: type,
      exercise: try reader.optionalWord(row, exercise, ExerciseStyle.self) ?? told?.exercise ?? .european,
      multiplier: try reader.optionalNumber(row, multiplier, .multiplier) ?? told?.multiplier ?? 1,
      isInverse: isInverse, isListed: told?.isListed ?? false)
  }

  private func kind(_ row: Int, _ told: Instrument?) throws(RowFault) -> InstrumentKind {
    switch reader.table.content(row: row, column: kind) {
    case .absent:
      guard let told else { throw reader.missing(kind) }
      return told.kind
    case .text(let word):
      guard let kind = InstrumentKind(rawValue: word) else {
        let built = InstrumentKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw RowFault(
          column: kind, reason: .unsupported,
          message: "the kind \(Spelling.quoted(word)) is not built, expected one of \(built)")
      }
      if let told, told.kind != kind { throw contradiction(row, self.kind, told.kind.rawValue) }
      return kind
    default: throw reader.invalid(row, kind, "a kind of instrument")
    }
  }

  /// A cell that must say what the name tells, and stands in for it where the name is silent.
  private func agreed<Value: Equatable>(
    _ row: Int, _ column: Int, told: Value?, absent: Value?,
    _ read: (Int, Int) throws(RowFault) -> Value?
  ) throws(RowFault) -> Value {
    guard let value = try read(row, column) else {
      guard let absent else { throw reader.missing(column) }
      return absent
    }
    if let told, told != value { throw contradiction(row, column, "\(told)") }
    return value
  }

  private func contradiction(_ row: Int, _ column: Int, _ told: String) -> RowFault {
    reader.invalid(row, column, "\(told), as the name tells")
  }

  private func settlement(
    _ row: Int, _ underlying: Identifier, _ quote: Identifier, _ isInverse: Bool
  ) throws(RowFault) -> Identifier {
    let expected = isInverse ? underlying : quote
    guard let found = try reader.optionalIdentifier(row, settlement) else { return expected }
    guard found == expected else {
      throw RowFault(
        column: settlement, reason: .unsupported,
        message: "settlement in \(found) is not built for \(isInverse ? "an inverse" : "a linear") contract, "
          + "expected \(expected)")
    }
    return found
  }

  private func expiry(_ row: Int, _ kind: InstrumentKind, _ told: Instrument?) throws(RowFault) -> Instant? {
    guard !reader.table.isAbsent(row: row, column: expiry) else {
      guard kind != .perpetual else { return nil }
      guard let told = told?.expiry else { throw reader.missing(expiry) }
      return told
    }
    guard kind != .perpetual else { throw reader.invalid(row, expiry, "no expiry of a perpetual") }
    guard let found = Self.expiry(reader.table.textBytes(row: row, column: expiry), told?.isListed ?? false)
    else {
      throw reader.invalid(row, expiry, "a date such as 2026-03-27 or \(FieldText.instant)")
    }
    if let told = told?.expiry, told.dateText != found.dateText {
      throw contradiction(row, expiry, told.dateText)
    }
    return found
  }

  /// An instant, or a bare date at the hour of its venue.
  private static func expiry(_ bytes: ArraySlice<UInt8>?, _ isListed: Bool) -> Instant? {
    guard let bytes else { return nil }
    if let instant = Instant(rfc3339: bytes) { return instant }
    guard let date = Instant(date: bytes)?.civilDate else { return nil }
    return isListed
      ? Instant.newYorkClose(year: date.year, month: date.month, day: date.day)
      : Instant.cryptoExpiry(year: date.year, month: date.month, day: date.day)
  }

  private func strike(_ row: Int, _ kind: InstrumentKind, _ told: Instrument?) throws(RowFault) -> Double? {
    guard kind == .option else {
      guard reader.table.isAbsent(row: row, column: strike) else {
        throw reader.invalid(row, strike, "no strike of a \(kind.rawValue)")
      }
      return nil
    }
    return try agreed(row, strike, told: told?.strike, absent: told?.strike) {
      row, column throws(RowFault) in try reader.optionalNumber(row, column, .price)
    }
  }

  private func type(_ row: Int, _ kind: InstrumentKind, _ told: Instrument?) throws(RowFault) -> OptionType? {
    guard kind == .option else {
      guard reader.table.isAbsent(row: row, column: optionType) else {
        throw reader.invalid(row, optionType, "no option type of a \(kind.rawValue)")
      }
      return nil
    }
    return try agreed(row, optionType, told: told?.optionType, absent: told?.optionType) {
      row, column throws(RowFault) in try reader.optionalWord(row, column, OptionType.self)
    }
  }

  /// Whether an asset stands in a name between separators: `USDC` in `BTC_USDC-PERPETUAL`.
  private static func names(_ asset: Identifier, in id: Identifier) -> Bool {
    id.text.utf8.split { $0 == 0x2D || $0 == 0x5F }.dropFirst().contains { $0.elementsEqual(asset.text.utf8) }
  }
}
