import MarginModels
import MarketModel
import Testing

/// A user's numbers on the rules of a built model.
@Suite struct ModelLibraryTests {
  private static func definition(
    name: String = "my-venue", base: String = "deribit-sm", _ parameters: [(String, Double)]
  ) -> ModelDefinition {
    ModelDefinition(
      name: name, base: base, parameters: parameters.map { .init(name: $0.0, value: $0.1) },
      file: "mine.json")
  }

  @Test("a definition changes the numbers that it names and no others")
  func overlay() throws {
    let library = try ModelLibrary(adding: [Self.definition([("option.initial_maximum", 0.2)])])
    let base = try #require(library.description(of: "deribit-sm"))
    let mine = try #require(library.description(of: "my-venue"))
    #expect(library.names == ModelLibrary.builtIn.names + ["my-venue"])
    #expect(mine.modes == base.modes)
    #expect(mine.parameters.map(\.name) == base.parameters.map(\.name))
    for (one, other) in zip(base.parameters, mine.parameters) {
      #expect(other.number == (one.name == "option.initial_maximum" ? 0.2 : one.number))
    }
    #expect(mine.assumptions.allSatisfy { $0.hasPrefix("my-venue: ") })
    #expect(mine.source == "mine.json")
  }

  @Test("a definition that does not fit its base is refused with its place")
  func faults() {
    let wrong: [(ModelDefinition, String)] = [
      (Self.definition(base: "no-such-model", []), "/base"),
      (Self.definition(name: "deribit-pm", []), "/name"), (Self.definition(name: "derive", []), "/name"),
      (Self.definition([("option.initial_maxium", 0.2)]), "/parameters/0"),
      (Self.definition([("option.initial_maximum", .nan)]), "/parameters/0"),
    ]
    for (definition, place) in wrong {
      do throws(MarginError) {
        _ = try ModelLibrary(adding: [definition])
        Issue.record("\(definition) was taken")
      } catch {
        guard case .definition("mine.json", place, _) = error else {
          Issue.record("\(error) instead of \(place)")
          continue
        }
      }
    }
    #expect(throws: MarginError.self) {
      try ModelLibrary(adding: [Self.definition([]), Self.definition([])])
    }
  }

  @Test("a file that nothing asks for, and an asset that the market does not have, are said once")
  func notes() throws {
    let market = MarketSnapshot(
      asOf: try #require(Instant(secondsSinceEpoch: 1_770_000_000)),
      baseCurrency: try #require(Identifier("USD")),
      assets: [Asset(id: try #require(Identifier("BTC")), spot: 60_000)])
    let rows = [("range.BTCC", 0.2), ("range.BTC", 0.1), ("range.ETH", 0.1), ("range.other", 0.3)]
    var plan = RunPlan(
      marginModels: ["mine"],
      modelDefinitions: [
        Self.definition(name: "mine", base: "delta-gamma", rows), Self.definition(name: "unused", []),
      ])
    // ETH is a row of the base, and `other` no asset.
    #expect(
      ModelLibrary.notes(of: plan, in: market) == [
        "mine: mine.json has numbers of range.BTCC, an asset that the market does not have",
        "unused: defined by mine.json and asked for by nothing: name it by --model or in margin.models",
      ])
    plan.rankedModels = ["unused"]
    #expect(ModelLibrary.notes(of: plan, in: market).count == 1)
    plan.measures = [.greeks]
    #expect(ModelLibrary.notes(of: plan, in: market).isEmpty)
  }
}
