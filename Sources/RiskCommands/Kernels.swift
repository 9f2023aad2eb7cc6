import CommandLineKit
import RiskNumerics

/// The variable `PLIMSOLL_KERNELS`, which chooses the instruction set of the kernels.
///
/// It exists to show that the choice does not change a bit of the report; nothing below the command line
/// reads the environment.
enum Kernels {
  static let variable = "PLIMSOLL_KERNELS"

  /// Puts the wanted level into force, or the best one.
  ///
  /// - Throws: usage, where the value is unknown or the processor lacks the level.
  static func select(_ line: Invocation) throws(CommandError) {
    let names = KernelLevel.allCases.map(\.rawValue)
    let wanted = line.environment(variable) ?? ""
    var level = KernelLevel.best
    if !wanted.isEmpty {
      guard let named = KernelLevel(rawValue: wanted) else {
        throw .usage(
          "\(variable) is '\(wanted)'; expected one of \(names.joined(separator: ", "))"
            + Spelling.hint(for: wanted, among: names))
      }
      level = named
    }
    guard KernelLevel.select(level) else {
      throw .usage(
        "\(variable) is '\(wanted)', which this processor lacks; its best is \(KernelLevel.best.rawValue)")
    }
    if level == .baseline {
      line.err.note("plimsoll: kernels without fused multiply-add: the figures are the same, the run is slow")
    }
  }
}
