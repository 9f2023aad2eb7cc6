public import MarketModel

/// A venue by name: the models behind its three modes.
public struct MarginVenue: Hashable, Sendable {
  public let name: String
  public let comparison: ComparisonPlan

  init(_ name: String, isolated: String, cross: String, portfolio: String) {
    self.name = name
    comparison = ComparisonPlan(isolated: isolated, cross: cross, portfolio: portfolio)
  }

  /// Every venue whose three modes are built, in a fixed order.
  public static let all = ModelCatalogue.venues

  /// The venue of a name.
  public static func named(_ name: String) -> MarginVenue? {
    ModelCatalogue.venues.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension ComparisonPlan {
  /// The venue whose models these are, else the three names with commas.
  public var venue: String {
    ModelCatalogue.venues.first { $0.comparison == self }?.name ?? "\(isolated),\(cross),\(portfolio)"
  }
}
