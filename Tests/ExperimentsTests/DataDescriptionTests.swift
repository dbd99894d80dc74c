import Experiments
import Foundation
import Sequences
import Testing

/// Declared alphabets, counts and published figures, as files have them.
@Suite struct DataDescriptionTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chainrule-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ text: String, to name: String = "file.txt") throws -> String {
    let path = folder.appending(path: name).path
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test(arguments: [
    ("a-e", ["a", "b", "c", "d", "e"]), ("c-aa", nil), ("x-zaa", ["a", "x", "y", "z"]), ("a-c.", [".", "a", "b", "c"]),
    ("/a-c", ["/", "a", "b", "c"]), ("chars:cab", ["a", "b", "c"]), ("chars:a-", ["-", "a"]), ("chars:é", ["é"]),
    ("chars:a-c.b", [".", "a", "b", "c"]), ("chars:", nil), ("cab", nil), ("a-", nil), ("é", nil),
    ("train-words.txt", nil),
  ])
  func rangesOfCharacters(text: String, expected: [String]?) throws {
    guard let expected else {
      #expect(throws: DataError.self) { try Alphabet(declared: text, options: ReadOptions()) }
      return
    }
    #expect(try Alphabet(declared: text, options: ReadOptions()).symbols == expected)
  }

  /// A file with a symbol a line, the symbols of a data file, and one for unseen symbols beside them.
  @Test func alphabetsInFiles() throws {
    let words = try write("do\nre\nmi\nre\n")
    #expect(try Alphabet(declared: words, options: ReadOptions(symbols: .words)).symbols == ["do", "mi", "re"])
    #expect(throws: DataError.self) { try Alphabet(declared: words, options: ReadOptions()) }
    let data = try write("ab\nba\nc\n", to: "data.txt")
    let alphabet = try Alphabet(declared: "from:" + data, options: ReadOptions(unknown: "?"))
    #expect(alphabet.symbols == ["?", "a", "b", "c"] && alphabet.unknown == 0)
    #expect(throws: DataError.self) { try Alphabet(declared: "nothing.txt", options: ReadOptions()) }
    // What never occurs is in the alphabet all the same.
    let read = try Dataset(reading: data, alphabet: try Alphabet(declared: "a-z", options: ReadOptions()))
    #expect(read.alphabet.size == 26)
  }

  /// What is no file and has no range is a missing file, of which the error names what can be given.
  @Test(arguments: ["alphabett", "é", "-", "a-", "train-words.txt", "a/b"])
  func mistypedFilesAreNoCharacters(text: String) throws {
    let error = #expect(throws: DataError.self) { try Alphabet(declared: text, options: ReadOptions()) }
    guard case .missingFile(text, let advice?) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    for form in ["a-z", "from:FILE", "a FILE"] { #expect(advice.contains(form)) }
  }

  /// A folder is no file; a range is one of characters alone.
  @Test func whatIsNoAlphabet() throws {
    let error = #expect(throws: DataError.self) { try Alphabet(declared: folder.path, options: ReadOptions()) }
    #expect("\(try #require(error))".contains("it is a folder"))
    for text in ["a-z", "chars:ab"] {
      #expect(throws: DataError.self) { try Alphabet(declared: text, options: ReadOptions(symbols: .words)) }
    }
  }

  /// Lines may end with CR LF and be blank, and errors count all of them.
  @Test func linesOfAlphabets() throws {
    for text in ["b\r\na\r\n", "\u{FEFF}b\n\na", "b\r\n\r\na"] {
      let path = try write(text)
      #expect(try Alphabet(declared: path, options: ReadOptions()).symbols == ["a", "b"])
    }
    let path = try write("a\n\n\r\nbc\n")
    let error = #expect(throws: DataError.self) { try Alphabet(declared: path, options: ReadOptions()) }
    #expect("\(try #require(error))".contains("file.txt:4:1"))
  }

  @Test func countsAreRead() throws {
    var options = ReadOptions()
    options.weights = true
    let path = try write("anna\t3\r\nbo\t0\n\t2\nx\ty\t1\n")
    let data = try Dataset(reading: path, options: options)
    // Lines of count 0 keep their numbers.
    #expect(data.sequences.count == 4 && data.weights == [3, 0, 2, 1])
    #expect((0..<4).map { data.alphabet.text(of: data.sequences[$0]) } == ["anna", "bo", "", "x\ty"])
    #expect(data.weightedSequences.count == 6)
    for (text, line) in [("anna\n", 1), ("a\t1\nb\t-1\n", 2), ("a\t1\nb\tmany\n", 2), ("a\t9999999999999999999\n", 1)] {
      let path = try write(text)
      let error = #expect(throws: DataError.self) { try Dataset(reading: path, options: options) }
      #expect("\(try #require(error))".contains("file.txt:\(line):1"))
    }
    let large = try write("a\t4611686018427387904\n")
    #expect(throws: DataError.self) { try Dataset(reading: large, options: options) }
    let none = try write("a\t0\n")
    #expect(throws: DataError.self) { try Dataset(reading: none, options: options) }
  }

  /// Units by hand: bits are nats over log 2.
  @Test func publishedFigures() throws {
    let figures = try PublishedFigure.read(
      try write(
        "Name,figure,unit,source,protocol\n\"A, \"\"B\"\"\",2,bits/event,Doe 2000,all\nC,8,nats/sequence,D,\nE,4,perplexity,F,g\nH,3,,I,j\nK,1,bits/symbol,L,m\n",
        to: "published.csv"))
    #expect(figures.map(\.name) == ["A, \"B\"", "C", "E", "H", "K"])
    let nats = figures.map { $0.natsPerEvent(events: 4) }
    #expect(nats == [2 * log(2), 2, log(4), 3, nil] && figures[4].natsPerSymbol == log(2))
    for (text, place) in [
      ("name,figure\na,1\n", ":1:1"), ("name\tfigure\tsource\tprotocol\na\tb\tc\td\n", ":2:1"),
      ("name,figure,source,protocol\na,1,c\n", ":2:1"), ("name,figure,source,protocol,unit\na,1,c,d,ells\n", ":2:1"),
    ] {
      let path = try write(text, to: "bad.csv")
      let error = #expect(throws: DataError.self) { try PublishedFigure.read(path) }
      #expect("\(try #require(error))".contains(place))
    }
  }
}
