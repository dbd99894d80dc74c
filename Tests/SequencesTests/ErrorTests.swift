import Foundation
import Sequences
import Testing

/// Each error has its exact place, whatever the size of the blocks.
@Suite struct ErrorTests {
  static let blockSizes = [1, 2, 3, 7, ByteSource.defaultBlockSize]

  /// Ill-formed bytes and the one that is told. The places of the first bad byte are those of Python's decoder.
  static let illFormed: [(bytes: [UInt8], byte: UInt8)] = [
    ([0x80], 0x80), ([0xC0, 0x80], 0xC0), ([0xC1, 0xBF], 0xC1), ([0xE0, 0x9F, 0xBF], 0xE0),  // overlong
    ([0xF0, 0x8F, 0xBF, 0xBF], 0xF0), ([0xED, 0xA0, 0x80], 0xED), ([0xED, 0xBF, 0xBF], 0xED),  // surrogates
    ([0xF4, 0x90, 0x80, 0x80], 0xF4), ([0xF5, 0x80, 0x80, 0x80], 0xF5), ([0xFF], 0xFF),  // too great
    ([0xC3], 0xC3), ([0xE2, 0x82], 0xE2), ([0xF0, 0x9F, 0x98], 0xF0), ([0xE2, 0x28, 0xA1], 0xE2),  // cut off
  ]

