/// A number of a JSON text, with the digits it was written with.
public struct JSONNumber: Hashable, Sendable {
  /// As written, so that a decimal such as 0.99 can be held exactly.
  public let text: String
  /// The nearest double; nil where that is infinite (`1e400`).
  public let value: Double?

  /// A number from its digits.
  public init(text: String, value: Double?) {
    self.text = text
    self.value = value
  }
}

/// One value of a JSON text.
public enum JSONValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONNode])
  case object(JSONObject)

  /// What it is, for "found a string".
  public var kind: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .number(let number): "the number \(number.text)"
    case .string(let text): "the string \(Spelling.quoted(text))"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A value and the byte offset where it begins.
public struct JSONNode: Hashable, Sendable {
  public let value: JSONValue
  /// Byte offset in the text.
  public let offset: Int

  /// A node from its value and place.
  public init(value: JSONValue, offset: Int = 0) {
    self.value = value
    self.offset = offset
  }
}

/// A key and its value.
public struct JSONMember: Hashable, Sendable {
  public let key: String
  /// Byte offset of the key's quote.
  public let offset: Int
  public let node: JSONNode
}

/// The members of an object in the order of the text, each key once.
public struct JSONObject: Hashable, Sendable {
  public let members: [JSONMember]

  /// The value of a key.
  ///
  /// Keys are compared by bytes: Swift's own equality would take the Kelvin sign for a K.
  /// - Complexity: O(members).
  public subscript(key: String) -> JSONNode? {
    for member in members where member.key.utf8.elementsEqual(key.utf8) { return member.node }
    return nil
  }
}

/// A JSON text that was read whole.
public struct JSONDocument: Sendable {
  public let root: JSONNode
  /// The text itself, from which places are counted.
  public let bytes: [UInt8]

  /// Line and column of a node.
  public func place(of node: JSONNode) -> TextPlace {
    TextPlace(of: node.offset, in: bytes)
  }
}

/// Reference tokens of a path into a JSON text (RFC 6901).
public enum JSONPointer {
  /// `~` and `/` of a key as `~0` and `~1`; characters outside printable ASCII as `\u{…}`, so that a
  /// pointer is safe in a log line.
  public static func escaped(_ key: String) -> String {
    var text = ""
    for scalar in key.unicodeScalars.prefix(48) {
      switch scalar {
      case "~": text += "~0"
      case "/": text += "~1"
      case "!"..."}", " ": text.unicodeScalars.append(scalar)
      default: text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      }
    }
    return text
  }
}
