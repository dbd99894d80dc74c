import Sequences
import Testing

/// Piano rolls in JSON.
@Suite struct PianoRollTests {
  static let blockSizes = [1, 2, 5, ByteSource.defaultBlockSize]

  @Test(arguments: blockSizes)
  func parts(blockSize: Int) throws {
    let text = """
      {"test": [[[21, 108]]],
       "train": [[[60,64], [], [64]], []],
       "valid": [[]]}

      """
    let data = try readVectors(text, name: "songs.json", blockSize: blockSize)
    #expect(data.arrays == [frames([[60, 64], [], [64]]), []] && data.format == "pianoroll" && data.remarks.isEmpty)
    #expect(data.columns.values == .bits && data.columns.width == 88)
    #expect([0, 1, 3, 39, 87].map { data.columns.names[$0] } == ["A0", "A#0", "C1", "C4", "C8"])
    #expect(data.parts.map(\.name) == ["test", "train", "valid"])
    #expect(try data.part(named: "test").arrays == [frames([[21, 108]])])
    #expect(data.givenSplit?.test.arrays == [frames([[21, 108]])] && data.givenSplit?.valid.arrays == [[]])
    #expect(throws: DataError.noSuchPart("songs.json", part: "dev", known: ["test", "train", "valid"])) {
      try data.part(named: "dev")
    }
  }

  @Test func bareLists() throws {
    let data = try readVectors("[[[60]], [], [[], [61, 61]]]", format: "pianoroll")
    #expect(data.arrays == [frames([[60]]), [], frames([[], [61]])] && data.parts.isEmpty && data.givenSplit == nil)
    // Without a training part the first one is taken.
    let test = try readVectors("{\"train\": [], \"test\": [[[60]]]}", format: "pianoroll")
    #expect(test.sequences.count == 1 && test.parts.map(\.sequences.count) == [0, 1] && test.givenSplit == nil)
  }

  @Test(arguments: [
    ("{\"train\": [[[60]]]}", "x.json", "pianoroll"), (" {\n \"valid\" :[ ] }", "x.json", "pianoroll"),
    ("[[[60]]]", "standard input", "pianoroll"), ("[[[60]]]", "x.txt", "lines"), ("[[1]]", "x", "lines"),
    ("{\"y\": [[[1]]]}", "x.json", "jsonl"),
  ])
  func theBeginningTells(text: String, name: String, format: String) throws {
    var source = try ByteSource(bytes: Array(text.utf8), name: name)
    let data = try? AnyDataset.read(&source)
    switch data {
    case .symbols(let data)?: #expect(data.format == format)
    case .vectors(let data)?: #expect(data.format == format)
    // No sequences, or no vectors.
    case nil: #expect(format == "jsonl" || text.contains("valid"))
    }
  }

  /// Other JSON is not taken for one.
  @Test func otherObjects() {
    for text in ["{\"train\": [{\"label\": 1}]}", "{\"a\": [[[60]]]}"] {
      #expect(throws: DataError.self) { try readVectors(text, name: "x.json") }
      #expect(throws: DataError.self) { try read(text, name: "x.json") }
    }
  }

  static let malformed: [(String, Int, Int, String)] = [
    ("[[[20]]]", 1, 4, "the number of a piano's key, 21 to 108, found 20"),
    ("[[[60],\n  [109]]]", 2, 4, "the number of a piano's key, 21 to 108, found 109"),
    ("[[[60.5]]]", 1, 4, "the number of a piano's key, 21 to 108, found 60.5"),
    ("[[[-60]]]", 1, 4, "the number of a piano's key, 21 to 108, found -60"),
    ("[[[\"C4\"]]]", 1, 4, "the number of a piano's key, 21 to 108, found \""),
    ("[[[60, 64, ]]]", 1, 12, "the number of a piano's key, 21 to 108, found ]"),
    ("[[[6000000000000000000000]]]", 1, 4, "the number of a piano's key, 21 to 108, found 60000000000000000000"),
    ("[[60]]", 1, 3, "a frame, which is a list of keys, found 60"),
    ("[60]", 1, 2, "a piece, which is a list of frames, found 60"),
    ("60", 1, 1, "a list of pieces, or an object of such lists, found 60"),
    ("[[[60]]", 1, 8, "a comma or the end of the list of pieces, found the end of the file"),
    ("[[[60 61]]]", 1, 7, "a comma or the end of the frame, found 61"),
    ("[[[60]]] x", 1, 10, "the end of the file, found x"),
    ("{\"training\": []}", 1, 2, "\"train\", \"valid\" or \"test\", found something else"),
    ("{\"test\": [], \"test\": []}", 1, 14, "\"train\", \"valid\" or \"test\", found a second \"test\""),
    ("{\"test\" []}", 1, 9, "a colon after the name, found ["),
    ("{\"test\": 5}", 1, 10, "a list of pieces, found 5"),
  ]

  @Test(arguments: blockSizes)
  func errorsHavePlaces(blockSize: Int) {
    for (text, line, column, problem) in Self.malformed {
      #expect(throws: DataError.malformed(at(line, column), "expected " + problem), "\(text)") {
        try readVectors(text, format: "pianoroll", blockSize: blockSize)
      }
    }
    #expect(throws: DataError.missingElement(at(1, 8))) {
      try readVectors("[[[60, null]]]", format: "pianoroll", blockSize: blockSize)
    }
    for text in ["", "[]", "{}", "{\"train\": []}"] {
      #expect(throws: DataError.noSequences("data.txt")) { try readVectors(text, format: "pianoroll") }
    }
    #expect(
      throws: DataError.malformed(at(1, 1), "expected 12 numbers a step, as in the training data, found 88")
    ) { try readVectors("[[[60]]]", format: "pianoroll", columns: Columns(.reals, width: 12)) }
  }
}
