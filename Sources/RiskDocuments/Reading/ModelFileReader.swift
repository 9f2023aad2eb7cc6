public import MarketModel
import StructuredText

/// Reads a margin model that a user defines: `plimsoll.model/1`.
///
/// ```json
/// {"schema": "plimsoll.model/1", "name": "my-venue", "base": "deribit-sm",
///  "parameters": [{"parameter": "option.initial_maximum", "value": 0.2}]}
/// ```
public enum ModelFileReader {
  private static let keys = ["schema", "name", "base", "confidence", "source", "parameters"]
  private static let mostParameters = 10_000

  /// Reads one definition; whether it fits its base is for `ModelLibrary` to say.
  ///
  /// - Parameter member: the file, under the name that messages and digests give it.
  /// - Throws: `DocumentError` with the place, what was found and what was expected.
  public static func read(_ member: BookSource.Member) throws(DocumentError) -> ModelDefinition {
    let tree = try BookParts.tree(of: member)
    do throws(ReadingFault) {
      let root = try ObjectReader(tree.node, at: "", in: tree, keys: keys)
      try root.schema("plimsoll.model/1")
      return ModelDefinition(
        name: try identifier(root, "name"), base: try identifier(root, "base"),
        confidence: root["confidence"] == nil ? nil : try root.text("confidence"),
        source: root["source"] == nil ? nil : try root.text("source"),
        parameters: try parameters(root), file: member.name)
    } catch { throw error.stop }
  }

  /// A name that can stand on a command line and in a list with commas.
  private static func identifier(_ root: ObjectReader, _ key: String) throws(ReadingFault) -> String {
    let text = try root.text(key)
    let isPlain = text.utf8.allSatisfy {
      (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= 128 else {
      throw root.fault(
        key, .invalid,
        "expected small letters, digits, '-' and '.', at most 128 of them, found \(Spelling.quoted(text))")
    }
    return text
  }

  private static func parameters(
    _ root: ObjectReader
  ) throws(ReadingFault) -> [ModelDefinition.Parameter] {
    guard root["parameters"] != nil else { return [] }
    var found: [ModelDefinition.Parameter] = []
    var names: Set<String> = []
    for (place, node) in try root.list("parameters").enumerated() {
      let object = try ObjectReader(
        node, at: "/parameters/\(place)", in: root.tree, keys: ["parameter", "value"])
      let name = try object.text("parameter")
      guard names.insert(name).inserted else {
        throw object.fault("parameter", .duplicate, "found \(Spelling.quoted(name)) twice")
      }
      if case .null? = object["value"]?.value {
        throw object.fault(
          "value", .invalid, "found null; \(Spelling.quoted(name)) is a number that its user has to supply")
      }
      found.append(.init(name: name, value: try object.number("value", .modelNumber)))
      guard found.count <= mostParameters else {
        throw root.fault("parameters", .limit, "expected at most \(mostParameters) parameters")
      }
    }
    return found
  }
}
