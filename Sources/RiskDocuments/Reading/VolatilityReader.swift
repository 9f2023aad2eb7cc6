import MarketModel
import StructuredText

/// Reads one smile: quotes by strike, or the five parameters of an SVI slice.
enum VolatilityReader {
  static func shape(_ entry: ObjectReader) throws(ReadingFault) -> VolatilitySlice.Shape {
    let hasQuotes = entry["strikes"] != nil || entry["volatilities"] != nil
    guard entry["svi"] != nil || hasQuotes else {
      throw entry.fault("strikes", .missing, "expected strikes and volatilities, or svi, found neither")
    }
    if let node = entry["svi"] {
      guard !hasQuotes else {
        throw entry.fault("svi", .invalid, "expected either strikes and volatilities or svi, found both")
      }
      return .svi(try svi(node, entry))
    }
    let strikes = try entry.numbers("strikes", .price)
    let volatilities = try entry.numbers("volatilities", .volatility)
    guard !strikes.isEmpty else {
      throw entry.fault("strikes", .missing, "expected at least one strike, found none")
    }
    guard strikes.count == volatilities.count else {
      throw entry.fault(
        "volatilities", .invalid,
        "expected \(strikes.count) volatilities for \(strikes.count) strikes, found \(volatilities.count)")
    }
    for place in strikes.indices.dropFirst() where strikes[place] <= strikes[place - 1] {
      throw entry.fault(
        "strikes/\(place)", .invalid,
        "expected strikes that increase, found \(NumberText.text(of: strikes[place]) ?? "") after "
          + "\(NumberText.text(of: strikes[place - 1]) ?? "")")
    }
    return .quotes(strikes: strikes, volatilities: volatilities)
  }

  /// The parameters of a slice that is a variance everywhere: b ≥ 0, |rho| < 1, sigma > 0 and a lowest
  /// point a + b sigma sqrt(1 − rho²) ≥ 0 (Gatheral and Jacquier 2014, section 3.1).
  private static func svi(_ node: JSONNode, _ entry: ObjectReader) throws(ReadingFault) -> SVIParameters {
    let object = try ObjectReader(
      node, at: entry.pointer + "/svi", in: entry.tree, keys: ["a", "b", "rho", "m", "sigma"])
    let svi = SVIParameters(
      a: try object.number("a", .parameter), b: try object.number("b", .parameter),
      rho: try object.number("rho", .parameter), m: try object.number("m", .parameter),
      sigma: try object.number("sigma", .parameter))
    guard svi.b >= 0 else { throw object.fault("b", .invalid, "expected 0 or more, found \(svi.b)") }
    guard svi.rho > -1, svi.rho < 1 else {
      throw object.fault("rho", .invalid, "expected a number between -1 and 1, found \(svi.rho)")
    }
    guard svi.sigma > 0 else {
      throw object.fault("sigma", .invalid, "expected a number above 0, found \(svi.sigma)")
    }
    let lowest = svi.a + svi.b * svi.sigma * (1 - svi.rho * svi.rho).squareRoot()
    guard lowest >= 0 else {
      throw object.fault(
        "a", .invalid, "expected total variance of 0 or more, found a lowest point of \(lowest)")
    }
    return svi
  }
}
