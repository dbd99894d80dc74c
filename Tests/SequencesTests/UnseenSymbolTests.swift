import Sequences
import Testing

/// Symbols that training data do not hold.
@Suite struct UnseenSymbolTests {
  @Test(arguments: [1, 3, 1 << 20])
  func theyAreKeptWhereThatIsAskedFor(blockSize: Int) throws {
    for unknown in [nil, "?"] {
      let alphabet = try read("abc?", unknown: unknown).alphabet
      var source = try ByteSource(bytes: Array("ab\naxy?\n\nz\n".utf8), name: "data.txt", blockSize: blockSize)
      var options = ReadOptions()
      options.unseen = .kept
      let data = try Dataset(reading: &source, options: options, alphabet: alphabet)
      #expect(
        data.unseen == [
          UnseenSymbol(sequence: 1, time: 1, symbol: "x"), UnseenSymbol(sequence: 1, time: 2, symbol: "y"),
          UnseenSymbol(sequence: 3, time: 0, symbol: "z"),
        ])
      #expect((0..<4).map { data.sequences.length($0) } == [2, 4, 0, 1])
      #expect(data.alphabet == alphabet && data.named[1][3] == "?")
      options.unseen = .refused
      source = try ByteSource(bytes: Array("ab\naxy\n".utf8), name: "data.txt", blockSize: blockSize)
      #expect(throws: DataError.unknownSymbol(at(2, 2), symbol: "x")) {
        try Dataset(reading: &source, options: options, alphabet: alphabet)
      }
    }
  }

  /// The same text in Unicode's two normal forms.
  @Test(arguments: [
    ("café", "cafe\u{301}", SymbolKind.characters, "NFD"), ("cafe", "cafx", .characters, ""),
    ("caféee", "e\u{301}", .characters, "(NFD), the training data composed"),
    ("cafe\u{301}", "café", .characters, "(NFC), the training data decomposed"),
    ("café", "cafe\u{301}", .words, "(NFD), the training data composed"),
    ("cafe\u{301}", "café", .words, "(NFC), the training data decomposed"),
    ("café", "cafe\u{301}", .graphemes, "(NFD), the training data composed"),
    ("cafe\u{301}", "café", .graphemes, "(NFC), the training data decomposed"), ("abc", "é", .words, ""),
    ("\u{AC00}", "\u{1100}\u{1161}", .graphemes, "(NFD), the training data composed"),
  ])
  func normalFormsAreNamed(train: String, test: String, kind: SymbolKind, expected: String) throws {
    let alphabet = try read(train, symbols: kind).alphabet
    guard case .unknownSymbol(_, _, let advice)? = try Outcome({ try read(test, alphabet: alphabet) }).error else {
      Issue.record("\(test) was read")
      return
    }
    if !expected.isEmpty {
      #expect(advice?.contains(expected) == true && advice?.contains("uconv") == true, "\(advice ?? "none")")
    } else {
      #expect(advice == nil)
    }
  }

  /// By hand: the training part holds a and c alone.
  @Test func theAlphabetIsThatOfTheTrainingPart() throws {
    let data = try read("ac\nbca\n\ndb\n", unknown: "?")
    #expect(data.alphabet.symbols == ["?", "a", "b", "c", "d"])
    let train = data.sequences.selecting([0, 2])
    let own = data.withAlphabet(of: train)
    #expect(own.alphabet.symbols == ["?", "a", "c"] && own.alphabet.unknown == 0 && own.sequences.alphabetSize == 3)
    #expect(own.named == [["a", "c"], ["?", "c", "a"], [], ["?", "?"]])
    #expect(
      data.alphabet.countOfSymbols(in: [data.sequences.selecting([1]), data.sequences.selecting([3])], notIn: train)
        == 2)
    #expect(data.alphabet.countOfSymbols(in: [train], notIn: train) == 0)
    // 300 words and a part of few: symbols fit one byte again.
    let words = try read((0..<300).map { "w\($0)" }.joined(separator: " ") + "\nw7 w9\n", symbols: .words, unknown: "-")
    let few = words.withAlphabet(of: words.sequences.selecting([1]))
    #expect(few.alphabet.symbols == ["-", "w7", "w9"] && few.named[1] == ["w7", "w9"])
    #expect(few.named[0].count { $0 == "-" } == 298)
  }
}
