import MarketModel
import StructuredText

/// A JSON writer that knows where it stands, so that a figure without a finite value becomes `null` and a
/// failure with its place.
///
/// Places are only tracked when asked for: a caller writes once without, and again with, in the rare case
/// that `refusedNumbers` tells of a figure that was not finite.
struct FigureWriter {
  private(set) var json: JSONWriter
  /// Places of figures that became `null`, in the order they were met.
  private(set) var failures: [Failure] = []
  private let tracksPlaces: Bool
  private var place: [String]

  /// A writer of one object.
  ///
  /// - Parameters:
  ///   - place: where the object stands in the report, such as `accounts/ID`.
  ///   - tracksPlaces: whether `failures` is filled.
  init(place: [String], tracksPlaces: Bool, capacity: Int) {
    json = JSONWriter(capacity: capacity)
    self.tracksPlaces = tracksPlaces
    self.place = place
  }

  /// A figure that must be finite to be shown.
  mutating func figure(_ name: String, _ value: Double) {
    if json.field(name, value) || !tracksPlaces { return }
    failures.append(
      Failure(
        path: (place + [name]).joined(separator: "/"), reason: .calculation,
        message: "found a figure that is not finite, expected a number; it is null in the report"))
  }

  /// A figure that may be absent for a reason the report states elsewhere.
  mutating func figure(_ name: String, _ value: Double?) {
    if let value {
      figure(name, value)
    } else {
      json.key(name)
      json.null()
    }
  }

  mutating func text(_ name: String, _ value: String) { json.field(name, value) }

  mutating func text(_ name: String, _ value: String?) {
    json.key(name)
    if let value { json.string(value) } else { json.null() }
  }

  mutating func id(_ name: String, _ value: Identifier) { json.field(name, value.text) }

  mutating func whole(_ name: String, _ value: Int) { json.field(name, value) }

  mutating func flag(_ name: String, _ value: Bool) { json.field(name, value) }

  /// A number whose digits are given, such as an exact decimal.
  mutating func digits(_ name: String, _ value: String) {
    json.key(name)
    json.raw(Array(value.utf8))
  }

  /// An object without a key: an element of a list, or the root.
  mutating func object(_ body: (inout FigureWriter) -> Void) {
    json.beginObject()
    body(&self)
    json.endObject()
  }

  /// An object under a key.
  mutating func object(_ name: String, _ body: (inout FigureWriter) -> Void) {
    json.key(name)
    if tracksPlaces { place.append(name) }
    object(body)
    if tracksPlaces { place.removeLast() }
  }

  /// A list of objects under a key.
  mutating func list<Element>(
    _ name: String, _ elements: [Element], _ body: (inout FigureWriter, Element) -> Void
  ) {
    json.key(name)
    json.beginArray()
    if tracksPlaces { place.append(name) }
    for (index, element) in elements.enumerated() {
      if tracksPlaces { place.append(String(index)) }
      json.beginObject()
      body(&self, element)
      json.endObject()
      if tracksPlaces { place.removeLast() }
    }
    if tracksPlaces { place.removeLast() }
    json.endArray()
  }

  /// A list of strings under a key.
  mutating func texts(_ name: String, _ elements: [String]) {
    json.key(name)
    json.beginArray()
    for element in elements { json.string(element) }
    json.endArray()
  }

  /// A list of numbers under a key.
  mutating func numbers(_ name: String, _ elements: [Double]) {
    json.key(name)
    json.beginArray()
    for element in elements { json.number(element) }
    json.endArray()
  }
}
