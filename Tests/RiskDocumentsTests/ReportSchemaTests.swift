import MarginModels
import MarketModel
import PortfolioValuation
import RiskDocuments
import RiskSchemas
import StructuredText
import TailRisk
import TestSupport
import Testing

/// Walks a document beside its schema and compares keys; values are left to a real validator.
struct SchemaWalk {
  let root: JSONObject
  private(set) var complaints: [String] = []
  /// Definitions that the document visited.
  private(set) var visited: Set<String> = []
  /// Optional keys of visited objects that no object had, and those that one had; behind the keys of their schema.
  private var optional: Set<String> = []
  private var seen: Set<String> = []
  /// Optional keys that the document never had.
  var missing: [String] { optional.subtracting(seen).sorted() }

  init(schema text: String) throws {
    let document = try JSONReader.parse(Array(text.utf8))
    guard case .object(let root) = document.root.value else { throw Unreadable() }
    self.root = root
  }

  struct Unreadable: Error {}

  mutating func visit(_ node: JSONNode, _ schema: JSONObject, at path: String) {
    if case .string(let reference)? = schema["$ref"]?.value {
      let name = String(reference.split(separator: "/").last ?? "")
      visited.insert(name)
      guard case .object(let definitions)? = root["$defs"]?.value,
        case .object(let target)? = definitions[name]?.value
      else { return complaints.append("\(path): no definition \(name)") }
      return visit(node, target, at: path)
    }
    if case .array(let choices)? = schema["anyOf"]?.value, node.value != .null,
      case .object(let first)? = choices.first?.value
    {
      return visit(node, first, at: path)
    }
    switch node.value {
    case .object(let object): visit(object, schema, at: path)
    case .array(let elements):
      guard case .object(let items)? = schema["items"]?.value else {
        return complaints.append("\(path): the schema knows no list here")
      }
      for (index, element) in elements.enumerated() { visit(element, items, at: "\(path)/\(index)") }
    default: break
    }
  }

  private mutating func visit(_ object: JSONObject, _ schema: JSONObject, at path: String) {
    if case .object(let any)? = schema["additionalProperties"]?.value {
      for member in object.members { visit(member.node, any, at: path + "/" + member.key) }
      return
    }
    guard case .object(let properties)? = schema["properties"]?.value,
      schema["additionalProperties"]?.value == .boolean(false)
    else { return complaints.append("\(path): the schema knows no closed object here") }
    let keys = properties.members.map(\.key)
    var required: [String] = []
    if case .array(let names)? = schema["required"]?.value {
      for case .string(let name) in names.map(\.value) { required.append(name) }
    }
    let expected = keys.filter { required.contains($0) || object[$0] != nil }
    let found = object.members.map(\.key)
    if found != expected { complaints.append("\(path): found \(found), the schema has \(expected)") }
    for key in keys where !required.contains(key) {
      let name = "\(keys.joined(separator: " ")): \(key)"
      optional.insert(name)
      if object[key] != nil { seen.insert(name) }
    }
    for member in object.members {
      if case .object(let below)? = properties[member.key]?.value {
        visit(member.node, below, at: path + "/" + member.key)
      }
    }
  }
}

struct ReportSchemaTests {
  @Test(
    "every schema is JSON with an id of its own, draft 2020-12, and found by name with and without number")
  func wellFormed() throws {
    var ids: Set<String> = []
    for (name, text) in Schemas.all {
      let root = try SchemaWalk(schema: text).root
      #expect(root["$schema"]?.value == .string("https://json-schema.org/draft/2020-12/schema"))
      let stem = String(name.dropLast(2))
      #expect(root["$id"]?.value == .string("urn:plimsoll:schema:\(stem):1"))
      ids.insert(name)
      #expect(Schemas.text(named: name) == text)
      #expect(Schemas.text(named: stem) == text)
    }
    #expect(ids.count == Schemas.all.count)
    #expect(Schemas.all.map(\.name) == Schemas.all.map(\.name).sorted())
    #expect(Schemas.text(named: "reports") == nil)
    #expect(Schemas.text(named: "") == nil)
  }

