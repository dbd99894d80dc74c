import Probability
import Sequences
import Testing

/// The size of the blocks changes nothing, and nothing traps.
@Suite struct BlockTests {
  static let formats = SequenceFormats.all.filter { $0 is any SymbolFormat.Type }.map { $0.name }

  /// Pieces that are at home in the formats, and some that are nowhere.
  static let pieces: [[UInt8]] =
    [
      "a", "b", "Z", "é", "e\u{301}", "👩‍👩‍👧", "\u{10FFFF}", "\u{FEFF}", " ", "\t", "\n", "\r", "\r\n", "\n\n", "word",
      "a longer line of words\n", ">", ">id\n", "*", "0", "1", "2", "2 2\n", "1 0\n", "2 0 1\n", "99999999999999999999",
      "1 1000000000000000000\n", "-1", "{\"y\":", "[", "]", "}", "{\"y\": [\"a\", 1]}\n", "{\"y\": [1.5]}\n", "null",
      "\"",
      "\\u", "1e999", "\u{0}", "{\"y\": [\"a\"], \"x\": [[1, 2]]}\n", "{\"y\": [\"a\"], \"x\": [1, 2]}\n",
      "{\"y\": [], \"x\": []}\n", "{\"x\": [", ",\"x\":", "[[0.5", "]]",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F], [0xED, 0xA0, 0x80], [0x1F, 0x8B, 8]]

  func file(_ stream: inout RandomStream) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int(stream.next() % 30) { bytes += Self.pieces[Int(stream.next() % UInt64(Self.pieces.count))] }
    return bytes
  }

  @Test(arguments: formats, SymbolKind.allCases)
  func blocksOfAnySizeGiveTheSame(format: String, kind: SymbolKind) throws {
    for seed in 0..<300 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "blocks")
      let bytes = file(&stream)
      let whole = try Outcome { try read(bytes, format: format, symbols: kind) }
      for blockSize in [1, 2, 3, 7] {
        let parts = try Outcome { try read(bytes, format: format, symbols: kind, blockSize: blockSize) }
        #expect(parts == whole, "seed \(seed), blocks of \(blockSize): \(bytes)")
      }
    }
  }

  /// Reading with an alphabet gives the same sequences, or an error.
  @Test(arguments: formats, SymbolKind.allCases)
  func aClosedAlphabetGivesTheSame(format: String, kind: SymbolKind) throws {
    for seed in 0..<300 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "alphabets")
      let bytes = file(&stream)
      let open = try Outcome { try read(bytes, format: format, symbols: kind) }
      guard let alphabet = open.alphabet else { continue }
      #expect(try Outcome { try read(bytes, format: format, alphabet: alphabet, blockSize: 3) } == open, "seed \(seed)")
      let other = try Outcome { try read(file(&stream), format: format, alphabet: alphabet, blockSize: 3) }
      #expect(other.error != nil || other.alphabet == alphabet)
    }
  }

  @Test(arguments: formats, SymbolKind.allCases)
  func randomBytesNeverTrap(format: String, kind: SymbolKind) throws {
    for seed in 0..<1_000 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "bytes")
      let bytes = (0..<Int(stream.next() % 60)).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      let outcome = try Outcome { try read(bytes, format: format, symbols: kind, unknown: seed % 2 == 0 ? nil : "?") }
      #expect(outcome.error != nil || !outcome.sequences.isEmpty, "seed \(seed)")
    }
  }

  /// Everything that may lie across the border of two blocks of the default size.
  @Test(arguments: SymbolKind.allCases)
  func bordersOfRealBlocks(kind: SymbolKind) throws {
    for piece in ["é", "\u{1F600}", "\r\n", "word", "e\u{301}", "👩‍👩‍👧", "\n"] {
      for before in 0..<UInt(piece.utf8.count + 3) {
        let filler = String(repeating: "abc def\n", count: ByteSource.defaultBlockSize / 8)
        let text = filler.dropLast(Int(before)) + piece + " end\n"
        let big = try Outcome { try read(String(text), symbols: kind, blockSize: 1 << 22) }
        #expect(try Outcome { try read(String(text), symbols: kind) } == big, "\(piece) \(before)")
      }
    }
  }

  /// A word and a line far longer than a block.
  @Test func longPiecesGrowTheBuffer() throws {
    let word = String(repeating: "é", count: 100_000)
    #expect(try read(word + " " + word, symbols: .words, blockSize: 16).named == [[word, word]])
    let line = "1 3\n100000" + String(repeating: " 2", count: 100_000)
    let data = try read(line, format: "pautomac", blockSize: 16)
    #expect(data.sequences[0].count == 100_000 && data.sequences[0].allSatisfy { $0 == 2 })
  }
}
