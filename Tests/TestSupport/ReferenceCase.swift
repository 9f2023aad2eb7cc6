import Foundation

/// One case of `shared/reference/pricing_cases.json`: numbers in, numbers out, and how close they have to be.
public struct ReferenceCase {
  public let id: String
  public let topic: String
  public let model: String
  public let inputs: [String: Any]
  public let expected: [String: Any]
  /// Recomputed to full precision where the published digits are few.
  public let exact: [String: Any]
  private let tolerance: [String: Any]

  /// The cases of a topic; nil (and a line on the console) where the folder is absent.
  public static func all(_ topic: String) -> [ReferenceCase]? {
    guard let data = SharedFolder.read("reference/pricing_cases.json"),
      let document = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
      let cases = document["cases"] as? [[String: Any]]
    else { return nil }
    return cases.filter { $0["topic"] as? String == topic }.map { ReferenceCase($0) }
  }

  private init(_ entry: [String: Any]) {
    id = entry["id"] as? String ?? ""
    topic = entry["topic"] as? String ?? ""
    model = entry["model"] as? String ?? ""
    inputs = entry["inputs"] as? [String: Any] ?? [:]
    expected = entry["expected"] as? [String: Any] ?? [:]
    exact = entry["exact"] as? [String: Any] ?? [:]
    tolerance = entry["tolerance"] as? [String: Any] ?? [:]
  }

  /// A number of the inputs; NaN where there is none.
  public func number(_ key: String) -> Double { (inputs[key] as? NSNumber)?.doubleValue ?? .nan }

  /// A whole number of the inputs; 0 where there is none.
  public func whole(_ key: String) -> Int { (inputs[key] as? NSNumber)?.intValue ?? 0 }

  /// Numbers of the inputs, matrices row by row.
  public func numbers(_ key: String) -> [Double] { Self.flat(inputs[key]) }

  /// Numbers that are expected, one or many.
  public func expectedNumbers(_ key: String) -> [Double] { Self.flat(expected[key]) }

  /// Numbers recomputed to full precision, one or many.
  public func exactNumbers(_ key: String) -> [Double] { Self.flat(exact[key]) }

  private static func flat(_ value: Any?) -> [Double] {
    if let number = value as? NSNumber { return [number.doubleValue] }
    if let numbers = value as? [NSNumber] { return numbers.map(\.doubleValue) }
    return (value as? [Any] ?? []).flatMap { flat($0) }
  }

  /// What is wrong with figures, one sentence each; empty where every one is within the tolerance of the case.
  public func faults(_ key: String, _ found: [Double]) -> [String] {
    let numbers = expectedNumbers(key)
    guard numbers.count == found.count, !numbers.isEmpty else {
      return ["\(id) \(key): \(found.count) figures, expected \(numbers.count)"]
    }
    return zip(found, numbers).compactMap { value, number in
      let own = (tolerance["value"] as? [String: NSNumber])?[key]
      let bound = (own ?? tolerance["value"] as? NSNumber)?.doubleValue ?? 0
      let allowed = tolerance["kind"] as? String == "rel" ? bound * abs(number) : bound
      return abs(value - number) <= allowed ? nil : "\(id) \(key): \(value), expected \(number) ± \(allowed)"
    }
  }

  /// The same for one figure.
  public func faults(_ key: String, _ found: Double?) -> [String] { faults(key, found.map { [$0] } ?? []) }
}
