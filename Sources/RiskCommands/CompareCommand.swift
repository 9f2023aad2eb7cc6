import CommandLineKit
import MarginModels
import MarketModel

/// `plimsoll compare BOOK`: isolated, cross and portfolio margin side by side, venue by venue.
enum CompareCommand {
  static let models = Option<[String]>(
    repeating: "models", value: "NAMES",
    help: "a venue, or ISOLATED,CROSS,PORTFOLIO; the first is the primary; default: run.json's")

  static let command = Command(
    "compare",
    abstract: "Isolated, cross and portfolio margin side by side, and where the saving comes from.",
    operands: [PreparedRun.operand],
    options: rows(
      models, CommonOptions.detail, CommonOptions.threads, CommonOptions.format, CommonOptions.strict,
      CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [Example("plimsoll compare desk --format table", "one row an account")]
  ) { line throws(CommandError) in
    let run = try PreparedRun(
      line,
      adjust: { plan throws(CommandError) in
        plan.measures = [.margin]
        try read(line(models), into: &plan)
      },
      complete: PreparedRun.takeApart)
    return try ReportOutput(line: line, run: run).print(table: .compare)
  }

  /// Puts what `--models` names into a plan, the first as the primary comparison.
  private static func read(_ names: [String], into plan: inout RunPlan) throws(CommandError) {
    guard !names.isEmpty else { return }
    var comparisons: [ComparisonPlan] = []
    for name in names {
      let comparison = try comparison(name)
      if comparisons.contains(comparison) { throw .usage("'--models \(name)' is given twice") }
      comparisons.append(comparison)
    }
    guard let first = comparisons.first else { return }
    plan.comparison = first
    plan.comparisonsBeside = Array(comparisons.dropFirst())
    plan.stated.insert(.comparison)
  }

  /// A venue by name, or three models.
  static func comparison(_ name: String) throws(CommandError) -> ComparisonPlan {
    if let venue = MarginVenue.named(name) { return venue.comparison }
    let names = name.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 3 else {
      let known = MarginVenue.all.map(\.name)
      throw .usage(
        "'--models \(name)' is no venue (\(known.joined(separator: ", "))) and names \(names.count) "
          + "models; expected ISOLATED,CROSS,PORTFOLIO" + Spelling.hint(for: name, among: known))
    }
    for name in names { try ModelsCommand.check(name) }
    return ComparisonPlan(isolated: names[0], cross: names[1], portfolio: names[2])
  }
}
