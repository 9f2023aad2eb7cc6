import MarketModel
import RiskDocuments

/// A small book of every kind of row, and ways to spoil it.
struct SmallBook {
  var files: [(name: String, text: String)] = [
    (
      "market.json",
      """
      { "schema": "plimsoll.market/1", "as_of": "2026-02-05T21:29:37Z", "base_currency": "USD",
        "assets": [{"asset": "BTC", "spot": 65010.5}, {"asset": "ETH", "spot": 1900.25},
          {"asset": "SPY", "spot": 690.1}, {"asset": "USDC", "spot": 1.0, "stable": true}],
        "rates": [{"currency": "USD", "curve": [{"years": 0.25, "rate": 0.043}, {"years": 1, "rate": 0.04}]}],
        "forwards": [{"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z", "price": 65480.0}],
        "dividends": [{"underlying": "SPY", "yield": 0.012}],
        "volatility": [
          {"underlying": "BTC", "expiry": "2026-03-27T08:00:00Z", "strikes": [60000, 65000], "volatilities": [0.55, 0.52]},
          {"underlying": "ETH", "expiry": "2026-03-27T08:00:00Z", "svi": {"a": 0.01, "b": 0.08, "rho": -0.3, "m": 0.02, "sigma": 0.15}}],
        "marks": [{"instrument": "BTC-PERPETUAL", "price": 65015.0, "funding_rate_8h": 0.0001, "open_interest": 4.1e8}],
        "correlation": {"assets": ["BTC", "ETH"], "matrix": [[1, 0.85], [0.85, 1]], "volatilities": [0.62, 0.81]},
        "confidence": [{"asset": "BTC", "confidence": 0.99}] }
      """
    ),
    (
      "instruments.csv",
      """
      instrument,kind,underlying,quote_asset,settlement_asset,expiry,strike,option_type,exercise,multiplier,inverse
      SPY   261218C00600000,,,,,,,,european,,
      MY-FUTURE,future,BTC,USDC,USDC,2026-06-26,,,,0.1,false
      """
    ),
    (
      "positions.csv",
      """
      account_id,instrument,quantity,entry_price,margin_mode,isolated_margin
      bob,BTC-PERPETUAL,-50000,64000.5,isolated,0.1
      alice,BTC-27MAR26-65000-C,2,0.05,portfolio,
      alice,ETH_USDC-27MAR26-2000-P,-10,,,
      carol,SPY   261218C00600000,3,,cross,
      carol,MY-FUTURE,1e1,,,

      """
    ),
    (
      "balances.csv",
      """
      account_id,asset,quantity
      alice,USDC,100000.25
      alice,BTC,-0.5
      dave,USD,10

      """
    ),
    ("history.csv", "date,BTC,ETH\n2026-01-01,64000,1800\n2026-01-02,64100,\n2026-01-03,64200,1805\n"),
    (
      "run.json",
      """
      { "schema": "plimsoll.run/1", "seed": 18446744073709551615, "measures": ["greeks", "value_at_risk"],
        "value_at_risk": [{"method": "monte_carlo", "confidence": ["0.95", 0.99], "horizon_days": 2.5, "paths": 1e4, "distribution": "normal"}],
        "margin": {"models": ["deribit-sm", "derive-pmrm2"]}, "compare": {"isolated": "derive-srm"},
        "stress": [{"scenario": "crash", "spot": -0.2, "volatility": 0.3}] }
      """
    ),
  ]

  /// The book with one text replaced in one file.
  func replacing(_ found: String, with other: String, in file: String) -> SmallBook {
    var book = self
    for place in book.files.indices where book.files[place].name == file {
      guard let range = book.files[place].text.firstRange(of: found) else { continue }
      book.files[place].text.replaceSubrange(range, with: other)
    }
    return book
  }

  /// The book with one file's text, added where there is none; nil takes the file away.
  func with(_ file: String, _ text: String?) -> SmallBook {
    var book = self
    book.files.removeAll { $0.name == file }
    if let text { book.files.append((file, text)) }
    return book
  }

  var source: BookSource {
    .directory(files.map { BookSource.Member(name: $0.name, bytes: Array($0.text.utf8)) })
  }

  /// What reading gives.
  func read(_ rules: ReadingRules = ReadingRules()) -> Result<BookReading, DocumentError> {
    do throws(DocumentError) {
      return .success(try BookReader.readWithPlan(source, rules: rules))
    } catch { return .failure(error) }
  }
}
