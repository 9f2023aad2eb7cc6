/// One account of a report, or its book: what there is of the figures, as the report has them.
///
/// A measure that the run was not asked for is nil or empty.
struct ReportScope {
  /// nil for the book.
  var account: String?
  /// Of the book.
  var accountCount: Int?
  var incompleteCount: Int?
  var isIncomplete: Bool
  /// Base currency, as all money here.
  var equity: Double?
  var collateral: [Collateral]
  var positions: [Position]
  var greeks: [GreekRow]
  var valueAtRisk: [ValueAtRisk]
  var stress: [NamedAmount]
  var margin: Margin?
  var liquidation: Liquidation?
  /// nil where the market says nothing of what trading costs.
  var liquidity: Liquidity?

  struct Collateral {
    var asset: String
    var quantity: Double?
    var spot: Double?
    var value: Double?
  }

  struct Position {
    var instrument: String
    var quantity: Double?
    var unit: String
    var value: Double?
    var cashDelta: Double?
  }

  /// Sensitivities to one underlying; `name` is nil for the sum of all.
  struct GreekRow {
    var name: String?
    var delta: Double?
    var gamma: Double?
    var cashDelta: Double?
    var cashGamma: Double?
    var vega: Double?
    var theta: Double?
    var rho: Double?
  }

  struct ValueAtRisk {
    var method: String
    /// With the digits it was written with.
    var confidence: String
    var horizonDays: Double?
    var valueAtRisk: Double?
    var expectedShortfall: Double?
    var shortfallError: Double?
    var intervalConfidence: Double?
    var lower: Double?
    var upper: Double?
    /// With the cost of closing out inside each path.
    var closedOut: Double?
  }

  /// What closing out costs.
  struct Liquidity {
    var cost: Double?
    var sumOfAccounts: Double?
    /// The stress in which it costs most.
    var worst: NamedAmount?
    var parts: [Part]

    struct Part {
      var underlying: String
      var quantity: Double?
      var cost: Double?
      var deltaCost: Double?
      var beyondBook: Double?
    }
  }

  /// An amount of money under a name of anybody's making.
  struct NamedAmount {
    var name: String
    var amount: Double?
  }

  struct Liquidation {
    var prices: [Price]
    var distance: Double?
    var leverage: Double?

    struct Price {
      var underlying: String
      var position: String?
      var mode: String
      var model: String
      /// nil in a report from before it was written.
      var surplus: Double?
      var roots: [Double]
      var reason: String?
    }
  }

  /// Reads an account or the book.
  ///
  /// - Throws: `ReportFault` where something has another shape than in a report.
  init(_ node: ReportNode) throws(ReportFault) {
    account = try node.text("account_id")
    accountCount = try Self.count(node, "account_count")
    incompleteCount = try Self.count(node, "incomplete_count")
    isIncomplete = try node.flag("incomplete")
    equity = try node.figure("equity")
    collateral = try node.list("collateral").map { row throws(ReportFault) in
      Collateral(
        asset: try row.text("asset") ?? "", quantity: try row.figure("quantity"),
        spot: try row.figure("spot"), value: try row.figure("value"))
    }
    positions = try node.list("positions").map { row throws(ReportFault) in
      Position(
        instrument: try row.text("instrument") ?? "", quantity: try row.figure("quantity"),
        unit: try row.text("unit") ?? "", value: try row.figure("value"),
        cashDelta: try row.optional("greeks")?.figure("cash_delta"))
    }
    greeks = try Self.greeks(try node.optional("greeks"))
    valueAtRisk = try node.list("value_at_risk").map { row throws(ReportFault) in try ValueAtRisk(row) }
    stress = try node.list("stress").map { row throws(ReportFault) in
      NamedAmount(name: try row.text("scenario") ?? "", amount: try row.figure("profit_and_loss"))
    }
    margin = try node.optional("margin").map { margin throws(ReportFault) in try Margin(margin) }
    liquidation = try node.optional("liquidation").map { found throws(ReportFault) in
      try Liquidation(found)
    }
    liquidity = try node.optional("liquidity").map { found throws(ReportFault) in try Liquidity(found) }
  }

  /// A count of accounts; nil where it is no whole number.
  private static func count(_ node: ReportNode, _ key: String) throws(ReportFault) -> Int? {
    try node.figure(key).flatMap { Int(exactly: $0) }
  }

  private static func greeks(_ node: ReportNode?) throws(ReportFault) -> [GreekRow] {
    guard let node else { return [] }
    var rows = try node.list("by_underlying").map { row throws(ReportFault) in
      try GreekRow(row, name: try row.text("underlying") ?? "")
    }
    if rows.count > 1, let total = try node.optional("total") { rows.append(try GreekRow(total, name: nil)) }
    return rows
  }
}

extension ReportScope.GreekRow {
  fileprivate init(_ row: ReportNode, name: String?) throws(ReportFault) {
    self.name = name
    delta = try row.figure("delta")
    gamma = try row.figure("gamma")
    cashDelta = try row.figure("cash_delta")
    cashGamma = try row.figure("cash_gamma_1pct")
    vega = try row.figure("vega")
    theta = try row.figure("theta")
    rho = try row.figure("rho")
  }
}

extension ReportScope.ValueAtRisk {
  fileprivate init(_ row: ReportNode) throws(ReportFault) {
    method = try row.text("method") ?? ""
    confidence = try row.digits("confidence") ?? "n/a"
    horizonDays = try row.figure("horizon_days")
    valueAtRisk = try row.figure("value_at_risk")
    expectedShortfall = try row.figure("expected_shortfall")
    shortfallError = try row.figure("expected_shortfall_standard_error")
    let interval = try row.optional("interval")
    intervalConfidence = try interval?.figure("confidence")
    lower = try interval?.figure("lower")
    upper = try interval?.figure("upper")
    closedOut = try row.optional("liquidity")?.figure("value_at_risk")
  }
}

extension ReportScope.Liquidity {
  fileprivate init(_ node: ReportNode) throws(ReportFault) {
    cost = try node.figure("close_out_cost")
    sumOfAccounts = try node.figure("sum_of_accounts")
    worst = try node.optional("worst").map { worst throws(ReportFault) in
      ReportScope.NamedAmount(
        name: try worst.text("scenario") ?? "", amount: try worst.figure("close_out_cost"))
    }
    parts = try node.list("by_underlying").map { row throws(ReportFault) in
      Part(
        underlying: try row.text("underlying") ?? "", quantity: try row.figure("quantity"),
        cost: try row.figure("close_out_cost"), deltaCost: try row.figure("delta_cost"),
        beyondBook: try row.figure("beyond_book"))
    }
  }
}

extension ReportScope.Liquidation {
  fileprivate init(_ node: ReportNode) throws(ReportFault) {
    distance = try node.figure("distance")
    leverage = try node.figure("leverage")
    prices = try node.list("prices").map { row throws(ReportFault) in
      Price(
        underlying: try row.text("underlying") ?? "", position: try row.text("position"),
        mode: try row.text("mode") ?? "", model: try row.text("model") ?? "",
        surplus: try row.figure("surplus"), roots: try row.figures("spot_roots").compactMap { $0 },
        reason: try row.text("reason"))
    }
  }
}
