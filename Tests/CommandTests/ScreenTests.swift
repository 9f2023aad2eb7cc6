import CommandLineKit
import Foundation
import RiskCommands
import Testing

@Suite("What the command says of itself")
struct ScreenTests {
  @Test("help screens are the ones that were agreed")
  func help() throws {
    let tool = PlimsollTool.tool
    var text = HelpScreen(tool: tool).text
    for command in tool.commands { text += "\n\n" + HelpScreen(tool: tool).text(of: command) }
    try Snapshot.compare(text, "help.txt")
    for line in text.split(separator: "\n") { #expect(line.count <= 96, "\(line)") }
  }

  @Test("completions are the ones that were agreed", arguments: CompletionScript.Shell.allCases)
  func completions(shell: CompletionScript.Shell) throws {
    let outcome = try Stage().run("completions", shell.rawValue)
    #expect(outcome.status == 0)
    try Snapshot.compare(outcome.out, "completions.\(shell.rawValue)")
  }

  @Test("the manual page is the one that was agreed")
  func manual() throws {
    let outcome = try Stage().run("manual")
    #expect(outcome.status == 0)
    try Snapshot.compare(outcome.out, "plimsoll.1")
  }

  @Test("every line of the completion is bash")
  func bash() throws {
    let stage = try Stage()
    try stage.write(stage.run("completions", "bash").out, "completion.bash")
    let check = """
      bash -n completion.bash && source completion.bash
      COMP_WORDS=(plimsoll run --thr) COMP_CWORD=2; _plimsoll; echo "${COMPREPLY[@]}"
      COMP_WORDS=(plimsoll completions "") COMP_CWORD=2; _plimsoll; echo "${COMPREPLY[@]}"
      COMP_WORDS=(plimsoll gre) COMP_CWORD=1; _plimsoll; echo "${COMPREPLY[@]}"
      """
    guard let outcome = try BuiltCommand.shell(check, in: stage.folder) else { return }
    #expect(outcome.out == "--threads\nbash zsh fish\ngreeks\n")
    #expect(outcome.err.isEmpty)
  }

  @Test("names of commands and options are there once, and short enough to type")
  func names() {
    let commands = PlimsollTool.tool.commands
    #expect(Set(commands.map(\.name)).count == commands.count)
    for command in commands {
      #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
      #expect(command.abstract.hasSuffix("."), "\(command.name)")
      for option in command.options {
        #expect(!option.help.hasSuffix("."), "\(command.name) --\(option.name)")
      }
    }
  }

  @Test(
    "what this version does not have is refused by name",
    arguments: ["liquidate", "merge"])
  func unbuilt(name: String) throws {
    let outcome = try Stage().run(name, "book")
    #expect(outcome.status == 64)
    #expect(outcome.err == "plimsoll: '\(name)' is not built in this version\n")
  }

  @Test("each schema is printed, whole, and known by its short name")
  func schemas() throws {
    let stage = try Stage()
    let names = stage.run("schema").out.split(separator: "\n").map(String.init)
    #expect(names == names.sorted())
    #expect(names.contains("report-1"))
    for name in names {
      let outcome = stage.run("schema", name)
      #expect(outcome.status == 0)
      #expect(try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) is [String: Any])
      #expect(stage.run("schema", String(name.dropLast(2))).out == outcome.out)
    }
    let wrong = stage.run("schema", "raport")
    #expect(wrong.status == 64)
    #expect(wrong.err.contains("no schema is named 'raport'"))
  }

  @Test("models come with every parameter")
  func models() throws {
    let stage = try Stage()
    let outcome = stage.run("models", "--format", "json")
    let models = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [[String: Any]] ?? []
    let names = models.compactMap { $0["model"] as? String }
    #expect(names.first == "derive-srm" && Set(names).count == models.count)
    for model in models { #expect((model["parameters"] as? [[String: Any]])?.isEmpty == false) }
    try Snapshot.compare(stage.run("models", "--format", "table").out, "models.txt")
  }
}
