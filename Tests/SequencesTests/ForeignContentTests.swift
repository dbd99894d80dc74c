import Sequences
import Testing

/// Files that hold no sequences as they stand, and line ends, padding and formats that are known by their bytes.
@Suite struct ForeignContentTests {
  /// First bytes as the programs write them (`printf 'anna\n' | bzip2 | xxd`, and so on).
  static let foreign: [(bytes: [UInt8], name: String, advice: String)] = [
    ([0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0xD8], "bzip2", "bzcat data.txt"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04], "xz", "xzcat data.txt"),
    ([0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x58], "Zstandard", "zstdcat data.txt"),
    ([0x50, 0x4B, 0x03, 0x04, 0x0A, 0x00], "zip", "unzip -p data.txt"),
    ([0x04, 0x22, 0x4D, 0x18, 0x64], "LZ4", "lz4cat"), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7-Zip", "7z x -so"),
    ([0x1F, 0x9D, 0x90, 0x61], "compress", "zcat"),
    ([0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00], "UTF-16", "iconv -f UTF-16 -t UTF-8 data.txt"),
    ([0xFE, 0xFF, 0x00, 0x61], "UTF-16", "iconv -f UTF-16"),
    ([0xFF, 0xFE, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00], "UTF-32LE", "iconv -f UTF-32LE"),
    (Array("a\u{0}n\u{0}n\u{0}a\u{0}\n\u{0}".utf8), "UTF-16LE", "iconv -f UTF-16LE"),
    (Array("\u{0}a\u{0}n\u{0}n\u{0}a\u{0}\n".utf8), "UTF-16BE", "iconv -f UTF-16BE"),
    // Ж, a blank, Р, a line feed, twice: Cyrillic letters have no NUL.
    ([0x16, 4, 0x20, 0, 0x20, 4, 0x0A, 0, 0x16, 4, 0x0A, 0], "UTF-16LE", "iconv -f UTF-16LE"),
    ([4, 0x16, 0, 0x20, 4, 0x20, 0, 0x0A, 4, 0x16, 0, 0x0A], "UTF-16BE", "iconv -f UTF-16BE"),
    (Array("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n".utf8), "Git LFS", "git lfs pull"),
    ([0x20, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{}}".utf8), "safetensors", "models are no data"),
  ]

  @Test(arguments: foreign)
  func theyAreNamedWithWhatHelps(bytes: [UInt8], name: String, advice: String) throws {
    for format in [nil, "lines", "jsonl", "fasta"] {
      let outcome = try Outcome { try read(bytes, format: format, blockSize: 3) }
      guard case .foreign("data.txt", _)? = outcome.error else {
        Issue.record("\(name): \(outcome)")
        continue
      }
      let sentence = outcome.error?.description ?? ""
      #expect(sentence.contains(name) && sentence.contains(advice) && sentence.hasSuffix("."), "\(sentence)")
    }
    // Any bytes are symbols where that is asked for, and a person is told.
    let data = try read(bytes, symbols: .bytes)
    #expect(data.sequences.symbolCount + data.sequences.count >= bytes.count)
    #expect(data.remarks.count == 1 && data.remarks[0].contains(name))
  }

  @Test(arguments: ["words.arpa"])
  func namesThatSayNoSequences(name: String) throws {
    guard case .foreign(name, _)? = try Outcome({ try read("a,b\n", name: name) }).error else {
      Issue.record("\(name) was read")
      return
    }
    #expect(try read("a,b\n", name: name, format: "lines").named == [["a", ",", "b"]])
  }

  /// Formats of numbers hold no symbols; any bytes are symbols where that is asked for.
  @Test(arguments: ["names.csv", "names.tsv", "a/NAMES.CSV", "x.mid", "x.npz", "x.ts"])
  func namesOfNumbers(name: String) throws {
    #expect(throws: DataError.realValues(at(1, 1, file: name))) { try read("a,b\n", name: name) }
    #expect(try read("a,b\n", name: name, symbols: .bytes).named == [["a", ",", "b"]])
    #expect(try read("a,b\n", name: name, format: "lines").named == [["a", ",", "b"]])
  }

  @Test func textThatOnlyLooksALittleLikeIt() throws {
    for text in ["BZh and more\n", "PK\n", "7z\n", "version https\n", "[Intro] la\n", "{la}\n", "[1]\n"] {
      let data = try read(text)
      #expect(data.texts == [String(text.dropLast())] && data.remarks.isEmpty, "\(text)")
    }
  }

  // MARK: Formats by content

  @Test(arguments: ["standard input", "data", "x.json"])
  func jsonLinesAreKnownWhereNoNameSaysOtherwise(name: String) throws {
    let data = try read(" {\"x\": [1], \"y\": [\"a\", \"b\"]}\n", name: name)
    #expect(data.format == "jsonl" && data.named == [["a", "b"]] && data.remarks.count == 1)
    #expect(try read("{\"y\": [1]}\n", name: name, format: "lines").format == "lines")
  }

