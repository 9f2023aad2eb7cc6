import Foundation
import MarketModel
import RiskDocuments
import Testing

@Suite("Reading the sample desk")
struct ReadingDeskTests {
  /// The committed book, found from this file.
  static func members() throws -> [BookSource.Member] {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    folder.append(path: "notebooks-data/books/crypto-desk")
    return try BookSource.fileNames.compactMap { name in
      let file = folder.appending(path: name)
      guard FileManager.default.fileExists(atPath: file.path()) else { return nil }
      return BookSource.Member(name: name, bytes: Array(try Data(contentsOf: file)))
    }
  }

  @Test("every row of the committed desk is read")
  func wholeDesk() throws {
    let members = try Self.members()
    let reading = try BookReader.readWithPlan(.directory(members), rules: ReadingRules(isStrict: true))
    let positions = try #require(members.first { $0.name == "positions.csv" })
    let rows = positions.bytes.count { $0 == 0x0A }
    #expect(reading.book.positions.count == rows - 1)
    #expect(reading.book.failures == [])
    #expect(reading.book.accounts.count >= 200)
    #expect(reading.book.history != nil)
  }
}
