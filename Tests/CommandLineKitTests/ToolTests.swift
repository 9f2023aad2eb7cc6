import CommandLineKit
import Testing

/// A tool small enough to be read beside its tests, and the streams it wrote to.
private final class Stage {
  var out = ""
  var err = ""

  enum Shade: String, CaseIterable, OptionValue {
    case light
    case dark
  }

  static let seed = Option<UInt64?>("seed", value: "N", help: "first state of the generator")
  static let shade = Option("shade", value: "SHADE", default: Shade.light, help: "how dark; default light")
  static let models = Option<[String]>(repeating: "model", value: "NAME", help: "a model")
  static let loss = Option("shift", value: "N", default: 0, help: "a signed number; default 0")
  static let quiet = Option(flag: "quiet", help: "say nothing")

  static let tool = Tool(
    name: "paint", version: "1.2.3", abstract: "Paints things.",
    commands: [
      Command(
        "wall", abstract: "Paints a wall.", operands: [Operand("WALL", help: "the wall")],
        options: rows(seed, shade, models, loss, quiet),
        examples: [Example("paint wall north", "paints the north wall")]
      ) { line throws(CommandError) in
        let parts = [
          line.operands.joined(separator: "+"), line(seed).map(String.init) ?? "none", line(shade).rawValue,
          line(models).joined(separator: "+"), String(line(loss)), line(quiet) ? "quiet" : "loud",
        ]
        try line.out.line(parts.joined(separator: " "))
        return 2
      }
    ], unbuilt: ["roof"])

  func run(_ arguments: String...) -> Int32 {
    Self.tool.run(
      arguments: arguments,
      out: Sink { self.out += String(decoding: $0, as: UTF8.self) },
      err: Sink { self.err += String(decoding: $0, as: UTF8.self) })
  }
}

@Suite("The command line")
struct ToolTests {
  private let stage = Stage()

  @Test("options are read through the constants that declare them")
  func readsOptions() {
    let status = stage.run(
      "wall", "--seed", "7", "--shade=dark", "north", "--model", "a", "--model=b", "--shift", "-3", "--quiet")
    #expect(status == 2)
    #expect(stage.out == "north 7 dark a+b -3 quiet\n")
    #expect(stage.err.isEmpty)
  }

  @Test("defaults stand where nothing is given")
  func defaults() {
    _ = stage.run("wall", "north")
    #expect(stage.out == "north none light  0 loud\n")
  }

  @Test("after two dashes everything is an operand, and one dash always is")
  func operands() {
    _ = stage.run("wall", "--", "--seed")
    _ = stage.run("wall", "-")
    #expect(stage.out == "--seed none light  0 loud\n- none light  0 loud\n")
  }

  @Test(
    "a wrong line is one sentence, the usage, and status 64",
    arguments: [
      (["wall", "n", "--sed", "1"], "unknown option '--sed'; did you mean '--seed'?"),
      (
        ["wall", "n", "--seed", "-1"],
        "'--seed' is '-1'; expected a whole number from 0 to 18446744073709551615"
      ),
      (["wall", "n", "--seed"], "'--seed' needs a value: --seed N"),
      (["wall", "n", "--seed", "--quiet"], "'--seed' needs a value: --seed N"),
      (["wall", "n", "--seed=1", "--seed=2"], "'--seed' is given twice"),
      (
        ["wall", "n", "--shade", "drak"],
        "'--shade' is 'drak'; expected one of light, dark; did you mean 'dark'?"
      ),
      (["wall", "n", "--quiet=yes"], "'--quiet' takes no value"),
      (["wall"], "WALL is missing: the wall"),
      (["wall", "n", "m"], "unexpected operand 'm'"),
    ])
  func refusesWithUsage(line: [String], sentence: String) {
    let status = Stage.tool.run(
      arguments: line, out: Sink { _ in },
      err: Sink { [stage] in stage.err += String(decoding: $0, as: UTF8.self) })
    #expect(status == 64)
    #expect(
      stage.err == "paint: \(sentence)\nusage: paint wall WALL [OPTIONS]\ntry:   paint wall --help\n")
  }

  @Test("an unknown command suggests the nearest, one that is not built is refused by name")
  func commands() {
    #expect(stage.run("wal") == 64)
    #expect(stage.err.hasPrefix("paint: unknown command 'wal'; did you mean 'wall'?\n"))
    stage.err = ""
    #expect(stage.run("roof", "--help") == 64)
    #expect(stage.err == "paint: 'roof' is not built in this version\n")
    stage.err = ""
    #expect(stage.run() == 64)
    #expect(stage.err.hasPrefix("paint: no command given\n"))
  }

  @Test("help and version go to the data stream and succeed")
  func help() {
    #expect(stage.run("--version") == 0)
    #expect(stage.out == "paint 1.2.3\n")
    stage.out = ""
    #expect(stage.run("wall", "--help") == 0)
    #expect(
      stage.out == """
        Paints a wall.

        usage: paint wall WALL [OPTIONS]

        examples:
          paint wall north
              paints the north wall

        operands:
          WALL    the wall

        options:
          --seed N         first state of the generator
          --shade SHADE    how dark; default light (light, dark)
          --model NAME     a model; may be repeated
          --shift N        a signed number; default 0
          --quiet          say nothing
          --help           this screen

        """)
    #expect(stage.err.isEmpty)
  }

  @Test("output that cannot be written is status 74, and silent where the reader left")
  func brokenOutput() {
    let noted = Sink { [stage] in stage.err += String(decoding: $0, as: UTF8.self) }
    let full = Sink { _ throws(SinkError) in throw SinkError(message: "standard output: disk full") }
    #expect(Stage.tool.run(arguments: ["wall", "n"], out: full, err: noted) == 74)
    #expect(stage.err == "paint: standard output: disk full\n")
    stage.err = ""
    let gone = Sink { _ throws(SinkError) in throw SinkError(message: "") }
    #expect(Stage.tool.run(arguments: ["--help"], out: gone, err: noted) == 74)
    #expect(stage.err.isEmpty)
  }

  @Test("spelling hints are near or absent")
  func spelling() {
    let known = ["balances.csv", "positions.csv"]
    #expect(Spelling.nearest(to: "positions.cvs", among: known) == "positions.csv")
    #expect(Spelling.nearest(to: "Seed", among: ["seed"]) == "seed")
    #expect(Spelling.nearest(to: "zzz", among: ["seed", "paths"]) == nil)
  }
}
