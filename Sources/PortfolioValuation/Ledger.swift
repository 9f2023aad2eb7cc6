import MarketModel

/// Positions and balances as they are entered, account by account.
struct Ledger {
  let book: Book
  var holdings: [Holding] = []
  var holdingRanges: [Range<Int>] = []
  var balances: [ValuedBalance] = []
  var balanceRanges: [Range<Int>] = []
  var equity: [Double]
  var isIncomplete: [Bool]
  var failures: [Failure] = []
  var positionsWithoutEntry = 0

  init(_ book: Book) {
    self.book = book
    equity = [Double](repeating: 0, count: book.accounts.count)
    isIncomplete = [Bool](repeating: false, count: book.accounts.count)
    for account in book.incompleteAccounts where isIncomplete.indices.contains(account) {
      isIncomplete[account] = true
    }
    holdings.reserveCapacity(book.positions.count)
    holdingRanges.reserveCapacity(book.accounts.count)
    balances.reserveCapacity(book.balances.count)
    balanceRanges.reserveCapacity(book.accounts.count)
  }

  /// Values every position; those without an instrument to value go to `failures`.
  mutating func enterPositions(_ resolved: [ResolvedInstrument?], _ refusals: [Int: Unresolved]) {
    var refused: [(instrument: Int, failure: Failure)] = []
    for (account, range) in book.positionRanges.enumerated() {
      let start = holdings.count
      for place in range {
        let position = book.positions[place]
        do throws(Unresolved) {
          let holding = try value(position, at: place, resolved, refusals)
          holdings.append(holding)
          equity[account] += holding.value
        } catch {
          isIncomplete[account] = true
          let path = Book.path(table: book.positionsName, row: position.row, field: "instrument")
          refused.append(
            (
              position.instrument, Failure(path: path, reason: error.reason, message: error.message)
            ))
        }
      }
      holdingRanges.append(start..<holdings.count)
    }
    // By instrument, then by account and position, as they stand in the book.
    for (_, entry) in refused.enumerated().sorted(by: {
      ($0.element.instrument, $0.offset) < ($1.element.instrument, $1.offset)
    }) {
      failures.append(entry.failure)
    }
  }

  private mutating func value(
    _ position: Position, at place: Int, _ resolved: [ResolvedInstrument?], _ refusals: [Int: Unresolved]
  ) throws(Unresolved) -> Holding {
    guard resolved.indices.contains(position.instrument), let instrument = resolved[position.instrument]
    else {
      throw refusals[position.instrument] ?? .missing("the book has no such instrument")
    }
    let id = book.instruments[position.instrument].id
    let quantity = position.quantity
    var effective = quantity
    var worth = quantity * instrument.unit
    var entry = position.entryPrice ?? instrument.forward
    if instrument.kind != .option {
      if position.entryPrice == nil { positionsWithoutEntry += 1 }
      guard entry.isFinite, entry > 0 else { throw .invalid("\(id): entry price \(entry), expected > 0") }
      if instrument.isInverse {
        effective = quantity / entry
        worth = effective * instrument.unit * ((instrument.forward - entry) / instrument.forward)
      } else {
        worth = quantity * instrument.multiplier * (instrument.forward - entry) * instrument.quoteSpot
      }
    } else if position.entryPrice == nil {
      entry = instrument.optionMark ?? 0
    }
    guard effective.isFinite, worth.isFinite else {
      throw Unresolved(
        reason: .calculation, message: "\(id): the value of \(quantity) is not a finite number")
    }
    return Holding(
      position: place, instrument: position.instrument, quantity: quantity, effectiveQuantity: effective,
      entryPrice: entry, value: worth)
  }

  /// Values every balance, one entry an account and asset.
  mutating func enterBalances() {
    let market = book.market
    for (account, range) in book.balanceRanges.enumerated() {
      let start = balances.count
      var place = range.lowerBound
      while place < range.upperBound {
        let asset = book.balances[place].asset
        var quantity = 0.0
        let first = place
        while place < range.upperBound, book.balances[place].asset == asset {
          quantity += book.balances[place].quantity
          place += 1
        }
        if let spot = market.spot(of: asset), (quantity * spot).isFinite {
          balances.append(
            ValuedBalance(
              asset: asset, assetIndex: market.assetIndex(of: asset), quantity: quantity, spot: spot,
              isCash: market.isCash(asset)))
          equity[account] += quantity * spot
          continue
        }
        isIncomplete[account] = true
        for row in first..<place {
          let isKnown = market.spot(of: asset) != nil
          failures.append(
            Failure(
              path: Book.path(table: book.balancesName, row: book.balances[row].row, field: "asset"),
              reason: isKnown ? .calculation : .missing,
              message: isKnown
                ? "\(asset): the value of the balance is not a finite number"
                : "the market has no asset \(asset)"))
        }
      }
      balanceRanges.append(start..<balances.count)
    }
  }
}
