import SystemFiles
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  // FIPS 180-4 names the algorithm; these are the messages of NIST's published examples.
  @Test(
    "known answers of the standard",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func knownAnswers(message: String, digest: String) {
    #expect(SHA256.hexadecimal(Array(message.utf8)) == digest)
  }

  @Test("a million times the letter a")
  func million() {
    let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(SHA256.hexadecimal([UInt8](repeating: 0x61, count: 1_000_000)) == digest)
  }

  @Test("a message in pieces has the digest of the whole, wherever it is cut")
  func pieces() {
    let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = SHA256.hexadecimal(message)
    for cut in 0...message.count {
      var hash = SHA256()
      hash.add(Array(message[..<cut]))
      hash.add(Array(message[cut...]))
      #expect(hash.hexadecimal == whole)
    }
  }
}
