import MarketModel
import RiskDocuments
import Testing

@Suite struct ModelFileReaderTests {
  private static func read(_ text: String) throws(DocumentError) -> ModelDefinition {
    try ModelFileReader.read(.init(name: "mine.json", bytes: Array(text.utf8)))
  }

  @Test("a model file is a name, a base and numbers in the order of the file")
  func definition() throws {
    let model = try Self.read(
      """
      {"schema": "plimsoll.model/1", "name": "my-venue", "base": "deribit-sm", "source": "its rule book",
       "parameters": [{"parameter": "option.initial_maximum", "value": 0.2},
                      {"parameter": "future.SOL.initial", "value": -1e-3}]}
      """)
    #expect(model.name == "my-venue")
    #expect(model.base == "deribit-sm")
    #expect(model.source == "its rule book")
    #expect(model.confidence == nil)
    #expect(model.file == "mine.json")
    #expect(
      model.parameters == [
        .init(name: "option.initial_maximum", value: 0.2), .init(name: "future.SOL.initial", value: -0.001),
      ])
  }

  @Test(
    "what is wrong is named with its place",
    arguments: [
      (#"{"base": "deribit-sm"}"#, "mine.json#/name"),
      (#"{"name": "My Venue", "base": "deribit-sm"}"#, "mine.json#/name"),
      (#"{"name": "a,b", "base": "deribit-sm"}"#, "mine.json#/name"),
      (#"{"name": "a", "base": "deribit-sm", "parameter": []}"#, "mine.json#/parameter"),
      (
        #"{"name": "a", "base": "b", "parameters": [{"parameter": "x", "value": null}]}"#,
        "mine.json#/parameters/0/value"
      ),
      (
        #"{"name": "a", "base": "b", "parameters": [{"parameter": "x", "value": 1e400}]}"#,
        "mine.json#/parameters/0/value"
      ),
      (
        #"{"name": "a", "base": "b", "parameters": [{"parameter": "x", "value": 1}, {"parameter": "x", "value": 1}]}"#,
        "mine.json#/parameters/1/parameter"
      ),
      (#"{"schema": "plimsoll.run/1", "name": "a", "base": "b"}"#, "mine.json#/schema"),
      ("[]", "mine.json#"),
    ])
  func faults(text: String, path: String) {
    do throws(DocumentError) {
      let model = try Self.read(text)
      Issue.record("read \(model)")
    } catch {
      #expect(error.path == path, "\(error.sentence)")
    }
  }
}
