/// How the rules for listed contracts see an underlying.
public enum SecurityClass: String, Hashable, Sendable, CaseIterable {
  /// A share, or a fund on a narrow index.
  case equity
  case narrowIndex = "narrow_index"
  /// A broad index that is not of high capitalisation, or a fund on one.
  case broadIndex = "broad_index"
  /// A broad index of high capitalisation, or a fund on one.
  case highCapIndex = "high_cap_index"
  /// Not margined by these rules: a coin, a volatility index.
  case none
}

/// What a run says of one underlying; what it leaves open comes from the table of well-known ones.
public struct SecurityRule: Hashable, Sendable {
  public var underlying: Identifier
  public var securityClass: SecurityClass?
  /// Factor of a leveraged fund, > 0; its sign does not matter to margin and is left off.
  public var leverage: Double?
  /// Contracts of one class group net in full by percent moves; an underlying's own id where it stands alone.
  public var group: Identifier?
  /// Units of the group's leading index that one unit stands for, ≥ 0: 0.1 for a share of SPY.
  public var units: Double?

  /// A rule from its parts.
  public init(
    underlying: Identifier, securityClass: SecurityClass? = nil, leverage: Double? = nil,
    group: Identifier? = nil, units: Double? = nil
  ) {
    self.underlying = underlying
    self.securityClass = securityClass
    self.leverage = leverage
    self.group = group
    self.units = units
  }
}

/// Class groups whose gains may cover a part of each other's losses.
public struct ProductGroup: Hashable, Sendable {
  public var groups: [Identifier]
  /// Part of full netting that is allowed, 0 to 1.
  public var offset: Double

  /// A product group from its parts.
  public init(groups: [Identifier], offset: Double) {
    self.groups = groups
    self.offset = offset
  }
}

/// What a run says of listed underlyings: `listed` of run.json.
public struct ListedPlan: Hashable, Sendable {
  /// Each underlying once.
  public var securities: [SecurityRule]
  /// Each class group in at most one of them.
  public var productGroups: [ProductGroup]

  /// A plan from its rules; the default says nothing.
  public init(securities: [SecurityRule] = [], productGroups: [ProductGroup] = []) {
    self.securities = securities
    self.productGroups = productGroups
  }
}
