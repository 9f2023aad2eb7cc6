package import MarketModel

/// One underlying as the models of listed contracts see it.
package struct SecurityTerms: Hashable, Sendable {
  package var securityClass: SecurityClass
  /// > 0.
  package var leverage: Double
  /// Contracts of one class group net in full; the id of its leading index or of the underlying itself.
  package var group: String
  /// Units of the leading index that one unit stands for; 0 where only values can tell.
  package var units: Double
  /// Allowed part of full netting with the other class groups of its product group.
  package var offset = 0.0
  /// What its product group is named after; its class group where it has none.
  package var product: String
  /// Percentage of an uncovered short where a model has one for this underlying; nil where its class has it.
  package var uncoveredRate: Double?

  /// Whether the models margin it at all.
  package var isMargined: Bool { securityClass != .none }
}

/// The underlyings of well-known listed contracts.
///
/// From the contract specifications of Cboe and Nasdaq and the prospectuses of the funds. Which broad index counts
/// as one of high capitalisation is the exchanges' list; the Nasdaq 100 is taken as not being one, which is the
/// wider range. What is not named is a share of its own group.
package enum WellKnownSecurities {
  package struct Entry: Hashable, Sendable {
    package let asset: String
    package let securityClass: SecurityClass
    package let group: String
    package let units: Double
    package let leverage: Double
  }

  /// In a fixed order.
  package static let entries: [Entry] = {
    let highCap: [(String, String, Double)] = [
      ("SPX", "SPX", 1), ("XSP", "SPX", 0.1), ("SPY", "SPX", 0.1), ("IVV", "SPX", 0.1), ("VOO", "SPX", 0),
      ("OEX", "OEX", 1), ("OEF", "OEX", 0.1), ("DJX", "DJX", 1), ("DIA", "DJX", 1), ("RUI", "RUI", 1),
      ("IWB", "RUI", 0),
    ]
    let broad: [(String, String, Double)] = [
      ("NDX", "NDX", 1), ("XND", "NDX", 0.01), ("QQQ", "NDX", 0), ("RUT", "RUT", 1), ("MRUT", "RUT", 0.1),
      ("IWM", "RUT", 0.1), ("MID", "MID", 1), ("MDY", "MID", 0), ("IJH", "MID", 0), ("VTI", "VTI", 1),
    ]
    let leveragedBroad: [(String, Double)] = [
      ("SSO", 2), ("SDS", 2), ("UPRO", 3), ("SPXL", 3), ("SPXU", 3), ("SPXS", 3), ("QLD", 2), ("QID", 2),
      ("TQQQ", 3), ("SQQQ", 3), ("DDM", 2), ("DXD", 2), ("UDOW", 3), ("SDOW", 3), ("UWM", 2), ("TWM", 2),
      ("TNA", 3), ("TZA", 3),
    ]
    let leveraged: [(String, Double)] = [
      ("SOXL", 3), ("SOXS", 3), ("FAS", 3), ("FAZ", 3), ("TECL", 3), ("TECS", 3), ("LABU", 3), ("LABD", 3),
      ("ERX", 2), ("ERY", 2), ("NUGT", 2), ("DUST", 2), ("TMF", 3), ("TMV", 3), ("YINN", 3), ("YANG", 3),
      ("UVXY", 1.5),
    ]
    let unmargined = ["BTC", "ETH", "SOL", "XRP", "BNB", "DOGE", "VIX"]
    return highCap.map {
      Entry(asset: $0.0, securityClass: .highCapIndex, group: $0.1, units: $0.2, leverage: 1)
    }
      + broad.map { Entry(asset: $0.0, securityClass: .broadIndex, group: $0.1, units: $0.2, leverage: 1) }
      + leveragedBroad.map {
        Entry(asset: $0.0, securityClass: .broadIndex, group: $0.0, units: 1, leverage: $0.1)
      }
      + leveraged.map { Entry(asset: $0.0, securityClass: .equity, group: $0.0, units: 1, leverage: $0.1) }
      + unmargined.map { Entry(asset: $0, securityClass: .none, group: $0, units: 1, leverage: 1) }
  }()

  /// The terms of an underlying: what the run says, else the table, else a share of its own group.
  ///
  /// - Parameter isCoin: whether contracts of a crypto venue stand on it, which these models do not margin.
  package static func terms(of asset: Identifier, plan: ListedPlan, isCoin: Bool) -> SecurityTerms {
    let known = entries.first { $0.asset == asset.text }
    var terms = SecurityTerms(
      securityClass: known?.securityClass ?? (isCoin ? .none : .equity), leverage: known?.leverage ?? 1,
      group: known?.group ?? asset.text, units: known?.units ?? 1, product: "")
    if let rule = plan.securities.first(where: { $0.underlying == asset }) {
      terms.securityClass = rule.securityClass ?? (terms.isMargined ? terms.securityClass : .equity)
      terms.leverage = rule.leverage ?? terms.leverage
      terms.group = rule.group?.text ?? terms.group
      terms.units = rule.units ?? terms.units
    }
    terms.product = terms.group
    if let product = plan.productGroups.first(where: { $0.groups.contains { $0.text == terms.group } }) {
      terms.offset = product.offset
      // Named after its first group, so that netting sets of one product group know each other.
      if product.offset > 0, let first = product.groups.first { terms.product = first.text }
    }
    return terms
  }
}
