import CommandLineKit
import MarketModel

/// `plimsoll margin`, `var` and `stress`: one measure of a book alone.
enum MeasureCommands {
  static let models = Option<[String]>(
    repeating: "model", value: "NAME",
    help: "a margin model, as `plimsoll models` names it; default: run.json's")
  private static let book = [PreparedRun.operand]

  static let margin = Command(
    "margin", abstract: "What each account must hold, under one or more named models.",
    operands: book,
    options: rows(
      models, CommonOptions.threads, CommonOptions.format, CommonOptions.strict, CommonOptions.maxRefused,
      CommonOptions.quiet),
    examples: [Example("plimsoll margin desk --model derive-pmrm2", "portfolio margin of every account")]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line) { plan throws(CommandError) in
      plan.measures = [.margin]
      try readModels(line, into: &plan)
    }
    return try ReportOutput(line: line, run: run).print(table: .margin)
  }

  /// Puts the models that `--model` names into a plan, in their order.
  static func readModels(_ line: Invocation, into plan: inout RunPlan) throws(CommandError) {
    guard line.has(models) else { return }
    plan.marginModels = []
    for name in line(models) {
      if plan.marginModels.contains(name) { throw .usage("'--model \(name)' is given twice") }
      try ModelsCommand.check(name)
      plan.marginModels.append(name)
    }
  }

  static let valueAtRisk = Command(
    "var", abstract: "Monte Carlo value at risk and expected shortfall of each account and the book.",
    operands: book,
    options: rows(
      CommonOptions.seed, CommonOptions.paths, CommonOptions.threads, CommonOptions.format,
      CommonOptions.strict, CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [Example("plimsoll var desk --paths 100000 --seed 7", "more paths, a smaller standard error")]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line) { plan throws(CommandError) in plan.measures = [.valueAtRisk] }
    return try ReportOutput(line: line, run: run).print(table: .valueAtRisk)
  }

  static let stress = Command(
    "stress", abstract: "Profit and loss of each account and the book under the named stresses.",
    operands: book,
    options: rows(
      CommonOptions.threads, CommonOptions.format, CommonOptions.strict, CommonOptions.maxRefused,
      CommonOptions.quiet),
    examples: [Example("plimsoll stress desk", "the stresses of run.json")]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line) { plan throws(CommandError) in plan.measures = [.stress] }
    return try ReportOutput(line: line, run: run).print(table: .stress)
  }
}
