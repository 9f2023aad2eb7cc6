import CommandLineKit
import Plimsoll

/// `plimsoll explain BOOK ACCOUNT`: why these figures.
enum ExplainCommand {
  static let command = Command(
    "explain",
    abstract: "Why an account's figures are what they are: the binding scenario, its legs, what is near.",
    operands: [PreparedRun.operand, Operand("ACCOUNT", kind: .text, help: "an account of the book")],
    options: rows(
      CommonOptions.seed, CommonOptions.paths, CommonOptions.threads, CommonOptions.format,
      CommonOptions.strict, CommonOptions.maxRefused, CommonOptions.quiet),
    examples: [Example("plimsoll explain desk desk-0007", "margin, binding scenario, liquidation, cure")]
  ) { line throws(CommandError) in
    let run = try PreparedRun(line)
    let accounts = run.engine.valued.book.accounts
    let wanted = line.operands[1]
    guard let place = accounts.firstIndex(where: { $0.text.utf8.elementsEqual(wanted.utf8) }),
      let (account, failures) = run.engine.account(place)
    else {
      throw .badData(
        "\(line.operands[0]): no account '\(wanted)' in the book"
          + Spelling.hint(for: wanted, among: accounts.map(\.text)))
    }
    let explanation = Explanation(account, legs: run.engine.worstScenarioLegs(ofAccount: place), run.engine)
    switch line(CommonOptions.format) ?? .table {
    case .table: try line.out.write(Array(explanation.text.utf8))
    case .json: try line.out.write(explanation.document(indentation: 2))
    case .jsonl: try line.out.write(explanation.document(indentation: nil))
    }
    if !line(CommonOptions.quiet) { ReportOutput.note(failures, to: line.err) }
    return account.figures.isIncomplete ? ExitStatus.writtenWithFailures : ExitStatus.success
  }
}
