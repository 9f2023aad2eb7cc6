/// Help for people: the nearest known name, and safe quotation of what was found.
public enum Spelling {
  /// The known name that takes the fewest single-character edits to reach (Levenshtein 1966).
  ///
  /// - Parameters:
  ///   - name: what was found; only its first 128 bytes are looked at.
  ///   - known: the names that would have been right; the first of equally near ones wins.
  /// - Returns: nil when `known` is empty.
  /// - Complexity: O(bytes of name × bytes of all known names).
  public static func nearest(_ name: String, in known: [String]) -> String? {
    let found = Array(name.utf8.prefix(128))
    var best: String?
    var shortest = Int.max
    for candidate in known {
      let distance = Self.distance(found, Array(candidate.utf8))
      if distance < shortest {
        shortest = distance
        best = candidate
      }
    }
    return best
  }

  /// The Levenshtein distance of two byte sequences.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (lineNumber, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = lineNumber + 1
      for (place, other) in right.enumerated() {
        let substituted = diagonal + (byte == other ? 0 : 1)
        diagonal = row[place + 1]
        row[place + 1] = Swift.min(substituted, Swift.min(row[place], diagonal) + 1)
      }
    }
    return row[right.count]
  }

  /// A text between double quotes that is safe in a log line: printable ASCII as it is, everything
  /// else as `\u{…}`, cut after 48 characters.
  public static func quoted(_ text: String) -> String {
    var shown = "\""
    var count = 0
    for scalar in text.unicodeScalars {
      if count == 48 {
        shown += "…"
        break
      }
      switch scalar {
      case "\"", "\\": shown += "\\" + String(scalar)
      case " "..."~": shown.unicodeScalars.append(scalar)
      default: shown += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      }
      count += 1
    }
    return shown + "\""
  }

  /// "unknown WHAT NAME, did you mean NEAREST", the sentence for a misspelt key or column.
  public static func unknown(_ what: String, _ name: String, known: [String]) -> String {
    let hint = nearest(name, in: known).map { "; did you mean \(quoted($0))" } ?? ""
    return "unknown \(what) \(quoted(name))\(hint)"
  }

  /// One byte as `0x1F`.
  static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return byte < 16 ? "0x0\(digits)" : "0x\(digits)"
  }

  /// What stands at a place of a text, for "found …".
  static func found(_ bytes: [UInt8], at place: Int) -> String {
    guard place < bytes.count, place >= 0 else { return "the end of the text" }
    let byte = bytes[place]
    if byte == 0x0A || byte == 0x0D { return "the end of the line" }
    if (0x21...0x7E).contains(byte) { return "'" + String(decoding: [byte], as: UTF8.self) + "'" }
    return "the byte " + hex(byte)
  }
}
