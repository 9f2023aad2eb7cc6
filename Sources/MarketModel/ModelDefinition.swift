/// A margin model that a user names: the rules of a built model with numbers of the user's own.
///
/// It is data (`plimsoll.model/1`, `--model-file`): what the base lists as its parameters may be changed, a table
/// that the base leaves open may be filled, and what the base asks its user for has to be given.
public struct ModelDefinition: Hashable, Sendable {
  /// One number, as a report shows it.
  public struct Parameter: Hashable, Sendable {
    public var name: String
    public var value: Double

    /// A number under its name.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Not the name of a built model.
  public var name: String
  /// The built model whose rules it follows.
  public var base: String
  /// How far its author trusts it; nil where the file does not say.
  public var confidence: String?
  /// Where its numbers come from; nil where the file does not say.
  public var source: String?
  /// In the order of the file, no name twice.
  public var parameters: [Parameter]
  /// Its file, as messages name it.
  public var file: String

  /// A definition from its parts.
  public init(
    name: String, base: String, confidence: String? = nil, source: String? = nil, parameters: [Parameter],
    file: String
  ) {
    self.name = name
    self.base = base
    self.confidence = confidence
    self.source = source
    self.parameters = parameters
    self.file = file
  }
}
