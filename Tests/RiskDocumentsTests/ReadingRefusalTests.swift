import MarginModels
import MarketModel
import RiskDocuments
import Testing

/// One way to spoil a file, and the sentence that must come of it.
struct Spoilage: Sendable, CustomTestStringConvertible {
  let file: String
  let found: String
  let other: String
  let sentence: String
  let exitCode: Int32
  var testDescription: String { sentence }

  init(_ file: String, _ found: String, _ other: String, _ sentence: String, exit: Int32 = 65) {
    self.file = file
    self.found = found
    self.other = other
    self.sentence = sentence
    exitCode = exit
  }
}

@Suite("Refusing a book")
struct ReadingRefusalTests {
  @Test(
    "a wrong file stops with one sentence that names the place, what was found and what was expected",
    arguments: [
      Spoilage(
        "market.json", "\"as_of\"", "\"asof\"",
        "market.json#/asof: unknown key \"asof\"; did you mean \"as_of\""),
      Spoilage(
        "market.json", "2026-02-05T21:29:37Z", "2026-02-05",
        "market.json#/as_of: expected an instant with its zone such as 2026-02-05T21:29:37Z, found the string \"2026-02-05\""
      ),
      Spoilage(
        "market.json", "plimsoll.market/1", "plimsoll.market/2",
        "market.json#/schema: expected \"plimsoll.market/1\", found the string \"plimsoll.market/2\""),
      Spoilage(
        "market.json", "\"base_currency\": \"USD\",", "",
        "market.json#/base_currency: expected the key \"base_currency\", found none"),
      Spoilage(
        "market.json", "\"spot\": 65010.5", "\"spott\": 65010.5",
        "market.json#/assets/0/spott: unknown key \"spott\"; did you mean \"spot\""),
      Spoilage(
        "market.json", "\"spot\": 65010.5", "\"spot\": 1, \"spot\": 2",
        "market.json:2:42 (/assets/0/spot): found the key \"spot\" twice"),
      Spoilage(
        "market.json", "\"spot\": 65010.5", "\"spot\": NaN",
        "market.json:2:39 (/assets/0/spot): expected a value, found 'N'"),
      Spoilage(
        "market.json", "{\"asset\": \"ETH\"", "{\"asset\": \"BTC\"",
        "market.json#/assets/1: found the asset BTC twice"),
      Spoilage(
        "market.json", "[1, 0.85]", "[1, 0.85, 0]",
        "market.json#/correlation/matrix/0: expected a row of 2 numbers, found 3"),
      Spoilage(
        "market.json", "[0.85, 1]", "[0.8, 1]",
        "market.json#/correlation/matrix/1/0: expected the value of row 0, column 1, which is 0.85, found 0.8"
      ),
      Spoilage(
        "market.json", "[0.85, 1]", "[0.85, 0.9]",
        "market.json#/correlation/matrix/1/1: expected 1 on the diagonal, found 0.9"),
      Spoilage(
        "market.json", "[1, 0.85]", "[1, 1.85]",
        "market.json#/correlation/matrix/0/1: expected a correlation between -1 and 1, found the number 1.85"),
      Spoilage(
        "market.json", "[\"BTC\", \"ETH\"]", "[\"BTC\", \"BTH\"]",
        "market.json#/correlation/assets/1: unknown asset \"BTH\"; did you mean \"BTC\""),
      Spoilage(
        "market.json", "[0.62, 0.81]", "[0.62]",
        "market.json#/correlation/volatilities: expected 2 volatilities for 2 assets, found 1"),
      Spoilage(
        "positions.csv", "quantity", "quantitty",
        "positions.csv:1:23: unknown column \"quantitty\"; did you mean \"quantity\""),
      Spoilage(
        "positions.csv", ",quantity", "",
        "positions.csv:1:1: expected the column \"quantity\", found \"account_id\", \"instrument\", \"entry_price\", \"margin_mode\", \"isolated_margin\""
      ),
      Spoilage(
        "positions.csv", "alice,BTC-27", "al\"ice,BTC-27",
        "positions.csv:3:3 (account_id): found a quote inside a cell that does not begin with one"),
      Spoilage(
        "history.csv", "date,BTC,ETH", "date,BTC,ETG",
        "history.csv: unknown column \"ETG\"; did you mean \"ETH\" (assets of the market, and ASSET:volatility)"
      ),
      Spoilage(
        "run.json", "\"seed\": 18446744073709551615", "\"seed\": 18446744073709551616",
        "run.json#/seed: expected a whole number from 0 to 18446744073709551615, found the number 18446744073709551616"
      ),
      Spoilage(
        "run.json", "\"paths\": 1e4", "\"paths\": 1e18",
        "run.json#/value_at_risk/0/paths: expected a whole number from 1 to 100000000, found the number 1e18"),
      Spoilage(
        "run.json", "\"0.95\"", "\"0,95\"",
        "run.json#/value_at_risk/0/confidence/0: expected a decimal between 0 and 1 such as \"0.99\", found the string \"0,95\""
      ),
      Spoilage(
        "run.json", "\"spot\": -0.2", "\"spot\": -1",
        "run.json#/stress/0/spot: expected a relative move above -1 (to 1000), found -1"),
      Spoilage(
        "run.json", "\"greeks\"", "\"greek\"",
        "run.json#/measures/0: the measure \"greek\" is not built, expected one of greeks, value_at_risk, stress, margin, liquidation",
        exit: 64),
      Spoilage(
        "run.json", "deribit-sm", "no-such-model",
        "run.json#/margin/models/0: the margin model \"no-such-model\" is not built, expected one of \(ModelCatalogue.names.joined(separator: ", "))",
        exit: 64),
      Spoilage(
        "run.json", "monte_carlo", "hysterical",
        "run.json#/value_at_risk/0/method: the method \"hysterical\" is not built, expected one of parametric, cornish_fisher, delta_gamma, historical, filtered_historical, monte_carlo",
        exit: 64),
      Spoilage(
        "run.json", "\"normal\"", "\"student\"",
        "run.json#/value_at_risk/0/distribution: the distribution \"student\" is not built, expected one of normal, student_t, t_copula, jump_diffusion",
        exit: 64),
      Spoilage(
        "run.json", "\"seed\"",
        "\"volatility_factors\": [{\"underlying\": \"BTC\", \"vol_of_vol\": 0.8, \"spot_correlation\": -1.5}], \"seed\"",
        "run.json#/volatility_factors/0/spot_correlation: expected a correlation between -1 and 1, found -1.5"
      ),
      Spoilage(
        "run.json", "\"seed\"",
        "\"rate_factors\": [{\"currency\": \"USD\", \"volatility\": 0.01}, {\"currency\": \"USD\", \"volatility\": 0.02}], \"seed\"",
        "run.json#/rate_factors/1/currency: found a factor of USD twice"),
      Spoilage(
        "market.json", "\"as_of\"", "\"volatility_factors\": [], \"as_of\"",
        "market.json#/volatility_factors: volatility_factors is not built in this version; leave the key out",
        exit: 64),
      Spoilage(
        "run.json",
        "[{\"method\": \"monte_carlo\", \"confidence\": [\"0.95\", 0.99], \"horizon_days\": 2.5, \"paths\": 1e4, \"distribution\": \"normal\"}]",
        "[]",
        "run.json#/value_at_risk: expected at least one entry, because the measure is asked for, found none"),
      Spoilage(
        "market.json", "\"spot\": 65010.5", "\"price_of_it\": 65010.5",
        "market.json#/assets/0/price_of_it: unknown key \"price_of_it\"; known are \"asset\", \"spot\", \"stable\""
      ),
    ])
  func sentences(spoilage: Spoilage) {
    let book = SmallBook().replacing(spoilage.found, with: spoilage.other, in: spoilage.file)
    guard case .failure(let error) = book.read() else {
      Issue.record("the book was read")
      return
    }
    #expect(error.sentence == spoilage.sentence)
    #expect(error.exitCode == spoilage.exitCode)
  }

