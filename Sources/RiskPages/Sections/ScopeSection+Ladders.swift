extension ScopeSection {
  /// Ladders that are drawn; a reader compares no more.
  private static let shownLadders = 4
  /// Isolated positions that a caption names one by one.
  private static let namedPositions = 4

  /// Profit and surplus against spot: all underlyings together, then each alone.
  func writeLadders(to markup: inout Markup) {
    guard let ladders = scope.margin?.profile, head.spotMoves.count > 1 else { return }
    let usable = ladders.filter { $0.profitAndLoss.count == head.spotMoves.count }
    for (place, ladder) in usable.prefix(Self.shownLadders).enumerated() {
      write(ladder, isEverything: place == 0 && usable.count > 1, to: &markup)
    }
    let left = usable.count - Self.shownLadders
    if left > 0 {
      markup.element(
        "p", ["class": "note"], text: "\(PageFigure.count(left, "more ladder")) of spots not drawn.")
    }
  }

  private func write(_ ladder: ReportScope.Ladder, isEverything: Bool, to markup: inout Markup) {
    let alone = ladder.underlyings.count == 1 ? ladder.underlyings.first : nil
    let spot = alone.flatMap { ladder.spot ?? self.spot(of: $0) }
    let roots = isEverything ? [] : ladder.underlyings.flatMap { self.roots(of: $0) }
    let series = zip(PageMode.allCases, ladder.surplus).compactMap { mode, values in
      values.count == head.spotMoves.count && values.contains { $0 != nil }
        ? LadderChart.Series(mode: mode, values: values) : nil
    }
    let known = zip(head.spotMoves, ladder.profitAndLoss).compactMap { move, value in
      value.map { (move: move, value: $0) }
    }
    let worst = known.min { $0.value < $1.value }
    let best = known.max { $0.value < $1.value }
    var words = "From \(PageFigure.move(head.spotMoves.min())) to \(PageFigure.move(head.spotMoves.max()))"
    if let worst { words += ", worst \(figure.change(worst.value)) at \(PageFigure.move(worst.move))" }
    if let best { words += ", best \(figure.change(best.value)) at \(PageFigure.move(best.move))" }
    let names = ladder.underlyings.prefix(3).map { HTMLText.shortened($0, to: 24) }
    let name = isEverything || ladder.underlyings.count > 3 ? nil : AnswerText.joined(Array(names))
    let chart = LadderChart(
      title: "Profit and surplus against the spot of \(name ?? "everything together")", description: words,
      moves: head.spotMoves, profitAndLoss: ladder.profitAndLoss, surplus: series, roots: roots,
      price: spot.map { spot in { PageFigure.price(spot * (1 + $0)) } })
    markup.element("figure") { markup in
      markup.element("h3", text: name.map { "If \($0) moves" } ?? "If everything moves together")
      chart.draw(&markup)
      markup.element("figcaption") { caption(words, ladder: ladder, roots: roots, to: &$0) }
    }
  }

  private func caption(
    _ words: String, ladder: ReportScope.Ladder, roots: [LadderChart.Root], to markup: inout Markup
  ) {
    markup.text(words + "; volatilities stand still, money in \(figure.currency). ")
    markup.text(
      scope.account == nil
        ? "Surpluses are summed over accounts, of which no one defends another."
        : "Where a surplus is below zero, the account is liquidated under that mode.")
    let low = head.spotMoves.min() ?? 0
    let high = head.spotMoves.max() ?? 0
    let far = roots.filter { !$0.isPosition && ($0.move < low || $0.move > high) }
    if !far.isEmpty {
      let texts = far.map { "\($0.mode.rawValue) \($0.text) (\(PageFigure.move($0.move)))" }
      markup.text(" Liquidation beyond the drawing: \(texts.joined(separator: ", ")).")
    }
    let inside = roots.filter { $0.isPosition && $0.move >= low && $0.move <= high }
    guard !inside.isEmpty else { return }
    markup.text(" ▼ liquidates an isolated position: ")
    let prices = (scope.liquidation?.prices ?? []).filter {
      ladder.underlyings.contains($0.underlying) && $0.position != nil && !$0.roots.isEmpty && isCompared($0)
    }
    for (place, price) in prices.prefix(Self.namedPositions).enumerated() {
      if place > 0 { markup.text(", ") }
      markup.name(price.position ?? "", limit: 40)
      markup.text(" at " + price.roots.map { PageFigure.price($0) }.joined(separator: " and "))
    }
    let left = prices.count - Self.namedPositions
    markup.text(left > 0 ? " and \(PageFigure.count(left)) more (see the table)." : ".")
  }

  /// The liquidation prices of one underlying under the models of the comparison.
  private func roots(of underlying: String) -> [LadderChart.Root] {
    guard let spot = spot(of: underlying), spot > 0 else { return [] }
    return (scope.liquidation?.prices ?? []).flatMap { price -> [LadderChart.Root] in
      guard price.underlying == underlying, let mode = PageMode(rawValue: price.mode), isCompared(price)
      else {
        return []
      }
      return price.roots.map {
        LadderChart.Root(
          mode: mode, move: $0 / spot - 1, text: PageFigure.price($0), isPosition: price.position != nil)
      }
    }
  }

  private func isCompared(_ price: ReportScope.Liquidation.Price) -> Bool {
    guard let mode = PageMode(rawValue: price.mode), let side = scope.margin?.comparison?[mode] else {
      return true
    }
    return side.model == price.model
  }
}
