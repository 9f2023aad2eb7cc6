import Glibc
import RiskNumerics

/// Processor time of this process in nanoseconds.
func processorTime() -> Double {
  var time = timespec()
  _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// One measured line.
struct Measurement {
  let name: String
  let level: String
  let count: Int
  let nanoseconds: Double
  let check: Double

  var line: String {
    let rounded = (nanoseconds * 1000).rounded() / 1000
    return
      "{\"name\":\"\(name)\",\"level\":\"\(level)\",\"n\":\(count),\"best_ns\":\(rounded),\"check\":\(check)}"
  }
}

/// The best time of an element over the repetitions of a body that fills a column of `width` numbers.
func measure(
  _ name: String, level: String, elements: Int, width: Int, repetitions: Int,
  _ body: (inout MutableSpan<Double>) -> Void
) -> Measurement {
  var output = [Double](repeating: 0, count: width)
  var best = Double.infinity
  for _ in 0..<max(repetitions, 2) {
    var span = output.mutableSpan
    let start = processorTime()
    body(&span)
    best = min(best, processorTime() - start)
  }
  var sum = ExactSum()
  for x in output { sum.add(x) }
  return Measurement(
    name: name, level: level, count: elements, nanoseconds: best / Double(elements), check: sum.value)
}
