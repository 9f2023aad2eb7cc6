import StructuredText
import Testing

private func parse(_ text: String) throws(TextError) -> JSONDocument {
  try JSONReader.parse(Array(text.utf8))
}

private func error(_ bytes: [UInt8]) -> TextError? {
  do throws(TextError) {
    _ = try JSONReader.parse(bytes)
    return nil
  } catch { return error }
}

private func error(_ text: String) -> TextError? { error(Array(text.utf8)) }

@Suite("The JSON reader")
struct JSONReaderTests {
  @Test("reads every kind of value and keeps the order of keys")
  func everyKind() throws {
    let document = try parse(#" { "b" : [1, -2.5e3, true, false, null, "x\n\u00e9\ud83d\ude00"], "a": {} } "#)
    guard case .object(let object) = document.root.value else {
      throw TextError(place: .init(line: 0, column: 0), message: "")
    }
    #expect(object.members.map(\.key) == ["b", "a"])
    guard let node = object["b"], case .array(let items) = node.value else { return }
    #expect(items.count == 6)
    #expect(items[1].value == .number(JSONNumber(text: "-2.5e3", value: -2_500)))
    #expect(items[5].value == .string("x\né😀"))
    #expect(document.place(of: items[2]).column == 22)
  }

  @Test(
    "refuses what the grammar does not allow, with line, column and path",
    arguments: [
      ("[1,]", 1, 4, "/1", "expected a value, found ']'"),
      ("{\"a\": 1,}", 1, 9, "/a", "expected a key in double quotes, found '}'"),
      ("{\"a\": 1\n \"b\": 2}", 2, 2, "/a", "expected ',' or '}', found '\"'"),
      ("{\"a\": {\"q\": 1, \"q\": 2}}", 1, 16, "/a/q", "found the key \"q\" twice"),
      ("[NaN]", 1, 2, "/0", "expected a value, found 'N'"),
      ("[01]", 1, 2, "/0", "expected a number, found \"01\""),
      ("[+1]", 1, 2, "/0", "expected a value, found '+'"),
      ("[1.]", 1, 2, "/0", "expected a number, found \"1.\""),
      ("[.5]", 1, 2, "/0", "expected a value, found '.'"),
      ("[1e]", 1, 2, "/0", "expected a number, found \"1e\""),
      ("[0x1]", 1, 3, "/0", "expected ',' or ']', found 'x'"),
      ("[tru]", 1, 2, "/0", "expected a value, found 't'"),
      ("[\"a]", 1, 2, "/0", "found a string without its closing quote"),
      ("[\"a\\", 1, 2, "/0", "found a string without its closing quote"),
      ("[\"\\x\"]", 1, 3, "/0", "found an unknown escape in a string"),
      ("[\"\\u12g4\"]", 1, 3, "/0", "expected four hexadecimal digits after \\u"),
      ("[\"\\ud800\"]", 1, 3, "/0", "found half of a surrogate pair in a string"),
      ("[\"\\udc00\\ud800\"]", 1, 3, "/0", "found half of a surrogate pair in a string"),
      ("[\"a\tb\"]", 1, 4, "/0", "found the control character 0x09 inside a string"),
      ("1 2", 1, 3, "", "expected the end of the text, found '2'"),
      ("", 1, 1, "", "the file is empty"),
      (" ", 1, 2, "", "expected a value, found the end of the text"),
      ("{\"a\":", 1, 6, "/a", "expected a value, found the end of the text"),
      ("[1", 1, 3, "/0", "expected ',' or ']', found the end of the text"),
      ("<!DOCTYPE html>", 1, 1, "", "found '<' as the first character (a web page?), expected data"),
      ("// x\n1", 1, 1, "", "expected a value, found '/'"),
    ])
  func refusals(text: String, line: Int, column: Int, path: String, message: String) {
    let found = error(text)
    #expect(found == TextError(place: TextPlace(line: line, column: column), path: path, message: message))
  }

  @Test("refuses bytes that are not UTF-8 even where nobody reads them")
  func encoding() {
    #expect(error([0xEF, 0xBB, 0xBF, 0x31])?.message.contains("byte order mark") == true)
    #expect(error([0xFF, 0xFE, 0x31, 0x00])?.message.contains("UTF-16") == true)
    #expect(error([0x31, 0x00])?.message.contains("binary") == true)
    #expect(error([0x1F, 0x8B, 8])?.message.contains("gzip") == true)
    for bad: [UInt8] in [
      [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xF8],
    ] {
      #expect(error([0x22] + bad + [0x22])?.message.contains("not UTF-8") == true)
    }
    for good: [UInt8] in [[0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xEE, 0x80, 0x80], [0xF0, 0x9F, 0x98, 0x80]] {
      #expect(error([0x22] + good + [0x22]) == nil)
    }
    #expect(error([0x31, 0x01])?.message.contains("control character 0x01") == true)
  }

  @Test("holds its limits on both sides")
  func limits() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(error(nested(32)) == nil)
    #expect(error(nested(33))?.message == "found values nested deeper than 32")
    #expect(error(String(repeating: "[", count: 1_000_000))?.column == 33)
    #expect(error(String(repeating: "{\"a\":", count: 1_000_000))?.message.contains("deeper") == true)
    func key(_ count: Int) -> String { "{\"" + String(repeating: "k", count: count) + "\":1}" }
    #expect(error(key(128)) == nil)
    #expect(error(key(129))?.message == "found a key longer than 128 bytes")
    func string(_ count: Int) -> String { "\"" + String(repeating: "s", count: count) + "\"" }
    #expect(error(string(4_096)) == nil)
    #expect(error(string(4_097))?.message == "found a string longer than 4096 bytes")
    #expect(error(String(repeating: "1", count: 64)) == nil)
    #expect(error(String(repeating: "1", count: 65))?.message == "found a number longer than 64 bytes")
    func keys(_ count: Int) -> String {
      "{" + (0..<count).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
    }
    #expect(error(keys(1_024)) == nil)
    #expect(error(keys(1_025))?.message == "found more than 1024 keys in one object")
  }

  @Test("keeps a number past every double without a value, and takes an underflow")
  func numbers() throws {
    let document = try parse("[1e400, 1e-400, 5e-324, -0, 0e1, 9007199254740993]")
    guard case .array(let items) = document.root.value else { return }
    let values = items.map { node -> Double? in
      if case .number(let number) = node.value { return number.value }
      return .nan
    }
    #expect(values == [nil, 0, .leastNonzeroMagnitude, 0, 0, 9_007_199_254_740_992])
  }

  @Test("takes two spellings of one letter for two keys")
  func canonicalEquivalence() throws {
    let document = try parse("{\"\u{E9}\": 1, \"e\u{301}\": 2, \"\u{212A}\": 3}")
    guard case .object(let object) = document.root.value else { return }
    #expect(object.members.count == 3)
    #expect(object["K"] == nil)
  }
}
