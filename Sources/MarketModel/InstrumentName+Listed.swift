/// Listed options by their OCC symbol (Options Symbology Initiative, 2010).
///
/// Root padded to six, expiry as YYMMDD, C or P, strike in thousandths over eight digits. The padding may
/// be left out. Options on shares and funds are American; the cash-settled index roots below are European.
/// A root that ends in a digit is an adjusted series whose deliverable the name does not tell: it is read
/// with multiplier 100, which `instruments.csv` overrides.
enum ListedName {
  /// The contract of an OCC symbol, nil for a name that has not the form of one.
  ///
  /// - Throws: for the right form over a date or strike that does not exist.
  static func parse(_ id: Identifier, _ bytes: [UInt8]) throws(InstrumentNameError) -> Instrument? {
    // The last fifteen characters are fixed; roots may hold digits themselves.
    let first = bytes.count - 15
    guard first >= 1, !bytes.contains(0x2D), !bytes.contains(0x5F) else { return nil }
    var scan = DigitScan(bytes[first...])
    guard let year = scan.number(2), let month = scan.number(2), let day = scan.number(2) else { return nil }
    let isCall = scan.skip(0x43)
    guard isCall || scan.skip(0x50), let thousandths = scan.number(8), scan.isAtEnd else { return nil }
    var rootEnd = first
    while rootEnd > 0, bytes[rootEnd - 1] == 0x20 { rootEnd -= 1 }
    guard rootEnd >= 1, rootEnd <= 6, first == 6 || first == rootEnd else {
      throw InstrumentNameError(
        offset: rootEnd, expected: "a root of at most six, padded to six or not at all")
    }
    let root = NamePart(start: 0, end: rootEnd)
    let rootAsset = try NamePart.asset(root, bytes)
    guard let expiry = Instant.newYorkClose(year: 2_000 + year, month: month, day: day) else {
      throw InstrumentNameError(offset: first, expected: "a date of the calendar as YYMMDD")
    }
    guard thousandths > 0, let dollar = Identifier("USD") else {
      throw InstrumentNameError(offset: first + 7, expected: "a strike above zero in thousandths")
    }
    let index = Self.europeanIndexRoots.first { $0.root == rootAsset.text }
    return Instrument(
      id: id, kind: .option, underlying: index.flatMap { Identifier($0.index) } ?? rootAsset,
      quoteAsset: dollar, settlementAsset: dollar, expiry: expiry, strike: Double(thousandths) / 1_000,
      optionType: isCall ? .call : .put, exercise: index == nil ? .american : .european,
      multiplier: 100, isListed: true)
  }

  /// Roots of European, cash-settled index options and the index behind each.
  ///
  /// From the contract specifications of Cboe and Nasdaq. OEX is American and therefore not among them.
  private static let europeanIndexRoots: [(root: String, index: String)] = [
    ("SPX", "SPX"), ("SPXW", "SPX"), ("XSP", "XSP"), ("NDX", "NDX"), ("NDXP", "NDX"), ("XND", "XND"),
    ("RUT", "RUT"), ("RUTW", "RUT"), ("MRUT", "MRUT"), ("VIX", "VIX"), ("VIXW", "VIX"), ("DJX", "DJX"),
    ("XEO", "OEX"),
  ]
}
