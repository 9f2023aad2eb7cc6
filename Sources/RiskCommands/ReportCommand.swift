import CommandLineKit
import RiskPages
import SystemFiles

/// `plimsoll report REPORT --html FILE`: a report as one page to look at.
enum ReportCommand {
  static let html = Option<String?>(
    "html", value: "FILE", help: "where to write the page; without it, standard output")
  static let accounts = Option<String?>(
    "accounts", value: "FILE", help: "accounts of a large report; default: accounts.jsonl beside it")
  static let account = Option<[String]>(
    repeating: "account", value: "ID", help: "draw this account instead of those nearest to liquidation")

  static let command = Command(
    "report", abstract: "A report as one self-contained page: which mode is cheapest, by how much and why.",
    discussion: [
      "The page holds no script and asks nothing of any server: it can be mailed, printed and kept. It shows the "
        + "book, then the \(ReportPage.shownAccounts) accounts that use the most of their equity, and lists the "
        + "first \(ReportPage.indexedAccounts); what is left out is counted.",
      "REPORT is a report.json or the folder that a run wrote it to.",
    ],
    operands: [Operand("REPORT", help: "a report.json, or the folder of a run")],
    options: rows(html, account, accounts, CommonOptions.quiet),
    examples: [
      Example("plimsoll report out --html report.html", "the book and the accounts to look at first"),
      Example("plimsoll report out --html desk-0007.html --account desk-0007", "one account"),
    ]
  ) { line throws(CommandError) in
    let (name, folder) = try source(line.operands[0])
    let target = try line(html).map { path throws(CommandError) in try Target(path) }
    let report = try bytes(of: name)
    var page: ReportPage
    do throws(ReportFault) {
      page = try ReportPage(report: report)
    } catch {
      throw .badData(name + error.sentence)
    }
    try addAccounts(to: &page, folder: folder, line)
    let document: [UInt8]?
    do throws(ReportFault) {
      document = try page.html(accounts: line(account))
    } catch {
      throw .badData(name + error.sentence)
    }
    guard let document else {
      let known = page.accountIDs
      let wanted = line(account).first { !known.contains($0) } ?? ""
      throw .badData(
        "\(name): no account '\(wanted)' in the report" + Spelling.hint(for: wanted, among: known))
    }
    guard let target else {
      try line.out.write(document)
      return ExitStatus.success
    }
    try CommandError.writing { () throws(FileError) in
      try AtomicFile.write(document, to: target.name, in: target.folder)
    }
    if !line(CommonOptions.quiet) { line.err.note("page: \(target.path)") }
    return ExitStatus.success
  }

  /// The report's path and its folder.
  private static func source(_ path: String) throws(CommandError) -> (file: String, folder: String) {
    let isFolder: Bool
    do throws(FileError) { isFolder = try Folder.isFolder(path) } catch { throw CommandError(reading: error) }
    if isFolder { return (path + "/report.json", path) }
    return (path, Target.parts(of: path).folder)
  }

  private static func bytes(of path: String) throws(CommandError) -> [UInt8] {
    do throws(FileError) { return try FileReader.bytes(of: path) } catch {
      throw CommandError(reading: error)
    }
  }

  /// Adds the accounts that stand in a file of their own; one that is not there is only missed where it was named.
  private static func addAccounts(
    to page: inout ReportPage, folder: String, _ line: Invocation
  ) throws(CommandError) {
    let named = line(accounts)
    if named != nil, page.missingAccounts == 0 {
      throw .usage("'--accounts' is given, and the report holds its accounts itself")
    }
    guard page.missingAccounts > 0 else { return }
    let path = named ?? folder + "/accounts.jsonl"
    guard named != nil || Folder.holds("accounts.jsonl", in: folder) else { return }
    let lines = try bytes(of: path)
    do throws(ReportFault) { try page.add(accountsFile: lines) } catch {
      throw .badData(path + error.sentence)
    }
  }

  /// Where the page goes.
  private struct Target {
    let path: String
    let name: String
    let folder: String

    init(_ path: String) throws(CommandError) {
      (folder, name) = Self.parts(of: path)
      self.path = path
      // A page in the place of the report it was made of could not be made again.
      guard !name.hasSuffix(".json"), !name.hasSuffix(".jsonl") else {
        throw .usage("'--html' is '\(path)'; expected the name of a page such as report.html")
      }
    }

    /// Folder and name of a path.
    static func parts(of path: String) -> (folder: String, name: String) {
      guard let slash = path.lastIndex(of: "/") else { return (".", path) }
      return (
        slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...])
      )
    }
  }
}
