import BookSources
import CommandLineKit
import RiskDocuments
import SystemFiles

/// `plimsoll sample DIR`: a synthetic desk to try everything on.
enum SampleCommand {
  static let accounts = Option("accounts", value: "N", default: 200, help: "how many accounts; default 200")
  static let seed = Option<UInt64>(
    "seed", value: "N", default: 1, help: "another seed, another desk; default 1")
  static let instruments = Option<Int?>(
    "instruments", value: "N", help: "the most contracts traded, 100 to 10000; default by the accounts")

  static let market = Option<String?>(
    "market", value: "BOOK", help: "trade what this book or market.json quotes; default: a made-up market")
  static let week = Option(
    flag: "week", help: "add two later markets of a week in which coins fell, for `plimsoll replay`")

  static let command = Command(
    "sample", abstract: "Writes a synthetic crypto desk as a book.",
    discussion: [
      "Market makers, covered-call sellers, leveraged perpetual traders and borrowers. The same numbers give "
        + "the same bytes; nothing in it was quoted anywhere. A book that is there already is not overwritten.",
      "--market draws the accounts over the options that a given market lists, with its futures and perpetuals, and "
        + "copies that market. --week writes DIR/afternoon and DIR/night beside the book.",
    ],
    operands: [Operand("DIR", help: "the folder to write the book to")],
    options: rows(accounts, seed, instruments, market, week, CommonOptions.quiet),
    examples: [
      Example("plimsoll sample desk --accounts 1000 --seed 7", "a desk of a thousand accounts"),
      Example("plimsoll run desk --out report", "its nightly run"),
      Example("plimsoll sample desks --market book", "desks on the market of an imported chain"),
    ]
  ) { line throws(CommandError) in
    let count = line(accounts)
    guard (1...1_000_000).contains(count) else {
      throw .usage("'--accounts' is '\(count)'; expected a whole number from 1 to 1000000")
    }
    if let most = line(instruments), !(100...10_000).contains(most) {
      throw .usage("'--instruments' is '\(most)'; expected a whole number from 100 to 10000")
    }
    let folder = line.operands.first ?? "."
    for (name, bytes) in try parts(count, line) {
      try BookFolder.create(bytes, in: name.isEmpty ? folder : folder + "/" + name)
    }
    if !line(CommonOptions.quiet) { line.err.note("plimsoll: \(count) accounts written to \(folder)") }
    return ExitStatus.success
  }

  /// The files by folder below DIR, the book's own first.
  private static func parts(
    _ count: Int, _ line: Invocation
  ) throws(CommandError) -> [(folder: String, files: [BookFolder.File])] {
    guard let path = line(market) else {
      guard line(week) else {
        return [("", SampleDesk.files(accounts: count, seed: line(seed), instruments: line(instruments)))]
      }
      let files = SampleWeek.files(accounts: count, seed: line(seed), instruments: line(instruments) ?? 300)
      var parts: [(folder: String, files: [BookFolder.File])] = [
        ("", files.filter { !$0.name.utf8.contains(0x2F) })
      ]
      for file in files {
        let names = file.name.split(separator: "/").map(String.init)
        if names.count == 2 { parts.append((names[0], [(names[1], file.bytes)])) }
      }
      return parts
    }
    guard !line(week), !line.has(instruments) else {
      throw .usage("'--market' brings its own contracts; '--week' and '--instruments' do not go with it")
    }
    let member = try LaterMarket.member(path)
    let reading: MarketReading
    do throws(DocumentError) {
      reading = try BookReader.readMarket(member)
    } catch {
      throw .stop(status: error.exitCode, message: error.sentence)
    }
    guard
      let files = SampleDesk.files(
        on: reading.market, document: member.bytes, accounts: count, seed: line(seed))
    else {
      throw .badData("\(member.name): found no crypto option with a volatility to trade, expected some")
    }
    return [("", files)]
  }
}
