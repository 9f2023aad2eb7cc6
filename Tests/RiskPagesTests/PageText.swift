import Testing

/// A page read back: its elements in order, and whether every one that is opened is closed.
struct PageText {
  /// Texts between the tags, references resolved, without the style sheet.
  private(set) var texts: [String] = []
  /// Names of elements in the order they were opened.
  private(set) var elements: [String] = []
  /// `name=value` of every attribute, references resolved.
  private(set) var attributes: [(element: String, name: String, value: String)] = []
  /// What is not well-formed; empty for a sound page.
  private(set) var complaints: [String] = []

  private static let voids: Set<String> = ["meta", "!doctype"]

  /// Reads a page strictly: tags nest, attributes are quoted, nothing of markup stands in a text.
  init(_ bytes: [UInt8]) {
    var open: [String] = []
    var rest = Substring(String(decoding: bytes, as: UTF8.self))
    while let less = rest.firstIndex(of: "<") {
      add(text: rest[..<less], inside: open.last)
      guard let greater = rest[less...].firstIndex(of: ">") else {
        complaints.append("a tag without its end")
        return
      }
      let tag = rest[rest.index(after: less)..<greater]
      rest = rest[rest.index(after: greater)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.popLast() != name { complaints.append("</\(name)> closes another element") }
      } else {
        let name = String(tag.prefix { $0 != " " && $0 != "/" })
        elements.append(name)
        read(attributes: tag.dropFirst(name.count), of: name)
        if !tag.hasSuffix("/"), !Self.voids.contains(name) { open.append(name) }
      }
    }
    add(text: rest, inside: open.last)
    if !open.isEmpty { complaints.append("not closed: \(open)") }
  }

  /// All texts one after another, as a reader of the markup meets them.
  var words: String { texts.joined() }

  private mutating func add(text: Substring, inside element: String?) {
    guard element != "style" else { return }
    if text.contains(where: { $0 == ">" || $0 == "\"" }) { complaints.append("markup in the text \(text)") }
    let resolved = resolve(text)
    if !resolved.allSatisfy(\.isWhitespace) { texts.append(resolved) }
  }

  private mutating func read(attributes text: Substring, of element: String) {
    var rest = text
    while let quote = rest.firstIndex(of: "\"") {
      let name = rest[..<quote].filter { $0 != " " && $0 != "=" }
      let after = rest.index(after: quote)
      guard let end = rest[after...].firstIndex(of: "\"") else {
        complaints.append("an attribute of \(element) without its end")
        return
      }
      let value = rest[after..<end]
      if value.contains("<") { complaints.append("markup in the attribute \(value)") }
      attributes.append((element, String(name), resolve(value)))
      rest = rest[rest.index(after: end)...]
    }
    if rest.contains(where: { $0 != "/" && $0 != " " && !$0.isLetter }) {
      complaints.append("a bare attribute of \(element): \(rest)")
    }
  }

  private mutating func resolve(_ text: Substring) -> String {
    var resolved = ""
    for (place, part) in text.split(separator: "&", omittingEmptySubsequences: false).enumerated() {
      guard place > 0 else {
        resolved += part
        continue
      }
      let known = ["amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "#39;": "'"]
      guard let (reference, character) = known.first(where: { part.hasPrefix($0.key) }) else {
        complaints.append("an unknown reference in \(text)")
        continue
      }
      resolved += character + part.dropFirst(reference.count)
    }
    return resolved
  }
}
