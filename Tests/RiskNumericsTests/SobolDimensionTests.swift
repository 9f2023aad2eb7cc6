import RiskNumerics
import Testing

@Suite struct SobolDimensionTests {
  private func points(_ dimension: SobolDimension?, _ count: Int, from first: Int = 0) throws -> [Double] {
    let dimension = try #require(dimension)
    var column = [Double](repeating: 0, count: count)
    var span = column.mutableSpan
    dimension.fill(firstPoint: first, into: &span)
    return column
  }

  @Test("the plain points are those of Joe and Kuo")
  func published() throws {
    // pricing_cases.json qmc.002: dimensions 1 to 8 of point 5; scipy 1.17.1, qmc.Sobol(d=1111, scramble=False), point 37.
    let fifth = [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375]
    for (dimension, expected) in fifth.enumerated() {
      // Each point lies in the middle of its interval of 2⁻⁵².
      #expect(abs(try points(SobolDimension(dimension), 6)[5] - expected) <= 0x1p-52)
    }
    let late = [
      (0, 0.921875), (1, 0.640625), (2, 0.578125), (10, 0.015625), (100, 0.359375), (500, 0.171875),
      (1_110, 0.984375),
    ]
    for (dimension, expected) in late {
      #expect(abs(try points(SobolDimension(dimension), 1, from: 37)[0] - expected) <= 0x1p-52)
    }
    #expect(SobolDimension.count == 1_111)
    #expect(SobolDimension(1_111) == nil && SobolDimension(-1, replicate: 0, seed: 1) == nil)
  }

  @Test("a scramble keeps one point in every interval of each power of two, inside (0, 1)")
  func stratified() throws {
    for dimension in [0, 1, 7, 300, 1_110] {
      for replicate in 0..<3 {
        let all = try points(
          SobolDimension(dimension, replicate: replicate, seed: 5, points: 256), 256)
        #expect(Set(all.map { Int($0 * 256) }).count == 256)
        #expect(all.allSatisfy { $0 > 0 && $0 < 1 })
      }
    }
  }

  @Test("two scrambled dimensions stay a net: the boxes of 256 points hold one each where the plain ones do")
  func net() throws {
    // The first two dimensions of Sobol are a (0, m, 2)-net in base 2; a linear scramble keeps that.
    let x = try points(SobolDimension(0, replicate: 4, seed: 9, points: 256), 256)
    let y = try points(SobolDimension(1, replicate: 4, seed: 9, points: 256), 256)
    for bits in 0...8 {
      let (columns, rows) = (Double(1 << bits), Double(1 << (8 - bits)))
      #expect(Set(zip(x, y).map { Int($0 * columns) * 256 + Int($1 * rows) }).count == 256)
    }
  }

  @Test("points depend on seed, replicate and dimension, and on no cut")
  func places() throws {
    let whole = try points(SobolDimension(3, replicate: 2, seed: 11), 200)
    #expect(
      try points(SobolDimension(3, replicate: 2, seed: 11, points: 200), 77, from: 123)
        == Array(whole[123...]))
    #expect(try points(SobolDimension(3, replicate: 3, seed: 11), 200) != whole)
    #expect(try points(SobolDimension(3, replicate: 2, seed: 12), 200) != whole)
    #expect(try points(SobolDimension(4, replicate: 2, seed: 11), 200) != whole)
  }

  @Test("scrambled points are uniform one by one")
  func uniform() throws {
    // Mean of one point over 4,000 replicates: 1/2 within four standard deviations of 1/√(12·4000).
    var sum = 0.0
    for replicate in 0..<4_000 {
      sum += try points(SobolDimension(6, replicate: replicate, seed: 1, points: 64), 1, from: 33)[0]
    }
    #expect(abs(sum / 4_000 - 0.5) < 4 / (12.0 * 4_000).squareRoot())
  }

  @Test("the error of a mean falls faster than the root of the points")
  func rate() throws {
    // Root mean square error of the mean of u₁·u₂·u₃ over 32 replicates. The fall per fourfold points is 2 for plain
    // sampling and near 8 for a smooth function; 4.5 leaves room for chance.
    func error(_ count: Int) throws -> Double {
      var squares = 0.0
      for replicate in 0..<32 {
        var product = [Double](repeating: 1, count: count)
        for dimension in 0..<3 {
          let column = try points(
            SobolDimension(dimension, replicate: replicate, seed: 3, points: count), count)
          for place in product.indices { product[place] *= column[place] }
        }
        let deviation = product.reduce(0, +) / Double(count) - 0.125
        squares += deviation * deviation
      }
      return (squares / 32).squareRoot()
    }
    #expect(try error(64) > 4.5 * error(256))
    #expect(try error(256) > 4.5 * error(1_024))
  }

  @Test("uniform numbers of a stream are those behind its normals")
  func uniforms() {
    let stream = RandomStream(seed: 4)
    var u = [Double](repeating: 0, count: 101)
    var z = u
    var uniforms = u.mutableSpan
    stream.uniforms(factor: 2, step: 1, firstPath: 17, into: &uniforms)
    var normals = z.mutableSpan
    stream.normals(factor: 2, step: 1, firstPath: 17, into: &normals)
    #expect(zip(u, z).allSatisfy { Elementary.normalQuantile($0) == $1 })
  }
}
