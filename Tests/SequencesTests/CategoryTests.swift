import Probability
import Sequences
import Testing

/// Columns of categories in files: levels are texts, numbered by the order of their bytes.
@Suite struct CategoryTests {
  private func failure(_ text: String, _ format: String, values: ElementKind.Values? = nil, columns: Columns? = nil)
    -> String
  {
    do {
      _ = try readVectors(text, name: "f", format: format, values: values, columns: columns)
      return ""
    } catch { return "\(error)" }
  }

  @Test func listsOfTextsAreCategories() throws {
    let data = try readVectors("{\"y\": [[\"b\", \"1\"], [\"a\", \"1\"]]}\n{\"y\": []}\n", format: "jsonl")
    #expect(data.columns == Columns(.categories, names: ["y1", "y2"], levels: [["a", "b"], ["1"]]))
    #expect(data.arrays == [[[1, 0], [0, 0]], []])
    #expect(data.sequences.rows.kind == .vectors(.categories, width: 2, levels: [2, 1]))
    #expect(data.sequences.levelCounts() == [[1, 1], [2]])
    // Whether numbers among them are levels is to be asked for; texts alone are symbols, unless categories are asked for.
    #expect(failure("{\"y\": [[\"b\", 1]]}", "jsonl").hasPrefix("f:1:14: expected a text in y"))
    #expect(failure("{\"y\": [[1, \"b\"]]}", "jsonl").contains("--values categories"))
    let mixed = try readVectors("{\"y\": [[\"b\", 1], [2.50, 1e0]]}", format: "jsonl", values: .categories)
    #expect(mixed.columns.levels == [["2.5", "b"], ["1"]])
    let single = try readVectors("{\"y\": [\"b\", \"a\"]}\n{\"y\": [\"c\"]}", format: "jsonl", values: .categories)
    #expect(single.columns == Columns(.categories, names: ["y"], levels: [["a", "b", "c"]]))
    #expect(single.arrays == [[[1], [0]], [[2]]])
  }

  @Test func symbolsStaySymbols() throws {
    func any(_ text: String, _ values: ElementKind.Values? = nil) throws -> AnyDataset {
      var source = try ByteSource(bytes: Array(text.utf8), name: "f.jsonl")
      return try AnyDataset.read(&source, options: ReadOptions(values: values))
    }
    guard case .symbols = try any("{\"y\": [\"b\", \"a\"]}"), case .vectors = try any("{\"y\": [[\"b\"], [\"a\"]]}"),
      case .vectors = try any("{\"y\": [\"b\", \"a\"]}", .categories)
    else {
      Issue.record("texts by themselves are symbols, lists of them are vectors")
      return
    }
  }

