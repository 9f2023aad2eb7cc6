/// The ways in which a book can be margined, in the order in which the page shows them.
enum PageMode: String, CaseIterable {
  case isolated
  case cross
  case portfolio

  /// As the first word of a label.
  var title: String {
    switch self {
    case .isolated: "Isolated"
    case .cross: "Cross"
    case .portfolio: "Portfolio"
    }
  }
}

extension ReportScope {
  /// All margin figures of an account or the book.
  struct Margin {
    var models: [Model]
    var comparison: Comparison?
    /// The same of further venues.
    var beside: [Comparison]
    var ranking: [Ranked]
    var profile: [Ladder]
  }

  /// One model in one mode.
  struct Model {
    var model: String
    var mode: String
    var equity: Double?
    var initial: Double?
    var maintenance: Double?
    var surplus: Double?
    var surplusInitial: Double?
    var components: [Component]
    var worstScenario: String?
    var unsupported: [String]

    struct Component {
      var name: String
      var initial: Double?
      var maintenance: Double?
    }
  }

  /// One side of a comparison.
  struct Side {
    var mode: PageMode
    var model: String
    var initial: Double?
    var maintenance: Double?
    /// What the owner must have, in cash and positions, to come through the worst scenario.
    var capital: Double?
    var surplus: Double?
    /// Gross exposure that the mode permits over equity.
    var leverage: Double?
  }

  /// The three modes side by side.
  struct Comparison {
    var venue: String?
    var sides: [Side]
    var pooling: Double?
    var model: Double?
    var offset: Double?
    var attribution: [Share]
    var survival: [Survival]
    var unsupported: [String]
    var detail: Detail?

    struct Share {
      var instrument: String
      var isolated: Double?
      var worstScenarioLoss: Double?
    }

    struct Survival {
      var set: String
      var scenario: String
      /// In the order of `PageMode.allCases`.
      var capital: [Double?]
      /// Of a row over simulated paths, in the same order; nil for other rows.
      var interval: Interval?
    }

    struct Interval {
      var confidence: Double?
      var lower: [Double?]
      var upper: [Double?]
    }

    subscript(mode: PageMode) -> Side? { sides.first { $0.mode == mode } }
  }

  /// One model and mode of a ranking.
  struct Ranked {
    var rank: Double?
    var venue: String
    var model: String
    var mode: String
    var capital: Double?
    var initial: Double?
    var maintenance: Double?
    var surplus: Double?
    /// Gross exposure over equity at which initial margin would be used up.
    var leverage: Double?
    /// Why it stands where it stands, in the report's own words.
    var reason: String
  }

  /// Profit and surplus over a ladder of spots.
  struct Ladder {
    /// Those that move while the others stand still.
    var underlyings: [String]
    /// Today's, base currency; nil where several move.
    var spot: Double?
    var profitAndLoss: [Double?]
    /// In the order of `PageMode.allCases`; empty ones are not in the report.
    var surplus: [[Double?]]
  }
}

extension ReportScope.Margin {
  /// Reads the `margin` of an account or the book.
  init(_ node: ReportNode) throws(ReportFault) {
    models = try node.list("models").map { row throws(ReportFault) in try ReportScope.Model(row) }
    comparison = try node.optional("comparison").map { found throws(ReportFault) in
      try ReportScope.Comparison(found)
    }
    beside = try node.list("beside").map { row throws(ReportFault) in try ReportScope.Comparison(row) }
    ranking = try node.list("ranking").map { row throws(ReportFault) in try ReportScope.Ranked(row) }
    profile = try node.list("profile").map { row throws(ReportFault) in try ReportScope.Ladder(row) }
  }

  /// What a model counts as equity in a mode; nil where the report does not say.
  func equity(_ side: ReportScope.Side) -> Double? {
    if let found = models.first(where: { $0.model == side.model && $0.mode == side.mode.rawValue }) {
      return found.equity
    }
    guard let surplus = side.surplus, let maintenance = side.maintenance else { return nil }
    return surplus + maintenance
  }
}

