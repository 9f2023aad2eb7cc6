import Foundation

/// Documents that tests made, laid aside so that `make test` can hold them against the JSON Schemas.
public enum TestReports {
  /// Writes a document to `.build/test-documents/FOLDER/FILE` of the checkout.
  ///
  /// - Parameters:
  ///   - folder: one a report, named for the test.
  ///   - file: `report.json`, `accounts.jsonl` or another name that tells what it is.
  public static func keep(_ bytes: [UInt8], folder: String, file: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let place = root.appendingPathComponent(".build/test-documents/\(folder)", isDirectory: true)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try Data(bytes).write(to: place.appendingPathComponent(file), options: .atomic)
  }
}
