import StructuredText
import Testing

@Suite("The JSON writer")
struct JSONWriterTests {
  private func sample(_ indentation: Int?) -> String {
    var writer = JSONWriter(indentation: indentation)
    writer.beginObject()
    writer.field("text", "a\"b\\c\n\u{1}é")
    writer.key("list")
    writer.beginArray()
    writer.number(1.5)
    writer.integer(-7)
    writer.bool(true)
    writer.null()
    writer.beginObject()
    writer.endObject()
    writer.raw(Array("[1]".utf8))
    writer.endArray()
    writer.field("nothing", nil as Double?)
    writer.endObject()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test("writes what it is told, in order, and the reader takes it back")
  func order() throws {
    #expect(
      sample(nil) == #"{"text":"a\"b\\c\n\u0001é","list":[1.5,-7,true,null,{},[1]],"nothing":null}"#)
    #expect(sample(2).contains("\n  \"list\": [\n    1.5,\n"))
    let compact = try JSONReader.parse(Array(sample(nil).utf8))
    let indented = try JSONReader.parse(Array(sample(2).utf8))
    guard case .object(let left) = compact.root.value, case .object(let right) = indented.root.value else {
      return
    }
    #expect(left.members.map(\.key) == right.members.map(\.key))
  }

  @Test("writes null for what is not finite and says so")
  func notFinite() {
    var writer = JSONWriter()
    writer.beginArray()
    let wereFinite = [writer.number(.nan), writer.number(1), writer.number(.infinity)]
    #expect(wereFinite == [false, true, false])
    writer.endArray()
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "[null,1,null]")
    #expect(writer.refusedNumbers == 2)
  }

  @Test("closing more than was opened does not trap")
  func unbalanced() {
    var writer = JSONWriter()
    writer.endArray()
    writer.endObject()
    let taken = writer.take()
    #expect(taken.count == 2)
    #expect(writer.bytes.isEmpty)
  }

  @Test("the nearest known name is named, whatever was typed")
  func nearest() {
    #expect(Spelling.nearest("quantiy", in: ["account_id", "quantity"]) == "quantity")
    #expect(Spelling.nearest("EHT", in: ["BTC", "ETH"]) == "ETH")
    #expect(Spelling.nearest("Quantity", in: ["quantity"]) == "quantity")
    #expect(Spelling.nearest("", in: ["ab", "a"]) == nil)
    #expect(Spelling.nearest("fee", in: ["date", "quantity"]) == nil)
    #expect(
      Spelling.unknown("key", "fee", known: ["date", "b"]) == "unknown key \"fee\"; known are \"date\", \"b\""
    )
    #expect(Spelling.nearest("x", in: []) == nil)
    #expect(Spelling.quoted("a\nb\u{202E}\"") == "\"a\\u{A}b\\u{202E}\\\"\"")
    #expect(Spelling.quoted(String(repeating: "x", count: 100)).unicodeScalars.count == 51)
  }
}