extension ReportScope.Model {
  fileprivate init(_ row: ReportNode) throws(ReportFault) {
    model = try row.text("model") ?? ""
    mode = try row.text("mode") ?? ""
    equity = try row.figure("equity")
    initial = try row.figure("initial")
    maintenance = try row.figure("maintenance")
    surplus = try row.figure("surplus")
    surplusInitial = try row.figure("surplus_initial")
    components = try row.members("components").map { member throws(ReportFault) in
      Component(
        name: member.key, initial: try member.node.figure("initial"),
        maintenance: try member.node.figure("maintenance"))
    }
    worstScenario = try row.text("worst_scenario")
    unsupported = try row.texts("unsupported")
  }
}

extension ReportScope.Comparison {
  fileprivate init(_ node: ReportNode) throws(ReportFault) {
    venue = try node.text("venue")
    sides = []
    for mode in PageMode.allCases {
      guard let side = try node.optional(mode.rawValue) else { continue }
      sides.append(
        ReportScope.Side(
          mode: mode, model: try side.text("model") ?? "", initial: try side.figure("initial"),
          maintenance: try side.figure("maintenance"), capital: try side.figure("capital"),
          surplus: try side.figure("surplus"),
          leverage: try side.optional("leverage")?.figure("initial")))
    }
    let saving = try node.optional("saving")
    pooling = try saving?.figure("pooling")
    model = try saving?.figure("model")
    offset = try saving?.figure("offset")
    attribution = try node.list("attribution").map { row throws(ReportFault) in
      Share(
        instrument: try row.text("instrument") ?? "", isolated: try row.figure("isolated"),
        worstScenarioLoss: try row.figure("worst_scenario_loss"))
    }
    survival = try node.list("capital_to_survive").map { row throws(ReportFault) in
      Survival(
        set: try row.text("scenario_set") ?? "", scenario: try name(of: row),
        capital: try PageMode.allCases.map { mode throws(ReportFault) in try row.figure(mode.rawValue) },
        interval: try row.optional("interval").map { node throws(ReportFault) in
          let ranges = try PageMode.allCases.map { mode throws(ReportFault) in
            try node.optional(mode.rawValue)
          }
          return Interval(
            confidence: try node.figure("confidence"),
            lower: try ranges.map { range throws(ReportFault) in try range?.figure("lower") },
            upper: try ranges.map { range throws(ReportFault) in try range?.figure("upper") })
        })
    }
    unsupported = try node.texts("unsupported")
    detail = try node.optional("detail").map { found throws(ReportFault) in try ReportScope.Detail(found) }
  }
}

/// A scenario by its name, a row over simulated paths by its level.
private func name(of row: ReportNode) throws(ReportFault) -> String {
  if let level = try row.figure("confidence") { return "\(level)" }
  return try row.text("scenario") ?? ""
}

extension ReportScope.Ranked {
  fileprivate init(_ row: ReportNode) throws(ReportFault) {
    rank = try row.figure("rank")
    venue = try row.text("venue") ?? ""
    model = try row.text("model") ?? ""
    mode = try row.text("mode") ?? ""
    capital = try row.figure("capital")
    initial = try row.figure("initial")
    maintenance = try row.figure("maintenance")
    surplus = try row.figure("surplus")
    leverage = try row.optional("leverage")?.figure("initial")
    reason = try row.text("reason") ?? ""
  }
}

extension ReportScope.Ladder {
  fileprivate init(_ row: ReportNode) throws(ReportFault) {
    underlyings = try row.texts("underlyings")
    spot = try row.figure("spot")
    profitAndLoss = try row.figures("profit_and_loss")
    surplus = try PageMode.allCases.map { mode throws(ReportFault) in try row.figures(mode.rawValue) }
  }
}
