import CommandLineKit
import Foundation
import RiskCommands
import Testing

/// What a command line gave.
struct Outcome {
  var status: Int32
  var out: String
  var err: String
}

/// The tool run inside the test, and a folder of the test's own.
final class Stage {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/plimsoll-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs a line; `@/` at the start of a word stands for the folder.
  func run(_ words: String..., environment: [String: String] = [:]) -> Outcome {
    run(words, environment: environment)
  }

  func run(_ words: [String], environment: [String: String] = [:]) -> Outcome {
    var out: [UInt8] = []
    var err: [UInt8] = []
    let status = PlimsollTool.tool.run(
      arguments: words.map { $0.hasPrefix("@/") ? folder + $0.dropFirst() : $0 },
      out: Sink { out += $0 }, err: Sink { err += $0 }, environment: { environment[$0] })
    return Outcome(
      status: status, out: String(decoding: out, as: UTF8.self),
      err: String(decoding: err, as: UTF8.self).replacingOccurrences(of: folder, with: "@"))
  }

  func write(_ text: String, _ name: String) throws {
    let path = folder + "/" + name
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)), as: UTF8.self)
  }

  func names(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder + "/" + name).sorted()
  }

  /// A small sound book under `book`, with changed members and without those given as nil.
  func writeBook(_ changes: [String: String?] = [:]) throws {
    var members: [String: String] = [
      "market.json": Self.market, "positions.csv": Self.positions, "balances.csv": Self.balances,
      "run.json": Self.plan,
    ]
    for (name, text) in changes { members[name] = text }
    try? FileManager.default.removeItem(atPath: folder + "/book")
    for (name, text) in members { try write(text, "book/" + name) }
  }

  static let market = """
    {"schema": "plimsoll.market/1", "as_of": "2026-02-05T21:29:37Z", "base_currency": "USD",
     "assets": [{"asset": "BTC", "spot": 65010.5}, {"asset": "USDC", "spot": 1.0, "stable": true}],
     "forwards": [{"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z", "price": 65480.0}],
     "volatility": [{"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z",
                     "strikes": [60000, 65000], "volatilities": [0.55, 0.52]}],
     "marks": [{"instrument": "BTC-PERPETUAL", "price": 65015.0}],
     "correlation": {"assets": ["BTC"], "matrix": [[1]], "volatilities": [0.62]}}
    """

  static let positions = """
    account_id,instrument,quantity
    alice,BTC-27MAR26-65000-C,-2
    bob,BTC-PERPETUAL,100000

    """.replacingOccurrences(of: "\n\n", with: "\n")

  static let balances = "account_id,asset,quantity\nalice,BTC,3\nbob,USDC,50000\n"

  static let plan = """
    {"schema": "plimsoll.run/1", "seed": 7,
     "value_at_risk": [{"method": "monte_carlo", "confidence": ["0.99"], "horizon_days": 1, "paths": 500,
                        "distribution": "normal"}]}
    """
}

/// Texts that are kept beside the tests.
///
/// With PLIMSOLL_RECORD set they are written instead of compared; what changed then shows in the diff.
enum Snapshot {
  static func compare(_ text: String, _ name: String, at location: SourceLocation = #_sourceLocation) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Snapshots/" + name)
    if ProcessInfo.processInfo.environment["PLIMSOLL_RECORD"] != nil {
      try Data(text.utf8).write(to: url)
      return
    }
    let kept = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(text == kept, "the snapshot \(name)", sourceLocation: location)
  }
}

/// The built command, where it lies beside the tests.
enum BuiltCommand {
  static var path: String? {
    let manager = FileManager.default
    guard let program = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    let path = URL(fileURLWithPath: program).deletingLastPathComponent().path + "/plimsoll"
    return manager.isExecutableFile(atPath: path) ? path : nil
  }

  /// Runs a shell line with `plimsoll` as `$P`, in a folder.
  static func shell(_ line: String, in folder: String) throws -> Outcome? {
    guard let path else {
      print("skipped: the command is not built beside the tests")
      return nil
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ["P": path, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    let (out, err) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = err
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = out.fileHandleForReading.readDataToEndOfFile()
    let said = err.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: String(decoding: text, as: UTF8.self),
      err: String(decoding: said, as: UTF8.self))
  }
}
