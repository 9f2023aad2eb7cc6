import CommandLineKit
import MarketModel
import Plimsoll

/// `plimsoll margin` and `var`: one measure of a book alone.
enum MeasureCommands {
  static let models = Option<[String]>(
    repeating: "model", value: "NAME",
    help: "a margin model, as `plimsoll models` names it; default: run.json's")
  private static let book = [PreparedRun.operand]

  static let margin = Command(
    "margin", abstract: "What each account must hold, under one or more named models.",
    operands: book,
    options: rows(
      models, CommonOptions.modelFiles, CommonOptions.spanFile, CommonOptions.threads, CommonOptions.format,
      CommonOptions.strict, CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [
      Example("plimsoll margin desk --model derive-pmrm2", "portfolio margin of every account"),
      Example("plimsoll margin desk --model span --span-file cme.pa2", "SPAN by the arrays of a file"),
    ]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line) { plan throws(CommandError) in
      plan.measures = [.margin]
      try readModels(line, into: &plan)
    }
    return try ReportOutput(line: line, run: run).print(
      table: run.engine.plan.collateral == nil ? .margin : .marginAfterHaircuts)
  }

  /// Puts the models that `--model` names into a plan, in their order.
  static func readModels(_ line: Invocation, into plan: inout RunPlan) throws(CommandError) {
    guard line.has(models) else { return }
    plan.marginModels = []
    for name in line(models) {
      if plan.marginModels.contains(name) { throw .usage("'--model \(name)' is given twice") }
      try ModelsCommand.check(name, in: plan)
      plan.marginModels.append(name)
    }
  }

  static let methods = Option<[ValueAtRiskPlan.Method]>(
    repeating: "method", value: "NAME",
    help: "how the law of the loss is found, in place of run.json's entries")

  static let valueAtRisk = Command(
    "var", abstract: "Value at risk and expected shortfall of each account and the book, with their errors.",
    operands: book,
    options: rows(
      methods, CommonOptions.seed, CommonOptions.paths, CommonOptions.threads, CommonOptions.format,
      CommonOptions.strict, CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [
      Example("plimsoll var desk --paths 100000 --seed 7", "more paths, a smaller standard error"),
      Example("plimsoll var desk --method delta_gamma --method monte_carlo", "two methods side by side"),
    ]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line) { plan throws(CommandError) in
      plan.measures = [.valueAtRisk]
      try readMethods(line, into: &plan)
    }
    return try ReportOutput(line: line, run: run).print(table: .valueAtRisk)
  }

  /// Puts one entry a method that `--method` names into a plan: run.json's own entry of that method where it has
  /// one, else its first entry by that method.
  static func readMethods(_ line: Invocation, into plan: inout RunPlan) throws(CommandError) {
    guard line.has(methods) else { return }
    let first = plan.valueAtRisk.first ?? .standard
    var entries: [ValueAtRiskPlan] = []
    for method in line(methods) {
      if entries.contains(where: { $0.method == method }) {
        throw .usage("'--method \(method.rawValue)' is given twice")
      }
      let own = plan.valueAtRisk.filter { $0.method == method }
      if own.isEmpty {
        var entry = first
        entry.method = method
        entries.append(entry)
      } else {
        entries += own
      }
    }
    plan.valueAtRisk = entries
  }
}
