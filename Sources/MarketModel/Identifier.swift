/// The name of an account, asset or instrument, held as checked ASCII bytes.
///
/// Swift compares strings by canonical equivalence, under which two different byte sequences can be
/// one dictionary key and two accounts can merge. An identifier therefore admits only the characters
/// `A-Z a-z 0-9 . _ : -` (and inner blanks, which OCC symbols hold), where text and bytes agree.
public struct Identifier: Hashable, Sendable, CustomStringConvertible {
  /// The longest identifier in bytes.
  public static let maximumLength = 64

  /// The characters, ASCII only.
  public let text: String

  /// Checks and wraps a text.
  ///
  /// - Parameter text: 1 to 64 characters of the set above, no blank at either end.
  /// - Returns: nil when the text is empty, too long, or has another character.
  public init?(_ text: String) {
    self.init(bytes: Array(text.utf8))
  }

  /// Checks and wraps UTF-8 bytes.
  ///
  /// - Parameter bytes: 1 to 64 bytes of the set above, no blank at either end.
  public init?(bytes: some Collection<UInt8>) {
    guard !bytes.isEmpty, bytes.count <= Self.maximumLength else { return nil }
    var last: UInt8 = 0
    for byte in bytes {
      guard Self.admits(byte) else { return nil }
      last = byte
    }
    guard bytes.first != 0x20, last != 0x20 else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// The characters, as they are.
  public var description: String { text }

  private static func admits(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x20, 0x2D, 0x2E, 0x3A, 0x5F: true
    default: false
    }
  }
}

extension Identifier: Comparable {
  /// Byte order, the order of every list in a report.
  public static func < (left: Identifier, right: Identifier) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

extension Array {
  /// The place of an identifier in a list that is in byte order of its identifiers, nil where it is absent.
  ///
  /// - Complexity: O(log(count)).
  package func place(of id: Identifier, by identifier: (Element) -> Identifier) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if identifier(self[middle]) < id { low = middle + 1 } else { high = middle }
    }
    return low < count && identifier(self[low]) == id ? low : nil
  }
}
