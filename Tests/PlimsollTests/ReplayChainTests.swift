import BookSources
import Foundation
import Plimsoll
import TestSupport
import Testing

@Suite("the replay of 5 February 2026 on real chains")
struct ReplayChainTests {
  private static let folder = "data/deribit/chains/deribit_options_snapshot_"
  /// 31 January; 5 February in the afternoon; that night.
  private static let chains = ["20260131T212133Z", "20260205T155132Z", "20260205T212937Z"]

  private func market(_ chain: String) throws -> [UInt8]? {
    guard let csv = SharedFolder.read(Self.folder + chain + ".csv") else { return nil }
    let files = try DeribitChain.files(csv: Array(csv), forwards: .marks)
    return try #require(files.first { $0.name == "market.json" }).bytes
  }

  @Test("two hundred desks: marks explained to 0.3 %, calls and liquidations foreseen for 98 % in each mode")
  func desks() throws {
    var documents: [[UInt8]] = []
    for chain in Self.chains {
      guard let market = try market(chain) else { return }
      documents.append(market)
    }
    let readings = try documents.map {
      try BookReader.readMarket(.init(name: "market.json", bytes: $0))
    }
    let files = try #require(
      SampleDesk.files(on: readings[0].market, document: documents[0], accounts: 200, seed: 1))
    let book = try BookReader.read(.directory(files.map { .init(name: $0.name, bytes: $0.bytes) }))
    let replay = try Replay(
      book: book, comparison: ComparisonPlan(), markets: Array(readings.dropFirst()), threads: 2)
    let result = try #require(try replay.result())
    #expect(result.failures.isEmpty)
    #expect(result.accounts.count == 200)
    let totals = ReplayTotals(result.accounts)
    for step in totals.steps.dropFirst() {
      // Account by account, of options by the exchange's own marks: gains and losses do not cancel.
      #expect(try #require(step.residualShare) < 0.003)
      #expect(try #require(step.profit).markedCount > 3_000)
    }
    for mode in MarginMode.allCases {
      for step in 1...2 {
        let right = result.accounts.count { account in
          guard let said = account.steps[step].predicted?[mode] else { return false }
          let was = account.steps[step].surplus(mode)
          return (said.initial < 0) == (was.initial < 0) && (said.maintenance < 0) == (was.maintenance < 0)
        }
        #expect(right >= 196, "\(mode) at \(step): \(right) of 200")
      }
      // There is something to foresee: the mode calls some desks and leaves others alone.
      #expect((15...190).contains(totals.called[mode]), "\(mode): \(totals.called[mode])")
    }
  }
}
