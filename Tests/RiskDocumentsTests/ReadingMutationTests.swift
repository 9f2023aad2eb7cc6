import MarketModel
import RiskDocuments
import Testing

/// Spoils books byte by byte and token by token.
struct Spoiler {
  private var state: UInt64
  private static let tokens = [
    "1e400", "-1e308", "NaN", "null", "{", "}", "[", "]", "\"", ",", "\n", "\r", "-", "0", "\\u0000",
    "\u{FF}", ":",
    "9999999999999999999", "BTC", "true", ".5", "\\", "\\ud800", "[[[[", "2026-02-30", "\u{0}",
  ]

  init(seed: UInt64) {
    state = seed
  }

  mutating func draw(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return bound > 0 ? Int(state >> 33) % bound : 0
  }

  /// One to three changes.
  mutating func spoil(_ text: [UInt8]) -> [UInt8] {
    var bytes = text
    for _ in 0...draw(3) {
      guard !bytes.isEmpty else { return bytes }
      let place = draw(bytes.count)
      switch draw(5) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: draw(256))
      case 1: bytes.insert(contentsOf: Self.tokens[draw(Self.tokens.count)].utf8, at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + draw(12)))
      case 3:
        let piece = Array(bytes[place..<min(bytes.count, place + draw(40))])
        bytes.insert(contentsOf: piece, at: draw(bytes.count))
      default: if draw(8) == 0 { bytes.removeSubrange(place...) }
      }
    }
    return bytes
  }
}

@Suite("Spoilt books")
struct ReadingMutationTests {
  /// How many mutants were read, read without a failure, refused.
  struct Outcomes {
    var read = 0
    var clean = 0
    var refused = 0

    mutating func take(_ source: BookSource) {
      do throws(DocumentError) {
        let book = try BookReader.read(source)
        read += 1
        if book.failures.isEmpty { clean += 1 }
        #expect(
          book.positions.allSatisfy {
            $0.quantity.isFinite && book.instruments.indices.contains($0.instrument)
          })
        #expect(book.failures.allSatisfy { !$0.path.isEmpty && !$0.message.isEmpty })
      } catch {
        refused += 1
        #expect(!error.message.isEmpty && !error.path.isEmpty)
      }
    }
  }

  @Test("ten thousand spoilt folders each read or refuse, and none traps (seed 20260205)")
  func folders() {
    var spoiler = Spoiler(seed: 20_260_205)
    let members = SmallBook().source.members
    var outcomes = Outcomes()
    for _ in 0..<10_000 {
      var spoilt = members
      let target = spoiler.draw(spoilt.count)
      let member = spoilt[target]
      spoilt[target] = BookSource.Member(name: member.name, bytes: spoiler.spoil(member.bytes))
      outcomes.take(.directory(spoilt))
    }
    #expect(outcomes.read > 1_000 && outcomes.refused > 1_000, "\(outcomes)")
  }

  @Test("ten thousand spoilt documents and lines each read or refuse, and none traps (seed 7)")
  func documents() {
    var spoiler = Spoiler(seed: 7)
    let lines = """
      {"account_id": "bob", "instrument": "BTC-PERPETUAL", "quantity": -50000, "margin_mode": "isolated"}
      {"account_id": "al\\u0069ce", "instrument": "BTC-27MAR26-65000-C", "quantity": 2, "entry_price": null}
      """
    let market = SmallBook().files[0].text
    let array = "[" + lines.split(separator: "\n").joined(separator: ",") + "]"
    let document = Array("{\"market\": \(market), \"positions\": \(array)}".utf8)
    let marketMember = BookSource.Member(name: "market.json", bytes: Array(market.utf8))
    #expect(throws: Never.self) { try BookReader.read(.document(name: "b.json", bytes: document)) }
    var outcomes = Outcomes()
    for _ in 0..<5_000 {
      outcomes.take(.document(name: "b.json", bytes: spoiler.spoil(document)))
      let spoilt = BookSource.Member(name: "positions.jsonl", bytes: spoiler.spoil(Array(lines.utf8)))
      outcomes.take(.directory([marketMember, spoilt]))
    }
    #expect(outcomes.read > 500 && outcomes.refused > 1_000, "\(outcomes)")
  }
}
