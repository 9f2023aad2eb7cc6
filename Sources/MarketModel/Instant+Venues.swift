extension Instant {
  /// 08:00 UTC of a civil day, when crypto venues let their contracts expire.
  ///
  /// - Returns: nil where the calendar has no such date.
  public static func cryptoExpiry(year: Int, month: Int, day: Int) -> Instant? {
    Instant(year: year, month: month, day: day, hour: 8)
  }

  /// 16:00 New York of a civil day, the close of listed equity options: 20:00 UTC in summer time, 21:00
  /// UTC otherwise.
  ///
  /// Summer time runs from the second Sunday of March to the first Sunday of November since 2007
  /// (Energy Policy Act of 2005, section 110), before that from the first Sunday of April to the last of
  /// October (Public Law 99-359). It begins and ends at 02:00, hours before the close.
  ///
  /// - Returns: nil where the calendar has no such date.
  public static func newYorkClose(year: Int, month: Int, day: Int) -> Instant? {
    guard let midnight = Instant(year: year, month: month, day: day) else { return nil }
    let starts: Instant?
    let ends: Instant?
    if year >= 2007 {
      starts = sunday(onOrAfter: 8, month: 3, year: year)
      ends = sunday(onOrAfter: 1, month: 11, year: year)
    } else {
      starts = sunday(onOrAfter: 1, month: 4, year: year)
      ends = sunday(onOrAfter: 25, month: 10, year: year)
    }
    guard let starts, let ends else { return nil }
    let isSummer = midnight >= starts && midnight < ends
    return Instant(year: year, month: month, day: day, hour: isSummer ? 20 : 21)
  }

  private static func sunday(onOrAfter day: Int, month: Int, year: Int) -> Instant? {
    guard let first = Instant(year: year, month: month, day: day) else { return nil }
    return Instant(secondsSinceEpoch: first.secondsSinceEpoch + Int64((7 - first.dayOfWeek) % 7) * 86_400)
  }
}
