import BookSources
import Plimsoll
import RiskNumerics
import Testing

@Suite("the same bytes")
struct SameBytesTests {
  /// A desk of 40 accounts, read as files would be.
  private func desk() throws -> (book: Book, plan: RunPlan) {
    let members = SampleDesk.files(accounts: 40, seed: 11, instruments: 200).map {
      BookSource.Member(name: $0.name, bytes: $0.bytes)
    }
    let reading = try BookReader.readWithPlan(.directory(members), rules: ReadingRules())
    var plan = reading.plan
    for place in plan.valueAtRisk.indices { plan.valueAtRisk[place].paths = 1_000 }
    return (reading.book, plan)
  }

  private func report(_ run: (book: Book, plan: RunPlan), threads: Int) throws -> [UInt8] {
    let engine = try Engine(book: run.book, plan: run.plan, threads: threads)
    return try #require(engine.report(inputDigests: []) { _ in true }).document
  }

  @Test("a report does not depend on the number of threads nor on the level of the kernels")
  func threadsAndLevels() throws {
    let run = try desk()
    let expected = try report(run, threads: 1)
    #expect(expected.count > 100_000)
    for threads in [2, 3, 8] {
      #expect(try report(run, threads: threads) == expected, "\(threads) threads")
    }
    let best = KernelLevel.current
    for level in KernelLevel.allCases where KernelLevel.select(level) {
      #expect(try report(run, threads: 2) == expected, "level \(level.rawValue)")
    }
    KernelLevel.select(best)
  }

  @Test("another seed gives another report")
  func seed() throws {
    var run = try desk()
    let first = try report(run, threads: 2)
    run.plan.seed += 1
    #expect(try report(run, threads: 2) != first)
  }
}
