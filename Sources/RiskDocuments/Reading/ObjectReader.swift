import MarketModel
import StructuredText

/// What is wrong while a JSON document is turned into values.
enum ReadingFault: Error {
  /// The file is wrong.
  case file(DocumentError)
  /// Only the value at this place is: an entry of a list can be set aside for it.
  case value(Failure)

  /// The fault as the end of the run.
  var stop: DocumentError {
    switch self {
    case .file(let error): error
    case .value(let failure): DocumentError(path: failure.path, message: failure.message)
    }
  }
}

/// An object of a document whose keys were checked against the known ones.
///
/// A value that is missing or out of its range is a fault of the value; an unknown key is a fault of the
/// file, because it may be the misspelling of an optional one.
struct ObjectReader {
  let tree: Tree
  let pointer: String
  let offset: Int
  private let object: JSONObject

  /// - Parameter notBuilt: keys of the contract that no figure of this version uses: not misspelt, but refused.
  init(
    _ node: JSONNode, at pointer: String, in tree: Tree, keys: [String], notBuilt: [String] = []
  ) throws(ReadingFault) {
    guard case .object(let object) = node.value else {
      throw .value(
        Failure(
          path: tree.path(pointer), reason: .invalid, message: "expected an object, found \(node.value.kind)")
      )
    }
    for member in object.members where !keys.contains(where: { $0.utf8.elementsEqual(member.key.utf8) }) {
      if notBuilt.contains(where: { $0.utf8.elementsEqual(member.key.utf8) }) {
        throw .file(
          DocumentError(
            kind: .usage, path: tree.path(pointer + "/" + member.key),
            message: "\(member.key) is not built in this version; leave the key out"))
      }
      throw .file(
        DocumentError(
          path: tree.path(pointer + "/" + JSONPointer.escaped(member.key)),
          message: Spelling.unknown("key", member.key, known: keys)))
    }
    self.tree = tree
    self.pointer = pointer
    self.object = object
    offset = node.offset
  }

  /// The value of a key, nil where it is absent.
  subscript(key: String) -> JSONNode? { object[key] }

  /// A fault at a key.
  func fault(_ key: String, _ reason: FailureReason, _ message: String) -> ReadingFault {
    .value(Failure(path: tree.path(pointer + "/" + key), reason: reason, message: message))
  }

  /// The value of a key that must be there.
  func node(_ key: String) throws(ReadingFault) -> JSONNode {
    guard let node = object[key] else {
      throw .value(
        Failure(
          path: tree.path(pointer + "/" + key), reason: .missing,
          message: "expected the key \(Spelling.quoted(key)), found none"))
    }
    return node
  }

  /// Refuses another document than the one named; the key may be absent.
  func schema(_ name: String) throws(ReadingFault) {
    guard let node = object["schema"] else { return }
    guard case .string(let found) = node.value, found.utf8.elementsEqual(name.utf8) else {
      throw fault("schema", .invalid, "expected \(Spelling.quoted(name)), found \(node.value.kind)")
    }
  }

  /// A number inside its range.
  func number(_ key: String, _ rule: FieldRule) throws(ReadingFault) -> Double {
    try Self.number(try node(key), rule, at: pointer + "/" + key, in: tree)
  }

  /// A number inside its range, nil where the key is absent.
  func optionalNumber(_ key: String, _ rule: FieldRule) throws(ReadingFault) -> Double? {
    guard let node = object[key] else { return nil }
    return try Self.number(node, rule, at: pointer + "/" + key, in: tree)
  }

  static func number(
    _ node: JSONNode, _ rule: FieldRule, at pointer: String, in tree: Tree
  ) throws(ReadingFault) -> Double {
    guard case .number(let number) = node.value, let value = number.value else {
      throw .value(
        Failure(
          path: tree.path(pointer), reason: .invalid,
          message: "expected \(rule.expected), found \(node.value.kind)"))
    }
    guard rule.admits(value) else {
      throw .value(Failure(path: tree.path(pointer), reason: .invalid, message: rule.refusal(value)))
    }
    return value
  }

  /// A list of numbers, each inside the range.
  func numbers(_ key: String, _ rule: FieldRule) throws(ReadingFault) -> [Double] {
    let elements = try list(key)
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for (place, element) in elements.enumerated() {
      numbers.append(try Self.number(element, rule, at: "\(pointer)/\(key)/\(place)", in: tree))
    }
    return numbers
  }

  /// The elements of a list that must be there.
  func list(_ key: String) throws(ReadingFault) -> [JSONNode] {
    let node = try node(key)
    guard case .array(let elements) = node.value else {
      throw fault(key, .invalid, "expected an array, found \(node.value.kind)")
    }
    return elements
  }

  /// The elements of a list, none where the key is absent.
  func optionalList(_ key: String) throws(ReadingFault) -> [JSONNode] {
    object[key] == nil ? [] : try list(key)
  }

  /// A text.
  func text(_ key: String) throws(ReadingFault) -> String {
    let node = try node(key)
    guard case .string(let text) = node.value else {
      throw fault(key, .invalid, "expected a string, found \(node.value.kind)")
    }
    return text
  }

  /// An id.
  func identifier(_ key: String) throws(ReadingFault) -> Identifier {
    let node = try node(key)
    return try Self.identifier(node, at: pointer + "/" + key, in: tree)
  }

  static func identifier(
    _ node: JSONNode, at pointer: String, in tree: Tree
  ) throws(ReadingFault) -> Identifier {
    if case .string(let text) = node.value, let id = Identifier(text) { return id }
    throw .value(
      Failure(
        path: tree.path(pointer), reason: .invalid,
        message: "expected \(FieldText.identifier), found \(node.value.kind)"))
  }

  /// An instant with its zone.
  func instant(_ key: String) throws(ReadingFault) -> Instant {
    let node = try node(key)
    if case .string(let text) = node.value, let instant = Instant(rfc3339: text) { return instant }
    throw fault(key, .invalid, "expected \(FieldText.instant), found \(node.value.kind)")
  }

  /// An instant with its zone, cut to the whole second; `found` is its text where that took something away.
  func cutInstant(_ key: String) throws(ReadingFault) -> (instant: Instant, found: String?) {
    if case .string(let text) = try node(key).value, let whole = Instant(cutting: text) {
      return (whole, Instant(rfc3339: text) == nil ? text : nil)
    }
    return (try instant(key), nil)
  }

  /// A truth value, `absent` where the key is absent.
  func flag(_ key: String, absent: Bool) throws(ReadingFault) -> Bool {
    guard let node = object[key] else { return absent }
    guard case .boolean(let value) = node.value else {
      throw fault(key, .invalid, "expected true or false, found \(node.value.kind)")
    }
    return value
  }
}

/// What fields of text are expected to hold.
enum FieldText {
  static let identifier = "an id of 1 to 64 characters of A-Z a-z 0-9 . _ : - and inner blanks"
  static let instant = "an instant with its zone such as 2026-02-05T21:29:37Z"
}
