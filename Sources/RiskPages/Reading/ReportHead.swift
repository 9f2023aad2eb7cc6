/// What stands around the figures of a report: where they come from, what was assumed, what was set aside.
struct ReportHead {
  struct Digest {
    var name: String
    var sha256: String
  }

  struct Failure {
    var path: String
    var reason: String
    var message: String
  }

  var engineVersion: String?
  var asOf: String
  var currency: String
  /// With the digits it was written with: a seed may be past every double's whole numbers.
  var seed: String?
  var paths: String?
  var models: [String]
  var linearAlgebra: String?
  var digests: [Digest]
  var assumptions: [String]
  var failures: [Failure]
  /// Relative moves of spot at which the profiles of the report were taken.
  var spotMoves: [Double]

  static let schema = "plimsoll.report/1"

  /// Reads the head of a report.
  ///
  /// - Throws: `ReportFault` for a document of another kind or shape.
  init(_ root: ReportNode) throws(ReportFault) {
    guard let schema = try root.text("schema") else {
      throw root.fault("expected a report with \"schema\": \"\(Self.schema)\", found a document without one")
    }
    guard schema == Self.schema else {
      throw try root.member("schema").fault(
        "expected a report of the schema \"\(Self.schema)\", found \"\(HTMLText.shortened(schema, to: 64))\"")
    }
    let provenance = try root.member("provenance")
    engineVersion = try provenance.text("engine_version")
    guard let asOf = try provenance.text("as_of"), let currency = try provenance.text("base_currency") else {
      throw provenance.fault("expected the texts \"as_of\" and \"base_currency\"")
    }
    self.asOf = asOf
    self.currency = currency
    seed = try provenance.digits("seed")
    paths = try provenance.digits("paths")
    models = try provenance.texts("models")
    linearAlgebra = try provenance.text("linear_algebra")
    digests = try provenance.list("input_digests").map { node throws(ReportFault) in
      Digest(name: try node.text("name") ?? "", sha256: try node.text("sha256") ?? "")
    }
    assumptions = try root.texts("assumptions")
    failures = try root.list("failures").map { node throws(ReportFault) in
      Failure(
        path: try node.text("path") ?? "", reason: try node.text("reason") ?? "",
        message: try node.text("message") ?? "")
    }
    spotMoves = try root.figures("spot_moves").compactMap { $0 }
  }
}
