import RiskDocuments

/// Figures as the page shows them: grouped thousands, one count of decimals for all money, a true minus sign.
struct PageFigure {
  /// Name of the base currency.
  let currency: String
  /// Decimals of every amount of money on the page.
  let decimals: Int

  /// Figures of a book whose largest amount is known: cents are noise beside ten thousands, and all there is
  /// to see of a book that is counted in coins.
  init(currency: String, largest: Double) {
    self.currency = currency
    decimals = largest.magnitude >= 10_000 ? 0 : largest.magnitude >= 10 ? 2 : 6
  }

  /// An amount of money.
  func money(_ value: Double?) -> String {
    Self.typeset(value.map { TextFigure.fixed($0, decimals: decimals) })
  }

  /// An amount of money with its currency.
  func amount(_ value: Double?) -> String {
    money(value) + "\u{A0}" + currency
  }

  /// A change of money: its sign is always there.
  func change(_ value: Double?) -> String {
    Self.signed(value) { money($0) }
  }

  /// A fraction as a percentage.
  static func percent(_ fraction: Double?) -> String {
    guard let fraction, fraction.isFinite else { return "n/a" }
    return typeset(TextFigure.fixed(fraction * 100, decimals: 1)) + "\u{202F}%"
  }

  /// How far a liquidation price is; 0 where there is none to wait for.
  static func distance(_ distance: Double?) -> String {
    distance.map { $0 == 0 ? "under" : percent($0) } ?? "none"
  }

  /// A relative move: its sign is always there.
  static func move(_ fraction: Double?) -> String {
    signed(fraction) { percent($0) }
  }

  /// A relative move in whole percents: `−25 %`.
  static func wholeMove(_ fraction: Double) -> String {
    signed(fraction) { typeset($0.map { TextFigure.fixed($0 * 100, decimals: 0) }) } + "\u{202F}%"
  }

  /// A price or a quantity, by its own size.
  static func price(_ value: Double?) -> String {
    typeset(value.map { TextFigure.price($0) })
  }

  /// A quantity with no more decimals than it has, at most six.
  static func quantity(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "n/a" }
    var decimals = 0
    while decimals < 6, abs(value * power(decimals) - (value * power(decimals)).rounded()) > 1e-9 {
      decimals += 1
    }
    return typeset(TextFigure.fixed(value, decimals: decimals))
  }

  /// A sensitivity: enough decimals to see a delta of 0.001 beside one of 1,000.
  static func sensitivity(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "n/a" }
    let decimals = value.magnitude >= 1_000 ? 0 : value.magnitude >= 10 ? 2 : value.magnitude >= 0.01 ? 4 : 8
    return typeset(TextFigure.fixed(value, decimals: value == 0 ? 0 : decimals))
  }

  /// A number with one or two decimals.
  static func number(_ value: Double?, decimals: Int = 2) -> String {
    typeset(value.map { TextFigure.fixed($0, decimals: decimals) })
  }

  /// A count.
  static func count(_ value: Int) -> String {
    typeset(TextFigure.fixed(Double(value), decimals: 0))
  }

  /// A count of something: `1 account`, `2 accounts`.
  static func count(_ value: Int, _ noun: String, _ nouns: String? = nil) -> String {
    "\(count(value))\u{A0}\(value == 1 ? noun : nouns ?? noun + "s")"
  }

  /// An amount on an axis: three digits and a letter.
  static func short(_ value: Double) -> String {
    let steps: [(scale: Double, letter: String)] = [(1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k")]
    for (scale, letter) in steps where value.magnitude >= scale {
      return trimmed(value / scale) + letter
    }
    return trimmed(value)
  }

  private static func trimmed(_ value: Double) -> String {
    for decimals in 0...2 {
      let scaled = value * power(decimals)
      if abs(scaled - scaled.rounded()) < 1e-6 * max(1, scaled.magnitude) {
        return typeset(TextFigure.fixed(value, decimals: decimals))
      }
    }
    return typeset(TextFigure.fixed(value, decimals: value.magnitude < 0.01 ? 6 : 2))
  }

  private static func signed(_ value: Double?, _ write: (Double?) -> String) -> String {
    let text = write(value)
    // What is rounded to nothing has no sign.
    guard let value, value > 0, text.utf8.contains(where: { (0x31...0x39).contains($0) }) else { return text }
    return "+" + text
  }

  private static func power(_ decimals: Int) -> Double {
    (0..<decimals).reduce(1.0) { power, _ in power * 10 }
  }

  private static func typeset(_ text: String?) -> String {
    guard let text else { return "n/a" }
    return text.hasPrefix("-") ? "\u{2212}" + text.dropFirst() : text
  }
}
