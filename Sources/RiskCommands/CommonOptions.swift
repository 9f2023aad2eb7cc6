import CommandLineKit
import SystemFiles

/// Options that several commands share.
enum CommonOptions {
  static let seed = Option<UInt64?>(
    "seed", value: "N", help: "first state of the generator; default: run.json's")
  static let paths = Option<Int?>("paths", value: "N", help: "simulated paths; default: run.json's")
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
  static let format = Option<ReportFormat?>(
    "format", value: "FORMAT", help: "default: table on a terminal, json elsewhere")

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

/// The most rows of a file that may be set aside.
enum RefusalLimit: OptionValue, Equatable {
  case count(Int)
  /// Hundredths of the file's rows; 0 to 100.
  case share(Double)

  static var expectation: String { "a number of rows or a share such as 5%" }

  init?(optionText text: String) {
    if text.hasSuffix("%") {
      guard let share = Double(text.dropLast()), share >= 0, share <= 100 else { return nil }
      self = .share(share)
    } else {
      guard let count = Int(text), count >= 0 else { return nil }
      self = .count(count)
    }
  }

  /// Whether a file lost too many rows.
  ///
  /// Without a limit of the user's: more than one in a hundred and more than ten.
  static func isExceeded(_ limit: RefusalLimit?, refused: Int, rows: Int) -> Bool {
    switch limit {
    case .count(let most): refused > most
    case .share(let most): Double(refused) * 100 > most * Double(rows)
    case nil: refused > 10 && refused * 100 > rows
    }
  }
}
