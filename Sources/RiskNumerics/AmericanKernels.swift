internal import CKernels

/// How finely the exercise boundary of an American option is resolved.
///
/// Errors are in units of the strike, over rates of 1 to 10 %, yields of 0 to 10 %, volatilities of 10 to 60 %
/// and 7 days to 3 years, against QuantLib's high-precision scheme on 2,400 random options.
public enum AmericanScheme: String, Sendable, CaseIterable {
  /// 8 nodes, 10-point quadrature, 3 iterations: greatest error 1e-6.
  case fast
  /// 16 nodes, 24-point quadrature, 6 iterations: greatest error 6e-8, 99 of 100 below 1e-8.
  case accurate

  /// Sizes and quadrature tables, made once.
  fileprivate struct Table: Sendable {
    let scheme: [Int32]
    let numbers: [Double]

    init(accurate: Bool) {
      var scheme: [Int32] = [0, 0, 0, 0]
      let flag: Int32 = accurate ? 1 : 0
      var numbers = [Double](repeating: 0, count: ck_american_scheme(flag, nil, nil))
      unsafe scheme.withUnsafeMutableBufferPointer { scheme in
        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
          _ = unsafe ck_american_scheme(flag, scheme.baseAddress, numbers.baseAddress)
        }
      }
      self.scheme = scheme
      self.numbers = numbers
    }
  }

  private static let fastTable = Table(accurate: false)
  private static let accurateTable = Table(accurate: true)

  /// One node of the quadrature over the angle of s = sin²θ.
  public struct AngleNode: Sendable {
    /// sin²θ.
    public let square: Double
    /// Of an integral over s in [0, 1].
    public let weight: Double
  }

  /// The nodes by which the premium integral is taken.
  public var angles: [AngleNode] {
    let (nodes, rows, points) = (Int(table.scheme[0]), Int(table.scheme[1]), Int(table.scheme[2]))
    let start = nodes * (1 + rows * (4 + nodes))
    return (0..<points).compactMap { point in
      let place = start + point * (4 + nodes)
      guard place + 2 < table.numbers.count else { return nil }
      return AngleNode(square: table.numbers[place + 1], weight: table.numbers[place + 2])
    }
  }

  fileprivate var table: Table { self == .fast ? Self.fastTable : Self.accurateTable }
}

/// American puts with strike and time scaled to 1, over columns, a vector lane an option.
///
/// Source: L. Andersen, M. Lake and D. Offengenden, "High-performance American option pricing", Journal of
/// Computational Finance 20 (2016), with a quadrature in the angle of s = t sin²θ, in which the boundary and
/// the kernel are both smooth, and a sum of their equations A and B that converges where A alone does not.
public enum AmericanKernels {
  /// Values by the premium integral, boundaries and, where asked for, derivatives.
  ///
  /// - Parameters:
  ///   - moneyness: m = S/K > 0.
  ///   - rate: r·T; > 0, or 0 where `yield` is negative.
  ///   - yield: q·T.
  ///   - deviation: σ√T in about [1e-8, 12].
  ///   - value: V/K, at least the European and at most the perpetual value. Below the boundary it is
  ///     1 − m only to the error of the scheme.
  ///   - boundary: the exercise boundary of today over K.
  ///   - derivatives: empty, or four columns one after the other: the first four derivatives of V/K in m,
  ///     the second and higher ones meaningless nearer to the boundary than about 1e-3 σ√T.
  ///
  /// Columns of a call have the same count; where they differ the shortest decides. Outside the ranges a
  /// figure may be NaN; it never disturbs another lane. Cost: about 0.9 µs (fast) and 7 µs (accurate) an
  /// option at AVX-512, allocates nothing.
  public static func puts(
    moneyness: Span<Double>, rate: Span<Double>, yield: Span<Double>, deviation: Span<Double>,
    scheme: AmericanScheme, value: inout MutableSpan<Double>, boundary: inout MutableSpan<Double>,
    derivatives: inout MutableSpan<Double>
  ) {
    let inputs = min(min(moneyness.count, rate.count), min(yield.count, deviation.count))
    let count = min(inputs, min(value.count, boundary.count))
    let wanted = derivatives.count == 4 * count && count > 0
    let table = scheme.table
    unsafe moneyness.withUnsafeBufferPointer { m in
      unsafe rate.withUnsafeBufferPointer { r in
        unsafe yield.withUnsafeBufferPointer { q in
          unsafe deviation.withUnsafeBufferPointer { v in
            unsafe value.withUnsafeMutableBufferPointer { value in
              unsafe boundary.withUnsafeMutableBufferPointer { edge in
                unsafe derivatives.withUnsafeMutableBufferPointer { slopes in
                  unsafe table.scheme.withUnsafeBufferPointer { sizes in
                    unsafe table.numbers.withUnsafeBufferPointer { numbers in
                      guard let m = m.baseAddress, let r = r.baseAddress, let q = q.baseAddress,
                        let v = v.baseAddress, let y = value.baseAddress, let edge = edge.baseAddress,
                        let sizes = sizes.baseAddress, let numbers = numbers.baseAddress
                      else { return }
                      unsafe ck_american(
                        count, m, r, q, v, sizes, numbers, y, edge, wanted ? slopes.baseAddress : nil)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
