import MarketModel
import StructuredText

/// The files of a book as bytes: this floor opens nothing.
public struct BookSource: Sendable {
  /// One file.
  public struct Member: Sendable {
    /// Its name without folders, as errors call it.
    public let name: String
    public let bytes: [UInt8]

    /// A member from its name and bytes.
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// The files in the order they were given, for digests and for provenance.
  public let members: [Member]
  /// Whether the only member is one JSON document that holds all the others.
  public let isSingleDocument: Bool

  /// The directory form: `market.json`, `positions.csv` and so on, any order.
  public static func directory(_ members: [Member]) -> BookSource {
    BookSource(members: members, isSingleDocument: false)
  }

  /// The single-file form: `{"market": {…}, "positions": […], …}`.
  public static func document(name: String, bytes: [UInt8]) -> BookSource {
    BookSource(members: [Member(name: name, bytes: bytes)], isSingleDocument: true)
  }

  /// The file names of the directory form, in the order in which they are read.
  public static let fileNames = [
    "market.json", "run.json", "instruments.csv", "instruments.jsonl", "positions.csv", "positions.jsonl",
    "balances.csv", "balances.jsonl", "history.csv", "history.jsonl",
  ]

  /// The keys of the single-file form.
  static let memberKeys = ["market", "run", "instruments", "positions", "balances", "history"]
}

/// A part of a JSON document and the name that failures give it.
struct Tree: Sendable {
  let document: JSONDocument
  let node: JSONNode
  /// The file.
  let file: String
  /// Where the part stands in the file: empty, or `/market`.
  let pointer: String

  /// The path of a place inside the part: `market.json#/assets/0/spot`.
  func path(_ inside: String) -> String { "\(file)#\(pointer)\(inside)" }
}

/// The parts of a book, whichever form it came in.
struct BookParts {
  private var trees: [(key: String, tree: Tree)] = []
  private var files: [(key: String, member: BookSource.Member)] = []

  init(_ source: BookSource) throws(DocumentError) {
    if source.isSingleDocument {
      guard let member = source.members.first else {
        throw DocumentError(path: "book", message: "found no document")
      }
      try split(member)
      return
    }
    for member in source.members {
      let known = BookSource.fileNames.contains { $0.utf8.elementsEqual(member.name.utf8) }
      guard known else {
        throw DocumentError(
          path: Self.shown(member.name),
          message: Spelling.unknown("file", member.name, known: BookSource.fileNames))
      }
      let key = String(member.name.prefix { $0 != "." })
      guard !files.contains(where: { $0.key == key }), !trees.contains(where: { $0.key == key }) else {
        throw DocumentError(path: member.name, message: "found \(key) twice in the book")
      }
      if member.name.hasSuffix(".json") {
        let document = try Self.parse(member)
        let tree = Tree(document: document, node: document.root, file: member.name, pointer: "")
        trees.append((key, tree))
      } else {
        files.append((key, member))
      }
    }
  }

  private mutating func split(_ member: BookSource.Member) throws(DocumentError) {
    let document = try Self.parse(member)
    let whole = Tree(document: document, node: document.root, file: member.name, pointer: "")
    let object: ObjectReader
    do throws(ReadingFault) {
      object = try ObjectReader(document.root, at: "", in: whole, keys: ["schema"] + BookSource.memberKeys)
      try object.schema("plimsoll.book/1")
    } catch { throw error.stop }
    for key in BookSource.memberKeys {
      guard let node = object[key] else { continue }
      trees.append((key, Tree(document: document, node: node, file: member.name, pointer: "/" + key)))
    }
  }

  static func parse(_ member: BookSource.Member) throws(DocumentError) -> JSONDocument {
    do throws(TextError) {
      return try JSONReader.parse(member.bytes)
    } catch { throw DocumentError(error, file: member.name) }
  }

  private static func shown(_ name: String) -> String {
    Identifier(name) == nil ? "book" : name
  }

  /// A part that is one JSON value.
  func tree(_ key: String) -> Tree? {
    trees.first { $0.key == key }?.tree
  }

  /// A part that is a table, nil where the book has none.
  func table(_ key: String, _ schema: RowSchema) throws(DocumentError) -> RowTable? {
    if let tree = tree(key) {
      do throws(TextError) {
        return try RowTable(
          array: tree.node, of: tree.document, name: tree.file, pointer: tree.pointer, schema: schema)
      } catch { throw DocumentError(error, file: tree.file) }
    }
    guard let member = files.first(where: { $0.key == key })?.member else { return nil }
    do throws(TextError) {
      if member.name.hasSuffix(".jsonl") {
        return try JSONLinesReader.read(member.bytes, name: member.name, schema: schema)
      }
      return try CSVReader.read(member.bytes, name: member.name, schema: schema)
    } catch { throw DocumentError(error, file: member.name) }
  }
}
