/// Swift source with comments and the text of string literals blanked.
///
/// What a comment says is then never mistaken for code. Interpolations stay, for they are code. Lines
/// and columns keep their place.
struct SwiftCode {
  /// One line of code.
  struct Line {
    let number: Int
    let bytes: [UInt8]

    /// The words of the line: runs of letters, digits and underscores.
    var words: [String] {
      bytes.split { !SwiftCode.isWord($0) }.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private let source: [UInt8]
  private var code: [UInt8]
  private var place = 0

  /// Blanks a source.
  init(_ source: [UInt8]) {
    self.source = source
    code = source
    while place < source.count { step() }
  }

  /// The lines, counted from 1.
  var lines: [Line] {
    code.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().map {
      Line(number: $0.offset + 1, bytes: Array($0.element))
    }
  }

  static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
    default: false
    }
  }

  /// The places of a `!` that follows a value: a forced unwrap, try, cast or implicitly unwrapped type.
  static func forcedPlaces(in line: [UInt8]) -> [Int] {
    line.indices.filter { index in
      guard line[index] == 0x21, index > 0 else { return false }
      if index + 1 < line.count, line[index + 1] == 0x3D { return false }
      let before = line[index - 1]
      return isWord(before) || before == 0x29 || before == 0x5D || before == 0x7D || before == 0x22
    }
  }

  private func starts(_ text: String) -> Bool {
    source[place...].starts(with: text.utf8)
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where place < source.count {
      if source[place] != 0x0A { code[place] = 0x20 }
      place += 1
    }
  }

  private mutating func step() {
    if starts("//") {
      while place < source.count, source[place] != 0x0A { blank() }
    } else if starts("/*") {
      blockComment()
    } else if starts("\"") || starts("#\"") || starts("##\"") {
      literal()
    } else {
      place += 1
    }
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        blank(2)
      } else if starts("*/") {
        depth -= 1
        blank(2)
      } else {
        blank()
      }
    } while depth > 0 && place < source.count
  }

  private mutating func literal() {
    let hashes = source[place...].prefix { $0 == 0x23 }.count
    place += hashes
    let pounds = String(repeating: "#", count: hashes)
    let quote = starts("\"\"\"") ? "\"\"\"" : "\""
    place += quote.utf8.count
    while place < source.count, !starts(quote + pounds) {
      if starts("\\" + pounds + "(") {
        blank(hashes + 1)
        interpolation()
      } else if hashes == 0, starts("\\") {
        blank(2)
      } else if quote.utf8.count == 1, source[place] == 0x0A {
        return
      } else {
        blank()
      }
    }
    place += quote.utf8.count + hashes
  }

  private mutating func interpolation() {
    var depth = 0
    repeat {
      if starts("(") { depth += 1 }
      if starts(")") { depth -= 1 }
      step()
    } while depth > 0 && place < source.count
  }
}