  @Test(arguments: blockSizes)
  func illFormedBytesAreRefused(blockSize: Int) {
    let kinds: [(format: String, kind: SymbolKind, start: String)] = [
      ("lines", .characters, ""), ("lines", .graphemes, ""), ("lines", .words, ""), ("text", .characters, ""),
      ("text", .graphemes, ""), ("text", .words, ""), ("fasta", .characters, ">"), ("fasta", .characters, ">\n"),
      ("jsonl", .words, "{\"y\":[\""), ("pautomac", .words, ""),
    ]
    for (format, kind, start) in kinds {
      for (bytes, byte) in Self.illFormed {
        for end in ["", "\n", "a\n", "\r\n"] {
          let prefix = format == "jsonl" || format == "pautomac" ? start : start + "abc\r\nxé\u{1F600} e\u{301}"
          let lines = prefix.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
          let place = at(lines.count, (lines.last?.count ?? 0) + 1)
          #expect(throws: DataError.notUTF8(place, byte: byte), "\(format) \(kind) \(bytes) \(end)") {
            try read(Array(prefix.utf8) + bytes + Array(end.utf8), format: format, symbols: kind, blockSize: blockSize)
          }
        }
      }
    }
  }

  /// A file that another program makes shorter is no shorter data set, whether read by its name or as standard input.
  @Test(arguments: [true, false], [0, 40])
  func filesThatAreShortenedWhileTheyAreRead(byName: Bool, start: Int) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { unlink(path) }
    #expect(FileManager.default.createFile(atPath: path, contents: Data(String(repeating: "abc\n", count: 1000).utf8)))
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    lseek(descriptor, off_t(start), SEEK_SET)
    var source =
      try byName
      ? ByteSource(opening: path, blockSize: 64) : ByteSource(fileDescriptor: descriptor, name: path, blockSize: 64)
    _ = try source.nextLine()
    #expect(truncate(path, 2000) == 0)
    #expect(throws: DataError.shortened(path)) { while try source.nextLine() != nil {} }
  }

  /// What grows with a file asks for memory before it grows; little is not asked for.
  @Test(arguments: [
    (1 << 30, 1 << 29, false), (1 << 30, 1 << 32, true), (1 << 20, 0, true), (1 << 26, 1 << 26, false),
    (1 << 23, 1 << 24, false),
  ])
  func memoryThatCannotBeHadIsAnError(needed: Int, available: Int, isEnough: Bool) throws {
    func check() throws { try AvailableMemory.check(needed, reading: "big.txt.gz", available: available) }
    if isEnough { return try check() }
    #expect(throws: DataError.tooLarge("big.txt.gz", needed: needed, available: max(available - (1 << 24), 0))) {
      try check()
    }
  }

  /// One that became longer, or was read to its end before, is read as it was found.
  @Test func filesThatGrowAreRead() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { unlink(path) }
    #expect(FileManager.default.createFile(atPath: path, contents: Data("abc\nabc\n".utf8)))
    var source = try ByteSource(opening: path)
    #expect(try source.nextLine()?.count == 3)
    #expect(truncate(path, 12) == 0)
    var lines = 1
    while try source.nextLine() != nil { lines += 1 }
    #expect(lines >= 2)
    #expect(truncate(path, 0) == 0)
    #expect(try source.nextLine() == nil)
  }

  @Test(arguments: blockSizes)
  func unknownSymbolsAreNamed(blockSize: Int) throws {
    let letters = try read("abé").alphabet
    let words = try read("a bé", symbols: .words).alphabet
    let bytes = try read("ab", symbols: .bytes).alphabet
    let graphemes = try read("abé", symbols: .graphemes).alphabet
    let cases: [(String, String, Alphabet, Location, String)] = [
      ("ab\néaxa\n", "lines", letters, at(2, 3), "x"),
      ("\u{FEFF}ab\r\n\r\néa\u{1F600}", "lines", letters, at(3, 3), "😀"),
      ("a\rb\n", "lines", letters, at(1, 2), "\r"), ("ab\n", "text", letters, at(1, 3), "\n"),
      ("a bé\n bé  bb a\n", "lines", words, at(2, 6), "bb"), ("ab\nb\u{E9}", "lines", bytes, at(2, 2), "\u{C3}"),
      ("éa\nbe\u{301}a", "lines", graphemes, at(2, 2), "e\u{301}"), (">x\nab\n a*b\n", "fasta", letters, at(3, 3), "*"),
      ("{\"y\": [\"a\"]}\n{\"y\": [\"b\"]}", "jsonl", words, at(2, 8), "b"),
    ]
    for (text, format, alphabet, place, symbol) in cases {
      let outcome = try Outcome { try read(text, format: format, alphabet: alphabet, blockSize: blockSize) }
      guard case .unknownSymbol(place, symbol, _) = outcome.error else {
        Issue.record("\(format) \(text): \(outcome)")
        continue
      }
    }
  }

  /// The place of each malformed input; the sentence is the format's own.
  @Test(arguments: blockSizes)
  func malformedInputsHavePlaces(blockSize: Int) throws {
    let huge = "9999999999999999999999999"
    let cases: [(String, String, Int, Int)] = [
      ("pautomac", "x 2\n", 1, 1), ("pautomac", "1\n", 1, 2), ("pautomac", "\n", 1, 1),
      ("pautomac", "1 2 3\n1 0\n", 1, 5),
      ("pautomac", "1 1000000000000000000\n1 0\n", 1, 3), ("pautomac", "1 \(huge)\n1 0\n", 1, 3),
      ("pautomac", "2 2\n1 0\n", 3, 1), ("pautomac", "2 2\n1 0", 2, 4), ("pautomac", "1 2\n1 0\n1 1\n", 3, 1),
      ("pautomac", "1 2\n2 0 2\n", 2, 5), ("pautomac", "1 2\n2 0 -1\n", 2, 5), ("pautomac", "1 2\n2 0 1.0\n", 2, 5),
      ("pautomac", "1 2\n 3 0 1\n", 2, 2), ("pautomac", "1 2\n1 0 1\n", 2, 1), ("pautomac", "1 2\n\n1 0\n", 2, 1),
      ("pautomac", "1 2\n\(huge) 0\n", 2, 1), ("pautomac", "1 2\n1 \(huge)\n", 2, 3), ("pautomac", "\(huge) 2\n", 1, 1),
      ("pautomac", "9223372036854775807 2\n1 0\n", 3, 1), ("fasta", "\n AC\n", 2, 2), ("fasta", ";c\n A\n>x\n", 2, 2),
      ("jsonl", "{\"y\": [1]}\n{\"y\": [1}\n", 2, 9), ("jsonl", "[1]", 1, 1), ("jsonl", "{\"x\": [1]}", 1, 1),
      ("jsonl", "{\"y\": 1}", 1, 7), ("jsonl", "{\"y\": [true]}", 1, 8), ("jsonl", "{\"y\": [{}]}", 1, 8),
      ("jsonl", "{\"y\": [\"\"]}", 1, 8), ("jsonl", "{\"z\": [[1, 2]], \"y\": [\"a\\\"\", 3, \"\"]}", 1, 33),
      ("jsonl", "{\"y\": null}", 1, 7),
      ("jsonl", String(repeating: "[", count: 100_000), 1, 1),
      ("jsonl", "{\"z\": " + String(repeating: "[", count: 100_000), 1, 519),
    ]
    for (format, text, line, column) in cases {
      let outcome = try Outcome { try read(text, format: format, blockSize: blockSize) }
      guard case .malformed(let place, let problem) = outcome.error else {
        Issue.record("\(format) \(text): \(outcome)")
        continue
      }
      #expect(place == at(line, column), "\(format) \(text.prefix(40))")
      #expect(problem.hasPrefix("expected ") && problem.contains("found"))
    }
  }

  @Test func otherElementsAreTold() {
    for (text, column) in [
      ("{\"y\": [1, 2.5]}", 11), ("{\"y\": [[1, 2]]}", 8), ("{\"y\": [1e300]}", 8),
      ("{\"y\": [1.0]}", 8), ("{\"y\": [\"1.0\", 2, -3.0]}", 18), ("{\"y\":[1E2]}", 7),
      ("{\"z\": 0.5, \"y\": [2e0]}", 18),
    ] {
      #expect(throws: DataError.realValues(at(2, column))) { try read("{\"y\": [1]}\n" + text, format: "jsonl") }
    }
    #expect(throws: DataError.missingElement(at(1, 11))) { try read("{\"y\": [1, null]}", format: "jsonl") }
  }

  @Test(arguments: BlockTests.formats)
  func nothingIsNoData(format: String) {
    #expect(throws: DataError.noSequences("data.txt")) { try read("", format: format) }
    #expect(throws: DataError.noSequences("data.txt")) { try read("\u{FEFF}", format: format) }
  }

  @Test func descriptionsAreSentences() {
    let errors: [(DataError, String)] = [
      (.missingFile("a.txt"), "a.txt: there is no such file."),
      (
        .notUTF8(at(2, 3), byte: 0x0A),
        "data.txt:2:3: the byte 0x0A is not valid UTF-8 here; `iconv -f latin1 -t UTF-8` converts a file in Latin-1, "
          + "and with `--symbols bytes` lines and texts may hold any bytes."
      ),
      (
        .unknownSymbol(at(1, 2), symbol: "\u{7}"),
        "data.txt:1:2: the symbol \"<U+0007>\" is not in the alphabet."
      ),
      (
        .unknownSymbol(at(1, 2), symbol: "e\u{301}", advice: "this helps"),
        "data.txt:1:2: the symbol \"e\u{301}\" (U+0065 U+0301) is not in the alphabet; this helps."
      ),
      (.malformed(at(1, 2), "expected a, found b"), "data.txt:1:2: expected a, found b."),
      (
        .realValues(at(1, 2)),
        "data.txt:1:2: a real number or a vector, where a symbol is expected. Symbols are strings or integers; "
          + "`--values reals` reads a file of numbers as such."
      ),
      (
        .missingElement(at(1, 2)),
        "data.txt:1:2: an element is missing here (null, ?, NA or nothing); fill it in, or leave its sequence out."
      ),
      (.otherValues(asked: .bits, reason: "the numbers are others"), "--values bits: the numbers are others."),
      (
        .noSuchPart("x.json", part: "dev", known: ["train", "test"]),
        "x.json: there is no part \"dev\"; the parts are train, test."
      ),
      (.noSuchPart("x.json", part: "dev", known: []), "x.json: there is no part \"dev\"; the file names no parts."),
      (.unknownFormat("x", known: ["a", "b"]), "There is no format \"x\"; the formats are a, b."),
    ]
    for (error, sentence) in errors { #expect(error.description == sentence) }
  }
}