  @Test("a full report has exactly the keys of its schema, in the schema's order")
  func reportKeys() throws {
    let sample = try ReportSample()
    var line: [UInt8] = []
    _ = sample.writer.append(try sample.filledAccount(), to: &line)
    let bytes = sample.writer.report(
      head: try sample.head(), accountLines: [line],
      book: ReportBook(accountCount: 1, incompleteCount: 0, figures: try sample.filledBook()),
      failures: [Failure(path: "p", reason: .invalid, message: "m")])
    try TestReports.keep(bytes, folder: "every-key", file: "report.json")
    var walk = try SchemaWalk(schema: try #require(Schemas.text(named: "report")))
    walk.visit(try JSONReader.parse(bytes).root, walk.root, at: "")
    #expect(walk.complaints.isEmpty)
    #expect(walk.missing.isEmpty)
    guard case .object(let definitions)? = walk.root["$defs"]?.value else { throw SchemaWalk.Unreadable() }
    // Every definition was needed: the sample fills everything, and the schema holds nothing else.
    #expect(Set(definitions.members.map(\.key)).subtracting(walk.visited).isEmpty)
  }

  @Test("a line of accounts.jsonl has exactly the keys of the account schema")
  func accountKeys() throws {
    let sample = try ReportSample()
    var line: [UInt8] = []
    _ = sample.writer.append(try sample.filledAccount(), to: &line)
    var walk = try SchemaWalk(schema: try #require(Schemas.text(named: "account")))
    walk.visit(try JSONReader.parse(line).root, walk.root, at: "")
    #expect(walk.complaints.isEmpty)
    #expect(walk.missing.isEmpty)
  }
}

extension ReportSample {
  /// The account with everything that only some methods and plans fill.
  fileprivate func filledAccount() throws -> ReportAccount {
    var account = try account()
    var figure = try valueAtRisk()
    figure.sampling = SamplingUse(
      kind: "sobol", paths: 1_024, varianceReduction: .importance, replicates: 16, effectiveSampleSize: 12.5,
      varianceRatio: 20, fallback: nil)
    figure.remark = "scaled"
    figure.components = [.init(name: btc, valueAtRisk: 12.5, expectedShortfall: 15.25)]
    figure.byUnderlying = figure.components
    figure.byRiskClass = figure.components
    figure.profits = [1, -2]
    figure.liquidity = LiquidityAdjusted(
      closeOutCost: 10, valueAtRisk: 20.5, expectedShortfall: 24, standardError: 0.75)
    account.figures.valueAtRisk = [try valueAtRisk(), figure]
    let level = PathLevel(confidence: figure.confidence, rank: 9, lowerRank: 8, upperRank: 10, coverage: 0.96)
    let mode = SimulatedCapital.Mode(capital: 450, lower: 440, upper: 460)
    var simulation = SimulatedCapital(
      level: level, horizonDays: 1, paths: 10, isolated: mode, cross: mode, portfolio: mode,
      saving: MarginSaving(pooling: 1, model: -2, offset: 3))
    simulation.attribution = [
      SimulatedCapital.Share(instrument: call, underlying: eth, isolated: 1, cross: 2, portfolio: 3)
    ]
    var row = CapitalToSurvive(
      scenarioSet: "monte_carlo", scenario: "0.975", isolated: 450, cross: 450, portfolio: 450)
    row.simulation = simulation
    account.figures.margin?.comparison?.capitalToSurvive.append(row)
    account.figures.margin?.models[0].measures = [ModelMeasure(name: "health_factor", value: 1.25)]
    account.figures.margin?.collateral = CollateralFigure(
      terms: [CollateralTerm(asset: eth, value: 100)],
      surplus: [CollateralSurplus(model: "derive-srm", mode: .cross, surplus: 700, surplusInitial: 600)])
    account.figures.stress = account.figures.stress?.map { stress in
      var stress = stress
      stress.closeOut = closeOut
      return stress
    }
    account.figures.liquidity = liquidity(account.figures)
    account.figures.margin?.dynamic = DynamicMarginFigure(
      factor: 1.25, factorWithoutTools: 1.1,
      scaled: [
        .init(
          model: "derive-srm", mode: .cross, initial: 125, maintenance: 100, surplus: 700, surplusInitial: 600
        )
      ],
      courses: [
        .init(
          rule: "tools",
          panel: Procyclicality.panel(requirement: [1, 3, 2], values: [5, 4, 6], horizons: [1]))
      ])
    return account
  }

  /// The book with what it has where the market quotes a depth.
  fileprivate func filledBook() throws -> ReportFigures {
    var figures = try figures()
    figures.liquidity = liquidity(figures)
    return figures
  }

  private var closeOut: CloseOutCost {
    CloseOutCost(parts: [
      CloseOutCost.Part(underlying: btc, quantity: -0.5, deltaCost: 6.5, contractCost: 3.5, beyondBook: 0.25)
    ])
  }

  private func liquidity(_ figures: ReportFigures) -> ReportLiquidity {
    ReportLiquidity(
      today: closeOut, sumOfAccounts: ReportLiquidity.SumOfAccounts(closeOutCost: 12),
      stress: figures.stress ?? [], margin: figures.margin)
  }
}
