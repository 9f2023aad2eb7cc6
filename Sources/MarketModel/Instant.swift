/// A second on the UTC time line, counted from 1970-01-01T00:00:00Z without leap seconds.
///
/// There is no clock and no time zone database behind it: civil dates are integer arithmetic on the
/// proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013).
public struct Instant: Hashable, Comparable, Sendable {
  /// Seconds of a year of 365 days, the denominator of every year fraction.
  public static let secondsPerYear = 31_536_000.0

  /// Whole seconds since the epoch; between the years 0001 and 9999.
  public let secondsSinceEpoch: Int64

  /// An instant from its count of seconds, nil outside the years 0001 to 9999.
  public init?(secondsSinceEpoch seconds: Int64) {
    guard seconds >= -62_135_596_800, seconds <= 253_402_300_799 else { return nil }
    secondsSinceEpoch = seconds
  }

  /// An instant from a civil date and time in UTC.
  ///
  /// - Returns: nil where the calendar has no such date or the day no such time.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1...9999).contains(year), (1...12).contains(month),
      day >= 1, day <= Self.dayCount(ofMonth: month, year: year),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    let days = Self.dayNumber(year: year, month: month, day: day)
    self.init(
      secondsSinceEpoch: Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second))
  }

  /// Whether `left` lies before `right`.
  public static func < (left: Instant, right: Instant) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }

  /// Seconds from this instant to a later one; negative for an earlier one.
  public func seconds(to later: Instant) -> Int64 {
    later.secondsSinceEpoch - secondsSinceEpoch
  }

  /// Years from this instant to a later one by ACT/365 fixed, to the second.
  public func years(to later: Instant) -> Double {
    Double(seconds(to: later)) / Self.secondsPerYear
  }
}

extension Instant {
  /// Days of a month, by the Gregorian leap rule.
  public static func dayCount(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 31
    }
  }

  /// Days from 1970-01-01 to a civil date that exists.
  static func dayNumber(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// The civil date of this instant in UTC.
  public var civilDate: (year: Int, month: Int, day: Int) {
    let (quotient, remainder) = secondsSinceEpoch.quotientAndRemainder(dividingBy: 86_400)
    let days = Int(remainder < 0 ? quotient - 1 : quotient) + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// Seconds since midnight UTC.
  public var secondOfDay: Int {
    let remainder = Int(secondsSinceEpoch % 86_400)
    return remainder < 0 ? remainder + 86_400 : remainder
  }

  /// The day of the week, 0 for Sunday to 6 for Saturday.
  public var dayOfWeek: Int {
    let days = (Int(secondsSinceEpoch) - secondOfDay) / 86_400
    let day = (days + 4) % 7
    return day < 0 ? day + 7 : day
  }
}
