/// Completion scripts for shells, from the same rows as the help screens.
public struct CompletionScript {
  /// A shell whose completions can be written.
  public enum Shell: String, CaseIterable, OptionValue {
    case bash
    case zsh
    case fish
  }

  let tool: Tool

  /// The scripts of one tool.
  public init(tool: Tool) { self.tool = tool }

  /// The script for one shell.
  public func text(for shell: Shell) -> String {
    let lines =
      switch shell {
      case .bash: bash
      case .zsh: zsh
      case .fish: fish
      }
    return lines.joined(separator: "\n") + "\n"
  }

  private func words(of command: Command) -> [String] {
    command.operands.flatMap { if case .words(let words) = $0.kind { words } else { [String]() } }
  }

  private func takesPath(_ command: Command) -> Bool {
    command.operands.contains { if case .path = $0.kind { true } else { false } }
  }

  /// bash: one case a command; a value with choices completes to them, any other value to a file.
  private var bash: [String] {
    let verbs = (tool.commands.map(\.name) + ["--help", "--version"]).joined(separator: " ")
    var lines = [
      "_\(tool.name)() {",
      "  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
      "  COMPREPLY=()",
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then",
      "    COMPREPLY=($(compgen -W '\(verbs)' -- \"$word\"))",
      "    return",
      "  fi",
      "  case \"${COMP_WORDS[1]} $previous\" in",
    ]
    for command in tool.commands {
      for option in command.options where !option.choices.isEmpty {
        lines.append(
          "    '\(command.name) --\(option.name)') COMPREPLY=($(compgen -W "
            + "'\(option.choices.joined(separator: " "))' -- \"$word\")); return ;;")
      }
    }
    lines += ["  esac", "  case \"${COMP_WORDS[1]}\" in"]
    for command in tool.commands {
      let options = (command.options.map { "--" + $0.name } + ["--help"]).joined(separator: " ")
      let rest = words(of: command).joined(separator: " ")
      let otherwise = rest.isEmpty ? "compgen -f" : "compgen -W '\(rest)'"
      lines += [
        "    \(command.name))",
        "      case \"$word\" in",
        "        -*) COMPREPLY=($(compgen -W '\(options)' -- \"$word\")) ;;",
        "        *) COMPREPLY=($(\(otherwise) -- \"$word\")) ;;",
        "      esac ;;",
      ]
    }
    return lines + ["  esac", "}", "complete -o filenames -o bashdefault -F _\(tool.name) \(tool.name)"]
  }

  private var zsh: [String] {
    var lines = ["#compdef \(tool.name)", "", "_\(tool.name)() {", "  local -a commands", "  commands=("]
    lines += tool.commands.map { "    '\($0.name):\(quoted($0.abstract))'" }
    lines += ["  )", "  if (( CURRENT == 2 )); then", "    _describe command commands", "    return", "  fi"]
    lines += ["  local verb=${words[2]}", "  shift words", "  (( CURRENT-- ))", "  case $verb in"]
    for command in tool.commands {
      let options = command.options.map { option -> String in
        let value = option.value.map {
          ":\(quoted($0)):" + (option.choices.isEmpty ? "_files" : "(" + joined(option.choices) + ")")
        }
        return "'\(option.repeats ? "*" : "")--\(option.name)[\(quoted(option.help))]\(value ?? "")'"
      }
      let words = words(of: command)
      let files = takesPath(command) ? ["'*:file:_files'"] : []
      let rest = words.isEmpty ? files : ["'*:word:(\(joined(words)))'"]
      lines.append(
        "    \(command.name)) _arguments " + joined(options + ["'--help[this screen]'"] + rest) + " ;;")
    }
    return lines + ["  esac", "}", "", "_\(tool.name) \"$@\""]
  }

  private var fish: [String] {
    let none = "__fish_use_subcommand"
    var lines = [
      "complete -c \(tool.name) -n \(none) -f -l help -d 'this screen'",
      "complete -c \(tool.name) -n \(none) -f -l version -d 'name and version'",
    ]
    for command in tool.commands {
      lines.append(
        "complete -c \(tool.name) -n \(none) -f -a \(command.name) -d '\(quoted(command.abstract))'")
      let here = "complete -c \(tool.name) -n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        let choices = option.choices.isEmpty ? "" : " -f -a '\(joined(option.choices))'"
        let value = option.value == nil ? "" : " -r" + choices
        lines.append("\(here) -l \(option.name)\(value) -d '\(quoted(option.help))'")
      }
      let words = words(of: command)
      if !words.isEmpty { lines.append("\(here) -f -a '\(words.joined(separator: " "))'") }
    }
    return lines
  }

  private func joined(_ words: [String]) -> String { words.joined(separator: " ") }

  /// Text inside single quotes of any of the three shells and inside zsh's brackets.
  private func quoted(_ text: String) -> String {
    String(text.filter { !"'[]\\:".contains($0) })
  }
}
