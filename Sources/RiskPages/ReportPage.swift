import StructuredText

/// A report as one page to look at: no script, nothing from elsewhere, the same bytes for the same report.
///
/// ```
/// var page = try ReportPage(report: bytes)
/// if page.missingAccounts > 0 { try page.add(accountsFile: lines) }
/// let html = try page.html(accounts: [])
/// ```
public struct ReportPage: Sendable {
  /// Accounts that are drawn where none is asked for.
  public static let shownAccounts = 5
  /// Accounts that the index lists.
  public static let indexedAccounts = 500

  let head: ReportHead
  let book: ReportScope
  var accounts: [AccountEntry] = []
  /// `accounts.jsonl`, whose accounts are read again when they are drawn.
  var file: [UInt8] = []

  /// Reads a report.
  ///
  /// - Parameter report: the bytes of `report.json`.
  /// - Throws: `ReportFault` where it is no JSON, no report of this version, or has another shape.
  /// - Complexity: O(bytes).
  public init(report: [UInt8]) throws(ReportFault) {
    let root = try Self.root(of: report)
    head = try ReportHead(root)
    book = try ReportScope(try root.member("book"))
    for node in try root.list("accounts") {
      let scope = try Self.account(node)
      accounts.append(AccountEntry(scope, place: accounts.count, source: .scope(scope)))
    }
  }

  /// Accounts that the book has and the report does not hold: they stand in `accounts.jsonl`.
  public var missingAccounts: Int { max(0, (book.accountCount ?? 0) - accounts.count) }

  /// The ids of the accounts that are there, in the order of the report.
  public var accountIDs: [String] { accounts.map(\.id) }

  /// Adds the accounts of `accounts.jsonl`; of their figures only what the index shows is kept.
  ///
  /// - Throws: `ReportFault` where a line is no account of a report, or there are more or fewer of them than the
  ///   book has.
  /// - Complexity: O(bytes); memory for the file and a few words an account.
  public mutating func add(accountsFile bytes: [UInt8]) throws(ReportFault) {
    file = bytes
    var start = 0
    var line = 1
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let entry: AccountEntry
      do throws(ReportFault) {
        let scope = try Self.account(try Self.root(of: Array(bytes[start..<end])))
        entry = AccountEntry(scope, place: accounts.count, source: .line(start..<end))
      } catch {
        throw ReportFault(
          place: TextPlace(line: line, column: error.place?.column ?? 1), path: error.path,
          message: error.message)
      }
      accounts.append(entry)
      start = end + 1
      line += 1
    }
    if let expected = book.accountCount, expected != accounts.count {
      throw ReportFault(
        place: nil, path: "",
        message: "found \(accounts.count) accounts, expected the \(expected) of the report's book")
    }
  }

  /// The figures of one account.
  func scope(of entry: AccountEntry) throws(ReportFault) -> ReportScope {
    switch entry.source {
    case .scope(let scope): scope
    case .line(let range): try Self.account(try Self.root(of: Array(file[range])))
    }
  }

  private static func account(_ node: ReportNode) throws(ReportFault) -> ReportScope {
    let scope = try ReportScope(node)
    guard scope.account != nil else {
      throw node.fault("expected an account with its \"account_id\", found none")
    }
    return scope
  }

  private static func root(of bytes: [UInt8]) throws(ReportFault) -> ReportNode {
    do throws(TextError) {
      return ReportNode(try JSONReader.parse(bytes))
    } catch {
      throw ReportFault(place: error.place, path: error.path, message: error.message)
    }
  }
}
