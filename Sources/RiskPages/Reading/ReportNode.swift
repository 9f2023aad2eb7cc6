public import StructuredText

/// Why a report cannot be shown: one place and one sentence.
public struct ReportFault: Error, Hashable, Sendable {
  /// Line and column, counted from 1; nil where the fault has no place in the text.
  public let place: TextPlace?
  /// JSON pointer such as `/book/margin`; empty for the root.
  public let path: String
  /// What was found and what was expected, without a full stop.
  public let message: String

  /// The line for stderr, after the name of the file.
  public var sentence: String {
    let place = place.map { ":\($0.line):\($0.column)" } ?? ""
    return "\(place)\(path.isEmpty ? "" : " (\(path))"): \(message)"
  }
}

/// A value of a report and the way to it.
///
/// What the report may leave out is nil or empty, as `null` is; what is there must have its kind. Keys that the
/// page does not know are passed over: a later report may say more.
struct ReportNode {
  let value: JSONValue
  private let offset: Int
  private let path: String
  private let bytes: [UInt8]

  /// The root of a document.
  init(_ document: JSONDocument) {
    self.init(document.root, path: "", bytes: document.bytes)
  }

  private init(_ node: JSONNode, path: String, bytes: [UInt8]) {
    value = node.value
    offset = node.offset
    self.path = path
    self.bytes = bytes
  }

  func fault(_ message: String) -> ReportFault {
    ReportFault(place: TextPlace(of: offset, in: bytes), path: path, message: message)
  }

  private func expected(_ what: String) -> ReportFault {
    fault("expected \(what), found \(value.kind)")
  }

  /// The value of a key; nil where it is absent or `null`.
  func optional(_ key: String) throws(ReportFault) -> ReportNode? {
    guard case .object(let object) = value else { throw expected("an object") }
    guard let node = object[key], node.value != .null else { return nil }
    return ReportNode(node, path: path + "/" + JSONPointer.escaped(key), bytes: bytes)
  }

  /// The value of a key that must be there.
  func member(_ key: String) throws(ReportFault) -> ReportNode {
    guard let node = try optional(key) else {
      throw fault("expected the key \(Spelling.quoted(key)) with a value, found none")
    }
    return node
  }

  /// The elements of a list; none where the key is absent.
  func list(_ key: String) throws(ReportFault) -> [ReportNode] {
    guard let node = try optional(key) else { return [] }
    guard case .array(let elements) = node.value else { throw node.expected("an array") }
    return elements.enumerated().map { place, element in
      ReportNode(element, path: "\(node.path)/\(place)", bytes: bytes)
    }
  }

  /// The members of an object in the order of the text; none where the key is absent.
  func members(_ key: String) throws(ReportFault) -> [(key: String, node: ReportNode)] {
    guard let node = try optional(key) else { return [] }
    return try node.members()
  }

  /// The members of this object in the order of the text.
  func members() throws(ReportFault) -> [(key: String, node: ReportNode)] {
    guard case .object(let object) = value else { throw expected("an object") }
    return object.members.map {
      ($0.key, ReportNode($0.node, path: path + "/" + JSONPointer.escaped($0.key), bytes: bytes))
    }
  }

  /// A figure; nil where the key is absent or `null`.
  func figure(_ key: String) throws(ReportFault) -> Double? {
    guard let node = try optional(key) else { return nil }
    return try node.number()
  }

  /// The value as a number.
  func number() throws(ReportFault) -> Double {
    guard case .number(let number) = value, let finite = number.value else { throw expected("a number") }
    return finite
  }

  /// A number with the digits it was written with; nil where the key is absent or `null`.
  func digits(_ key: String) throws(ReportFault) -> String? {
    guard let node = try optional(key) else { return nil }
    guard case .number(let number) = node.value else { throw node.expected("a number") }
    return number.text
  }

  /// A list of figures, `null` ones kept as nil; none where the key is absent.
  func figures(_ key: String) throws(ReportFault) -> [Double?] {
    try list(key).map { node throws(ReportFault) in
      if case .null = node.value { return nil }
      return try node.number()
    }
  }

  /// A text; nil where the key is absent or `null`.
  func text(_ key: String) throws(ReportFault) -> String? {
    guard let node = try optional(key) else { return nil }
    return try node.string()
  }

  /// A list of texts; none where the key is absent.
  func texts(_ key: String) throws(ReportFault) -> [String] {
    try list(key).map { node throws(ReportFault) in try node.string() }
  }

  private func string() throws(ReportFault) -> String {
    guard case .string(let text) = value else { throw expected("a string") }
    return text
  }

  /// A truth value; false where the key is absent or `null`.
  func flag(_ key: String) throws(ReportFault) -> Bool {
    guard let node = try optional(key) else { return false }
    guard case .boolean(let flag) = node.value else { throw node.expected("true or false") }
    return flag
  }
}
