import Sequences
import Testing

/// Vectors in `jsonl`, and what `AnyDataset` makes of a file.
@Suite struct VectorLinesTests {
  static let blockSizes = [1, 3, ByteSource.defaultBlockSize]

  @Test(arguments: blockSizes)
  func vectorsAndTheirInputs(blockSize: Int) throws {
    let text = """
      {"y": [[0.5, -1], [2, 3e0]], "x": [[1], [2]], "name": "é"}

      {"x": [], "y": []}
      {"y": [[7, 8]], "x": [[3]]}
      """
    let data = try readVectors(text, format: "jsonl", blockSize: blockSize)
    #expect(data.arrays == [[[0.5, -1], [2, 3]], [], [[7, 8]]])
    #expect(data.columns == Columns(.reals, width: 2) && data.sequences.rows.kind == .vectors(.reals, width: 2))
    #expect(data.sequences.inputArrays == [[[1], [2]], [], [[3]]])
    #expect(data.format == "jsonl" && data.name == "data.txt" && data.parts.isEmpty)
  }

  /// The narrowest kind that holds all numbers; a point or an exponent makes them real, but for bits.
  @Test(arguments: [
    ("[0, 1, 1]", ElementKind.Values.bits), ("[0.0, 1.0]", .bits), ("[0, 1, 2]", .counts), ("[0, 2.0]", .reals),
    ("[0, -1]", .reals), ("[[0, 1], [5, 6]]", .counts), ("[0.0, 1.0, 2]", .reals), ("[9007199254740994]", .reals),
    ("[1e0, 3]", .reals), ("[-0]", .bits),
  ])
  func theKindIsTheNarrowest(y: String, values: ElementKind.Values) throws {
    #expect(try readVectors("{\"y\": \(y)}", format: "jsonl").columns.values == values)
    for asked in ElementKind.Values.allCases {
      // Bits are counts, and counts are real numbers; 2.0 is a count where counts are asked for.
      let outcome = try VectorOutcome { try readVectors("{\"y\": \(y)}", format: "jsonl", values: asked) }
      if outcome.error == nil { #expect(outcome.columns?.values == asked) }
      if asked == values || asked == .reals { #expect(outcome.error == nil, "\(y) \(asked)") }
    }
  }

  @Test func numbersAreHeldAgainstTheKind() throws {
    let text = "{\"y\": [0, 1]}\n{\"y\": [1, 2, 0.5]}"
    func problem(_ place: Location, _ problem: String) -> DataError { .malformed(place, "expected " + problem) }
    #expect(throws: problem(at(2, 11), "0 or 1 (--values bits), found 2")) {
      try readVectors(text, format: "jsonl", values: .bits)
    }
    #expect(throws: problem(at(2, 14), "a whole number from 0 on, as in the training data, found 0.5")) {
      try readVectors(text, format: "jsonl", columns: Columns(.counts, width: 1))
    }
    #expect(throws: problem(at(1, 8), "2 numbers a step, as in the training data, found 1")) {
      try readVectors(text, format: "jsonl", columns: Columns(.reals, width: 2))
    }
    let columns = Columns(.reals, names: ["a", "b"])
    let data = try readVectors("{\"y\": [[1, 0]]}", format: "jsonl", columns: columns)
    #expect(data.columns == columns && data.sequences.rows.kind == columns.kind)
    #expect(throws: DataError.otherValues(asked: .bits, reason: "the numbers of the training data are real numbers")) {
      try readVectors(text, format: "jsonl", values: .bits, columns: columns)
    }
  }

  static let malformed: [(String, Int, Int, String)] = [
    ("{\"y\": [[1, 2], [3]]}", 1, 16, "2 numbers a step, as in line 1, found 1"),
    ("{\"y\": [[1, 2]]}\n\n{\"y\": [3]}", 3, 8, "2 numbers a step, as in line 1, found 1"),
    ("{\"y\": [[]]}", 1, 8, "at least one number a step, found none"),
    ("{\"y\": [[1], []]}", 1, 13, "1 number a step, as in line 1, found none"),
    ("{\"y\": [NaN]}", 1, 8, "a number in y, found NaN"),
    ("{\"y\": [0.5, Infinity]}", 1, 13, "a number in y, found Infinity"),
    ("{\"y\": [0.5, -Infinity]}", 1, 13, "a number in y, found -Infinity"),
    ("{\"y\": [[0.5, 1e999]]}", 1, 14, "a finite number in y, found 1e999"),
    ("{\"y\": [0.5, \"a\"]}", 1, 13, "a number in y, found a string"),
    ("{\"y\": [[[1]]]}", 1, 9, "a number in y, found a list"),
    ("{\"y\": [[1, 2}]}", 1, 13, "a comma or the end of a vector in y, found }"),
    ("{\"y\": [0.5 1]}", 1, 12, "a comma or the end of y, found 1"),
    ("{\"y\": 0.5}", 1, 7, "a list under the key \"y\", found 0.5"),
    ("{\"y\": [01.5]}", 1, 8, "a number in y, found 01.5"),
    ("{\"y\": []}\n{\"y\": []}", 1, 1, "a number, found empty sequences only"),
  ]

  @Test(arguments: blockSizes)
  func errorsHavePlaces(blockSize: Int) {
    for (text, line, column, problem) in Self.malformed {
      #expect(throws: DataError.malformed(at(line, column), "expected " + problem), "\(text)") {
        try readVectors(text, format: "jsonl", blockSize: blockSize)
      }
    }
    #expect(throws: DataError.missingElement(at(2, 13))) {
      try readVectors("{\"y\": [1]}\n{\"y\": [0.5, null]}", format: "jsonl", blockSize: blockSize)
    }
    #expect(throws: DataError.missingElement(at(1, 14))) {
      try readVectors("{\"y\": [[0.5, null]]}", format: "jsonl", blockSize: blockSize)
    }
    #expect(throws: DataError.noSequences("data.txt")) { try readVectors("\n", format: "jsonl", blockSize: blockSize) }
  }

  /// Larger numbers than any emission can take the squares of.
  @Test(arguments: ["1.1e100", "-2e100", "1e300", "1" + String(repeating: "0", count: 101)])
  func hugeNumbersAreRefused(number: String) throws {
    let wanted = "expected a number of at most 1e100 in magnitude (best scaled to about 1), found "
    for values in [nil, ElementKind.Values.reals] {
      for (text, format, place) in [
        ("{\"y\": [0.5, \(number)]}", "jsonl", at(1, 13)), ("step,y\n1,2\n2,\(number)\n", "csv", at(3, 3)),
        ("@data\n1,2\n3,\(number)\n", "ts", at(3, 3)),
      ] {
        #expect(throws: DataError.malformed(place, wanted + "\(try #require(Double(number)))")) {
          try readVectors(text, format: format, values: values)
        }
        #expect(
          try readVectors(text.replacing(number, with: "-1e100"), format: format, values: values).numbers.count > 0)
      }
    }
    let training = Columns(.counts, width: 1)
    #expect(
      throws: DataError.malformed(
        at(1, 8), "expected a whole number from 0 on, as in the training data, found \(try #require(Double(number)))")
    ) { try readVectors("{\"y\": [\(number)]}", format: "jsonl", columns: training) }
  }

  /// 2^20 − 1 numbers make a vector, and one more does not.
  @Test func wideVectorsAreRefused() throws {
    let width = 1_048_575
    func bytes(_ width: Int) -> [UInt8] { NPZTests.array([1, width], [UInt8](repeating: 1, count: width)) }
    #expect(try readVectors(bytes(width), name: "x.npy").columns.width == width)
    let problem = "expected at most \(width) numbers a step, found \(width + 1)"
    let outcome = try VectorOutcome { try readVectors(bytes(width + 1), name: "x.npy") }
    guard case .malformed(_, problem)? = outcome.error else {
      Issue.record("\(outcome.error.map { "\($0)" } ?? "read")")
      return
    }
    let names = (0...width).map { "a\($0)" }.joined(separator: ",")
    #expect(throws: DataError.malformed(at(1, 6), problem)) { try readVectors("step,\(names)\n1\n", format: "csv") }
  }

  // MARK: Symbols or vectors

  private func any(
    _ text: String, name: String = "x.jsonl", values: ElementKind.Values? = nil, symbols: SymbolKind? = nil
  ) throws -> AnyDataset {
    var source = try ByteSource(bytes: Array(text.utf8), name: name)
    return try AnyDataset.read(&source, options: ReadOptions(symbols: symbols, values: values))
  }

  @Test(arguments: [
    ("{\"y\": [1, 2]}", false), ("{\"y\": [\"1.5\"]}", false), ("{\"y\": [1.0]}", true), ("{\"y\": [[1]]}", true),
    ("{\"y\": []}\n{\"z\": [0.5], \"y\": [1, 2.5]}", true), ("{\"y\": [1e3]}", true),
    ("\u{FEFF}{\"z\": [\"a\"], \"y\": [-1.5]}", true), ("\n \n{\"y\": [[1, 2]]}", true),
    ("{\"y\": [1]}\r{\"y\": [1.5]}\r", true),
  ])
  func theFirstElementsTell(text: String, isOfVectors: Bool) throws {
    switch try any(text) {
    case .vectors: #expect(isOfVectors, "\(text)")
    case .symbols: #expect(!isOfVectors, "\(text)")
    }
  }

  @Test func wishesComeFirst() throws {
    let integers = "{\"y\": [13, 14, 8]}"
    guard case .vectors(let counts) = try any(integers, values: .counts), case .symbols = try any(integers),
      case .symbols = try any("0.5\n", name: "x.txt"), case .vectors = try any("0.5\n", name: "x.csv")
    else {
      Issue.record("the kind that was asked for is not the one that came")
      return
    }
    #expect(counts.columns.values == .counts && counts.numbers == [[13, 14, 8]])
    #expect(throws: DataError.realValues(at(1, 8, file: "x.jsonl"))) { try any("{\"y\": [0.5]}", symbols: .words) }
    let outcome = try VectorOutcome { try readVectors("1\n", format: "lines", values: .reals) }
    guard case .otherValues(.reals, _)? = outcome.error else {
      Issue.record("\(outcome)")
      return
    }
    #expect(throws: DataError.self) { try readVectors("1\n", format: "lines") }
  }
}
