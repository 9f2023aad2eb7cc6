import CommandLineKit
import Plimsoll
import RiskNumerics
import StructuredText
import SystemFiles

/// What happened in a run and is no property of its figures: timings, machine, threads.
///
/// It lies beside the report, so that the report itself has the same bytes on every machine.
struct RunLog {
  private let startedAt = Surroundings.wallClockSeconds
  private var last = Surroundings.monotonicSeconds
  private var steps: [(name: String, seconds: Double)] = []
  private let threads: Int

  /// A log that begins now.
  init(threads: Int) { self.threads = threads }

  /// Notes that a step has ended; the next one begins.
  mutating func note(_ step: String) {
    let now = Surroundings.monotonicSeconds
    steps.append((step, now - last))
    last = now
  }

  /// All steps together.
  var seconds: Double { steps.reduce(0) { $0 + $1.seconds } }

  /// `run.log.json`.
  func document(status: Int32) -> [UInt8] {
    var json = JSONWriter(indentation: 2)
    json.beginObject()
    json.field("schema", "plimsoll.run_log/1")
    json.field("engine_version", Engine.version)
    if let instant = Instant(secondsSinceEpoch: startedAt) {
      json.field("started_at", instant.text)
    }
    json.field("exit_status", Int(status))
    json.field("host", Surroundings.hostName)
    json.field("processors", Surroundings.processorCount)
    json.field("threads", threads)
    json.field("kernel_level", KernelLevel.current.rawValue)
    json.field("linear_algebra", LinearAlgebraLibrary.name)
    json.key("seconds")
    json.beginObject()
    for step in steps { json.field(step.name, (step.seconds * 1e6).rounded() / 1e6) }
    json.field("total", (seconds * 1e6).rounded() / 1e6)
    json.endObject()
    json.endObject()
    json.newline()
    return json.bytes
  }
}
