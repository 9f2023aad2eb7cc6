import BookSources
import CommandLineKit
import SystemFiles

/// `plimsoll sample DIR`: a synthetic desk to try everything on.
enum SampleCommand {
  static let accounts = Option("accounts", value: "N", default: 200, help: "how many accounts; default 200")
  static let seed = Option<UInt64>(
    "seed", value: "N", default: 1, help: "another seed, another desk; default 1")
  static let instruments = Option<Int?>(
    "instruments", value: "N", help: "the most contracts traded, 100 to 10000; default by the accounts")

  static let command = Command(
    "sample", abstract: "Writes a synthetic crypto desk as a book.",
    discussion: [
      "Market makers, covered-call sellers, leveraged perpetual traders and borrowers. The same numbers give "
        + "the same bytes; nothing in it was quoted anywhere. A book that is there already is not overwritten."
    ],
    operands: [Operand("DIR", help: "the folder to write the book to")],
    options: rows(accounts, seed, instruments, CommonOptions.quiet),
    examples: [
      Example("plimsoll sample desk --accounts 1000 --seed 7", "a desk of a thousand accounts"),
      Example("plimsoll run desk --out report", "its nightly run"),
    ]
  ) { line throws(CommandError) in
    let count = line(accounts)
    guard (1...1_000_000).contains(count) else {
      throw .usage("'--accounts' is '\(count)'; expected a whole number from 1 to 1000000")
    }
    if let most = line(instruments), !(100...10_000).contains(most) {
      throw .usage("'--instruments' is '\(most)'; expected a whole number from 100 to 10000")
    }
    let files = SampleDesk.files(accounts: count, seed: line(seed), instruments: line(instruments))
    let folder = line.operands.first ?? "."
    try BookFolder.create(files, in: folder)
    if !line(CommonOptions.quiet) { line.err.note("plimsoll: \(count) accounts written to \(folder)") }
    return ExitStatus.success
  }
}
