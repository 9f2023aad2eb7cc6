internal import CSchemas

/// The JSON Schemas (draft 2020-12) of every document that Plimsoll reads and writes.
///
/// The files lie beside this one and are embedded in the binary by `CSchemas`. A schema never changes
/// its meaning under its `$id`: a breaking change is a new file with a new number.
public enum Schemas {
  /// Name and text of each schema, in byte order of the names.
  public static let all: [(name: String, text: String)] = [
    ("account-1", account),
    ("backtest-1", text(of: bytes(CS_BACKTEST_1))),
    ("calibration-1", text(of: bytes(CS_CALIBRATION_1))),
    ("explanation-1", text(of: bytes(CS_EXPLANATION_1))),
    ("market-1", text(of: bytes(CS_MARKET_1))),
    ("model-1", text(of: bytes(CS_MODEL_1))),
    ("replay-1", text(of: bytes(CS_REPLAY_1))),
    ("report-1", text(of: bytes(CS_REPORT_1))),
    ("run-1", text(of: bytes(CS_RUN_1))),
    ("what-if-1", text(of: bytes(CS_WHAT_IF_1))),
  ]

  /// The text of one schema.
  ///
  /// - Parameter name: `report-1`, or without its number: `report` is the newest one.
  /// - Returns: nil where there is none of that name.
  public static func text(named name: String) -> String? {
    let wanted = Array(name.utf8)
    if let exact = all.first(where: { $0.name.utf8.elementsEqual(wanted) }) { return exact.text }
    return all.last { $0.name.utf8.dropLast(2).elementsEqual(wanted) }?.text
  }

  private static func bytes(_ schema: cs_schema) -> [UInt8] {
    let number = Int32(bitPattern: schema.rawValue)
    return (0..<cs_count(number)).map { cs_byte(number, $0) }
  }

  private static func text(of bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The schema of one line of `accounts.jsonl`: the report's definitions under another root, so that the
  /// two cannot drift apart and each text stands alone.
  private static var account: String {
    let bytes = bytes(CS_REPORT_1)
    let mark = Array("\n  \"$defs\": ".utf8)
    var start = 0
    while start + mark.count <= bytes.count, !bytes[start..<start + mark.count].elementsEqual(mark) {
      start += 1
    }
    return accountHead + text(of: Array(bytes[min(start, bytes.count)...]))
  }

  private static let accountHead = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:plimsoll:schema:account:1",
      "title": "One line of accounts.jsonl",
      "description": "The same object as in `accounts` of plimsoll.report/1; money in the report's base currency.",
      "$ref": "#/$defs/account",
    """
}
