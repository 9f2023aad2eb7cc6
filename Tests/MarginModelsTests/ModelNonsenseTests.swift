import MarginModels
import MarketModel
import PortfolioValuation
import RiskNumerics
import Testing

/// Numbers that make no sense: each is refused by its name, or the figures stay lawful.
@Suite struct ModelNonsenseTests {
  static let team = ThreadTeam(threadCount: 2)
  /// The recipes simulate or need a history; their numbers have tests of their own.
  static let names = MarginLawTests.names.filter { !["var-margin", "es-margin", "fhs-margin"].contains($0) }

  /// What is wrong with the figures of a model on a desk; nil where nothing is.
  static func fault(_ library: ModelLibrary, _ desk: ModelLawTests.Desk) -> String? {
    let context = MarginContext(of: desk.valued, library: library)
    guard
      let model = try? library.prepare("mine", context: context, states: [.today], team: team)
    else { return "not prepared" }
    for account in desk.accounts {
      let net = ModelLawTests.net(account, model, state: 0)
      guard net.initial.isFinite, net.maintenance.isFinite else {
        return "not finite: \(net)"
      }
      // Net is what counts less what is required, so that more required initially is less net.
      guard net.initial <= net.maintenance + 1e-9 * max(account.size, net.maintenance.magnitude) else {
        return "initial below maintenance: \(net)"
      }
      // A borrower of coins and of cash: what lending costs obeys the same order.
      let owing = AccountHoldings(
        sets: account.sets.map { NettingSet(underlying: $0.underlying, legs: $0.legs, collateral: -3) },
        cashBalances: [CashBalance(asset: nil, value: -account.size)])
      for mode in type(of: model).modes {
        let debt = model.requirement(of: owing, mode: mode)
        guard debt.initial.isFinite, debt.maintenance.isFinite else { return "not finite: \(debt)" }
        guard debt.initial >= debt.maintenance - 1e-9 * max(account.size, debt.initial.magnitude) else {
          return "initial below maintenance in debt: \(debt)"
        }
      }
    }
    return nil
  }

  @Test(
    "no number of any model, made negative, zero, vast or fractional, gives an unlawful figure unsaid",
    arguments: names)
  func alone(name: String) throws {
    let desks = try ModelLawTests.desks(seed: 13).prefix(2)
    let description = try #require(ModelDescription.named(name))
    for parameter in description.parameters {
      for value in [-1, 0, 0.37, 1e300] where value != parameter.number {
        let library: ModelLibrary
        do throws(MarginError) {
          library = try ModelNumbersTests.library(name, Self.row(of: parameter, in: description, value))
        } catch {
          guard case .definition(_, let path, let message) = error else {
            Issue.record("\(parameter.name) \(value): \(error)")
            continue
          }
          #expect(path.hasPrefix("/parameters"), "\(message)")
          continue
        }
        for desk in desks {
          if let fault = Self.fault(library, desk) { Issue.record("\(parameter.name) = \(value): \(fault)") }
        }
      }
    }
  }

  /// A changed number with its whole table where a definition replaces that as a whole.
  private static func row(
    of parameter: ModelDescription.Parameter, in description: ModelDescription, _ value: Double
  ) -> [(String, Double)] {
    let parts = parameter.name.split(separator: ".")
    let isNumbered = parts.count > 3 || (parts.count > 2 && parts[2].allSatisfy(\.isNumber))
    guard isNumbered, parts.count > 1 else { return [(parameter.name, value)] }
    let table = parts[0] + "." + parts[1] + "."
    return description.parameters.compactMap { other in
      guard other.name.hasPrefix(table), let number = other.number else { return nil }
      return (other.name, other.name == parameter.name ? value : number)
    }
  }

  /// A base, changed numbers, and words of the refusal.
  struct Refusal: Sendable {
    let base: String
    let numbers: [ModelDefinition.Parameter]
    let words: String

    init(_ base: String, _ numbers: [ModelDefinition.Parameter], _ words: String) {
      (self.base, self.numbers, self.words) = (base, numbers, words)
    }
  }

  private static func number(_ name: String, _ value: Double) -> ModelDefinition.Parameter {
    .init(name: name, value: value)
  }

  static let refusals: [Refusal] = [
    Refusal("tiered-perp", [number("tier.BTC.1.lower", 0), number("tier.BTC.1.rate", 0.01)], "initial_rate"),
    Refusal(
      "tiered-perp",
      [number("tier.BTC.1.lower", 0), number("tier.BTC.1.rate", 0.01), number("tier.BTC.1.max_leverge", 50)],
      "max_leverge"),
    Refusal("dydx-v4", [number("market.SOL.open_interest_upper", 1e6)], "open_interest_lower"),
    Refusal("dydx-v4", [number("market.SOL.open_interest", 1e6)], "which no row of market has"),
    Refusal("aave-v3", [number("emode_category", 7)], "a category without terms"),
    Refusal("aave-v3", [number("collateral.ETH.emode", 3)], "a category without terms"),
    Refusal("aave-v3", [number("collateral.ETH.treshold", 0.5)], "which no row of collateral has"),
    Refusal("aave-v3", [number("close_factor.part", 1.5)], "outside 0...1"),
    Refusal("compound-v3", [number("collateral.ETH.emode", 0)], "which no row of collateral has"),
    Refusal("drift-v2", [number("asset.SOL.weight", 0.5)], "which no row of asset has"),
    Refusal("dederi-pm", [number("option.margined", 1)], "without any of volatility.up"),
    Refusal(
      "dederi-pm", [number("borrow.initial", 0.1), number("borrow.maintenance", 0.2)], "borrow.maintenance"),
    Refusal(
      "gate-options", [number("option.initial_low", 0.2), number("option.initial_high", 0.1)],
      "option.initial_low"),
    Refusal(
      "tiered-perp",
      [
        number("tier.BTC.1.lower", 0), number("tier.BTC.1.rate", 0.01), number("tier.BTC.1.max_leverage", 50),
        number("tier.BTC.1.initial_rate", 0.1),
      ], "contradicts"),
    Refusal(
      "tiered-perp",
      [
        number("tier.BTC.1.lower", 0), number("tier.BTC.1.rate", 0.01),
        number("tier.BTC.1.initial_rate", 0.1),
        number("tier.BTC.2.lower", 9), number("tier.BTC.2.rate", 0.02),
        number("tier.BTC.2.initial_rate", 0.05),
      ], "less initial margin than the bracket below"),
  ]

  @Test(
    "a row that lacks part of itself, or has what no row has, is refused at its place", arguments: refusals)
  func rows(refusal: Refusal) {
    do throws(MarginError) {
      let numbers = refusal.numbers.map { ($0.name, $0.value) }
      _ = try ModelNumbersTests.library(refusal.base, numbers)
      Issue.record("\(numbers) was taken")
    } catch {
      guard case .definition(let file, let path, let message) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(file == "mine.json" && path.hasPrefix("/parameters/"), "\(path)")
      #expect(message.contains(refusal.words), "\(message)")
    }
  }
}
