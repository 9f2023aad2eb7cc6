import RiskNumerics
import StructuredText

/// The forwards and volatility quotes of a `market.json`, as far as tests ask.
struct Quotes {
  struct Slice {
    let underlying: String
    let expiry: String
    let strikes: [Double]
    let volatilities: [Double]
  }

  private(set) var forwards: [(underlying: String, expiry: String, price: Double)] = []
  /// Slices quoted by strike.
  private(set) var slices: [Slice] = []
  private(set) var marks: [(instrument: String, price: Double)] = []

  init(_ document: JSONDocument) throws {
    for row in Self.list("forwards", of: document.root) {
      forwards.append((Self.text("underlying", row), Self.text("expiry", row), Self.number("price", row)))
    }
    for row in Self.list("volatility", of: document.root) where row.member("svi") == nil {
      slices.append(
        Slice(
          underlying: Self.text("underlying", row), expiry: Self.text("expiry", row),
          strikes: Self.numbers("strikes", row), volatilities: Self.numbers("volatilities", row)))
    }
    for row in Self.list("marks", of: document.root) {
      marks.append((Self.text("instrument", row), Self.number("price", row)))
    }
  }

  func forward(_ underlying: String, _ expiry: String) -> Double? {
    forwards.first { $0.underlying == underlying && $0.expiry == expiry }?.price
  }

  /// Whether a dated contract of the sample desk has a forward, and its strike a quote.
  func covers(contract name: String) -> Bool {
    let parts = name.split(separator: "-").map(String.init)
    guard parts.count == 2 || parts.count == 4 else { return false }
    let underlying = String(parts[0].prefix { $0 != "_" })
    let expiry = Self.instant(parts[1])
    guard forward(underlying, expiry) != nil else { return false }
    if parts.count == 2 { return true }
    guard let strike = Double(parts[2]), parts[3] == "C" || parts[3] == "P" else { return false }
    return underlying == "SOL"
      || slices.contains { $0.underlying == underlying && $0.expiry == expiry && $0.strikes.contains(strike) }
  }

  /// `27MAR26` as `2026-03-27T08:00:00Z`.
  private static func instant(_ label: String) -> String {
    let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    let day = label.dropLast(5)
    let month = months.firstIndex(of: String(label.dropLast(2).suffix(3))).map { $0 + 1 } ?? 0
    return "20" + label.suffix(2) + "-" + (month < 10 ? "0" : "") + String(month) + "-"
      + (day.utf8.count < 2 ? "0" : "") + day + "T08:00:00Z"
  }

  private static func list(_ key: String, of node: JSONNode) -> [JSONNode] {
    if case .array(let nodes)? = node.member(key)?.value { return nodes }
    return []
  }

  private static func text(_ key: String, _ node: JSONNode) -> String {
    if case .string(let text)? = node.member(key)?.value { return text }
    return ""
  }

  private static func number(_ key: String, _ node: JSONNode) -> Double {
    if case .number(let number)? = node.member(key)?.value { return number.value ?? .nan }
    return .nan
  }

  private static func numbers(_ key: String, _ node: JSONNode) -> [Double] {
    list(key, of: node).map { if case .number(let number) = $0.value { number.value ?? .nan } else { .nan } }
  }
}

extension JSONNode {
  /// The value of a key, nil where this is no object or has no such key.
  func member(_ key: String) -> JSONNode? {
    if case .object(let object) = value { return object[key] }
    return nil
  }
}
