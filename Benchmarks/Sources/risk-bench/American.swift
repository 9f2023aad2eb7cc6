import Glibc
import MarketModel
import OptionPricing
import RiskNumerics

/// `risk-bench american`: American options from standard input, one a line as "call|put spot strike years
/// volatility rate yield"; out come two lines of JSON with the time and the values of each scheme.
///
/// `american.py` beside this package feeds it and compares with QuantLib.
enum AmericanBench {
  static func main() {
    var contracts: [AmericanContract] = []
    while let line = readLine() {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Double($0) }
      guard words.count == 7, numbers.count == 6 else { continue }
      contracts.append(
        AmericanContract(
          type: words[0] == "call" ? .call : .put, spot: numbers[0], strike: numbers[1],
          timeToExpiry: numbers[2], volatility: numbers[3], rate: numbers[4], dividendYield: numbers[5]))
    }
    guard !contracts.isEmpty else { return }
    for scheme in AmericanScheme.allCases {
      var best = Double.infinity
      var values: [Double] = []
      for _ in 0..<(scheme == .fast ? 20 : 5) {
        let start = processorTime()
        let results = AmericanPricing.values(contracts, scheme: scheme)
        best = min(best, processorTime() - start)
        values = results.map { (try? $0.get()) ?? .infinity }
      }
      let each = best / Double(contracts.count) / 1000
      print("{\"scheme\":\"\(scheme.rawValue)\",\"us\":\(each),\"values\":\(values)}")
    }
  }
}
