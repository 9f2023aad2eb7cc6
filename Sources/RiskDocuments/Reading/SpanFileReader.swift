public import MarketModel
import StructuredText

/// Reads a SPAN risk parameter file in the expanded unpacked positional format (`.pa2`).
///
/// Records 0, 2, 3, 4, 6, 8 (81 and 82), B, C, E, P and S are read; groups, exchanges, currencies, combinations and
/// the like say nothing that the requirement of futures and options needs and are passed over. A combined commodity
/// whose method is not built is refused with its reason, and its contracts stay unsupported; a credit whose method is
/// not built is left out, which can only raise a requirement. Layouts: CME Group, "Risk Parameter File Layouts for the
/// Positional Formats".
public enum SpanFileReader {
  /// The most records of a file.
  public static let recordLimit = 5_000_000

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: printable ASCII, a record a line.
  ///   - name: as errors call the file.
  /// - Throws: `DocumentError` at line and column for a record that is not known or too short, a field that is no
  ///   number, halves of an array that do not belong together, and a file without header or contracts.
  /// - Complexity: O(bytes).
  public static func read(_ bytes: [UInt8], name: String) throws(DocumentError) -> SpanFile {
    var assembly: SpanAssembly?
    var start = 0
    var number = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      number += 1
      var line = bytes[start..<end]
      if line.last == 0x0D { line = line.dropLast() }
      start = end + 1
      let record = SpanRecord(Array(line), file: name, line: number)
      guard number <= recordLimit else { throw record.fault(1, "found more than \(recordLimit) records") }
      if line.isEmpty { continue }
      if let bad = line.firstIndex(where: { $0 < 0x20 || $0 > 0x7E }) {
        throw record.fault(bad - line.startIndex + 1, "found a byte that is not printable ASCII")
      }
      guard assembly != nil else {
        assembly = try SpanAssembly(header: record)
        continue
      }
      try assembly?.add(record)
    }
    guard let assembly else {
      throw DocumentError(path: "\(name):1:1", message: "found no record; expected the header, record 0")
    }
    return try assembly.finished(line: max(number, 1))
  }
}

/// One line of the file and its fields, by columns counted from 1 as the layouts print them.
struct SpanRecord {
  let bytes: [UInt8]
  let file: String
  let line: Int

  init(_ bytes: [UInt8], file: String, line: Int) {
    self.bytes = bytes
    self.file = file
    self.line = line
  }

  func fault(_ column: Int, _ message: String) -> DocumentError {
    DocumentError(path: "\(file):\(line):\(column)", message: message)
  }

  /// The first two columns, `81` or `B `.
  var kind: String { text(1, 2) }

  /// A field without the blanks around it; empty where the line ends before it.
  func text(_ first: Int, _ last: Int) -> String {
    let field = bytes.dropFirst(first - 1).prefix(last - first + 1)
    let trimmed = field.drop { $0 == 0x20 }
    let end = trimmed.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? trimmed.startIndex
    return String(decoding: trimmed[trimmed.startIndex..<end], as: UTF8.self)
  }

  /// A whole number of digits; nil where the field is blank.
  func optionalNumber(_ first: Int, _ last: Int, _ name: String) throws(DocumentError) -> Int? {
    let field = text(first, last)
    guard !field.isEmpty else { return nil }
    var value = 0
    for byte in field.utf8 {
      guard byte >= 0x30, byte <= 0x39 else {
        throw fault(first, "found '\(field)' for \(name), expected digits")
      }
      // At most fourteen digits: no overflow.
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }

  /// A whole number of digits.
  func number(_ first: Int, _ last: Int, _ name: String) throws(DocumentError) -> Int {
    guard let value = try optionalNumber(first, last, name) else {
      throw fault(first, "found nothing for \(name), expected digits in columns \(first) to \(last)")
    }
    return value
  }

  /// Digits with an assumed decimal point; 0 where the field is blank.
  func decimal(_ first: Int, _ last: Int, places: Int, _ name: String) throws(DocumentError) -> Double {
    Double(try optionalNumber(first, last, name) ?? 0) / Self.power(places)
  }

  /// Digits, then a sign: a minus means negative, a blank or a plus not.
  func signed(_ first: Int, _ last: Int, places: Int = 0, _ name: String) throws(DocumentError) -> Double {
    let digits = Double(try number(first, last, name)) / Self.power(places)
    switch text(last + 1, last + 1) {
    case "-": return -digits
    case "+", "": return digits
    case let sign: throw fault(last + 1, "found '\(sign)' for the sign of \(name), expected + or -")
    }
  }

  /// A month written as CCYYMM; nil where it is blank or zeros.
  func month(_ first: Int, _ name: String) throws(DocumentError) -> Int? {
    guard let value = try optionalNumber(first, first + 5, name), value != 0 else { return nil }
    guard value % 100 <= 12, value / 100 > 0 else {
      throw fault(first, "found '\(text(first, first + 5))' for \(name), expected a month as CCYYMM")
    }
    // Month 00 stands for contracts without months, one period of the year.
    return value / 100 * 12 + max(value % 100, 1) - 1
  }

  /// A day or week code; 0 where it is blank or zeros, nil where it is no day of a month.
  func day(_ first: Int) -> Int? {
    let code = text(first, first + 1)
    guard !code.isEmpty else { return 0 }
    return Int(code).flatMap { (0...31).contains($0) ? $0 : nil }
  }

  /// 10 to a small whole power, by exact steps.
  static func power(_ places: Int) -> Double {
    var value = 1.0
    for _ in 0..<min(abs(places), 22) { value *= 10 }
    return places < 0 ? 1 / value : value
  }
}
