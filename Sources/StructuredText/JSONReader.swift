/// A strict reader of JSON (RFC 8259): what the grammar does not allow is refused with its place.
///
/// Beyond the grammar it refuses duplicate keys, a byte order mark, broken UTF-8, half surrogates and
/// whatever passes `TextLimits`. Numbers that overflow are kept without a value, so that the caller
/// can say which row they spoil. It holds its own stack: depth never becomes call depth.
public enum JSONReader {
  /// Reads a whole text as one value.
  ///
  /// - Throws: `TextError` with line, column and JSON pointer of the first offence.
  /// - Complexity: O(bytes).
  public static func parse(
    _ bytes: [UInt8], limits: TextLimits = TextLimits()
  ) throws(TextError) -> JSONDocument {
    try TextCheck.validate(bytes)
    var parser = Parser(bytes: bytes, start: 0, end: bytes.count, limits: limits)
    do throws(JSONScanner.Stop) {
      let root = try parser.value()
      parser.scanner.skipSpace()
      guard parser.scanner.at == bytes.count else { throw parser.scanner.stop("the end of the text") }
      return JSONDocument(root: root, bytes: bytes)
    } catch let stop {
      throw TextError(at: stop.offset, in: bytes, path: parser.pointer, message: stop.message)
    }
  }

  /// One value, read with an explicit stack.
  struct Parser {
    /// An object or array that is still open.
    struct Frame {
      let isObject: Bool
      let offset: Int
      var elements: [JSONNode] = []
      var members: [JSONMember] = []
      /// A hash of each key, so that the duplicate check compares words instead of texts.
      var keyHashes: [Int] = []
      var key = ""
      var keyOffset = 0
    }

    var scanner: JSONScanner
    var stack: [Frame] = []

    init(bytes: [UInt8], start: Int, end: Int, limits: TextLimits) {
      scanner = JSONScanner(bytes: bytes, end: end, limits: limits, at: start)
    }

    /// The JSON pointer of the value being read.
    var pointer: String {
      var path = ""
      for frame in stack {
        let token = frame.isObject ? JSONPointer.escaped(frame.key) : String(frame.elements.count)
        // An object without a key yet adds no step.
        if frame.isObject, frame.key.isEmpty, frame.members.isEmpty { continue }
        path += "/" + token
      }
      return path
    }

    mutating func value() throws(JSONScanner.Stop) -> JSONNode {
      scanner.skipSpace()
      while true {
        var node: JSONNode
        let byte = scanner.current
        if byte == 0x7B || byte == 0x5B {
          guard try open(isObject: byte == 0x7B) else { continue }
          node = close()
        } else {
          node = try scalar()
        }
        while !stack.isEmpty {
          guard try attach(node) else { break }
          node = close()
        }
        if stack.isEmpty { return node }
      }
    }

    /// Opens a container.
    ///
    /// - Returns: true when it is empty and was read to its end; false when its first value follows.
    private mutating func open(isObject: Bool) throws(JSONScanner.Stop) -> Bool {
      guard stack.count < scanner.limits.depth else {
        throw JSONScanner.Stop(
          offset: scanner.at, message: "found values nested deeper than \(scanner.limits.depth)")
      }
      stack.append(Frame(isObject: isObject, offset: scanner.at))
      scanner.at += 1
      scanner.skipSpace()
      if scanner.current == (isObject ? 0x7D : 0x5D) {
        scanner.at += 1
        return true
      }
      if isObject { try readKey() }
      return false
    }

    /// Closes the innermost container, whose last byte was read.
    private mutating func close() -> JSONNode {
      guard let frame = stack.popLast() else { return JSONNode(value: .null, offset: scanner.at) }
      let value: JSONValue =
        frame.isObject ? .object(JSONObject(members: frame.members)) : .array(frame.elements)
      return JSONNode(value: value, offset: frame.offset)
    }

    /// Puts a value into the innermost container and reads what follows it.
    ///
    /// - Returns: true when that was the end of the container, false when another value follows.
    private mutating func attach(_ node: JSONNode) throws(JSONScanner.Stop) -> Bool {
      let top = stack.count - 1
      let isObject = stack[top].isObject
      scanner.skipSpace()
      let byte = scanner.current
      guard byte == 0x2C || byte == (isObject ? 0x7D : 0x5D) else {
        throw scanner.stop(isObject ? "',' or '}'" : "',' or ']'")
      }
      if isObject {
        stack[top].members.append(
          JSONMember(key: stack[top].key, offset: stack[top].keyOffset, node: node))
      } else {
        stack[top].elements.append(node)
      }
      scanner.at += 1
      if byte != 0x2C { return true }
      scanner.skipSpace()
      if isObject { try readKey() }
      return false
    }

    private mutating func readKey() throws(JSONScanner.Stop) {
      let top = stack.count - 1
      guard scanner.current == 0x22 else { throw scanner.stop("a key in double quotes") }
      let offset = scanner.at
      let token = try scanner.string(limit: scanner.limits.keyBytes, what: "key")
      let key = try scanner.text(token)
      var hasher = Hasher()
      for byte in key.utf8 { hasher.combine(byte) }
      let hash = hasher.finalize()
      stack[top].key = key
      if stack[top].keyHashes.contains(hash),
        stack[top].members.contains(where: { $0.key.utf8.elementsEqual(key.utf8) })
      {
        throw JSONScanner.Stop(offset: offset, message: "found the key \(Spelling.quoted(key)) twice")
      }
      guard stack[top].members.count < scanner.limits.keysPerObject else {
        throw JSONScanner.Stop(
          offset: offset, message: "found more than \(scanner.limits.keysPerObject) keys in one object")
      }
      stack[top].keyHashes.append(hash)
      stack[top].keyOffset = offset
      scanner.skipSpace()
      guard scanner.current == 0x3A else { throw scanner.stop("':' after the key") }
      scanner.at += 1
      scanner.skipSpace()
    }

    private mutating func scalar() throws(JSONScanner.Stop) -> JSONNode {
      let offset = scanner.at
      switch scanner.current {
      case 0x22:
        let token = try scanner.string(limit: scanner.limits.stringBytes, what: "string")
        return JSONNode(value: .string(try scanner.text(token)), offset: offset)
      case 0x2D, 0x30...0x39:
        let reading = try scanner.number()
        let text = String(decoding: scanner.bytes[offset..<scanner.at], as: UTF8.self)
        var value: Double?
        if case .finite(let finite) = reading { value = finite }
        return JSONNode(value: .number(JSONNumber(text: text, value: value)), offset: offset)
      case 0x74:
        try scanner.word(.yes)
        return JSONNode(value: .boolean(true), offset: offset)
      case 0x66:
        try scanner.word(.no)
        return JSONNode(value: .boolean(false), offset: offset)
      case 0x6E:
        try scanner.word(.null)
        return JSONNode(value: .null, offset: offset)
      default:
        throw scanner.stop("a value")
      }
    }
  }
}
