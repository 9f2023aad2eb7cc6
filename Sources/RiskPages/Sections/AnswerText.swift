/// What a comparison says, in the sentences that a reader looks for first: which mode is cheapest, by how much,
/// and why.
///
/// Capital decides: it is asked of all modes over one set of scenarios and counts positions at one worth, where
/// requirements of different models count different equity.
struct AnswerText {
  /// The mode that needs the least capital.
  let lead: String
  /// By how much; empty where all need the same.
  let margin: String
  /// Where the saving comes from; empty where there is none.
  let why: String
  /// What today's requirement says where it says otherwise; empty where it agrees.
  let today: String
  /// nil where several modes need the same.
  let cheapest: PageMode?

  /// The answer of a comparison.
  ///
  /// - Parameters:
  ///   - owner: `this account` or `the book`.
  ///   - equity: what each mode counts, where it is known.
  /// - Returns: nil where fewer than two modes have a capital.
  init?(
    _ comparison: ReportScope.Comparison, owner: String, figure: PageFigure,
    equity: (ReportScope.Side) -> Double?
  ) {
    let sides = comparison.sides.compactMap { side in side.capital.map { (mode: side.mode, capital: $0) } }
    guard sides.count > 1, let best = sides.min(by: { $0.capital < $1.capital }) else { return nil }
    let text = figure.money(best.capital)
    let ties = sides.filter { figure.money($0.capital) == text }
    let others = sides.filter { figure.money($0.capital) != text }.reversed()
    if others.isEmpty {
      cheapest = nil
      lead =
        "All modes need the same capital to come through their worst scenario: \(figure.amount(best.capital))."
      margin = ""
      why = ""
      today = ""
      return
    }
    cheapest = ties.count == 1 ? best.mode : nil
    let names = Self.joined(ties.map { $0.mode.title.lowercased() })
    let less = others.map { other in
      let share =
        other.capital > 0 ? " (\(PageFigure.percent((other.capital - best.capital) / other.capital)))" : ""
      return "\(figure.money(other.capital - best.capital))\(share) less than \(other.mode.rawValue)"
    }
    lead =
      "\(Self.capitalised(names)) margin is the cheapest for \(owner): "
      + Self.need(best.capital, figure)
    margin = ", " + Self.joined(Array(less)) + ". "
    why = Self.why(comparison, best: best.mode, figure)
    today = Self.today(comparison, best: best.mode, figure, equity)
  }

  private static func need(_ capital: Double, _ figure: PageFigure) -> String {
    capital > 0
      ? "\(figure.amount(capital)) of capital carries it through the worst scenario"
      : "it needs no capital to come through the worst scenario (\(figure.amount(capital)))"
  }

  /// The steps from isolated to portfolio as far as the cheapest mode, then what lies beyond it.
  private static func why(
    _ comparison: ReportScope.Comparison, best: PageMode, _ figure: PageFigure
  ) -> String {
    let pooling = (name: "sharing one pot of collateral", value: comparison.pooling)
    let model = (name: "the portfolio model’s own rules", value: comparison.model)
    let offset = (name: "positions that offset each other", value: comparison.offset)
    switch best {
    case .portfolio:
      return "Against isolated, " + steps([pooling, model, offset], figure) + "."
    case .cross:
      return "Against isolated, " + steps([pooling], figure) + ". From there to portfolio, "
        + steps([model, offset], figure) + "."
    case .isolated:
      return "Towards cross, " + steps([pooling], figure) + "; from there to portfolio, "
        + steps([model, offset], figure) + "."
    }
  }

  /// `a saves 5 and b 3, while c costs 2`, greatest first.
  private static func steps(_ steps: [(name: String, value: Double?)], _ figure: PageFigure) -> String {
    var known = steps.compactMap { step in step.value.map { (name: step.name, value: $0) } }
    known.sort { $0.value.magnitude > $1.value.magnitude }
    let nothing = figure.money(0)
    known.removeAll { figure.money($0.value.magnitude) == nothing }
    let saved = known.filter { $0.value > 0 }
    let costs = known.filter { $0.value < 0 }
    func list(_ steps: [(name: String, value: Double)], _ verb: (String) -> String) -> String {
      joined(
        steps.enumerated().map { place, step in
          let amount = figure.money(step.value.magnitude)
          return place == 0 ? "\(step.name) \(verb(step.name)) \(amount)" : "\(step.name) \(amount)"
        })
    }
    let saving = list(saved) { $0.hasPrefix("positions") || $0.hasSuffix("rules") ? "save" : "saves" }
    let cost = list(costs) { $0.hasPrefix("positions") || $0.hasSuffix("rules") ? "cost" : "costs" }
    if saved.isEmpty { return costs.isEmpty ? "nothing is saved" : cost }
    return costs.isEmpty ? saving : saving + ", while " + cost
  }

  private static func today(
    _ comparison: ReportScope.Comparison, best: PageMode, _ figure: PageFigure,
    _ equity: (ReportScope.Side) -> Double?
  ) -> String {
    guard let side = comparison[best], let own = side.maintenance,
      let lowest = comparison.sides.filter({ $0.maintenance != nil })
        .min(by: { $0.maintenance ?? 0 < $1.maintenance ?? 0 }),
      let least = lowest.maintenance, figure.money(least) != figure.money(own)
    else { return "" }
    let modes = comparison.sides.filter { figure.money($0.maintenance) == figure.money(least) }
    let names = joined(modes.map(\.mode.rawValue))
    var text =
      "Today’s maintenance alone is lowest under \(names): \(figure.money(least)) against \(figure.money(own))."
    if let counted = equity(side), let other = equity(lowest), figure.money(counted) != figure.money(other) {
      text +=
        " \(lowest.mode.title) counts \(figure.money(other)) of the equity, \(best.rawValue) \(figure.money(counted))."
    }
    return text
  }

  /// `a`, `a and b`, `a, b and c`.
  static func joined(_ words: [String]) -> String {
    guard let last = words.last else { return "" }
    return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
  }

  static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
