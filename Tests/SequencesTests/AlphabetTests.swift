import Foundation
import Sequences
import Testing

@Suite struct AlphabetTests {
  @Test func symbolsHaveIndices() throws {
    let alphabet = try Alphabet(symbols: ["a", "b", "z̆", "é"], kind: .graphemes)
    #expect(alphabet.size == 4)
    #expect(alphabet.symbols.map { alphabet.index(of: $0) } == [0, 1, 2, 3])
    #expect(alphabet.index(of: "c") == nil)
    #expect(alphabet.index(of: "") == nil)
    #expect(alphabet.index(of: "e\u{301}") == nil)  // canonically equivalent, but another symbol
    #expect(alphabet.text(of: [3, 0, 2]) == "éaz̆")
  }

  @Test func anAlphabetMayBeEmpty() throws {
    let alphabet = try Alphabet(symbols: [], kind: .words)
    #expect(alphabet.size == 0)
    #expect(alphabet.index(of: "a") == nil)
    #expect(alphabet.text(of: []) == "")
  }

  @Test(arguments: [["a", "a"], ["b", "a"], ["", "a"], ["2", "10"]])
  func malformedAlphabetsAreRefused(symbols: [String]) {
    #expect {
      try Alphabet(symbols: symbols, kind: .words)
    } throws: { error in
      guard case DataError.malformedAlphabet = error else { return false }
      return true
    }
  }

  @Test func unknownMustBeASymbol() throws {
    #expect(try Alphabet(symbols: ["<unk>", "a"], kind: .words, unknown: "<unk>").unknown == 0)
    #expect(throws: DataError.self) { try Alphabet(symbols: ["a"], kind: .words, unknown: "<unk>") }
  }

  @Test func wordsAreJoinedByBlanks() throws {
    let alphabet = try Alphabet(symbols: ["a", "bc"], kind: .words)
    #expect(alphabet.text(of: [1, 0, 1]) == "bc a bc")
    #expect(alphabet.bytes(of: [1, 0]) == Array("bc a".utf8))
  }

  @Test func bytesAreWrittenRaw() throws {
    let alphabet = try Alphabet(symbols: ["\u{0}", "A", "\u{FF}"], kind: .bytes)
    #expect(alphabet.bytes(of: [2, 1, 0]) == [0xFF, 0x41, 0])
    #expect(try Alphabet(symbols: ["\u{FF}"], kind: .characters).bytes(of: [0]) == [0xC3, 0xBF])
  }

  @Test func codingKeepsAndChecks() throws {
    let alphabet = try Alphabet(symbols: ["<unk>", "a"], kind: .words, unknown: "<unk>")
    let decoded = try JSONDecoder().decode(Alphabet.self, from: JSONEncoder().encode(alphabet))
    #expect(decoded == alphabet)
    #expect(decoded.hashValue == alphabet.hashValue)
    let bad = Data(#"{"symbols": ["b", "a"], "kind": "words"}"#.utf8)
    #expect(throws: DataError.self) { try JSONDecoder().decode(Alphabet.self, from: bad) }
  }

  @Test func equivalentSymbolsDiffer() throws {
    let angstrom = try Alphabet(symbols: ["\u{212B}"], kind: .characters)
    #expect(try angstrom != Alphabet(symbols: ["\u{C5}"], kind: .characters))
  }
}
