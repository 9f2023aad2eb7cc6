import Foundation
import RiskNumerics
import TailRisk
import TestSupport
import Testing

/// The published or recomputed cases of shrinkage; each names its own tolerance.
@Suite struct PublishedCovarianceTests {
  private typealias Object = [String: Any]

  private func cases(_ topic: String) -> [Object] {
    guard let data = SharedFolder.read("reference/pricing_cases.json"),
      let document = try? JSONSerialization.jsonObject(with: data) as? Object
    else { return [] }
    return (document["cases"] as? [Object] ?? []).filter { $0["topic"] as? String == topic }
  }

  @Test("shrinkage: scikit-learn's documentation, Ledoit and Wolf (2004, twice), Chen and others (2010)")
  func shrinkage() throws {
    for entry in cases("shrinkage") {
      let id = entry["id"] as? String ?? ""
      let rows = try #require((entry["inputs"] as? Object)?["data"] as? [[Double]])
      let columns = rows[0].indices.map { column in rows.map { $0[column] } }
      let found: ReturnCovariance =
        switch entry["model"] as? String {
        case "ledoit_wolf_identity": try .ledoitWolf(columns, centred: true)
        case "oas": try .oas(columns, centred: true)
        default: try .constantCorrelation(columns, centred: true)
        }
      let tolerance = try #require((entry["tolerance"] as? Object)?["value"] as? Double)
      let expected = try #require(entry["expected"] as? Object)
      let rowsExpected = expected["covariance_first_row"] as? [Double] ?? expected["covariance"] as? [Double]
      let matrix = try #require(rowsExpected)
      #expect(zip(found.matrix, matrix).allSatisfy { ($0 - $1).magnitude <= tolerance }, "\(id)")
      if let weight = expected["shrinkage"] as? Double {
        #expect((try #require(found.shrinkage) - weight).magnitude <= tolerance, "\(id)")
      }
      if let mean = expected["average_correlation"] as? Double {
        #expect((try #require(found.averageCorrelation) - mean).magnitude <= tolerance, "\(id)")
      }
      // Recomputed to full precision where the published digits are few.
      if let exact = (entry["exact"] as? Object)?["covariance"] as? [Double] {
        #expect(areClose(found.matrix, exact, 1e-12), "\(id)")
      }
    }
  }

  @Test("nearest correlations: Higham (2002) and Rebonato and Jäckel (1999)")
  func nearest() throws {
    for entry in cases("nearest_correlation") {
      let id = entry["id"] as? String ?? ""
      let rows = try #require((entry["inputs"] as? Object)?["matrix"] as? [[Double]])
      let given = try Matrix(rowCount: rows.count, columnCount: rows.count, storage: rows.flatMap { $0 })
      let isClipped = entry["model"] as? String == "spectral_salvage"
      let nearest = try NearestCorrelation(to: given)
      let found = isClipped ? try NearestCorrelation.clipped(given) : nearest.matrix
      let tolerance = try #require((entry["tolerance"] as? Object)?["value"] as? Double)
      let expected = try #require(entry["expected"] as? Object)
      let matrix = try #require((expected[isClipped ? "salvaged" : "nearest"] as? [Double]))
      #expect(zip(found.storage, matrix).allSatisfy { ($0 - $1).magnitude <= tolerance }, "\(id)")
      let exact = try #require(entry["exact"] as? Object)
      let digits = try #require(exact["nearest"] as? [Double] ?? exact["higham_nearest"] as? [Double])
      #expect(zip(nearest.matrix.storage, digits).allSatisfy { ($0 - $1).magnitude < 1e-11 }, "\(id)")
      if let distance = exact["distance"] as? Double ?? exact["higham_distance"] as? Double {
        #expect((nearest.distance - distance).magnitude < 1e-12, "\(id)")
      }
    }
  }
}
