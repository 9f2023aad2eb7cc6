import CommandLineKit
import Plimsoll
import SystemFiles

/// `plimsoll explain BOOK ACCOUNT`: why these figures.
enum ExplainCommand {
  static let command = Command(
    "explain",
    abstract: "Why an account's figures are what they are: the binding scenario, its legs, what is near.",
    operands: [PreparedRun.operand, Operand("ACCOUNT", kind: .text, help: "an account of the book")],
    options: rows(
      CommonOptions.modelFiles, CommonOptions.seed, CommonOptions.paths, CommonOptions.detail,
      CommonOptions.threads,
      CommonOptions.textFormat, CommonOptions.strict, CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [Example("plimsoll explain desk desk-0007", "margin, binding scenario, liquidation, cure")]
  ) { line throws(CommandError) in
    // One account is taken apart whatever the size of its book.
    let run = try PreparedRun(
      line, complete: { plan, _ in if !plan.stated.contains(.marginDetail) { plan.marginDetail = .full } })
    let wanted = line.operands[1]
    guard let place = Identifier(wanted).flatMap(run.engine.place(ofAccount:)),
      let (explanation, failures) = run.engine.explanation(ofAccount: place)
    else {
      throw .badData(
        "\(line.operands[0]): no account '\(wanted)' in the book"
          + Spelling.hint(for: wanted, among: run.engine.valued.book.accounts.map(\.text)))
    }
    switch line(CommonOptions.textFormat) ?? .table {
    case .table:
      let text = explanation.text(isColoured: Surroundings.allowsColour(line.out))
      try line.out.write(Array(text.utf8))
    case .json, .jsonl: try line.out.write(explanation.json())
    }
    if !line(CommonOptions.quiet) { ReportOutput.note(failures, to: line.err) }
    return explanation.account.figures.isIncomplete ? ExitStatus.writtenWithFailures : ExitStatus.success
  }
}
