/// Help for people: the nearest known name, and safe quotation of what was found.
public enum Spelling {
  /// The known name that a misspelt one was meant to be: at most two edits away, and fewer than half of its
  /// own letters, because a far-fetched guess sends the reader the wrong way.
  ///
  /// An edit inserts, drops or replaces one character or swaps two neighbours (Damerau 1964, in its
  /// restricted form); case does not count.
  ///
  /// - Parameters:
  ///   - name: what was found; only its first 128 bytes are looked at.
  ///   - known: the names that would have been right; the first of equally near ones wins.
  /// - Returns: nil when none is near.
  /// - Complexity: O(bytes of name × bytes of all known names).
  public static func nearest(_ name: String, in known: [String]) -> String? {
    let found = Array(name.lowercased().utf8.prefix(128))
    var best: String?
    var shortest = Int.max
    for candidate in known {
      let distance = Self.distance(found, Array(candidate.lowercased().utf8))
      if distance <= 2, 2 * distance < found.count, distance < shortest {
        shortest = distance
        best = candidate
      }
    }
    return best
  }

  /// The number of edits between two byte sequences.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    // Names whose lengths differ by more than any hint allows need no table.
    guard (left.count - right.count).magnitude <= 2 else { return Int.max }
    var before = Array(repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var least = Swift.min(previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = Swift.min(least, before[j - 1] + 1)
        }
        row.append(least)
      }
      before = previous
      previous = row
    }
    return previous[right.count]
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

  /// `unknown WHAT "NAME"; did you mean "NEAREST"`, the sentence for a misspelt key or column; where nothing
  /// is near, the names that would have been right, at most twelve.
  public static func unknown(_ what: String, _ name: String, known: [String]) -> String {
    let sentence = "unknown \(what) \(quoted(name))"
    if let near = nearest(name, in: known) { return sentence + "; did you mean \(quoted(near))" }
    guard !known.isEmpty else { return sentence }
    let names = known.prefix(12).map(quoted).joined(separator: ", ")
    return sentence + "; known are \(names)" + (known.count > 12 ? " and others" : "")
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
