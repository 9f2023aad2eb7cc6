/// What `Package.swift` says of its targets, read as text: enough to know names and dependencies.
struct Manifest {
  /// One target and the targets that it may import.
  struct Target: Equatable {
    let name: String
    let dependencies: [String]
  }

  let targets: [Target]

  /// Reads the declarations `floor("X", on: […])` and `.target(name: "X", dependencies: […])`.
  init(_ source: [UInt8]) {
    let heads = ["floor(", ".target(", ".executableTarget(", ".systemLibrary("]
    // Comments would be text here; the manifest's strings are wanted, so only line comments go.
    let text = String(decoding: source, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " }.hasPrefix("//") ? "" : $0 }.joined(separator: "\n")
    guard let start = text.range(ofFirst: "targets: [\n") else {
      targets = []
      return
    }
    var found: [Target] = []
    var rest = text[start...]
    while let next = rest.indices.first(where: { index in heads.contains { rest[index...].hasPrefix($0) } }) {
      rest = rest[next...].drop { $0 != "(" }.dropFirst()
      let body = Self.balanced(rest)
      rest = rest.dropFirst(body.count)
      let strings = Self.quoted(body.prefix(upToFirst: "resources:").prefix(upToFirst: "path:"))
      if let name = strings.first, !body.hasPrefix("name: name") {
        found.append(Target(name: name, dependencies: Array(strings.dropFirst())))
      }
    }
    targets = found
  }

  /// The text up to the parenthesis that closes the declaration.
  private static func balanced(_ text: Substring) -> Substring {
    var depth = 1
    for index in text.indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return text[..<index] }
    }
    return text
  }

  private static func quoted(_ text: Substring) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}

extension StringProtocol {
  /// Where a text first occurs.
  fileprivate func range(ofFirst text: String) -> Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }

  /// What stands before a text, or everything where it does not occur.
  fileprivate func prefix(upToFirst text: String) -> SubSequence {
    range(ofFirst: text).map { self[..<$0] } ?? self[...]
  }
}
