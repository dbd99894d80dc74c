import Sequences
import Testing

@Suite struct LinesTests {
  @Test func aLineIsASequence() throws {
    let data = try read("bo\nanna\n\nö\n")
    #expect(data.alphabet.symbols == ["a", "b", "n", "o", "ö"])
    #expect(data.sequences.arrays == [[1, 3], [0, 2, 2, 0], [], [4]])
    #expect(data.alphabet.kind == .characters && data.alphabet.unknown == nil)
    #expect(data.name == "data.txt" && data.format == "lines" && !data.isText)
  }

  @Test(arguments: [
    ("a\nb", ["a", "b"]), ("a\nb\n", ["a", "b"]), ("\n", [""]), ("a\n\n", ["a", ""]), ("\r\n", [""]),
    ("a\r\nb\r\n", ["a", "b"]), ("a\rb\n", ["a\rb"]), ("a\r", ["a"]), ("a\r\r\n", ["a\r"]),
    ("a\rb", ["a", "b"]), ("a\rb\r", ["a", "b"]), ("\ré\r\r", ["", "é", ""]),
    ("\u{FEFF}a\n", ["a"]), ("a\u{FEFF}\n", ["a\u{FEFF}"]), ("\u{FEFF}\n", [""]), ("\u{FEFF}\u{FEFF}", ["\u{FEFF}"]),
  ])
  func linesEndAsTheyDo(text: String, expected: [String]) throws {
    let scalars = try read(text).named
    #expect(scalars == expected.map { $0.unicodeScalars.map { String(Character($0)) } })
    let graphemes = try read(text, symbols: .graphemes)
    #expect(graphemes.texts.map { Array($0.unicodeScalars) } == expected.map { Array($0.unicodeScalars) })
  }

  @Test func charactersAreScalarsAndGraphemesClusters() throws {
    let text = "e\u{301}a👩‍👩‍👧🇩🇪\n"
    let characters = ["e", "\u{301}", "a", "👩", "\u{200D}", "👩", "\u{200D}", "👧", "\u{1F1E9}", "\u{1F1EA}"]
    #expect(try read(text).named == [characters])
    #expect(try read(text, symbols: .graphemes).named == [["e\u{301}", "a", "👩‍👩‍👧", "🇩🇪"]])
  }

  @Test func wordsStandBetweenBlanks() throws {
    let data = try read(" the  cat\tsat \r\n\n \t\nthe\r\n  ", symbols: .words)
    #expect(data.named == [["the", "cat", "sat"], [], [], ["the"], []])
    #expect(data.alphabet.symbols == ["cat", "sat", "the"])
    #expect(data.texts[0] == "the cat sat")
  }

  @Test func bytesAreTakenAsTheyAre() throws {
    let data = try read([0xFF, 0x00, 0x0D, 0x0A, 0xEF, 0xBB, 0xBF], symbols: .bytes)
    #expect(data.named == [["\u{FF}", "\u{0}", "\r"], ["\u{EF}", "\u{BB}", "\u{BF}"]])
    #expect(data.alphabet.bytes(of: data.sequences[0]) == [0xFF, 0, 0x0D])
    #expect(try read([0xEF, 0xBB, 0xBF, 0x41], symbols: .bytes).sequences.symbolCount == 4)
  }

  @Test func aTextIsOneSequence() throws {
    let data = try read("to be\r\nor\n", format: "text")
    #expect(data.texts == ["to be\nor\n"])
    #expect(data.isText && data.format == "text")
    #expect(try read("to be\r\nor\n", format: "text", symbols: .words).named == [["to", "be", "or"]])
    #expect(try read("a\r\nb", format: "text", symbols: .bytes).named == [["a", "\r", "\n", "b"]])
    #expect(try read("a\r\né\n", format: "text", symbols: .graphemes).named == [["a", "\n", "é", "\n"]])
  }

  @Test func orderIsThatOfCodePoints() throws {
    #expect(try read("zaé\u{10000}\u{FFFF}B").alphabet.symbols == ["B", "a", "z", "é", "\u{FFFF}", "\u{10000}"])
    #expect(try read("10 2 1 0", symbols: .words).alphabet.symbols == ["0", "1", "10", "2"])
  }

  /// Words from one byte to forty, some alike but for one byte, some with NUL; numbers by a dictionary.
  @Test(arguments: [1, 64, 1 << 20])
  func wordsAreTold(blockSize: Int) throws {
    var words: [String] = []
    for length in 1...40 {
      for variant in 0..<min(length, 9) {
        var word = [UInt8](repeating: 0x61, count: length)
        word[variant * (length - 1) / 9] = 0x62
        words.append(String(decoding: word, as: UTF8.self))
      }
      words.append(String(repeating: "\u{0}", count: length))
    }
    let distinct = Set(words).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let data = try read(words.joined(separator: " "), symbols: .words, blockSize: blockSize)
    #expect(data.alphabet.symbols == distinct)
    #expect(data.named == [words])
  }

  /// More symbols than fit one byte, and two.
  @Test(arguments: [256, 257, 65_536, 65_537])
  func widthsFollowTheAlphabet(size: Int) throws {
    let words = (0..<size).map { String(size - 1 - $0, radix: 36) }
    let text = words.joined(separator: " ") + "\n" + words.reversed().joined(separator: "\n") + "\n"
    let data = try read(text, symbols: .words)
    #expect(data.alphabet.size == size)
    #expect(data.named == [words] + words.reversed().map { [$0] })
    let scalars = (0..<size).map { Unicode.Scalar(UInt32(0x10000 + size - $0)) }.compactMap { $0 }
    var characters = ""
    characters.unicodeScalars.append(contentsOf: scalars)
    let read = try read(characters + "\n" + characters)
    #expect(read.alphabet.size == size)
    #expect(read.sequences.arrays == [Array((0..<size).reversed()), Array((0..<size).reversed())])
  }

  /// 256 symbols read, and one more that is not: its place moves the others beyond a byte.
  @Test func theUnknownSymbolTakesItsPlace() throws {
    let all = (0...255).filter { $0 != 10 }.map { UInt8($0) }
    let data = try read(all + [10] + all, symbols: .bytes, unknown: "\n")
    #expect(data.alphabet.size == 256 && data.alphabet.unknown == 10)
    #expect(data.sequences[0].elementsEqual(all.map { Int($0) }))
    let more = try read((0..<256).map { String($0) }.joined(separator: " "), symbols: .words, unknown: "!")
    #expect(more.alphabet.size == 257 && more.alphabet.unknown == 0)
    #expect(more.named == [(0..<256).map { String($0) }])
  }

  @Test func testDataShareTheAlphabet() throws {
    let train = try read("abc\n", unknown: "?").alphabet
    #expect(train.symbols == ["?", "a", "b", "c"])
    let test = try read("cab\nxéa?\n", alphabet: train)
    #expect(test.sequences.arrays == [[3, 1, 2], [0, 0, 1, 0]])
    #expect(test.alphabet == train)
    let words = try read("a <unk> b\n", symbols: .words).alphabet
    let unknown = try read("b zzz\n", unknown: "<unk>", alphabet: words)
    #expect(unknown.named == [["b", "<unk>"]] && unknown.alphabet.unknown == 0)
    #expect(throws: DataError.self) { try read("b\n", unknown: "<none>", alphabet: words) }
  }
}
