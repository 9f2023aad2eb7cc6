import RiskNumerics
import Testing

@Suite struct LinearProgramTests {
  @Test("the least of a small programme is that of its drawing")
  func drawing() throws {
    // min −3x − 5y, x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18 (Hillier and Lieberman, the Wyndor Glass example): (2, 6), −36.
    var programme = LinearProgram()
    let x = programme.addColumn(cost: -3, from: 0, to: .infinity)
    let y = programme.addColumn(cost: -5, from: 0, to: .infinity)
    let first = programme.addRow(from: -.infinity, to: 4, [(x, 1)])
    let second = programme.addRow(from: -.infinity, to: 12, [(y, 2)])
    let third = programme.addRow(from: -.infinity, to: 18, [(x, 3), (y, 2)])
    let found = try programme.minimise()
    // Vertices of small whole numbers come out to a few units of the last place.
    #expect(abs(found.values[x] - 2) < 1e-12 && abs(found.values[y] - 6) < 1e-12)
    #expect(abs(found.objective + 36) < 1e-12)
    // Its published shadow prices are 0, 3/2 and 1 (of the maximum; signs turn with it).
    #expect(abs(found.prices[first]) < 1e-12)
    #expect(abs(found.prices[second] + 1.5) < 1e-12 && abs(found.prices[third] + 1) < 1e-12)
  }

  @Test("the dual's objective is the primal's on random programmes")
  func duality() throws {
    var random = TestRandom(state: 20)
    for _ in 0..<200 {
      let (columns, rows) = (1 + Int(random.next() % 8), 1 + Int(random.next() % 8))
      // min c·x, Ax ≥ b, x ≥ 0 with A, c > 0 has an optimum; its dual is max b·y, Aᵀy ≤ c, y ≥ 0.
      let a = (0..<rows).map { _ in (0..<columns).map { _ in random.uniform(0.1, 2) } }
      let b = (0..<rows).map { _ in random.uniform(-1, 5) }
      let c = (0..<columns).map { _ in random.uniform(0.1, 3) }
      var primal = LinearProgram()
      for cost in c { _ = primal.addColumn(cost: cost, from: 0, to: .infinity) }
      for (row, bound) in zip(a, b) {
        primal.addRow(from: bound, to: .infinity, row.enumerated().map { ($0, $1) })
      }
      var dual = LinearProgram()
      for bound in b { _ = dual.addColumn(cost: -bound, from: 0, to: .infinity) }
      for j in 0..<columns { dual.addRow(from: -.infinity, to: c[j], (0..<rows).map { ($0, a[$0][j]) }) }
      let (one, two) = (try primal.minimise(), try dual.minimise())
      // The solver's own tolerance on feasibility is 1e-7 a row.
      #expect(abs(one.objective + two.objective) < 1e-6 * max(1, abs(one.objective)))
      for row in 0..<rows {
        #expect(one.prices[row] > -1e-7)
        let slack = zip(a[row], one.values).reduce(-b[row]) { $0 + $1.0 * $1.1 }
        #expect(min(abs(slack), abs(one.prices[row])) < 1e-6)
      }
    }
  }

  @Test("a programme without a feasible point, without a bound or with a wrong number says so")
  func refusals() {
    var torn = LinearProgram()
    let x = torn.addColumn(cost: 1, from: 0, to: 1)
    torn.addRow(from: 2, to: .infinity, [(x, 1)])
    #expect(throws: LinearProgramError.infeasible) { try torn.minimise() }
    var crossed = LinearProgram()
    _ = crossed.addColumn(cost: 1, from: 1, to: 0)
    #expect(throws: LinearProgramError.infeasible) { try crossed.minimise() }
    var open = LinearProgram()
    let u = open.addColumn(cost: -1, from: 0, to: .infinity)
    let v = open.addColumn(cost: 0, from: 0, to: .infinity)
    open.addRow(from: -.infinity, to: 1, [(u, 1), (v, -1)])
    #expect(throws: LinearProgramError.unbounded) { try open.minimise() }
    var wrong = LinearProgram()
    _ = wrong.addColumn(cost: .nan, from: 0, to: 1)
    #expect(throws: LinearProgramError.self) { try wrong.minimise() }
    var foreign = LinearProgram()
    foreign.addRow(from: 0, to: 1, [(3, 1)])
    #expect(throws: LinearProgramError.self) { try foreign.minimise() }
  }

  @Test("programmes without rows, without columns or with neither are solved")
  func empty() throws {
    #expect(try LinearProgram().minimise().objective == 0)
    var columns = LinearProgram()
    _ = columns.addColumn(cost: 2, from: -1, to: 5)
    _ = columns.addColumn(cost: -1, from: -1, to: 5)
    #expect(try columns.minimise().objective == -7)
    var endless = LinearProgram()
    _ = endless.addColumn(cost: 1, from: -.infinity, to: 0)
    #expect(throws: LinearProgramError.unbounded) { try endless.minimise() }
    var rows = LinearProgram()
    rows.addRow(from: 1, to: 2, [])
    #expect(throws: LinearProgramError.infeasible) { try rows.minimise() }
  }

  @Test("a degenerate programme on which naive pivoting cycles is solved, the same way on any thread")
  func degenerate() throws {
    // Beale (1955): its least is −1/20, and every textbook pivot rule without care returns to its start.
    var programme = LinearProgram()
    let costs = [-0.75, 150, -0.02, 6]
    for cost in costs { _ = programme.addColumn(cost: cost, from: 0, to: .infinity) }
    programme.addRow(from: -.infinity, to: 0, [(0, 0.25), (1, -60), (2, -0.04), (3, 9)])
    programme.addRow(from: -.infinity, to: 0, [(0, 0.5), (1, -90), (2, -0.02), (3, 3)])
    programme.addRow(from: -.infinity, to: 1, [(2, 1)])
    let first = try programme.minimise()
    #expect(abs(first.objective + 0.05) < 1e-12)
    let kept = programme
    let again = ThreadTeam(threadCount: 4).map(count: 32) { _ in (try? kept.minimise())?.values ?? [] }
    #expect(again.allSatisfy { $0 == first.values })
  }
}
