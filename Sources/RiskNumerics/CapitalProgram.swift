/// Accounts laid out for the kernel that margins them on tiles of paths.
///
/// What varies with the path is a table of cells and the multiplier m of each underlying's spot; everything else
/// about an account is numbers that are worked out once. An account's capital on a path is its value today less
/// the net maintenance margin of each mode, whose parts are: amounts linear in m, options summed expiry by expiry
/// over the scenarios of a portfolio model, short options charged one by one, and cash paid on the path.
public struct CapitalProgram: Sendable {
  /// An option position: its row of the table and its quantity.
  public struct Leg: Hashable, Sendable {
    public var row: Int
    public var quantity: Double

    /// A position from its numbers.
    public init(row: Int, quantity: Double) { (self.row, self.quantity) = (row, quantity) }
  }

  /// A short option under additive rules: it needs max(charge·m, valueCharge·v) + v for its value v, and alone at
  /// most lossConstant + lossSlope·m.
  public struct Short: Hashable, Sendable {
    public var leg: Leg
    public var charge: Double
    public var valueCharge: Double
    public var lossConstant: Double
    public var lossSlope: Double

    /// A short option from its numbers.
    public init(leg: Leg, charge: Double, valueCharge: Double, lossConstant: Double, lossSlope: Double) {
      self.leg = leg
      self.charge = charge
      self.valueCharge = valueCharge
      self.lossConstant = lossConstant
      self.lossSlope = lossSlope
    }
  }

  /// The options of one expiry.
  public struct Expiry: Hashable, Sendable {
    /// Factor of a shocked value ≥ 0.
    public var longDiscount: Double
    /// Factor of a shocked value < 0.
    public var shortDiscount: Double
    /// Factor of the loss under a move of the forward alone.
    public var basis: Double
    /// The additive requirement is at most lossConstant + lossSlope·m.
    public var lossConstant: Double
    public var lossSlope: Double
    /// At least one.
    public var legs: [Leg]
    public var shorts: [Short]

    /// An expiry from its numbers.
    public init(
      longDiscount: Double, shortDiscount: Double, basis: Double, lossConstant: Double, lossSlope: Double,
      legs: [Leg], shorts: [Short]
    ) {
      self.longDiscount = longDiscount
      self.shortDiscount = shortDiscount
      self.basis = basis
      self.lossConstant = lossConstant
      self.lossSlope = lossSlope
      self.legs = legs
      self.shorts = shorts
    }
  }

  /// An amount constant + slope·m.
  public struct Line: Hashable, Sendable {
    public var constant: Double
    public var slope: Double

    /// A line from its numbers.
    public init(_ constant: Double = 0, _ slope: Double = 0) {
      (self.constant, self.slope) = (constant, slope)
    }
  }

  /// What an account holds on one underlying.
  public struct NettingSet: Hashable, Sendable {
    /// Place of the multiplier m.
    public var underlying: Int
    /// Base value of what moves with spot in the scenarios, times m.
    public var moving: Double
    /// Net margin apart from the options, under the portfolio model, the additive one, and the portfolio model
    /// item by item.
    public var portfolio: Line
    public var cross: Line
    public var apart: Line
    /// What each holding that is no option needs alone; counted where positive.
    public var alone: [Line]
    public var expiries: [Expiry]

    /// A set from its numbers.
    public init(
      underlying: Int, moving: Double, portfolio: Line, cross: Line, apart: Line, alone: [Line],
      expiries: [Expiry]
    ) {
      self.underlying = underlying
      self.moving = moving
      self.portfolio = portfolio
      self.cross = cross
      self.apart = apart
      self.alone = alone
      self.expiries = expiries
    }
  }

  /// One account.
  public struct Account: Hashable, Sendable {
    /// V: base value today.
    public var value: Double
    /// Contracts that are cash on the path: the row of what one pays.
    public var paid: [Leg]
    public var sets: [NettingSet]

    /// An account from its parts.
    public init(value: Double, paid: [Leg], sets: [NettingSet]) {
      self.value = value
      self.paid = paid
      self.sets = sets
    }
  }

  /// Rows of the table, places of multipliers.
  public let rowCount: Int
  public let underlyingCount: Int
  /// Per account: number of paid rows, those rows, number of sets; per set: underlying, lines, expiries; per expiry:
  /// legs, shorts, their rows.
  private(set) var code: [Int32] = []
  /// Per account: value, paid quantities; per set: moving, three lines, the lines alone; per expiry: two discounts,
  /// basis, loss, quantities; per short: quantity, two charges, loss.
  private(set) var numbers: [Double] = []
  private(set) var codeStarts: [Int] = []
  private(set) var numberStarts: [Int] = []

  /// A program over a table of so many rows and so many multipliers.
  public init(rowCount: Int, underlyingCount: Int) {
    self.rowCount = min(max(0, rowCount), Int(Int32.max))
    self.underlyingCount = min(max(0, underlyingCount), Int(Int32.max))
  }

  public var accountCount: Int { codeStarts.count }

  /// Appends an account; one that names a row or place outside the table is entered as not a number.
  public mutating func append(_ account: Account) {
    codeStarts.append(code.count)
    numberStarts.append(numbers.count)
    guard isInside(account) else {
      numbers.append(.nan)
      code += [0, 0]
      return
    }
    numbers.append(account.value)
    add(count: account.paid.count)
    for leg in account.paid { add(leg) }
    add(count: account.sets.count)
    for set in account.sets { add(set) }
  }

  private mutating func add(_ set: NettingSet) {
    add(count: set.underlying)
    add(count: set.alone.count)
    add(count: set.expiries.count)
    numbers.append(set.moving)
    for line in [set.portfolio, set.cross, set.apart] + set.alone { numbers += [line.constant, line.slope] }
    for expiry in set.expiries {
      add(count: expiry.legs.count)
      add(count: expiry.shorts.count)
      numbers += [
        expiry.longDiscount, expiry.shortDiscount, expiry.basis, expiry.lossConstant, expiry.lossSlope,
      ]
      for leg in expiry.legs { add(leg) }
      for short in expiry.shorts {
        add(short.leg)
        numbers += [short.charge, short.valueCharge, short.lossConstant, short.lossSlope]
      }
    }
  }

  private mutating func add(_ leg: Leg) {
    add(count: leg.row)
    numbers.append(leg.quantity)
  }

  private mutating func add(count: Int) { code.append(Int32(clamping: count)) }

  private func isInside(_ account: Account) -> Bool {
    let rows = 0..<rowCount
    return account.paid.allSatisfy { rows.contains($0.row) }
      && account.sets.allSatisfy { set in
        set.underlying >= 0 && set.underlying < underlyingCount
          && set.expiries.allSatisfy { expiry in
            !expiry.legs.isEmpty && expiry.legs.allSatisfy { rows.contains($0.row) }
              && expiry.shorts.allSatisfy { rows.contains($0.leg.row) }
          }
      }
  }
}
