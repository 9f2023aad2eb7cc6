import RiskNumerics

/// The cash that each item needs on one path, mode by mode.
///
/// `cells` are tiles, `first` the path's place in the first row of its tile, `m` the multiplier of the spot.
extension AttributedSet {
  /// Positive needs of each item alone.
  func addIsolated(_ cells: Span<Double>, _ first: Int, _ m: Double, to parts: inout [Double]) {
    for item in items {
      if item.isPaid {
        parts.append(max(-item.quantity * worth(item, cells, first), 0))
      } else if item.start == nil {
        parts.append(max(item.standard.constant + item.standard.slope * m, 0))
      } else {
        let loss = item.short.map { $0.lossConstant + $0.lossSlope * m } ?? 0
        parts.append(min(need(item, cells, first, m), loss))
      }
    }
  }

  /// What the standard manager asks beyond what it counts.
  func addCross(_ cells: Span<Double>, _ first: Int, _ m: Double, to parts: inout [Double]) {
    let start = parts.count
    for item in items {
      if item.isPaid {
        parts.append(-item.quantity * worth(item, cells, first))
      } else if item.start == nil {
        parts.append(item.standard.constant + item.standard.slope * m)
      } else {
        parts.append(need(item, cells, first, m))
      }
    }
    for options in reliefs {
      var (shorts, loss) = (0.0, 0.0)
      for place in options {
        shorts += parts[start + place]
        loss += items[place].relief.constant + items[place].relief.slope * m
      }
      guard loss < shorts else { continue }
      for place in options {
        parts[start + place] = items[place].relief.constant + items[place].relief.slope * m
      }
    }
  }

  /// What the portfolio manager asks beyond what it counts.
  func addPortfolio(_ cells: Span<Double>, _ first: Int, _ m: Double, to parts: inout [Double]) {
    let start = parts.count
    for item in items {
      if item.start == nil {
        parts.append(item.portfolio.constant + item.portfolio.slope * m)
      } else {
        parts.append(item.naked * m - item.quantity * worth(item, cells, first))
      }
    }
    let factor = models.portfolio.parameters.maintenanceFactor
    guard let scenario = decisive(cells, first, m) else {
      for expiry in expiries {
        guard let column = basisColumn(expiry, cells, first) else { continue }
        for place in expiry.items {
          let move =
            worth(items[place], cells, first, column: column) - worth(items[place], cells, first)
          parts[start + place] -= factor * expiry.basis * items[place].quantity * move
        }
      }
      return
    }
    let model = models.portfolio
    let column = models.scenarioColumns[scenario]
    let linear = model.linearMove[scenario] * model.dampening[scenario]
    for place in items.indices { parts[start + place] -= factor * items[place].moving * m * linear }
    for expiry in expiries {
      let (discount, side) = rule(expiry, scenario, cells, first)
      for place in expiry.items {
        let item = items[place]
        let profit =
          discount * worth(item, cells, first, column: column) - worth(item, cells, first)
        parts[start + place] -= factor * side * model.dampening[scenario] * item.quantity * profit
      }
    }
  }

  /// A cell of an item with a row.
  private func worth(_ item: Item, _ cells: Span<Double>, _ first: Int, column: Int = 0) -> Double {
    guard let start = item.start else { return 0 }
    return cells[first + start + column * CapitalKernels.lanes]
  }

  /// A short option alone; 0 for a long one.
  private func need(_ item: Item, _ cells: Span<Double>, _ first: Int, _ m: Double) -> Double {
    guard let short = item.short else { return 0 }
    let value = -item.quantity * worth(item, cells, first)
    return max(short.charge * m, short.valueCharge * value) + value
  }

  private func sum(_ expiry: Expiry, _ cells: Span<Double>, _ first: Int, column: Int) -> Double {
    var sum = 0.0
    for place in expiry.items {
      guard let start = items[place].start else { continue }
      sum += items[place].quantity * cells[first + start + column * CapitalKernels.lanes]
    }
    return sum
  }

  /// The discount of an expiry in a scenario, and −1 where its gain counts as a loss.
  private func rule(
    _ expiry: Expiry, _ scenario: Int, _ cells: Span<Double>, _ first: Int
  ) -> (discount: Double, side: Double) {
    let shocked = sum(expiry, cells, first, column: models.scenarioColumns[scenario])
    let discount = shocked >= 0 ? expiry.longDiscount : expiry.shortDiscount
    guard models.portfolio.flipsGains[scenario] else { return (discount, 1) }
    return (discount, shocked * discount > sum(expiry, cells, first, column: 0) ? -1 : 1)
  }

  /// The worst scenario; nil where the basis contingency, or nothing, decides.
  private func decisive(_ cells: Span<Double>, _ first: Int, _ m: Double) -> Int? {
    let model = models.portfolio
    var least = 0.0
    for expiry in expiries {
      guard let column = basisColumn(expiry, cells, first) else { continue }
      least +=
        expiry.basis * (sum(expiry, cells, first, column: column) - sum(expiry, cells, first, column: 0))
    }
    let moving = items.reduce(0) { $0 + $1.moving } * m
    let bases = expiries.map { sum($0, cells, first, column: 0) }
    var found: Int?
    for scenario in model.linearMove.indices {
      var profit = 0.0
      for (expiry, base) in zip(expiries, bases) {
        let shocked = sum(expiry, cells, first, column: models.scenarioColumns[scenario])
        let part = shocked * (shocked >= 0 ? expiry.longDiscount : expiry.shortDiscount) - base
        profit += model.flipsGains[scenario] ? -abs(part) : part
      }
      profit = (profit + moving * model.linearMove[scenario]) * model.dampening[scenario]
      if profit < least { (least, found) = (profit, scenario) }
    }
    return found
  }

  /// The column of the worse move of the forward alone; nil where neither loses.
  private func basisColumn(_ expiry: Expiry, _ cells: Span<Double>, _ first: Int) -> Int? {
    let base = sum(expiry, cells, first, column: 0)
    let up = sum(expiry, cells, first, column: models.basisColumns.up)
    let down = sum(expiry, cells, first, column: models.basisColumns.down)
    guard min(up, down) < base else { return nil }
    return up <= down ? models.basisColumns.up : models.basisColumns.down
  }
}
