/// The JSON Schemas (draft 2020-12) of every document that Plimsoll reads and writes.
///
/// The files lie beside this one and are embedded in the binary. This target holds nothing else, because
/// the compiler takes seconds over embedded bytes and should take them once. A schema never changes
/// its meaning under its `$id`: a breaking change is a new file with a new number.
public enum Schemas {
  /// Name and text of each schema, in byte order of the names.
  public static let all: [(name: String, text: String)] = [
    ("account-1", account),
    ("backtest-1", text(of: PackageResources.backtest_1_json)),
    ("calibration-1", text(of: PackageResources.calibration_1_json)),
    ("explanation-1", text(of: PackageResources.explanation_1_json)),
    ("market-1", text(of: PackageResources.market_1_json)),
    ("replay-1", text(of: PackageResources.replay_1_json)),
    ("report-1", text(of: PackageResources.report_1_json)),
    ("run-1", text(of: PackageResources.run_1_json)),
    ("what-if-1", text(of: PackageResources.what_if_1_json)),
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

  private static func text(of bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// The schema of one line of `accounts.jsonl`: the report's definitions under another root, so that the
  /// two cannot drift apart and each text stands alone.
  private static var account: String {
    let bytes = PackageResources.report_1_json
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