  @Test func namesAndWishesComeFirst() throws {
    let lines = try read("{\"y\": [1]}\n", name: "x.txt")
    #expect(lines.format == "lines" && lines.remarks.count == 1 && lines.remarks[0].contains("--input-format jsonl"))
    let fasta = try read(">a\nAC\n", name: "standard input")
    #expect(fasta.format == "lines" && fasta.remarks.count == 1 && fasta.remarks[0].contains("--input-format fasta"))
    #expect(try read(">a\nAC\n", name: "x.fa").remarks.isEmpty)
    for text in ["{\n  \"y\": [1]\n}\n", "[{\"y\": [1]}]\n"] {
      #expect(throws: DataError.self) { try read(text, name: "x.json") }
    }
  }

  /// Rows with as many separators each; lines of text with commas are none.
  @Test func tablesAreTold() throws {
    for (separator, name) in [(",", "commas"), ("\t", "tabs"), (";", "semicolons")] {
      let text = ["a", "b", "c"].map { "\($0)\(separator)1\(separator)2\n" }.joined()
      let data = try read(text, name: "standard input")
      #expect(data.format == "lines" && data.remarks.count == 1 && data.remarks[0].contains(name))
      #expect(try read(text, name: "x.txt").remarks.isEmpty)
      #expect(try read(text, name: "standard input", format: "lines").remarks.isEmpty)
    }
    #expect(try read("a, b\nc\nd, e\n", name: "standard input").remarks.isEmpty)
  }

  /// A symbol kind that a format does not have is refused, not ignored.
  @Test(arguments: [
    ("fasta", ">a\nA\n", SymbolKind.characters), ("jsonl", "{\"y\":[1]}", .words), ("pautomac", "1 2\n1 0\n", .words),
  ])
  func fixedSymbolsAreNoOthers(format: String, text: String, fixed: SymbolKind) throws {
    for kind in SymbolKind.allCases {
      let outcome = try Outcome { try read(text, format: format, symbols: kind) }
      if kind == fixed {
        #expect(outcome.error == nil)
      } else {
        guard case .otherSymbols(kind, _)? = outcome.error else {
          Issue.record("\(format) \(kind): \(outcome)")
          continue
        }
      }
    }
    let words = try read("a b", symbols: .words).alphabet
    #expect(throws: DataError.self) { try read("a", symbols: .characters, alphabet: words) }
  }

  // MARK: Line ends and padding

  @Test(arguments: [1, 2, 7, 1 << 20])
  func filesOfCarriageReturnsHaveLines(blockSize: Int) throws {
    for kind in [SymbolKind.characters, .graphemes, .words] {
      let data = try read("é\rbb\r\rc\r", symbols: kind, blockSize: blockSize)
      #expect(data.texts == ["é", "bb", "", "c"] && data.remarks.count == 1, "\(kind)")
    }
    #expect(try read("a\rb", symbols: .bytes, blockSize: blockSize).named == [["a", "\r", "b"]])
    #expect(try read(">a\rACGT\r>b\rAC\r", name: "x.fa", blockSize: blockSize).texts == ["ACGT", "AC"])
    #expect(try read("{\"y\":[1]}\r{\"y\":[2]}\r", name: "x.jsonl", blockSize: blockSize).texts == ["1", "2"])
    #expect(try read("a\rb\n", blockSize: blockSize).remarks.isEmpty)
    // A place is counted in those lines.
    let alphabet = try read("ab\n").alphabet
    #expect(throws: DataError.unknownSymbol(at(2, 2), symbol: "x")) {
      try read("a\rbx\r", alphabet: alphabet, blockSize: blockSize)
    }
    // A first line as long as what is looked at, ended by CR LF just there.
    let long = String(repeating: "a", count: (1 << 16) - 1)
    #expect(try read(long + "\r\nb\r\n", blockSize: 1 << 16).texts == [long, "b"])
  }

  @Test(arguments: [1, 7, 1 << 20])
  func commentsNamesAndBlanksOfFASTA(blockSize: Int) throws {
    let text =
      Array("; a comment\n>a ".utf8) + [0xE9] + Array("\n;comment ".utf8) + [0xFF, 0xFE]
      + Array("\nAC;G\n  >b\n\t>c\n T>\n".utf8)
    #expect(try read(text, name: "x.fa", blockSize: blockSize).texts == ["AC;G", "", "T>"])
  }

  @Test(arguments: [1, 5, 512, 1 << 20])
  func zerosBehindGzipArePadding(blockSize: Int) throws {
    let gzip = FormatTests().gzip
    for padded in [gzip + [UInt8](repeating: 0, count: 511), gzip.prefix(28) + [0, 0, 0] + gzip.dropFirst(28) + [0]] {
      #expect(try read(Array(padded), name: "a.gz", blockSize: blockSize).texts == ["anna", "bo", "éva"])
    }
    #expect(throws: DataError.self) { try read(gzip + [0, 0, 7], name: "a.gz", blockSize: blockSize) }
  }
}
