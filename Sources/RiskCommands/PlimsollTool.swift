public import CommandLineKit
import Plimsoll
import SystemFiles

/// The command `plimsoll`: every command of this version, and the streams of the process.
public enum PlimsollTool {
  /// Commands that users know of and this version does not have.
  static let unbuilt = ["liquidate", "merge"]

  /// Options that users know of and this version does not have, on any command.
  static let unbuiltOptions = ["max-memory", "metrics", "shard"]

  /// The tool; its commands in the order of the help screen.
  public static let tool: Tool = Tool(
    name: "plimsoll", version: Engine.version,
    abstract: "margin, value at risk and Greeks of a book of accounts.",
    commands: [
      RunCommand.command, CheckCommand.command, GreeksCommand.command, ImpliedVolatilityCommand.command,
      MeasureCommands.margin, CompareCommand.command, MeasureCommands.valueAtRisk, StressCommand.command,
      BacktestCommand.command,
      CalibrateCommand.command, ExplainCommand.command, WhatIfCommand.command, ReplayCommand.command,
      ReportCommand.command,
      ImportCommand.command, SampleCommand.command,
      ModelsCommand.command,
      SchemaCommand.command, CompletionsCommand.command, ManualCommand.command,
    ], unbuilt: unbuilt, unbuiltOptions: unbuiltOptions)

  /// Runs a command line of the process on its own streams.
  ///
  /// - Parameter arguments: the words after the program's name.
  /// - Returns: the exit status.
  public static func run(arguments: [String]) -> Int32 {
    StandardStreams.reserve()
    SignalFlags.install()
    let status = tool.run(
      arguments: arguments, out: sink(1), err: sink(2), environment: Surroundings.variable)
    return SignalFlags.stopStatus ?? status
  }

  private static func sink(_ number: Int32) -> Sink {
    Sink(isTerminal: StandardStreams.isTerminal(number)) { bytes throws(SinkError) in
      do throws(FileError) {
        try StandardStreams.write(bytes, to: number)
      } catch {
        // A reader who left wants no sentence about it.
        throw SinkError(message: error.isBrokenPipe ? "" : error.sentence)
      }
    }
  }
}
