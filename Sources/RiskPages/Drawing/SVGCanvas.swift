import StructuredText

/// Shapes of a drawing 360 units wide: as wide as a phone, so that its letters are as large there as those
/// around it, and one column of three on a desk.
extension Markup {
  /// Width of every drawing.
  static let drawingWidth = 360.0

  /// A drawing with its name and what it says in words.
  ///
  /// - Parameters:
  ///   - title: what it shows.
  ///   - description: what a reader who cannot see it should know of it.
  ///   - height: in units.
  mutating func drawing(
    title: String, description: String, height: Double, _ body: (inout Markup) -> Void
  ) {
    let (name, words) = (nextID(), nextID())
    element(
      "svg",
      [
        "viewBox": "0 0 \(Self.coordinate(Self.drawingWidth)) \(Self.coordinate(height))", "role": "img",
        "aria-labelledby": "\(name) \(words)",
      ]
    ) {
      $0.element("title", ["id": name], text: title)
      $0.element("desc", ["id": words], text: description)
      body(&$0)
    }
  }

  mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, _ style: String) {
    leaf(
      "line",
      [
        "x1": Self.coordinate(x1), "y1": Self.coordinate(y1), "x2": Self.coordinate(x2),
        "y2": Self.coordinate(y2), "class": style,
      ])
  }

  /// A bar between two abscissae, whichever is greater; never thinner than a hair, so that what is there is seen.
  mutating func bar(from start: Double, to end: Double, y: Double, height: Double, _ style: String) {
    leaf(
      "rect",
      [
        "x": Self.coordinate(min(start, end)), "y": Self.coordinate(y),
        "width": Self.coordinate(max(abs(end - start), 0.8)), "height": Self.coordinate(height),
        "class": style,
      ])
  }

  /// A broken line through points; a gap where one is missing.
  mutating func polyline(_ points: [(x: Double, y: Double)?], _ style: String) {
    var path = ""
    var isOpen = false
    for point in points {
      guard let point else {
        isOpen = false
        continue
      }
      path += (isOpen ? "L" : "M") + Self.coordinate(point.x) + " " + Self.coordinate(point.y)
      isOpen = true
    }
    if !path.isEmpty { leaf("path", ["d": path, "class": style]) }
  }

  /// A small triangle that points down or up at a place.
  mutating func pointer(x: Double, y: Double, down: Bool, _ style: String) {
    let far = down ? y - 6 : y + 6
    let corners = [(x, y), (x - 3.5, far), (x + 3.5, far)]
    let path = corners.map { Self.coordinate($0.0) + " " + Self.coordinate($0.1) }.joined(separator: "L")
    leaf("path", ["d": "M" + path + "Z", "class": style])
  }

  /// A text whose line stands on `y`.
  ///
  /// - Parameters:
  ///   - anchor: `start`, `middle` or `end`.
  ///   - style: classes; empty for the plain text of drawings.
  mutating func label(
    _ text: String, x: Double, y: Double, anchor: String = "start", _ style: String = ""
  ) {
    let (x, y) = (Self.coordinate(x), Self.coordinate(y))
    switch (anchor, style) {
    case ("start", ""): element("text", ["x": x, "y": y], text: text)
    case (_, ""): element("text", ["x": x, "y": y, "text-anchor": anchor], text: text)
    case ("start", _): element("text", ["x": x, "y": y, "class": style], text: text)
    default: element("text", ["x": x, "y": y, "text-anchor": anchor, "class": style], text: text)
    }
  }

  /// A coordinate to a tenth of a unit: finer is not seen.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    return NumberText.text(of: (min(max(value, -1e6), 1e6) * 10).rounded() / 10) ?? "0"
  }
}
