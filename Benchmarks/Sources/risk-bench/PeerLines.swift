import Glibc
import RiskNumerics

/// Joins a side-by-side comparison with other programs: the data sets of `PERF_DATA` (columns of raw doubles),
/// `THREADS` threads, one JSON object a result.
enum PeerLines {
  private static func setting(_ name: String) -> String? {
    guard let text = unsafe getenv(name) else { return nil }
    return unsafe String(cString: text)
  }

  private static func read(_ path: String) -> [Double] {
    guard let file = unsafe fopen(path, "rb") else { return [] }
    defer { _ = unsafe fclose(file) }
    _ = unsafe fseek(file, 0, SEEK_END)
    let count = unsafe ftell(file) / 8
    unsafe rewind(file)
    return unsafe [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = unsafe fread(buffer.baseAddress, 8, count, file)
    }
  }

  private static func wallTime() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }

  private static func time(_ work: String, _ threads: Int, _ items: Int, runs: Int = 9, _ body: () -> Void) {
    var spent: [Double] = []
    for _ in 0..<runs {
      let start = threads > 1 ? wallTime() : processorTime()
      body()
      spent.append((threads > 1 ? wallTime() : processorTime()) - start)
    }
    spent.sort()
    let (median, best) = (spent[runs / 2] / Double(items), spent[0] / Double(items))
    print(
      "{\"work\":\"\(work)\",\"impl\":\"project_\(KernelLevel.current)\",\"threads\":\(threads),\"ns\":\(median),"
        + "\"ns_min\":\(best),\"items\":\(items),\"runs\":\(runs)}")
  }

  /// The columns of a file from row `first`, `count` rows, laid out for the kernels.
  private static func table(
    _ data: [Double], columns: [Int], rows: Int, first: Int, count: Int
  ) -> [Double] {
    let stride = OptionKernels.stride(rows: count)
    var result = [Double](repeating: 0, count: 7 * stride)
    for (place, column) in columns.enumerated() {
      for row in 0..<count { result[row + place * stride] = data[first + row + column * rows] }
    }
    return result
  }

  private static func greeks(_ folder: String, _ threads: Int) {
    let data = read(folder + "/opt.f64")
    let rows = data.count / 7
    guard rows > 0 else { return }
    // S K T r q sigma w  ->  asset strike years volatility rate yield sign
    let order = [0, 1, 2, 5, 3, 4, 6]
    let team = ThreadTeam(threadCount: threads)
    let part = rows / threads
    let parts = (0..<threads).map {
      table(data, columns: order, rows: rows, first: $0 * part, count: part)
    }
    let stride = OptionKernels.stride(rows: part)
    for figures in [6, 17] {
      let name = figures == 6 ? "bsm_greeks" : "bsm_greeks_17"
      if threads == 1 {
        var output = [Double](repeating: 0, count: figures * stride)
        time(name, 1, part) { price(parts[0], part, figures, &output) }
      } else {
        time(name, threads, part * threads) {
          _ = team.map(count: threads) { index in
            var output = [Double](repeating: 0, count: figures * stride)
            price(parts[index], part, figures, &output)
            return output[0]
          }
        }
      }
    }
  }

  private static func price(_ input: [Double], _ rows: Int, _ figures: Int, _ output: inout [Double]) {
    var span = output.mutableSpan
    OptionKernels.greeks(
      rows: rows, onForward: false, figures: figures, inputs: input.span, into: &span,
      stride: OptionKernels.stride(rows: rows))
  }

  private static func volatilities(_ folder: String) {
    let data = read(folder + "/iv.f64")
    let rows = data.count / 10
    guard rows > 0 else { return }
    // F K T df price w sigma S r q  ->  asset strike years price rate yield sign
    var input = table(data, columns: [0, 1, 2, 4, 8, 8, 5], rows: rows, first: 0, count: rows)
    let stride = OptionKernels.stride(rows: rows)
    for row in 0..<rows { input[row + 5 * stride] = input[row + 4 * stride] }
    var found = [Double](repeating: 0, count: rows)
    var codes = [Int64](repeating: 0, count: rows)
    time("implied_vol", 1, rows) {
      var y = found.mutableSpan
      var s = codes.mutableSpan
      OptionKernels.impliedVolatilities(
        rows: rows, inputs: input.span, stride: stride, into: &y, outcomes: &s)
    }
  }

  private static func valueAtRisk(_ threads: Int) {
    guard let bench = MonteCarloBench() else { return }
    time("mc_var_1e8", threads, MonteCarloBench.options * MonteCarloBench.paths, runs: 5) {
      _ = bench.run(threads: threads)
    }
  }

  private static func margin(_ threads: Int) {
    let bench = MarginScanBench()
    time("margin", threads, MarginScanBench.cells) { _ = bench.run(threads: threads) }
  }

  /// Prints a line for each data set that is there, and one for value at risk and for margin, which make their own.
  ///
  /// - Parameter only: one of `greeks`, `volatilities`, `value_at_risk` and `margin`; nil for all.
  static func run(only: String?) {
    let folder = setting("PERF_DATA") ?? "/tmp/perf/data"
    let threads = max(1, Int(setting("THREADS") ?? "1") ?? 1)
    func isAsked(_ name: String) -> Bool { only == nil || only == name }
    for level in KernelLevel.best == .avx2 ? [.avx2] : [.avx2, KernelLevel.best]
    where KernelLevel.select(level) {
      if isAsked("greeks") { greeks(folder, threads) }
      if isAsked("volatilities"), threads == 1 { volatilities(folder) }
      if isAsked("value_at_risk") { valueAtRisk(threads) }
      if isAsked("margin") { margin(threads) }
    }
  }
}
