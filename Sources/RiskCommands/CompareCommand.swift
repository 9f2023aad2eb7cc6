import CommandLineKit
import MarginModels
import MarketModel

/// `plimsoll compare BOOK`: isolated, cross and portfolio margin side by side, venue by venue.
enum CompareCommand {
  static let models = Option<[String]>(
    repeating: "models", value: "NAMES",
    help: "a venue, ISOLATED,CROSS,PORTFOLIO, or one model; default: run.json's, else every venue that fits")

  /// The common option: here it asks for the capital over paths, which a comparison else does without.
  static let paths = CommonOptions.survivalPaths

  static let command = Command(
    "compare",
    abstract: "Isolated, cross and portfolio margin side by side: which is cheapest, by how much, and why.",
    discussion: [
      "Modes are compared by capital: what the owner must have, in cash and positions, to come through the "
        + "worst of one set of scenarios, each model counting what it counts. Requirements of different "
        + "models do not compare as they are printed.",
      "A model that cannot margin every position of an account has no figures there: the report names the "
        + "positions, and the model is never the cheapest.",
      "The first venue of --models is the report's `comparison`, further ones stand `beside` it, and a model "
        + "alone joins the `ranking`.",
    ],
    operands: [PreparedRun.operand],
    options: rows(
      models, CommonOptions.modelFiles, paths, CommonOptions.seed, CommonOptions.detail,
      CommonOptions.threads, CommonOptions.format,
      CommonOptions.strict,
      CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [
      Example("plimsoll compare desk --format table", "each account: the cheapest mode, and why"),
      Example(
        "plimsoll compare desk --paths 10000", "and the capital that survives 99 % of 10,000 tomorrows"),
      Example("plimsoll compare desk --models deribit --models derive-pmrm2", "a venue, a model beside it"),
    ]
  ) { line throws(CommandError) in
    let run = try PreparedRun(
      line,
      adjust: { plan throws(CommandError) in
        plan.measures = [.margin]
        try read(line(models), into: &plan)
        guard let count = line(paths) else { return }
        guard (1...PathCapitalEngine.mostPaths).contains(count) else {
          throw .usage(
            "'--paths' is '\(count)'; expected a whole number from 1 to \(PathCapitalEngine.mostPaths)")
        }
        var wanted = plan.capitalPaths ?? .standard
        wanted.paths = count
        plan.capitalPaths = wanted
      },
      // A table shows no share of any position, which costs more than all the rest.
      complete: { complete(&$0, $1, takesApart: ReportOutput.format(of: line) != .table) })
    return try ReportOutput(line: line, run: run).printComparison()
  }

  /// Puts what `--models` names into a plan: the first venue as the primary, models alone into the ranking.
  private static func read(_ names: [String], into plan: inout RunPlan) throws(CommandError) {
    guard !names.isEmpty else { return }
    var comparisons: [ComparisonPlan] = []
    var alone: [String] = []
    for name in names {
      if ModelsCommand.known(in: plan).contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
        if alone.contains(name) { throw .usage("'--models \(name)' is given twice") }
        alone.append(name)
        continue
      }
      let comparison = try comparison(name, in: plan)
      if comparisons.contains(comparison) { throw .usage("'--models \(name)' is given twice") }
      comparisons.append(comparison)
    }
    plan.rankedModels = alone
    guard let first = comparisons.first else { return }
    plan.comparison = first
    plan.comparisonsBeside = Array(comparisons.dropFirst())
    plan.stated.insert(.comparison)
  }

  /// Every venue that fits the book where nobody said which, and the models of what is compared.
  private static func complete(_ plan: inout RunPlan, _ book: Book, takesApart: Bool) {
    if takesApart { PreparedRun.takeApart(&plan, book) }
    if !plan.stated.contains(.comparison) {
      let plans = MarginVenue.venues(of: book).map(\.comparison)
      if let first = plans.first {
        plan.comparison = first
        plan.comparisonsBeside = Array(plans.dropFirst())
      }
    }
    guard !plan.stated.contains(.marginModels) else { return }
    plan.marginModels = []
    let plans = [plan.comparison] + plan.comparisonsBeside
    let compared = plans.flatMap { [$0.isolated, $0.cross, $0.portfolio] }
    for name in compared + plan.rankedModels where !plan.marginModels.contains(name) {
      plan.marginModels.append(name)
    }
  }

  /// A venue by name, or three models.
  static func comparison(_ name: String, in plan: RunPlan = RunPlan()) throws(CommandError) -> ComparisonPlan
  {
    if let venue = MarginVenue.named(name) { return venue.comparison }
    let names = name.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard names.count == 3 else {
      let known = MarginVenue.all.map(\.name) + ModelsCommand.known(in: plan)
      throw .usage(
        "'--models \(name)' is none of \(known.joined(separator: ", ")), nor three models "
          + "ISOLATED,CROSS,PORTFOLIO" + Spelling.hint(for: name, among: known))
    }
    let descriptions = (try? ModelLibrary(of: plan))?.descriptions ?? []
    for (name, mode) in zip(names, [MarginMode.isolated, .cross, .portfolio]) {
      try ModelsCommand.check(name, in: plan)
      let offering = descriptions.filter { $0.modes.contains(mode) }.map(\.name)
      guard offering.isEmpty || offering.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
        throw .usage(
          "'--models' asks for \(mode.rawValue) margin by \(name), which does not offer it; offered by "
            + offering.joined(separator: ", "))
      }
    }
    return ComparisonPlan(isolated: names[0], cross: names[1], portfolio: names[2])
  }
}
