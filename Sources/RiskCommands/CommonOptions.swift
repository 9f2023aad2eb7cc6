import CommandLineKit
import MarketModel
import RiskDocuments
import SystemFiles

/// Options that several commands share.
enum CommonOptions {
  static let seed = Option<UInt64?>(
    "seed", value: "N", help: "first state of the generator; default: run.json's")
  static let paths = Option<Int?>("paths", value: "N", help: "simulated paths; default: run.json's")
  /// The same option where nothing is simulated unless it is given.
  static let survivalPaths = Option<Int?>(
    "paths", value: "N", help: "also the capital that survives a share of N simulated tomorrows (run.json)")
  static let threads = Option<Int?>(
    "threads", value: "N",
    help: "threads, at most 1024; default: the processors allowed; no figure depends on it")
  static let strict = Option(
    flag: "strict", help: "stop with status 65 at the first row that would be set aside")
  static let maxRefused = Option<RefusalLimit?>(
    "max-refused", value: "N|P%",
    help:
      "stop with status 65 when more rows of a file are set aside; default: more than 1 % and more than 10")
  static let quiet = Option(flag: "quiet", help: "say nothing but errors")
  static let modelFiles = Option<[String]>(
    repeating: "model-file", value: "FILE",
    help:
      "a margin model of your own: the rules of a built one with other numbers (`plimsoll models --template`)"
  )
  static let format = Option<ReportFormat?>(
    "format", value: "FORMAT", help: "default: table on a terminal, json elsewhere")

  /// The format of what is written for people first: the same option with another default.
  static let textFormat = Option<ReportFormat?>(
    "format", value: "FORMAT", help: "default: table, text for people")

  static let spanFile = Option<String?>(
    "span-file", value: "FILE",
    help: "a clearing house's SPAN risk parameter file (.pa2), whose arrays and terms `span` takes")

  static let detail = Option<MarginDetail?>(
    "detail", value: "LEVEL",
    help: "how far margin is taken apart; default: run.json's, else full up to 1,000 accounts")
  /// The same option on a command whose default is the summary.
  static let nightlyDetail = Option<MarginDetail?>(
    "detail", value: "LEVEL", help: "how far margin is taken apart; default: run.json's, else summary")

  /// How many threads to use.
  static func threadCount(_ line: Invocation) throws(CommandError) -> Int {
    guard let wanted = line(threads) else { return min(Surroundings.processorCount, 1_024) }
    guard (1...1_024).contains(wanted) else {
      throw .usage("'--threads' is '\(wanted)'; expected a whole number from 1 to 1024")
    }
    return wanted
  }
}

/// How reports and measures are printed.
enum ReportFormat: String, CaseIterable, OptionValue {
  case json
  case jsonl
  case table
}

/// The most rows of a file that may be set aside: `N` or `P%`.
struct RefusalLimit: OptionValue {
  static let expectation = "a number of rows or a share such as 5%"
  let limit: ReadingRules.Limit

  init?(optionText text: String) {
    guard let limit = ReadingRules.limit(text) else { return nil }
    self.limit = limit
  }
}
