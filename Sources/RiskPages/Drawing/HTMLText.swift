/// Text of anybody's making as text of a page: what would be markup is escaped, what would be invisible or
/// would turn the line around is spelt out.
enum HTMLText {
  /// Appends a text between two tags or between two double quotes.
  ///
  /// `&`, `<`, `>`, `"` and `'` become references. Control characters, marks that change the direction of
  /// writing, blanks without width and what is no character become `\u{…}`, so that nobody is shown another
  /// name than the one that is there.
  static func append(_ text: String, to bytes: inout [UInt8]) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": bytes += "&amp;".utf8
      case "<": bytes += "&lt;".utf8
      case ">": bytes += "&gt;".utf8
      case "\"": bytes += "&quot;".utf8
      case "'": bytes += "&#39;".utf8
      default:
        if isVisible(scalar) {
          bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        } else {
          bytes += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".utf8
        }
      }
    }
  }

  /// A text as it stands in a page.
  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    append(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A name that fits into so many characters: the middle is left out, since names differ at their ends.
  static func shortened(_ text: String, to limit: Int) -> String {
    let scalars = Array(text.unicodeScalars.prefix(4_097))
    guard scalars.count > limit, limit > 4 else { return text }
    let tail = (limit - 1) / 2
    var short = String.UnicodeScalarView()
    short.append(contentsOf: scalars.prefix(limit - 1 - tail))
    short.append("…")
    short.append(contentsOf: scalars.suffix(tail))
    return String(short)
  }

  /// Whether a reader sees the character, and sees it where it stands.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    // Blanks are fine but for those that are none to the eye, which are formats, not separators.
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
