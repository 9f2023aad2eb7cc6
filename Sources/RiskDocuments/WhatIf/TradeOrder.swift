public import MarketModel
import StructuredText

/// A trade that somebody thinks about: not in the book yet.
public struct TradeOrder: Hashable, Sendable {
  /// Place of the account in `Book.accounts`.
  public var account: Int
  public var instrument: Instrument
  /// In the instrument's own contract unit, signed, not 0.
  public var quantity: Double
  /// In the quote asset (of an option in its settlement asset); nil is the engine's mark.
  public var price: Double?
  /// Where it was given: `trades.csv:3` or `--trade`.
  public var path: String

  /// An order from its parts.
  public init(account: Int, instrument: Instrument, quantity: Double, price: Double? = nil, path: String) {
    self.account = account
    self.instrument = instrument
    self.quantity = quantity
    self.price = price
    self.path = path
  }
}

/// What is wrong with an order given in words.
public struct TradeFault: Error, Hashable, Sendable {
  /// `account_id`, `instrument`, `quantity` or `price`; nil where it is the order as a whole.
  public let field: String?
  public let reason: FailureReason
  /// One sentence: what was found and what was expected.
  public let message: String
}

/// The contracts that trades on a book may name: those of its `instruments.csv`, and names that tell everything.
public struct ContractNames: Sendable {
  let directory: InstrumentDirectory
  let asOf: Instant

  /// The contract of a name.
  ///
  /// - Throws: `TradeFault` where the name is none, or the contract has expired.
  public func instrument(named text: String) throws(TradeFault) -> Instrument {
    guard let id = Identifier(text) else {
      throw TradeFault(
        field: "instrument", reason: .invalid,
        message: "expected \(FieldText.identifier), found \(Spelling.quoted(text))")
    }
    switch directory.definition(of: id) {
    case .refused(let reason, let message):
      throw TradeFault(field: "instrument", reason: reason, message: message)
    case .found(let instrument):
      if let expiry = instrument.expiry, expiry <= asOf {
        throw TradeFault(
          field: "instrument", reason: .invalid, message: InstrumentDirectory.expired(id, expiry, asOf))
      }
      return instrument
    }
  }

  /// Reads `ACCOUNT,INSTRUMENT,QUANTITY` with an optional `,PRICE`.
  ///
  /// - Parameter path: what the order is called in failures.
  public func order(_ text: String, accounts: [Identifier], path: String) throws(TradeFault) -> TradeOrder {
    let cells = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
    guard cells.count == 3 || cells.count == 4 else {
      throw TradeFault(
        field: nil, reason: .invalid,
        message: "expected ACCOUNT,INSTRUMENT,QUANTITY or ACCOUNT,INSTRUMENT,QUANTITY,PRICE, found "
          + Spelling.quoted(text))
    }
    let account = try Self.account(cells[0], among: accounts)
    let instrument = try instrument(named: cells[1])
    let quantity = try Self.number("quantity", cells[2], .quantity)
    guard quantity != 0 else { throw Self.zero }
    let price = cells.count == 4 ? try Self.number("price", cells[3], Self.priceRule(instrument)) : nil
    return TradeOrder(
      account: account, instrument: instrument, quantity: quantity, price: price, path: path)
  }

  static let zero = TradeFault(
    field: "quantity", reason: .invalid, message: "expected a quantity that is not 0, found 0")

  static func priceRule(_ instrument: Instrument) -> FieldRule {
    instrument.kind == .option ? .premium : .price
  }

  static func account(_ text: String, among accounts: [Identifier]) throws(TradeFault) -> Int {
    if let id = Identifier(text), let place = accounts.place(of: id, by: { $0 }) { return place }
    throw TradeFault(
      field: "account_id", reason: .missing,
      message: "no account \(Spelling.quoted(text)) in the book"
        + (Spelling.nearest(text, in: accounts.map(\.text)).map { "; did you mean \(Spelling.quoted($0))?" }
          ?? ""))
  }

  private static func number(_ field: String, _ text: String, _ rule: FieldRule) throws(TradeFault) -> Double
  {
    guard case .finite(let value) = NumberText.read(text) else {
      throw TradeFault(
        field: field, reason: .invalid, message: "expected \(rule.expected), found \(Spelling.quoted(text))")
    }
    guard rule.admits(value) else {
      throw TradeFault(field: field, reason: .invalid, message: rule.refusal(value))
    }
    return value
  }

  private static func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8[...]
    while bytes.first == 0x20 { bytes.removeFirst() }
    while bytes.last == 0x20 { bytes.removeLast() }
    return String(Substring(bytes))
  }
}
