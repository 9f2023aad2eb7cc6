import Foundation

/// How many rows the random test draws: enough to find a slip, unless the environment asks for more.
enum ExtremeRows {
  static var count: Int {
    ProcessInfo.processInfo.environment["PLIMSOLL_EXTREMES"].flatMap(Int.init) ?? 50_000
  }
}
