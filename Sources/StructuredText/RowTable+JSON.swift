extension RowTable {
  /// The rows of an array of objects inside a JSON document.
  ///
  /// - Parameters:
  ///   - node: the array.
  ///   - document: the text it stands in.
  ///   - name: what errors and paths call the document.
  ///   - pointer: where the array stands in it, such as `/positions`.
  ///   - schema: the keys that an object may have.
  /// - Throws: `TextError` for a value that is not an array of objects and for an unknown key.
  /// - Complexity: O(members of all objects).
  public init(
    array node: JSONNode, of document: JSONDocument, name: String, pointer: String, schema: RowSchema
  ) throws(TextError) {
    self.init(name: name, naming: .pointer(pointer), schema: schema, bytes: [])
    guard case .array(let elements) = node.value else {
      throw TextError(
        place: document.place(of: node), path: pointer,
        message: "expected an array of objects, found \(node.value.kind)")
    }
    var found: [(row: Int, column: Int, cell: Cell)] = []
    for (row, element) in elements.enumerated() {
      guard case .object(let object) = element.value else {
        throw TextError(
          place: document.place(of: element), path: "\(pointer)/\(row)",
          message: "expected an object, found \(element.value.kind)")
      }
      for (place, member) in object.members.enumerated() {
        let guess = place < columns.count && columns[place].utf8.elementsEqual(member.key.utf8)
        var column = guess ? place : self.column(member.key)
        if column == nil, schema.admitsOthers, !member.key.isEmpty {
          column = columns.count
          columns.append(member.key)
          isPresent.append(true)
        }
        guard let column else {
          throw TextError(
            place: TextPlace(of: member.offset, in: document.bytes),
            path: "\(pointer)/\(row)/\(JSONPointer.escaped(member.key))",
            message: Spelling.unknown("key", member.key, known: columns))
        }
        isPresent[column] = true
        let cell = spilled(member.node.value)
        if cell.kind != .absent { found.append((row, column, cell)) }
      }
    }
    rowCount = elements.count
    guard rowCount * columns.count <= TextLimits().cells(ofBytes: document.bytes.count) else {
      throw TextError(
        place: document.place(of: node), path: pointer,
        message: "found \(columns.count) keys over \(rowCount) rows, most of them without values")
    }
    cells = [Cell](repeating: Cell(), count: rowCount * columns.count)
    for entry in found { cells[entry.row * columns.count + entry.column] = entry.cell }
  }

  private mutating func spilled(_ value: JSONValue) -> Cell {
    switch value {
    case .null: return Cell()
    case .boolean(let flag): return Cell(kind: flag ? .yes : .no)
    case .array, .object: return Cell(kind: .nested)
    case .number(let number): return spilled(number.text, .number)
    case .string(let text): return spilled(text, .text)
    }
  }

  private mutating func spilled(_ text: String, _ kind: Cell.Kind) -> Cell {
    let start = spill.count
    spill.append(contentsOf: text.utf8)
    return Cell(
      start: start, length: Int32(truncatingIfNeeded: spill.count - start), kind: kind, isSpilled: true)
  }
}
