public import MarketModel

/// A venue by name: the models behind its three modes.
public struct MarginVenue: Hashable, Sendable {
  public let name: String
  public let comparison: ComparisonPlan
  /// Whether it margins listed contracts and stock; else it margins the contracts of crypto venues.
  public let isListed: Bool

  init(_ name: String, isolated: String, cross: String, portfolio: String, isListed: Bool = false) {
    self.name = name
    self.isListed = isListed
    comparison = ComparisonPlan(isolated: isolated, cross: cross, portfolio: portfolio)
  }

  /// Every venue whose three modes are built, in a fixed order.
  public static let all = ModelCatalogue.venues

  /// The venue of a name.
  public static func named(_ name: String) -> MarginVenue? {
    ModelCatalogue.venues.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

extension MarginVenue {
  /// The venues that margin at least one position of a book, in the fixed order; all of them for a book without any.
  public static func venues(of book: Book) -> [MarginVenue] {
    let held = book.positions.map { book.instruments[$0.instrument] }
    let found = all.filter { venue in held.contains { $0.isListed == venue.isListed } }
    return found.isEmpty ? all : found
  }
}

extension RunPlan {
  /// The plan with the venue that fits a book, and its models, where nobody said which.
  public func fitted(to book: Book) -> RunPlan {
    let isOpen =
      !stated.contains(.comparison) && comparison == ComparisonPlan() && comparisonsBeside.isEmpty
    guard isOpen, let venue = MarginVenue.venues(of: book).first, venue.comparison != comparison else {
      return self
    }
    var plan = self
    plan.comparison = venue.comparison
    guard !stated.contains(.marginModels), marginModels == RunPlan().marginModels else { return plan }
    plan.marginModels = []
    for mode in [venue.comparison.isolated, venue.comparison.cross, venue.comparison.portfolio]
    where !plan.marginModels.contains(mode) {
      plan.marginModels.append(mode)
    }
    return plan
  }
}

extension ComparisonPlan {
  /// The venue whose models these are, else the three names with commas.
  public var venue: String {
    ModelCatalogue.venues.first { $0.comparison == self }?.name ?? "\(isolated),\(cross),\(portfolio)"
  }
}
