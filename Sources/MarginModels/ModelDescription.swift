public import MarketModel

/// One model as `plimsoll models` lists it: what it is, how far it is trusted, and every number in it.
public struct ModelDescription: Hashable, Sendable {
  /// One number of a model, as text in the shortest digits that read back to it.
  public struct Parameter: Hashable, Sendable {
    public var name: String
    /// `null` where the user of the model has to supply it.
    public var value: String
    /// nil where the user of the model has to supply it.
    public var number: Double?

    /// A number that no one but the user of the model can know: without it the model refuses.
    package init(required name: String) {
      self.name = name
      value = "null"
      number = nil
    }

    package init(_ name: String, _ value: Double) {
      self.name = name
      number = value
      self.value =
        value == value.rounded() && abs(value) < 1e15 ? String(Int(exactly: value) ?? 0) : "\(value)"
    }
  }

  public var name: String
  public var modes: [MarginMode]
  /// `reproduced` where published figures are met digit for digit, `documented` where the rule is published
  /// without worked accounts; with what is judged.
  public var confidence: String
  public var source: String
  /// In a fixed order.
  public var parameters: [Parameter]
  /// What a report that uses the model has to say, one sentence each.
  public var assumptions: [String]

  /// Every model that is built, in a fixed order.
  public static let all = ModelCatalogue.table.map(\.description)

  /// Whether a user has to supply numbers before the model can be used.
  public var needsParameters: Bool { parameters.contains { $0.number == nil } }

  /// The model of a name.
  public static func named(_ name: String) -> ModelDescription? { all.first { $0.name == name } }
}

extension ModelDescription {
  /// An asset in the name of a parameter: `other` for the terms of every asset that is not named.
  static func label(_ asset: String) -> String { asset.isEmpty ? "other" : asset }

  /// The asset of a label; empty for `other`.
  static func asset(_ label: String) -> String { label == "other" ? "" : label }
}
