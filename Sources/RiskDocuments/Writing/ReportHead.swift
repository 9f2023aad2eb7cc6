public import MarketModel

/// One file that a run read.
public struct InputDigest: Hashable, Sendable {
  /// Name inside the book, never a path of the machine.
  public var name: String
  /// 64 lower-case hexadecimal digits.
  public var sha256: String

  /// A digest from its name and digits.
  public init(name: String, sha256: String) {
    self.name = name
    self.sha256 = sha256
  }
}

/// What the figures of a report came from; the same provenance and inputs give the same bytes.
public struct Provenance: Hashable, Sendable {
  public var engineVersion: String
  public var asOf: Instant
  public var baseCurrency: Identifier
  public var seed: UInt64
  /// Simulated paths; nil where nothing was simulated.
  public var paths: Int?
  /// Margin models that were run, in the order of the report.
  public var models: [String]
  /// Name and version of the library, never a path.
  public var linearAlgebra: String
  /// Written in byte order of the names.
  public var inputDigests: [InputDigest]

  /// A provenance from its parts.
  public init(
    engineVersion: String, asOf: Instant, baseCurrency: Identifier, seed: UInt64, paths: Int?,
    models: [String], linearAlgebra: String, inputDigests: [InputDigest]
  ) {
    self.engineVersion = engineVersion
    self.asOf = asOf
    self.baseCurrency = baseCurrency
    self.seed = seed
    self.paths = paths
    self.models = models
    self.linearAlgebra = linearAlgebra
    self.inputDigests = inputDigests
  }
}

/// What stands above the accounts of a report.
public struct ReportHead: Sendable {
  public var provenance: Provenance
  /// Every default that was taken, one sentence each; `ReportWriter.conventions` follow them.
  public var assumptions: [String]
  /// Relative moves of spot at which profiles were taken, increasing; empty where there are none.
  public var spotMoves: [Double]

  /// A head from its parts.
  public init(provenance: Provenance, assumptions: [String], spotMoves: [Double] = []) {
    self.provenance = provenance
    self.assumptions = assumptions
    self.spotMoves = spotMoves
  }
}