  @Test func tablesInTheLongForm() throws {
    let text = "sequence,step,pitch,duration\n1,1,C4,quarter\n1,2,D4,\"half, dotted\"\n2,1,C4,7\n3,,,\n"
    let data = try readVectors(text, format: "csv")
    #expect(
      data.columns
        == Columns(
          .categories, names: ["pitch", "duration"], levels: [["C4", "D4"], ["7", "half, dotted", "quarter"]]))
    #expect(data.arrays == [[[0, 2], [1, 1]], [[0, 0]], []])
    // A first row with a number is open to both.
    let mixed = "sequence,pitch,duration\n1,C4,0.50\n"
    #expect(failure(mixed, "csv").contains("f:2:3: expected a number, found C4; `--values categories` reads"))
    #expect(
      try readVectors(mixed, format: "csv", values: .categories).columns.levels == [["C4"], ["0.50"]])
    // What is missing is not a level, unless it stands in quotation marks.
    for mark in ["", "NA", "?"] {
      #expect(failure("step,a\n1,x\n2,\(mark)\n", "csv").hasPrefix("f:3:3: an element is missing"))
    }
    let quoted = try readVectors("step,a\n1,x\n2,\"NA\"\n3,\"say \"\"hi\"\"\"\n", format: "csv")
    #expect(quoted.columns.levels == [["NA", "say \"hi\"", "x"]])
    #expect(failure("step,a\n1,x\n2,\"\"\n", "csv").contains("f:3:3: expected the name of a level"))
  }

  @Test func tablesInTheWideForm() throws {
    let data = try readVectors("C4,D4\n\nD4\n", format: "csv", values: .categories)
    #expect(data.columns.levels == [["C4", "D4"]] && data.arrays == [[[0], [1]], [], [[1]]])
    // A header is one where it names inputs.
    let inputs = try readVectors("y,x\nC4,0.5\n", format: "csv", values: .categories)
    #expect(inputs.columns.levels == [["C4"]] && inputs.sequences.inputWidth == 1)
    #expect(failure("0.5,C4\n", "csv").contains("expected a number"))
  }

  @Test func levelsOfTestDataMustBeKnown() throws {
    let columns = Columns(
      .categories, names: ["pitch", "duration"], levels: [["C4", "D4"], (0..<10).map { "s\($0)" }])
    #expect(
      failure("{\"y\": [[\"C4\", \"s1\"], [\"E4\", \"s1\"]]}", "jsonl", columns: columns)
        == "f:1:23: the column \"pitch\" of the training data has no level \"E4\"; train on data that have it, or replace it by "
        + "one of \"C4\", \"D4\".")
    #expect(
      failure("sequence,pitch,duration\n1,C4,s77\n", "csv", columns: columns).hasPrefix(
        "f:2:6: the column \"duration\" of the training data has no level \"s77\""))
    #expect(failure("{\"y\": [[\"C4\"]]}", "jsonl", columns: columns).contains("expected 2 levels a step"))
    #expect(failure("{\"y\": [[\"C4\", \"s1\", \"s2\"]]}", "jsonl", columns: columns).contains("found 3"))
    let read = try readVectors("{\"y\": [[\"D4\", \"s9\"]]}\n", format: "jsonl", columns: columns)
    #expect(read.arrays == [[[1, 9]]] && read.columns == columns)
    #expect(failure("{\"y\": [[1, 2]]}", "jsonl", values: .reals, columns: columns).contains("categories"))
  }

  @Test func whatIsNoCategoryIsRefused() {
    #expect(failure("{\"y\": [[\"\"]]}", "jsonl").contains("expected the name of a level, found an empty text"))
    #expect(failure("{\"y\": [[\"a\", null]]}", "jsonl").contains("missing"))
    #expect(failure("{\"y\": [[\"a\"], [\"a\", \"b\"]]}", "jsonl").contains("expected 1 level a step, as in line 1"))
    #expect(failure("{\"y\": []}\n", "jsonl", values: .categories).contains("empty sequences only"))
    #expect(failure("sequence,step,a\n1,,\n", "csv", values: .categories).contains("empty sequences only"))
    let wide = "{\"y\": [[" + Array(repeating: "\"a\"", count: 5000).joined(separator: ",") + "]]}"
    #expect(failure(wide, "jsonl").contains("at most 4096 columns"))
    let header = "step," + (0..<5000).map { "c\($0)" }.joined(separator: ",") + "\n"
    #expect(failure(header, "csv", values: .categories).contains("at most 4096 columns"))
    #expect(failure("a b\n", "lines", values: .categories).contains("holds symbols"))
  }

  /// Levels with any characters come back from both formats, with their numbers.
  @Test func oddLevelsComeBack() throws {
    let odd = [
      "a,b", "\"", "\"\"", "tab\there", "😀", "é", "e\u{301}", " blank ", "NA", "?", "null", "=1+1", "1", "1.0", ";",
      "\\",
    ]
    let columns = Columns(.categories, names: ["one", "two, \"x\""], levels: [odd.sorted(by: precedes), ["only"]])
    var stream = RandomStream(seed: 1)
    let sequences: [[[Double]]] = (0..<20).map { i in
      (0..<i % 5).map { _ in [Double(Int(stream.uniform() * Double(odd.count))), 0] }
    }
    for format in [VectorWriter.Format.jsonl, .csv] {
      #expect(format.refusal(columns) == nil)
      let writer = VectorWriter(format, columns)
      var bytes: [UInt8] = []
      writer.begin(&bytes)
      for (number, sequence) in sequences.enumerated() { writer.append(sequence, number: number, to: &bytes) }
      writer.end(&bytes)
      let text = String(decoding: bytes, as: UTF8.self)
      let read = try readVectors(text, format: format.rawValue, columns: columns)
      #expect(read.arrays == sequences)
      let alone = try readVectors(text, format: format.rawValue, values: .categories)
      let names = { (data: VectorDataset) in data.arrays.map { $0.map { data.columns.levelNames($0) } } }
      #expect(names(alone) == names(read))
    }
    let broken = Columns(.categories, names: ["a"], levels: [["line\nbreak"]])
    #expect(VectorWriter.Format.csv.refusal(broken) != nil && VectorWriter.Format.jsonl.refusal(broken) == nil)
  }

  private func precedes(_ one: String, _ other: String) -> Bool { one.utf8.lexicographicallyPrecedes(other.utf8) }

  @Test func tenThousandLevels() throws {
    let levels = (0..<10_000).map { "level \($0)" }
    let text = levels.map { "{\"y\": [[\"\($0)\", \"x\"]]}" }.joined(separator: "\n")
    let data = try readVectors(text, format: "jsonl", blockSize: 4096)
    #expect(data.columns.levels?[0] == levels.sorted(by: precedes))
    #expect(data.arrays.map { data.columns.levelNames($0[0])?[0] } == levels)
  }
}
