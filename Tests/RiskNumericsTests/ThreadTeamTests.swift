import RiskNumerics
import Synchronization
import Testing

@Suite("Thread teams")
struct ThreadTeamTests {
  @Test("results stand by index whatever the number of threads")
  func results() {
    let expected = (0..<1000).map { Elementary.exp(Double($0) * 0.01) }
    for threads in [0, 1, 2, 3, 8, 64] {
      #expect(
        ThreadTeam(threadCount: threads).map(count: 1000) { Elementary.exp(Double($0) * 0.01) } == expected)
    }
    #expect(ThreadTeam(threadCount: 4).map(count: 0) { $0 } == [])
  }

  @Test("every chunk runs once")
  func once() {
    let seen = Mutex([Int](repeating: 0, count: 5000))
    ThreadTeam(threadCount: 4).forEach(count: 5000) { index in seen.withLock { $0[index] += 1 } }
    #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
  }

  @Test("a team may be used inside a team")
  func nested() {
    let sums = ThreadTeam(threadCount: 3).map(count: 6) { i in
      ThreadTeam(threadCount: 2).map(count: 10) { $0 * i }.reduce(0, +)
    }
    #expect(sums == (0..<6).map { 45 * $0 })
  }
}
