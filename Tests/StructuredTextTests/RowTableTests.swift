import StructuredText
import Testing

private let schema = RowSchema(
  known: ["account_id", "instrument", "quantity", "flag"], required: ["account_id", "quantity"])

private func csv(_ text: String) throws(TextError) -> RowTable {
  try CSVReader.read(Array(text.utf8), name: "t.csv", schema: schema)
}

private func lines(_ text: String) throws(TextError) -> RowTable {
  try JSONLinesReader.read(Array(text.utf8), name: "t.jsonl", schema: schema)
}

private func error(_ read: (String) throws(TextError) -> RowTable, _ text: String) -> TextError? {
  do throws(TextError) {
    _ = try read(text)
    return nil
  } catch { return error }
}

@Suite("Tables of rows")
struct RowTableTests {
  @Test("CSV, JSON Lines and an array of objects give the same cells")
  func oneInterface() throws {
    let array =
      #"[{"quantity": 1.5, "account_id": "A"}, {"account_id": "B\"", "quantity": -2, "flag": null}]"#
    let document = try JSONReader.parse(Array(array.utf8))
    let tables = [
      try csv("quantity,account_id,flag\r\n1.5,A,\r\n-2,\"B\"\"\",\r\n"),
      try lines(
        "{\"quantity\": 1.5, \"account_id\": \"A\"}\n{\"account_id\": \"B\\\"\", \"quantity\": -2, \"flag\": null}"
      ),
      try RowTable(array: document.root, of: document, name: "b.json", pointer: "/positions", schema: schema),
    ]
    for table in tables {
      #expect(table.rowCount == 2)
      #expect(table.columns == schema.known)
      #expect(table.number(row: 0, column: 2) == .finite(1.5))
      #expect(table.number(row: 1, column: 2) == .finite(-2))
      #expect(table.content(row: 1, column: 0) == .text("B\""))
      #expect(table.textBytes(row: 0, column: 0).map { Array($0) } == [0x41])
      #expect(table.isAbsent(row: 1, column: 3))
      #expect(table.isAbsent(row: 0, column: 1))
      #expect(table.content(row: 9, column: 9) == .absent)
      #expect(table.number(row: -1, column: 0) == .absent)
    }
    #expect(tables[0].path(row: 1, column: 2) == "t.csv:3:quantity")
    #expect(tables[1].path(row: 1, column: 2) == "t.jsonl:2:quantity")
    #expect(tables[2].path(row: 1, column: 2) == "b.json#/positions/1/quantity")
    #expect(tables[0].path(row: 0) == "t.csv:2")
  }

  @Test("empty lines at the end of a CSV file are no rows, elsewhere they are rows without their cells")
  func emptyLines() throws {
    for tail in ["", "\n", "\n\n\n", "\r\n\r\n"] {
      #expect(try csv("account_id,quantity\na,1" + tail).rowCount == 1)
      #expect(try csv("account_id,quantity" + tail).rowCount == 0)
    }
    let table = try csv("account_id,quantity\n\na,1\n,\n\n")
    #expect(table.rowCount == 3)
    #expect(table.raggedWidth(row: 0)?.found == 1)
    #expect(table.raggedWidth(row: 2) == nil)
    #expect(error(csv, "account_id,quantity\na,1\n\r")?.message.hasPrefix("found CR without LF") == true)
  }

  @Test("lines are counted through quoted line ends")
  func quotedLines() throws {
    let table = try csv("account_id,quantity\n\"a\nb\",1\nc,NaN\n")
    #expect(table.path(row: 0, column: 2) == "t.csv:2:quantity")
    #expect(table.path(row: 1, column: 2) == "t.csv:4:quantity")
    #expect(table.content(row: 0, column: 0) == .text("a\nb"))
    #expect(table.number(row: 1, column: 2) == .refused(found: "\"NaN\""))
  }

  @Test("a row with too few or too many cells is kept and marked")
  func ragged() throws {
    let table = try csv("account_id,quantity\na\nb,2\nc,3,4\n")
    #expect(table.raggedWidth(row: 0).map { [$0.found, $0.expected] } == [1, 2])
    #expect(table.raggedWidth(row: 1) == nil)
    #expect(table.raggedWidth(row: 2).map { [$0.found, $0.expected] } == [3, 2])
    #expect(table.content(row: 0, column: 0) == .text("a"))
    #expect(table.number(row: 2, column: 2) == .finite(3))
  }

