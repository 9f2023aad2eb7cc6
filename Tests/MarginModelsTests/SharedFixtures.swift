import Foundation

/// A value of a fixture file, read leniently: missing members are null, numbers may be strings.
struct FixtureValue {
  let raw: Any?

  subscript(key: String) -> FixtureValue {
    FixtureValue(raw: (raw as? [String: Any])?[key])
  }

  var elements: [FixtureValue] { (raw as? [Any] ?? []).map { FixtureValue(raw: $0) } }
  var keys: [String] { (raw as? [String: Any] ?? [:]).keys.sorted() }
  var text: String { raw as? String ?? "" }
  var isNull: Bool { raw == nil || raw is NSNull }
  var flag: Bool { (raw as? NSNumber)?.boolValue ?? false }

  /// The number; nil where there is none.
  var optionalNumber: Double? {
    (raw as? NSNumber)?.doubleValue ?? (raw as? String).flatMap { Double($0) }
  }

  /// The number; NaN where there is none, so that no comparison passes by accident.
  var number: Double { optionalNumber ?? .nan }
}

/// The folder of public test data that may lie beside the checkout.
enum SharedFixtures {
  /// The folder `shared`, from the environment or from the parents of this file.
  static let root: URL? = {
    if let path = ProcessInfo.processInfo.environment["PLIMSOLL_SHARED"] {
      return URL(fileURLWithPath: path)
    }
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("shared")
      if FileManager.default.fileExists(atPath: candidate.appendingPathComponent("data").path) {
        return candidate
      }
    }
    return nil
  }()

  /// A file of the folder; nil, with a printed message, where it is absent.
  static func value(at path: String) -> FixtureValue? {
    guard let root, let data = try? Data(contentsOf: root.appendingPathComponent(path)),
      let object = try? JSONSerialization.jsonObject(with: data)
    else {
      print("skipped: no \(path) beside the checkout")
      return nil
    }
    return FixtureValue(raw: object)
  }

  /// The names of the JSON files of a folder, sorted; empty, with a printed message, where it is absent.
  static func names(in path: String) -> [String] {
    guard let root,
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent(path).path)
    else {
      print("skipped: no \(path) beside the checkout")
      return []
    }
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }
}
