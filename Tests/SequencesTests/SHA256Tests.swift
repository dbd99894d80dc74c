import Sequences
import Testing

/// The examples of FIPS 180-4 (NIST, "SHA256.pdf"), and what `sha256sum` says.
@Suite struct SHA256Tests {
  @Test(arguments: [
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
  func examples(text: String, digits: String) {
    var hash = SHA256()
    hash.update(text.utf8)
    #expect(hash.hexadecimal() == digits)
  }

  /// Every length around the ends of blocks, at once and in two pieces. printf 'aaa…' | sha256sum gives the one of 119.
  @Test func piecesMakeNoDifference() {
    for count in [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 200] {
      let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
      var whole = SHA256()
      whole.update(bytes)
      let digits = whole.hexadecimal()
      for cut in stride(from: 0, through: count, by: 13) {
        var hash = SHA256()
        hash.update(bytes[..<cut])
        hash.update(bytes[cut...])
        #expect(hash.hexadecimal() == digits, "\(count) \(cut)")
      }
      if count == 119 { #expect(digits == "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb") }
    }
  }
}
