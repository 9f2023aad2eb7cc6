/// A small risk parameter file of our own in the expanded unpacked format: corn and soybeans as invented contracts.
///
/// Corn: futures of March and July 2026 with a scan range of 1,000, a March call at 450; tiers of one month each,
/// 120 a spread, March in delivery at 50 a delta in spreads and 80 a delta left, 30 a short option. Soybeans: a future
/// of March with a scan range of 1,800. Corn against soybeans 1 : 2 at 65 %.
enum SpanSample {
  static let lines: [String] = {
    var lines = [
      record("0 ", (3, "OWN"), (9, "20260115"), (17, "S"), (36, "U2")),
      record("1 ", (3, "XOW"), (6, "01")),
      price("C", "FUT", strikePlaces: 0, factor: 5_000), price("OC", "OOF", strikePlaces: 2, factor: 5_000),
      price("S", "FUT", strikePlaces: 0, factor: 5_000),
      record(
        "2 ", (3, "XOW"), (7, "CORN"), (13, "0"), (14, "USD"), (17, "D"), (18, "P"), (23, "C"), (33, "FUT"),
        (39, "OC"), (49, "OOF")),
      record(
        "3 ", (3, "CORN"), (9, "10"), (11, "01"), (13, "202603"), (19, "202603"), (25, "02"), (27, "202607"),
        (33, "202607"), (69, "1000"), (73, "1000"), (77, "1100")),
      record(
        "C ", (3, "CORN"), (9, "10"), (11, "01"), (13, "02"), (15, "0000120"), (22, "01"), (24, "01"),
        (26, "01"), (28, "A"), (29, "02"), (31, "02"), (33, "01"), (35, "B")),
      record(
        "4 ", (3, "CORN"), (9, "10"), (11, "01"), (13, "01"), (15, "202603"), (21, "0000050"),
        (28, "0000080"),
        (63, "0000030"), (70, "100"), (73, "100"), (76, "100"), (79, "2")),
      record("2 ", (3, "XOW"), (7, "SOY"), (13, "1"), (14, "USD"), (23, "S"), (33, "FUT")),
      record(
        "3 ", (3, "SOY"), (9, "10"), (11, "01"), (13, "202601"), (19, "202612"), (77, "1100")),
      record("4 ", (3, "SOY"), (9, "01"), (63, "0000000")),
      record("5 ", (3, "GRN"), (13, "CORN"), (19, "SOY")),
      record(
        "6 ", (3, "GRN"), (6, "0001"), (10, "0650000"), (17, "XOW"), (21, "CORN"), (27, "0010000"), (34, "A"),
        (35, "XOW"), (39, "SOY"), (45, "0020000"), (52, "B")),
      record(
        "B ", (3, "XOW"), (6, "OC"), (16, "OOF"), (19, "202603"), (28, "202603"), (86, "010000"),
        (92, "20260220")),
    ]
    lines += contract("C", "FUT", "C", month: "202603", losses: future(1_000), delta: 10_000)
    lines += contract("C", "FUT", "C", month: "202607", losses: future(1_000), delta: 10_000)
    lines += contract(
      "OC", "OOF", "C", month: "202603", option: "202603", right: "C", strike: 45_000, losses: call,
      delta: 4_000)
    // Its risk exponent is 1: values are ten times what is written.
    lines += contract("S", "FUT", "S", month: "202603", losses: future(180), delta: 10_000)
    return lines
  }()

  static let bytes = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)

  /// Losses of a long future whose price scan range is worth `range`; extreme moves at 99 %.
  static func future(_ range: Int) -> [Int] {
    let third = range / 3
    let edge = [third, 2 * third, range].flatMap { [-$0, -$0, $0, $0] }
    return [0, 0] + edge + [-range * 99 / 100, range * 99 / 100]
  }

  /// Losses of a long call.
  static let call = [-60, 50, -250, -150, 90, 180, -480, -400, 190, 260, -740, -690, 250, 300, -400, 300]

  /// A record from fields at columns counted from 1.
  static func record(
    _ kind: String, _ fields: (column: Int, text: String)..., length: Int = 132
  ) -> String {
    record(kind, fields, length: length)
  }

  static func record(_ kind: String, _ fields: [(column: Int, text: String)], length: Int = 132) -> String {
    var bytes = [UInt8](repeating: 0x20, count: length)
    for (column, text) in [(1, kind)] + fields {
      for (offset, byte) in text.utf8.enumerated() { bytes[column - 1 + offset] = byte }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func price(_ code: String, _ type: String, strikePlaces: Int, factor: Int) -> String {
    record(
      "P ", (3, "XOW"), (6, code), (16, type), (34, "002"), (37, digits(strikePlaces, 3)),
      (42, digits(factor, 7) + "0000000"), (66, "USD"))
  }

  static func contract(
    _ code: String, _ type: String, _ underlying: String, month: String, option: String = "",
    right: String = "",
    strike: Int = 0, losses: [Int], delta: Int
  ) -> [String] {
    let values = losses.map { digits(abs($0), 5) + ($0 < 0 ? "-" : "+") }
    func half(_ kind: String, _ tail: String) -> String {
      record(
        kind, (3, "XOW"), (6, code), (16, underlying), (26, type), (29, right), (30, month), (39, option),
        (48, digits(strike, 7)), (55, tail))
    }
    return [
      half("81", values.prefix(9).joined()),
      half("82", values.dropFirst(9).joined() + digits(delta, 5) + "+"),
    ]
  }

  private static func digits(_ value: Int, _ width: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
