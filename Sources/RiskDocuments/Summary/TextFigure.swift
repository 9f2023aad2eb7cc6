/// Figures as people read them on a terminal: grouped thousands, fixed decimals, no exponent.
///
/// These texts are for eyes; documents carry the shortest digits that read back to the same double.
package enum TextFigure {
  /// An amount of money: two decimals below ten thousand, none from there on; `n/a` where there is none.
  package static func money(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "n/a" }
    return fixed(value, decimals: value.magnitude < 10_000 ? 2 : 0)
  }

  /// A price: enough decimals to tell a coin of 65,000 from one of 0.0001.
  package static func price(_ value: Double) -> String {
    switch value.magnitude {
    case 1_000...: fixed(value, decimals: 1)
    case 1...: fixed(value, decimals: 2)
    default: fixed(value, decimals: 6)
    }
  }

  /// A count that is whole more often than not.
  static func count(_ value: Double) -> String {
    fixed(value, decimals: value == value.rounded() ? 0 : 2)
  }

  /// A fraction as a percentage with one decimal.
  static func percent(_ fraction: Double?) -> String {
    guard let fraction, fraction.isFinite else { return "n/a" }
    return fixed(fraction * 100, decimals: 1) + " %"
  }

  /// A number with a fixed count of decimals and grouped thousands; ties are rounded away from zero.
  ///
  /// - Parameter decimals: 0 to 9.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "n/a" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let rounded = (value.magnitude * scale).rounded()
    // Past 2^53 the digits below a unit are gone anyway: say the double as it is.
    guard rounded < 9_007_199_254_740_992, let units = Int64(exactly: rounded) else {
      return value.description
    }
    let divisor = Int64(exactly: scale) ?? 1
    var text = grouped(units / divisor)
    if decimals > 0 {
      let fraction = String(units % divisor)
      text += "." + String(repeating: "0", count: max(0, decimals - fraction.utf8.count)) + fraction
    }
    return value < 0 && units > 0 ? "-" + text : text
  }

  private static func grouped(_ value: Int64) -> String {
    let digits = Array(String(value).utf8)
    var bytes: [UInt8] = []
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { bytes.append(0x2C) }
      bytes.append(digit)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Colours of a terminal, or none.
struct TextStyle {
  var isColoured: Bool

  func heading(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }
  func alarm(_ text: String) -> String { paint(text, "31") }
  func warning(_ text: String) -> String { paint(text, "33") }

  /// A use of equity: red from the edge of liquidation on, yellow from four fifths of the way.
  func use(_ text: String, _ use: Double) -> String {
    if use >= 1 { return alarm(text) }
    return use >= 0.8 ? warning(text) : text
  }

  /// A text in red where the figure behind it is negative.
  func signed(_ text: String, _ value: Double) -> String { value < 0 ? alarm(text) : text }

  private func paint(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
