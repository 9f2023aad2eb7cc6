/// What a cooperative game shares out: one amount, or several that are shared out at once.
///
/// The Shapley value is linear, so amounts that are measured together are shared out component by component.
package protocol SharedValue: Hashable, Sendable {
  /// Nothing.
  static var zero: Self { get }
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  /// The value a number of times.
  func scaled(by factor: Double) -> Self
  /// Each component times itself: for variances.
  var squared: Self { get }
  /// The square root of each component; of one below zero, zero.
  var root: Self { get }
}

extension Double: SharedValue {
  /// The product with a number.
  package func scaled(by factor: Double) -> Double { self * factor }
  /// The product with itself.
  package var squared: Double { self * self }
  /// The root, 0 below zero: a variance that rounds below zero is none.
  package var root: Double { self > 0 ? squareRoot() : 0 }
}

extension MarginSaving: SharedValue {
  /// No saving.
  package static let zero = MarginSaving(pooling: 0, model: 0, offset: 0)

  /// Part by part.
  package static func + (left: MarginSaving, right: MarginSaving) -> MarginSaving {
    MarginSaving(
      pooling: left.pooling + right.pooling, model: left.model + right.model,
      offset: left.offset + right.offset)
  }

  /// Part by part.
  package static func - (left: MarginSaving, right: MarginSaving) -> MarginSaving {
    MarginSaving(
      pooling: left.pooling - right.pooling, model: left.model - right.model,
      offset: left.offset - right.offset)
  }

  /// Each part a number of times.
  package func scaled(by factor: Double) -> MarginSaving {
    MarginSaving(pooling: pooling * factor, model: model * factor, offset: offset * factor)
  }

  /// Each part times itself.
  package var squared: MarginSaving {
    MarginSaving(pooling: pooling.squared, model: model.squared, offset: offset.squared)
  }

  /// The root of each part.
  package var root: MarginSaving {
    MarginSaving(pooling: pooling.root, model: model.root, offset: offset.root)
  }

  /// The whole saving: isolated less portfolio capital.
  public var total: Double { pooling + model + offset }
}
