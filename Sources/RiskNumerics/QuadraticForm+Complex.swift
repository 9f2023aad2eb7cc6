/// A complex number, with the few functions that inversion of a transform needs.
struct ComplexNumber: Sendable {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  static func + (a: Self, b: Self) -> Self { Self(a.real + b.real, a.imaginary + b.imaginary) }
  static func - (a: Self, b: Self) -> Self { Self(a.real - b.real, a.imaginary - b.imaginary) }
  static func * (a: Self, b: Self) -> Self {
    Self(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  static func * (a: Double, b: Self) -> Self { Self(a * b.real, a * b.imaginary) }

  var magnitude: Double { (real * real + imaginary * imaginary).squareRoot() }

  var reciprocal: Self {
    let square = real * real + imaginary * imaginary
    return Self(real / square, -imaginary / square)
  }

  /// The root with a real part ≥ 0.
  var squareRoot: Self {
    let size = magnitude
    guard size > 0 else { return Self(0) }
    let large = (0.5 * (size + real.magnitude)).squareRoot()
    let small = 0.5 * imaginary / large
    if real >= 0 { return Self(large, small) }
    return Self(small.magnitude, imaginary < 0 ? -large : large)
  }

  /// e^z; relative error a few ulp plus the ulp of |Im z|.
  var exponential: Self {
    let size = Elementary.exp(real)
    let (sine, cosine) = Trigonometry.sineAndCosine(imaginary)
    return Self(size * cosine, size * sine)
  }

  /// The logarithm with an imaginary part in (−π, π].
  var logarithm: Self { Self(Elementary.log(magnitude), Trigonometry.angle(x: real, y: imaginary)) }
}

/// Circular functions by series, the same bits on every machine.
enum Trigonometry {
  /// Sine and cosine of any angle below 10⁹; absolute error about 2e-16 up to 10⁵.
  ///
  /// Reduction to |r| ≤ π/4 by a three-part π/2 (Cody and Waite), then Taylor series cut where the next term
  /// is below 2⁻⁵⁶.
  static func sineAndCosine(_ x: Double) -> (sine: Double, cosine: Double) {
    guard x.magnitude < 1e9 else { return (.nan, .nan) }
    let turns = (x * 0.636_619_772_367_581_3).rounded()
    var r = x.addingProduct(-turns, 1.570_796_326_794_896_6)
    r = r.addingProduct(-turns, 6.123_233_995_736_766e-17)
    r = r.addingProduct(-turns, -1.497_384_904_859_169_8e-33)
    let square = r * r
    var sine = 0.0
    var cosine = 0.0
    for (a, b) in Self.series {
      sine = a.addingProduct(sine, square)
      cosine = b.addingProduct(cosine, square)
    }
    sine *= r
    switch Int(exactly: turns.remainder(dividingBy: 4)) ?? 0 {
    case 0: return (sine, cosine)
    case 1: return (cosine, -sine)
    case -1: return (-cosine, sine)
    default: return (-sine, -cosine)
    }
  }

  /// Coefficients of sin(r)/r and cos(r) in r², the highest first.
  private static let series: [(Double, Double)] = {
    var terms: [(Double, Double)] = []
    var factorial = 1.0
    var sign = 1.0
    for n in 0...9 {
      if n > 0 { factorial *= Double(2 * n) }
      let even = sign / factorial
      factorial *= Double(2 * n + 1)
      terms.append((sign / factorial, even))
      sign = -sign
    }
    return terms.reversed()
  }()

  /// The angle of a point in (−π, π]; absolute error about 1e-15.
  static func angle(x: Double, y: Double) -> Double {
    let (a, b) = (x.magnitude, y.magnitude)
    guard a + b > 0 else { return 0 }
    let tangent = min(a, b) / max(a, b)
    // Twice half the angle: tan(α/2) = t/(1 + √(1 + t²)), twice over, leaves at most tan(π/16) < 0.2.
    var t = tangent / (1 + (1 + tangent * tangent).squareRoot())
    t = t / (1 + (1 + t * t).squareRoot())
    let square = t * t
    var sum = 0.0
    var n = 12
    while n >= 0 {
      sum = (n % 2 == 0 ? 1 : -1) / Double(2 * n + 1) + sum * square
      n -= 1
    }
    var angle = 4 * t * sum
    if b > a { angle = Double.pi / 2 - angle }
    if x < 0 { angle = Double.pi - angle }
    return y < 0 ? -angle : angle
  }
}
