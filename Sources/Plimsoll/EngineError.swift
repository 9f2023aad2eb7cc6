public import MarginModels
import TailRisk

/// Why a run cannot start; the door turns it into one sentence and an exit code.
public enum EngineError: Error, Sendable, Equatable {
  /// The market or the plan as a whole cannot carry a measure: where, and what was found and expected.
  case invalid(path: String, message: String)
  /// A model, mode or method of that name is not built.
  case unsupported(path: String, message: String)
  /// Whoever asked for the run wants it no longer.
  case stopped
}

extension EngineError {
  /// - Parameters:
  ///   - entry: place of the entry of `value_at_risk` that it concerns; nil where it is not one.
  ///   - method: that entry's.
  init(_ error: TailRiskError, entry: Int? = nil, method: ValueAtRiskPlan.Method? = nil) {
    let place = "run.json#/value_at_risk" + (entry.map { "/\($0)" } ?? "")
    switch error {
    case .unsupported(let field, let value):
      let owner = field == "method" ? nil : method?.rawValue
      self = .unsupported(
        path: place,
        message: "found \(field) \(value), which "
          + (owner.map { "\($0) does not have" } ?? "is not built")
          + (field == "smile" ? "; monte_carlo, historical and filtered_historical have it" : ""))
    case .outOfRange(let field, let value):
      self = .invalid(
        path: place,
        message: "found \(field) \(value), expected a number within the engine's range")
    case .indefiniteCorrelation(let order, let eigenvalue):
      self = .invalid(
        path: "market.json#/correlation/matrix",
        message: "found a matrix of order \(order) whose smallest eigenvalue is \(eigenvalue), "
          + "expected a positive semidefinite one")
    case .malformedCorrelation:
      self = .invalid(
        path: "market.json#/correlation/matrix",
        message: "found a matrix that is not symmetric, finite and square over its assets")
    case .malformedHistory(let column, let row):
      self = .invalid(
        path: "history.csv", message: "found no finite return in row \(row) of estimated column \(column)")
    case .shortHistory(let returns, let needed):
      self = .invalid(
        path: "history.csv",
        message:
          "found \(returns) returns over the horizon on dates with all prices, expected at least \(needed)")
    case .foreignHoldings(let instruments, let expected):
      self = .invalid(
        path: "shard", message: "found holdings of \(instruments) instruments, expected \(expected)")
    case .stopped:
      self = .stopped
    }
  }

  /// A margin model that is not built, not offered or not complete, as an engine would refuse it.
  public init(_ error: MarginError) {
    switch error {
    case .unknownModel(let name, let known):
      self = .unsupported(
        path: "run.json#/margin/models",
        message: "found the model \(name), which is not built; built are \(known.joined(separator: ", "))")
    case .modeNotOffered(let model, let mode):
      self = .unsupported(
        path: "run.json#/compare",
        message: "found \(model) for \(mode.rawValue) margin, which it does not offer")
    case .parametersMissing(let model, let parameters):
      // The name may come from run.json or from the command line.
      self = .unsupported(
        path: "margin model \(model)",
        message: "found a model whose numbers nobody has published; a model file has to give "
          + parameters.joined(separator: ", "))
    case .definition(let file, let path, let message):
      self = .invalid(path: "\(file)#\(path)", message: message)
    }
  }
}
