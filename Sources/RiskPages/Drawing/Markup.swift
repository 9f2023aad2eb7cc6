/// A writer of HTML and SVG in which every element that is opened is closed.
///
/// Texts and attribute values pass `HTMLText`; names of elements and attributes are the program's own.
struct Markup {
  /// What was written so far.
  private(set) var bytes: [UInt8] = []
  private var lastID = 0

  /// Elements after which the line is broken, so that pages can be compared with line tools.
  private static let blocks: Set<String> = [
    "article", "body", "caption", "dd", "details", "div", "dl", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "head", "header", "html", "li", "main", "nav", "ol", "p", "section", "style", "summary", "svg",
    "table", "tbody", "thead", "title", "tr", "ul",
  ]

  /// A name that no other element of the page has.
  mutating func nextID() -> String {
    lastID += 1
    return "n\(lastID)"
  }

  /// An element with what stands in it.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:],
    _ body: (inout Markup) -> Void = { _ in }
  ) {
    open(name, attributes)
    body(&self)
    bytes += "</\(name)>".utf8
    if Self.blocks.contains(name) { bytes.append(0x0A) }
  }

  /// An element that holds a text.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    element(name, attributes) { $0.text(text) }
  }

  /// An element of HTML that has no end, such as `meta`.
  mutating func void(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    open(name, attributes)
  }

  /// An element of SVG that holds nothing.
  mutating func leaf(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    open(name, attributes, closing: "/>")
  }

  /// A text.
  mutating func text(_ text: String) {
    HTMLText.append(text, to: &bytes)
  }

  /// A text of the program's own that must not be escaped: the style sheet.
  mutating func raw(_ text: StaticString) {
    bytes += text.description.utf8
  }

  /// A name of anybody's making, kept from turning the line around.
  mutating func name(_ text: String, limit: Int = 80) {
    element("bdi", text: HTMLText.shortened(text, to: limit))
  }

  private mutating func open(
    _ name: String, _ attributes: KeyValuePairs<String, String>, closing: String = ">"
  ) {
    bytes += "<\(name)".utf8
    for (key, value) in attributes {
      bytes += " \(key)=\"".utf8
      HTMLText.append(value, to: &bytes)
      bytes.append(0x22)
    }
    bytes += closing.utf8
  }
}
