import RiskCommands
import SystemFiles

/// The process: arguments in, exit status out.
@main
enum Main {
  static func main() {
    let status = PlimsollTool.run(arguments: Array(CommandLine.arguments.dropFirst()))
    ProcessEnd.leave(status: status)
  }
}
