extension ScopeSection {
  /// The figures that are read first, in a row.
  func writeFacts(to markup: inout Markup) {
    markup.element("dl", ["class": "facts"]) { markup in
      fact("Equity", figure.amount(scope.equity), "balances, options and unrealised profit", to: &markup)
      for side in scope.margin?.comparison?.sides ?? [] {
        let use = Self.use(side).map { "uses \(PageFigure.percent($0)) of what counts" } ?? side.model
        fact(
          "Surplus, \(side.mode.rawValue)", figure.money(side.surplus), use, isLoss: (side.surplus ?? 0) < 0,
          to: &markup)
      }
      if let risk = scope.valueAtRisk.last {
        let interval = "\(figure.money(risk.lower)) to \(figure.money(risk.upper))"
        fact(
          "VaR \(Self.level(risk.confidence)), \(Self.days(risk.horizonDays))",
          figure.money(risk.valueAtRisk),
          interval, to: &markup)
      }
      if let liquidation = scope.liquidation { facts(of: liquidation, to: &markup) }
    }
  }

  private func facts(of liquidation: ReportScope.Liquidation, to markup: inout Markup) {
    if scope.account == nil {
      fact(
        "Nearest liquidation", PageFigure.distance(liquidation.distance),
        "log distance of the nearest account", to: &markup)
    } else if liquidation.distance == 0 {
      fact(
        "Nearest liquidation", PageFigure.distance(liquidation.distance),
        "liquidated as it stands, or a position held isolated is", to: &markup)
    } else if let nearest = nearest(liquidation) {
      fact(
        "Nearest liquidation", PageFigure.price(nearest.root),
        "\(nearest.price.underlying) \(PageFigure.move(nearest.move)), \(nearest.price.mode) \(nearest.price.model)"
          + (nearest.price.position.map { ", " + HTMLText.shortened($0, to: 40) } ?? ""), to: &markup)
    } else {
      let isKnown = liquidation.prices.contains { !$0.roots.isEmpty }
      fact(
        "Nearest liquidation",
        isKnown ? PageFigure.percent(liquidation.distance) : "none",
        isKnown ? "log distance" : "no spot that was looked at liquidates it", to: &markup)
    }
    fact(
      "Leverage", liquidation.leverage.map { PageFigure.number($0) + "×" } ?? "n/a",
      "gross exposure over equity",
      to: &markup)
  }

  private func fact(
    _ name: String, _ value: String, _ remark: String, isLoss: Bool = false, to markup: inout Markup
  ) {
    markup.element("div") { markup in
      markup.element("dt", text: name)
      markup.element("dd", isLoss ? ["class": "loss"] : [:]) { markup in
        markup.text(value)
        markup.element("span", text: remark)
      }
    }
  }

  /// The liquidation price that a relative move of its spot reaches first.
  func nearest(
    _ liquidation: ReportScope.Liquidation
  ) -> (price: ReportScope.Liquidation.Price, root: Double, move: Double)? {
    var nearest: (price: ReportScope.Liquidation.Price, root: Double, move: Double)?
    for price in liquidation.prices {
      guard let spot = spot(of: price.underlying), spot > 0 else { continue }
      for root in price.roots where root > 0 && (price.surplus ?? 0) >= 0 {
        let factor = max(root / spot, spot / root)
        if let found = nearest {
          let known = max(1 + found.move, 1 / (1 + found.move))
          if factor >= known { continue }
        }
        nearest = (price, root, root / spot - 1)
      }
    }
    return nearest
  }

  /// Maintenance over what counts as equity: 1 is the edge; nil where nothing is left to hold against it.
  static func use(_ side: ReportScope.Side?) -> Double? {
    guard let side, let maintenance = side.maintenance, let surplus = side.surplus,
      maintenance + surplus > 0
    else { return nil }
    return max(0, maintenance / (maintenance + surplus))
  }

  /// `0.99` as `99 %`, by moving the point: a level is its digits.
  static func level(_ digits: String) -> String {
    guard digits.hasPrefix("0."), digits.utf8.dropFirst(2).allSatisfy({ (0x30...0x39).contains($0) }) else {
      return digits
    }
    var fraction = String(digits.dropFirst(2))
    while fraction.utf8.count < 2 { fraction += "0" }
    let whole = fraction.prefix(2)
    var rest = fraction.dropFirst(2)
    while rest.hasSuffix("0") { rest = rest.dropLast() }
    let shown = whole.hasPrefix("0") ? whole.dropFirst() : whole
    return shown + (rest.isEmpty ? "" : "." + rest) + "\u{202F}%"
  }

  static func days(_ days: Double?) -> String {
    guard let days, days.isFinite else { return "n/a" }
    return PageFigure.quantity(days) + "\u{A0}" + (days == 1 ? "day" : "days")
  }
}
