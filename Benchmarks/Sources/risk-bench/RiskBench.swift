import RiskNumerics

/// Measures the numeric kernels and prints one JSON object a line; see the README beside.
@main
enum RiskBench {
  static func main() {
    if CommandLine.arguments.dropFirst().first == "american" { return AmericanBench.main() }
    if CommandLine.arguments.dropFirst().first == "importance" { return ImportanceBench.main() }
    if CommandLine.arguments.dropFirst().first == "peers" {
      PeerLines.run(only: CommandLine.arguments.dropFirst(2).first)
      return
    }
    let factor = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
    let repetitions = 300 * max(1, min(factor, 1000))
    let inputs = Inputs()
    var best: [Measurement] = []
    for level in KernelLevel.allCases where KernelLevel.select(level) {
      // Without fused steps in vectors the baseline is fifty times slower: fewer repetitions do.
      best = kernelMeasurements(
        inputs, level: level.rawValue, repetitions: level == .baseline ? repetitions / 10 : repetitions)
      for line in best { print(line.line) }
    }
    for line in otherMeasurements(inputs, repetitions: repetitions) { print(line.line) }
    for line in whatIfMeasurements(repetitions: repetitions) { print(line) }
    for library in libraryMeasurements(inputs, repetitions: repetitions) {
      print(library.line)
      for kernel in best where kernel.name == library.name {
        let ratio = (library.nanoseconds / kernel.nanoseconds * 100).rounded() / 100
        print("{\"name\":\"\(kernel.name) \(kernel.level) over libm\",\"ratio\":\(ratio)}")
      }
    }
  }
}
