package import MarginModels
package import MarketModel

/// A ranking in words: what each mode needs less than the one before it at its venue, and which parts make the
/// difference.
package struct RankingText {
  private let ranking: [RankedMode]
  private let comparisons: [MarginComparison]

  /// The words for one account, or for a book.
  package init(_ margin: AccountMargin) {
    ranking = margin.ranking
    comparisons = (margin.comparison.map { [$0] } ?? []) + margin.beside
  }

  /// One sentence an entry, in the order of the ranking.
  package var reasons: [String] { ranking.indices.map(reason) }

  /// `cross by derive-srm`.
  package static func name(_ entry: RankedMode) -> String { "\(entry.mode.rawValue) by \(entry.model)" }

  /// Modes compare inside one venue: portfolio with cross, cross with isolated.
  private func reason(_ place: Int) -> String {
    let entry = ranking[place]
    guard let capital = entry.capital else { return Self.refusal(entry) }
    guard let other = counterpart(of: entry), let reference = other.capital else {
      return made(entry, capital)
    }
    let gap = reference - capital
    let name = Self.name(other)
    guard abs(gap) > 5e-3, abs(gap) > 1e-9 * abs(reference) else { return "needs the same as \(name)" }
    let changes = Self.changes(from: other, to: entry, gap: abs(gap))
    let (reasons, objections) = gap > 0 ? (changes.less, changes.more) : (changes.more, changes.less)
    var text = "needs \(TextFigure.money(abs(gap))) \(gap > 0 ? "less" : "more") than \(name)"
    if !reasons.isEmpty { text += ": " + reasons.prefix(2).joined(separator: ", ") }
    if let objection = objections.first { text += "; but " + objection }
    if entry.mode == .portfolio, let hedge = hedge(entry) { text += "; \(hedge)" }
    return text
  }

  /// Why an entry has no figures.
  private static func refusal(_ entry: RankedMode) -> String {
    guard entry.accountsLeftOut > 0 else { return refusal(entry.unsupported) }
    let accounts = entry.accountsLeftOut == 1 ? "1 account" : "\(entry.accountsLeftOut) accounts"
    return refusal(entry.unsupported) + ", which \(accounts) hold\(entry.accountsLeftOut == 1 ? "s" : "")"
  }

  /// Names positions that a model cannot margin, the first of them where they are many.
  package static func refusal(_ unsupported: [Identifier]) -> String {
    guard !unsupported.isEmpty else { return "no capital is worked out for it" }
    let shown = 4
    var names = unsupported.prefix(unsupported.count == shown + 1 ? shown + 1 : shown).map(\.text)
    if names.count < unsupported.count { names.append("\(unsupported.count - names.count) more") }
    let last = names.removeLast()
    return "does not margin " + (names.isEmpty ? last : names.joined(separator: ", ") + " and " + last)
  }

  /// The mode of the same venue with which an entry is compared; nil for the first of them.
  private func counterpart(of entry: RankedMode) -> RankedMode? {
    guard let venue = entry.venue, entry.mode != .isolated else { return nil }
    let mode: MarginMode = entry.mode == .portfolio ? .cross : .isolated
    return ranking.first { $0.venue == venue && $0.mode == mode }
  }

  /// What an entry without a counterpart is made of.
  private func made(_ entry: RankedMode, _ capital: Double) -> String {
    let parts = entry.parts.filter { $0.amount > 0.05 * abs(capital) }.sorted { $0.amount > $1.amount }
    let names = parts.prefix(2).map { "\(TextFigure.money($0.amount)) \(Self.noun($0.name))" }
    return names.isEmpty
      ? "needs nothing beyond what the positions are worth" : "needs \(names.joined(separator: " and "))"
  }

  /// `1 position`, `2 positions`.
  package static func positions(_ count: Int) -> String {
    count == 1 ? "1 position" : "\(count) positions"
  }

  // MARK: Parts

  /// Which parts shrink and grow from one entry to another, those that matter, the largest first.
  private static func changes(
    from dearer: RankedMode, to cheaper: RankedMode, gap: Double
  ) -> (less: [String], more: [String]) {
    var names: [String] = []
    for part in dearer.parts + cheaper.parts where !names.contains(kind(part.name)) {
      names.append(kind(part.name))
    }
    let changes = names.map { name in (name, amount(name, dearer) - amount(name, cheaper)) }
    let mattering = changes.filter { abs($0.1) >= 0.1 * gap }
      .sorted { abs($0.1) == abs($1.1) ? $0.0 < $1.0 : abs($0.1) > abs($1.1) }
    return (
      mattering.filter { $0.1 > 0 }.map { less($0.0, $0.1) },
      mattering.filter { $0.1 < 0 }.map { "\(TextFigure.money(-$0.1)) more \(noun($0.0))" }
    )
  }

  /// Parts that are told as one: what spreads take off belongs to the short options.
  private static func kind(_ name: String) -> String {
    switch name {
    case "spread_relief", "straddle_relief", "uncovered_options", "short_premium": "short_options"
    case "scan_loss": "risk_matrix"
    default: name
    }
  }

  private static func amount(_ name: String, _ entry: RankedMode) -> Double {
    var sum = 0.0
    for part in entry.parts where kind(part.name) == name { sum += part.amount }
    return sum
  }

  private static func less(_ name: String, _ amount: Double) -> String {
    let money = TextFigure.money(amount)
    switch name {
    case CapitalPart.Name.notShared: return "\(money) because positions share what they can spare"
    case "risk_matrix": return "\(money) less scenario margin"
    case CapitalPart.Name.notCounted: return "\(money) of value that counts here and not there"
    case CapitalPart.Name.beyondNeed:
      return "\(money) of the positions' own value that cross margin leaves idle"
    case CapitalPart.Name.loss: return "\(money) less lost in its worst scenario"
    default: return "\(money) less \(noun(name))"
    }
  }

  private static func noun(_ name: String) -> String {
    switch name {
    case CapitalPart.Name.notShared: "spare value that positions may not share"
    case CapitalPart.Name.notCounted: "value that does not count"
    case CapitalPart.Name.beyondNeed: "of the positions' own value left idle"
    case CapitalPart.Name.loss: "loss in the worst scenario"
    case CapitalPart.Name.requirement: "margin"
    case "short_options": "margin on short options"
    case "perpetuals": "margin on perpetuals"
    case "futures": "margin on futures"
    case "risk_matrix": "scenario margin"
    default: name.split(separator: "_").joined(separator: " ")
    }
  }

  // MARK: Positions

  /// The largest gain and the largest loss of the venue's portfolio scenario today, where they offset each other.
  private func hedge(_ entry: RankedMode) -> String? {
    guard let comparison = comparisons.first(where: { $0.venue == entry.venue }) else { return nil }
    var (gain, loss): ((instrument: Identifier, loss: Double)?, (instrument: Identifier, loss: Double)?)
    (gain, loss) = (nil, nil)
    for share in comparison.attribution {
      guard let amount = share.worstScenarioLoss else { continue }
      if amount < (gain?.loss ?? 0) { gain = (share.instrument, amount) }
      if amount > (loss?.loss ?? 0) { loss = (share.instrument, amount) }
    }
    guard let gain, let loss, -gain.loss > 0.05 * loss.loss else { return nil }
    return "\(gain.instrument) makes \(TextFigure.money(-gain.loss)) of the "
      + "\(TextFigure.money(loss.loss)) that \(loss.instrument) loses"
  }
}
