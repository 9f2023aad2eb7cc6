/// The classes that a profit is split into, in the order in which the market moves on a path.
///
/// First time passes on today's market (`theta`). Then spots move: the part linear in S'/S − 1, by the slope of the
/// aged value at today's spot, is `delta`, everything beyond it `gamma_and_higher`. Then volatilities move (`vega`),
/// then the basis, then rates; each of these is the difference of two full revaluations. So the classes sum to the
/// full revaluation on every path, and what two moves do together stands with the later one.
enum RiskClass: String, Sendable, CaseIterable {
  case theta
  case delta
  case gammaAndHigher = "gamma_and_higher"
  case vega
  case basis
  case rate
}
