import CommandLineKit
import MarketModel

/// `plimsoll stress BOOK`: what named moves of the market would cost, and which move would cost so much.
enum StressCommand {
  private static let scenarios = Option<[String]>(
    repeating: "scenario", value: "NAME",
    help: "a stress of run.json by its name, or a preset; default: run.json's")
  private static let ladder = Option(
    flag: "ladder",
    help: "spot from -50 % to +50 % by volatility at -30 %, 0 and +50 %, in place of run.json's")
  private static let losses = Option<[LossText]>(
    repeating: "reverse", value: "LOSS|P%",
    help: "the most likely move that loses so much, or so much of equity")

  static let command = Command(
    "stress", abstract: "Profit and loss of each account and the book under the named stresses.",
    discussion: [
      "Every stress is a full revaluation; the parts beside it are the expansion by Greeks, and `rest` is what they "
        + "leave. Presets, published moves of one day: "
        + StressPreset.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      "--reverse looks for the move of the spots of least Mahalanobis distance that loses the amount, options "
        + "revalued in full.",
    ],
    operands: [PreparedRun.operand],
    options: rows(
      scenarios, ladder, losses, CommonOptions.threads, CommonOptions.format, CommonOptions.strict,
      CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [
      Example("plimsoll stress desk", "the stresses of run.json"),
      Example("plimsoll stress desk --scenario crypto-2020-03-12", "12 March 2020 once more"),
      Example("plimsoll stress desk --ladder --reverse 50%", "a grid, and what would halve each account"),
    ]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line) { plan throws(CommandError) in
      plan.measures = [.stress]
      try read(line, into: &plan)
    }
    return try ReportOutput(line: line, run: run).print(table: .stress)
  }

  /// Puts what the line asks for into a plan; what it names stands in place of what `run.json` lists.
  private static func read(_ line: Invocation, into plan: inout RunPlan) throws(CommandError) {
    if line.has(scenarios) || line(ladder) {
      var chosen: [StressScenario] = []
      for name in line(scenarios) {
        let scenario = try scenario(name, of: plan)
        if chosen.contains(where: { $0.name == scenario.name }) {
          throw .usage("'--scenario \(name)' is given twice")
        }
        chosen.append(scenario)
      }
      if line(ladder), let name = Identifier("ladder") {
        chosen.append(StressScenario(name: name, source: .ladder(.standard)))
      }
      plan.stress = chosen
    }
    if line.has(losses) { plan.reverseStress = line(losses).map { ReverseStressPlan(loss: $0.loss) } }
  }

  private static func scenario(_ name: String, of plan: RunPlan) throws(CommandError) -> StressScenario {
    if let own = plan.stress.first(where: { $0.name.text == name }) { return own }
    if let preset = StressPreset(rawValue: name), let id = Identifier(name) {
      return StressScenario(name: id, source: .preset(preset))
    }
    let known = plan.stress.map(\.name.text) + StressPreset.allCases.map(\.rawValue)
    throw .usage("'--scenario \(name)' is no stress; expected one of \(known.joined(separator: ", "))")
  }
}

/// A loss: an amount of the base currency, or a share of equity such as `50%`.
struct LossText: OptionValue {
  static let expectation = "an amount above 0 or a share of equity such as 50%"
  let loss: ReverseStressPlan.Loss

  init?(optionText text: String) {
    let isShare = text.hasSuffix("%")
    guard let value = Double(optionText: isShare ? String(text.dropLast()) : text), value > 0,
      value <= (isShare ? 1e5 : 1e15)
    else { return nil }
    loss = isShare ? .fractionOfEquity(value / 100) : .amount(value)
  }
}