  @Test(
    "a file that is something else is refused, whichever it is",
    arguments: ["market.json", "positions.csv", "balances.csv", "instruments.csv", "history.csv", "run.json"])
  func otherFiles(file: String) {
    let others: [[UInt8]] = [
      [], Array("<!DOCTYPE html><html></html>".utf8), [0x1F, 0x8B, 8, 0],
      [0xEF, 0xBB, 0xBF] + Array("a,b".utf8),
      [0xFF, 0xFE, 0x7B, 0], Array(repeating: 0x5B, count: 100_000),
      Array("version https://git-lfs\noid sha256:0\n".utf8),
      [0x22, 0xFF, 0x22], Array("null".utf8), [0],
    ]
    for bytes in others {
      let members = SmallBook().source.members.map {
        $0.name == file ? BookSource.Member(name: file, bytes: bytes) : $0
      }
      do throws(DocumentError) {
        _ = try BookReader.read(.directory(members))
        Issue.record("\(bytes.prefix(20)) was read as \(file)")
      } catch {
        #expect(error.path.hasPrefix(file), "\(error.sentence)")
      }
    }
  }

  @Test("a cut file is refused or its last row is set aside, until the cut falls between rows")
  func truncation() {
    for (index, file) in SmallBook().files.enumerated() where file.name.hasSuffix(".json") {
      let length = file.text.utf8.count
      for cut in stride(from: 0, to: length - 2, by: 7) {
        var book = SmallBook()
        book.files[index].text = String(decoding: Array(file.text.utf8).prefix(cut), as: UTF8.self)
        guard case .failure(let error) = book.read() else {
          Issue.record("\(file.name) cut at \(cut) was read")
          return
        }
        #expect(error.path.hasPrefix(file.name))
      }
    }
  }

  @Test("a book without a market, without holders, or with two of a kind is refused")
  func members() {
    func sentence(_ book: SmallBook) -> String? {
      if case .failure(let error) = book.read() { return error.sentence }
      return nil
    }
    #expect(
      sentence(SmallBook().with("market.json", nil))?.hasPrefix("market.json: expected a market") == true)
    #expect(sentence(SmallBook().with("positions.csv", nil)) == nil)
    #expect(
      sentence(SmallBook().with("positions.csv", nil).with("balances.csv", nil))?.contains("neither") == true)
    #expect(sentence(SmallBook().with("positions.jsonl", "{}"))?.contains("positions twice") == true)
    #expect(
      sentence(SmallBook().with("position.csv", "x"))
        == "position.csv: unknown file \"position.csv\"; did you mean \"positions.csv\"")
    let document = BookSource.document(name: "b.json", bytes: Array("{\"markets\": {}}".utf8))
    do throws(DocumentError) {
      _ = try BookReader.read(document)
    } catch {
      #expect(error.sentence == "b.json#/markets: unknown key \"markets\"; did you mean \"market\"")
    }
  }
}