  @Test(
    "CSV that leaves its shape in doubt is refused with its place",
    arguments: [
      ("account_id,quantiy\n", 1, 12, "", "unknown column \"quantiy\"; did you mean \"quantity\""),
      ("account_id,quantity,account_id\n", 1, 21, "", "found the column \"account_id\" twice"),
      ("account_id,flag\n", 1, 1, "", "expected the column \"quantity\", found \"account_id\", \"flag\""),
      ("account_id,,quantity\n", 1, 12, "", "found a column without a name"),
      (
        "account_id,quantity\na,1\"2\n", 2, 4, "quantity",
        "found a quote inside a cell that does not begin with one"
      ),
      (
        "account_id,quantity\n\"a\"b,1\n", 2, 4, "account_id",
        "expected ',' or the end of the line after a closing quote, found 'b'"
      ),
      ("account_id,quantity\na,\"1\n2", 2, 3, "quantity", "found a quoted cell without its closing quote"),
      (
        "account_id,quantity\na,1\rb,2\n", 2, 4, "quantity",
        "found CR without LF, expected CRLF or LF at the end of a line"
      ),
      ("", 1, 1, "", "the file is empty"),
      ("{\"account_id\": 1}", 1, 2, "", "found a quote inside a cell that does not begin with one"),
    ])
  func csvRefusals(text: String, line: Int, column: Int, path: String, message: String) {
    #expect(
      error(csv, text)
        == TextError(place: TextPlace(line: line, column: column), path: path, message: message))
  }

  @Test(
    "JSON Lines that are not JSON are refused with their place",
    arguments: [
      ("{\"account_id\": \"a\"}\n{\"account_id\": NaN}\n", 2, 16, "", "expected a value, found 'N'"),
      ("{\"account_id\": \"a\"}\n\n", 2, 1, "", "expected an object on each line, found the end of the line"),
      ("{\"quantiti\": 1}", 1, 2, "quantiti", "unknown key \"quantiti\"; did you mean \"quantity\""),
      ("{\"quantity\": 1, \"quantity\": 1}", 1, 17, "quantity", "found the key \"quantity\" twice"),
      ("{\"quantity\": 1, \"qu\\u0061ntity\": 1}", 1, 17, "quantity", "found the key \"quantity\" twice"),
      ("{\"quantity\": 1} x", 1, 17, "", "expected the end of the line after the object, found 'x'"),
      ("{\"quantity\": 1", 1, 15, "", "expected ',' or '}', found the end of the text"),
      ("[1]", 1, 1, "", "expected an object on each line, found '['"),
    ])
  func lineRefusals(text: String, line: Int, column: Int, path: String, message: String) {
    #expect(
      error(lines, text)
        == TextError(place: TextPlace(line: line, column: column), path: path, message: message))
  }

  @Test("numbers past every double, words and nested values spoil a cell, not the file")
  func spoiledCells() throws {
    let table = try lines(
      "{\"quantity\": 1e400}\n{\"quantity\": \"5\"}\n{\"quantity\": [1, {\"a\": 2}]}\n{\"quantity\": true}\n{}"
    )
    #expect(table.number(row: 0, column: 2) == .refused(found: "1e400"))
    #expect(table.number(row: 1, column: 2) == .refused(found: "\"5\""))
    #expect(table.number(row: 2, column: 2) == .refused(found: "an array or object"))
    #expect(table.number(row: 3, column: 2) == .refused(found: "true"))
    #expect(table.number(row: 4, column: 2) == .absent)
  }

  @Test("an open schema takes names as it meets them")
  func openSchema() throws {
    let open = RowSchema(known: ["date"], required: ["date"], admitsOthers: true)
    let first = try CSVReader.read(Array("date,BTC,ETH\n2026-01-01,1,\n".utf8), name: "h", schema: open)
    let second = try JSONLinesReader.read(
      Array("{\"date\":\"2026-01-01\",\"BTC\":1}\n{\"date\":\"2026-01-02\",\"ETH\":2}".utf8), name: "h",
      schema: open)
    #expect(first.columns == ["date", "BTC", "ETH"])
    #expect(second.columns == first.columns)
    #expect(second.number(row: 1, column: 2) == .finite(2))
    #expect(second.number(row: 1, column: 1) == .absent)
  }

  @Test("a table of a thousand names and no cells is refused before it takes the memory")
  func sparse() {
    let open = RowSchema(known: ["date"], required: ["date"], admitsOthers: true)
    let names = "date," + (0..<1_000).map { "c\($0)" }.joined(separator: ",") + "\n"
    let csv = Array(names.utf8) + Array(repeating: 0x0A, count: 1_000_000) + Array("2026-01-01".utf8)
    #expect(throws: TextError.self) { try CSVReader.read(csv, name: "h", schema: open) }
    let keys = "{" + (0..<1_000).map { "\"c\($0)\":1" }.joined(separator: ",") + "}\n"
    let lines = Array(keys.utf8) + Array(String(repeating: "{}\n", count: 1_000_000).utf8)
    #expect(throws: TextError.self) { try JSONLinesReader.read(lines, name: "h", schema: open) }
  }

  @Test("an interner gives places in the order of first meeting")
  func interner() {
    var interner = ByteInterner()
    for number in 0..<10_000 { #expect(interner.place(of: Array("id-\(number)".utf8)[...]) == number) }
    for number in 0..<10_000 { #expect(interner.place(of: Array("id-\(number)".utf8)[...]) == number) }
    #expect(interner.existingPlace(of: Array("id-77".utf8)[...]) == 77)
    #expect(interner.existingPlace(of: Array("id-".utf8)[...]) == nil)
    #expect(interner.count == 10_000)
  }
}
