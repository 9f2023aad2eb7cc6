/// A type whose values a user can write on a command line.
public protocol OptionValue: Sendable {
  /// What a value looks like, for the sentence that refuses another: `a whole number`.
  static var expectation: String { get }
  /// Every value there is, where they can be listed; empty otherwise.
  static var choices: [String] { get }
  /// Reads a value; nil where the text is none.
  init?(optionText text: String)
}

extension OptionValue {
  /// No list: any text of the right form.
  public static var choices: [String] { [] }
}

extension String: OptionValue {
  public static var expectation: String { "a text" }
  public init?(optionText text: String) {
    guard !text.isEmpty else { return nil }
    self = text
  }
}

extension Int: OptionValue {
  public static var expectation: String { "a whole number" }
  public init?(optionText text: String) { self.init(text) }
}

extension Double: OptionValue {
  public static var expectation: String { "a number" }
  public init?(optionText text: String) {
    // Digits, signs, a point and an exponent: neither words such as `nan` nor hexadecimal.
    let others: [UInt8] = [0x2B, 0x2D, 0x2E, 0x45, 0x65]
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || others.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    self = value
  }
}

extension UInt64: OptionValue {
  public static var expectation: String { "a whole number from 0 to 18446744073709551615" }
  public init?(optionText text: String) {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    self.init(text)
  }
}

extension OptionValue where Self: CaseIterable & RawRepresentable, RawValue == String {
  public static var expectation: String { "one of " + choices.joined(separator: ", ") }
  public static var choices: [String] { allCases.map(\.rawValue) }
  public init?(optionText text: String) { self.init(rawValue: text) }
}

/// What help, completions and the manual page need to know of an option.
public struct OptionRow: Sendable {
  /// Without the dashes.
  public let name: String
  /// The placeholder of its value, `N`; nil for a switch.
  public let value: String?
  /// Whether it may be given more than once.
  public let repeats: Bool
  /// Every value it takes, where they can be listed.
  public let choices: [String]
  /// One line, no full stop.
  public let help: String
  /// What a refused value should have been; nil where the text is readable.
  let problem: @Sendable (String) -> String?

  /// `--name VALUE`, as help and usage print it.
  var label: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}

/// A typed option: the constant that declares it is the one that reads it, so that a renamed option
/// cannot be read by its old name.
public struct Option<Value: Sendable>: Sendable {
  /// The untyped description.
  public let row: OptionRow
  let read: @Sendable ([String]) -> Value
}

extension Option where Value == Bool {
  /// A switch: there or not.
  public init(flag name: String, help: String) {
    row = OptionRow(
      name: name, value: nil, repeats: false, choices: [], help: help, problem: { _ in nil })
    read = { !$0.isEmpty }
  }
}

extension Option {
  /// An option with a value, nil where it is not given.
  public init<Wrapped: OptionValue>(_ name: String, value: String, help: String)
  where Value == Wrapped? {
    row = .init(of: Wrapped.self, name: name, value: value, repeats: false, help: help)
    read = { $0.last.flatMap(Wrapped.init(optionText:)) }
  }

  /// An option with a value and a default; the help text should state the default.
  public init(_ name: String, value: String, default standard: Value, help: String)
  where Value: OptionValue {
    row = .init(of: Value.self, name: name, value: value, repeats: false, help: help)
    read = { $0.last.flatMap(Value.init(optionText:)) ?? standard }
  }

  /// An option that may be given again and again; its values in the order given.
  public init<Element: OptionValue>(repeating name: String, value: String, help: String)
  where Value == [Element] {
    row = .init(of: Element.self, name: name, value: value, repeats: true, help: help)
    read = { $0.compactMap(Element.init(optionText:)) }
  }
}

extension OptionRow {
  fileprivate init<Value: OptionValue>(
    of type: Value.Type, name: String, value: String, repeats: Bool, help: String
  ) {
    self.init(
      name: name, value: value, repeats: repeats, choices: Value.choices, help: help,
      problem: { Value(optionText: $0) == nil ? Value.expectation : nil })
  }
}

/// The rows of some options, in the order of the help screen.
public func rows<each Value>(_ options: repeat Option<each Value>) -> [OptionRow] {
  var rows: [OptionRow] = []
  for option in repeat each options { rows.append(option.row) }
  return rows
}
