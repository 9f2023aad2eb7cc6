import CommandLineKit

/// The statuses of the contract beyond those of any command line.
extension ExitStatus {
  /// The report was written, and something was set aside in it.
  static let writtenWithFailures: Int32 = 2
  /// A limit was breached and `--fail-on breach` was given.
  static let breach: Int32 = 3
  static let badData: Int32 = 65
  static let noInput: Int32 = 66
  static let internalError: Int32 = 70
  /// Memory or threads beyond the budget.
  static let budget: Int32 = 71
  /// Another run writes to the output folder.
  static let inUse: Int32 = 75
}
