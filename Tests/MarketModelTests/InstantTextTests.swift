import MarketModel
import Testing

@Suite("Instants as text")
struct InstantTextTests {
  @Test("every day of four centuries reads back from its own text")
  func roundTrip() {
    var seconds: Int64 = -2_208_988_800
    while seconds < 10_413_792_000 {
      let instant = Instant(secondsSinceEpoch: seconds)
      #expect(instant.flatMap { Instant(rfc3339: $0.text) } == instant)
      #expect(instant.flatMap { Instant(date: $0.dateText) }?.secondsSinceEpoch == seconds)
      seconds += 86_400
    }
  }

  @Test("a zone moves the instant, not the day count")
  func zones() {
    let expected = Instant(year: 2026, month: 2, day: 5, hour: 21, minute: 29, second: 37)
    #expect(Instant(rfc3339: "2026-02-05T21:29:37Z") == expected)
    #expect(Instant(rfc3339: "2026-02-05T22:29:37+01:00") == expected)
    #expect(Instant(rfc3339: "2026-02-06T03:14:37+05:45") == expected)
    #expect(Instant(rfc3339: "2026-02-05T16:29:37-05:00") == expected)
    #expect(Instant(rfc3339: "2026-02-05T21:29:37.000Z") == expected)
    #expect(Instant(rfc3339: "2026-02-05t21:29:37z") == expected)
    #expect(expected?.text == "2026-02-05T21:29:37Z")
  }

  @Test("a fraction of a second is cut off only for who asks for it")
  func cutting() {
    let whole = Instant(rfc3339: "2026-02-05T21:29:37Z")
    #expect(whole != nil)
    for text in ["2026-02-05T21:29:37.5Z", "2026-02-05t21:29:37.999999z", "2026-02-05T22:29:37.25+01:00"] {
      #expect(Instant(cutting: text) == whole)
      #expect(Instant(rfc3339: text) == nil)
    }
    #expect(Instant(cutting: "2026-02-05T21:29:37Z") == whole)
    #expect(Instant(cutting: "2026-02-05T21:29:37.Z") == nil)
    #expect(Instant(cutting: "2026-02-05T21:29:37,5Z") == nil)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "2026-02-05", "2026-02-05T21:29:37", "2026-02-05 21:29:37Z", "2026-02-05T21:29Z",
      "2026-02-30T00:00:00Z",
      "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "26-01-05T00:00:00Z", "2026-1-05T00:00:00Z",
      "2026-02-05T24:00:00Z", "2026-02-05T21:60:00Z", "2026-06-30T23:59:60Z", "2026-02-05T21:29:37.5Z",
      "2026-02-05T21:29:37.Z", "2026-02-05T21:29:37+25:00", "2026-02-05T21:29:37+01", "2026-02-05T21:29:37Zx",
      "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
      "１026-02-05T21:29:37Z",
    ])
  func refused(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }

  @Test(
    "the New York close follows its summer time",
    arguments: [
      (2026, 3, 7, 21), (2026, 3, 8, 20), (2026, 10, 31, 20), (2026, 11, 1, 21), (2024, 3, 8, 21),
      (2024, 3, 11, 20),
      (2024, 11, 1, 20), (2024, 11, 4, 21), (2015, 3, 8, 20), (2015, 11, 1, 21), (2006, 4, 1, 21),
      (2006, 4, 3, 20),
      (2006, 10, 27, 20), (2006, 10, 30, 21),
    ])
  func newYork(year: Int, month: Int, day: Int, hour: Int) {
    #expect(
      Instant.newYorkClose(year: year, month: month, day: day)
        == Instant(year: year, month: month, day: day, hour: hour))
  }
}
