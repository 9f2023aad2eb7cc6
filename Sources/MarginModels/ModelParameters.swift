/// The numbers of one model by name: its own defaults, changed and filled by a definition.
///
/// A name is a path with dots (`tier.BTC.1.rate`); the parts of a table share a path, and the order is that of the
/// list. Lookups are for preparing a model, once a run.
package struct ModelParameters: Sendable {
  /// Name and value in the order of the model's description, then of the definition.
  package let entries: [(name: String, value: Double)]
  private let places: [String: Int]

  package init(_ entries: [(name: String, value: Double)]) {
    self.entries = entries
    places = [String: Int](
      entries.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
  }

  /// The number of a name; nil where there is none.
  package subscript(name: String) -> Double? { places[name].map { entries[$0].value } }

  /// The number of a name, `fallback` where there is none.
  package subscript(name: String, default fallback: Double) -> Double { self[name] ?? fallback }

  /// The next parts of the paths that begin with `path.`, each once, in the order of the list.
  ///
  /// `children(of: "tier.BTC")` of `tier.BTC.1.rate`, `tier.BTC.1.lower`, `tier.BTC.2.rate` is `["1", "2"]`.
  package func children(of path: String) -> [String] {
    var found: [String] = []
    let prefix = path + "."
    for entry in entries where entry.name.hasPrefix(prefix) {
      let child = String(entry.name.dropFirst(prefix.count).prefix { $0 != "." })
      if !found.contains(child) { found.append(child) }
    }
    return found
  }
}
