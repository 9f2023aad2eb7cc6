internal import CKernels

/// Elementary functions of one number, with the bits of the column kernels.
///
/// Every function is total, gives the same bits at every `KernelLevel` and on every machine with IEEE
/// arithmetic, and costs some tens of operations. NaN in gives NaN out.
public enum Elementary {
  /// eˣ within 1 ulp; 0 below about −745.1, infinity above about 709.8, subnormal results included.
  public static func exp(_ x: Double) -> Double { ck_exp1(x) }

  /// Natural logarithm within 2 ulp; −∞ at 0, NaN below.
  public static func log(_ x: Double) -> Double { ck_log1(x) }

  /// xʸ for x > 0 as exp(y log x): relative error about |y log x| ulp; NaN for x < 0, 1 for y = 0.
  public static func power(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if y == 1 { return x }
    return ck_exp1(y * ck_log1(x))
  }

  /// eˣ − 1, accurate near 0.
  public static func expMinusOne(_ x: Double) -> Double { ck_expm1_1(x) }

  /// ln(1 + x), accurate near 0; −∞ at −1, NaN below.
  public static func logOnePlus(_ x: Double) -> Double { ck_log1p_1(x) }

  /// The standard normal distribution function N(x), relative error below 2e-15 down to N(−37.5).
  ///
  /// Source: N(−x) = exp(−x²/2) R(x) with R a quotient of polynomials (minimax fit).
  public static func normalDistribution(_ x: Double) -> Double { ck_ncdf1(x) }

  /// The standard normal density exp(−x²/2)/√(2π).
  public static func normalDensity(_ x: Double) -> Double {
    if x.isInfinite { return 0 }
    let square = x * x
    let rest = (-square).addingProduct(x, x)
    let density = ck_exp1(-0.5 * square)
    if density == 0 { return 0 }
    return 0.398_942_280_401_432_68 * density.addingProduct(-0.5 * rest, density)
  }

  /// The inverse of the standard normal distribution function, relative error about 1e-15 away from 1/2.
  ///
  /// −∞ at 0, ∞ at 1, NaN outside [0, 1]. Source: minimax fits in −ln(4p(1−p)) and √(−ln p), after
  /// Wichura (1988), algorithm AS 241.
  public static func normalQuantile(_ p: Double) -> Double { ck_quantile1(p) }
}
