import Sequences
import Testing

/// Tables of numbers.
@Suite struct CSVTests {
  static let blockSizes = [1, 7, ByteSource.defaultBlockSize]

  private func csv(_ text: String, columns: Columns? = nil, inputWidth: Int? = nil, blockSize: Int = 1 << 20) throws
    -> VectorDataset
  {
    try readVectors(text, format: "csv", columns: columns, inputWidth: inputWidth, blockSize: blockSize)
  }

  @Test(arguments: blockSizes)
  func longForm(blockSize: Int) throws {
    let text = "step,sequence,wind,x_season,rain\r\n1,a b,0.5,1,3\r\n2.5,a b,.5,0,4\r\n\r\n1, 7 ,-1e0,1,+5\r\n"
    let data = try csv(text, blockSize: blockSize)
    #expect(data.arrays == [[[0.5, 3], [0.5, 4]], [[-1, 5]]])
    #expect(data.columns == Columns(.reals, names: ["wind", "rain"]))
    #expect(data.sequences.inputArrays == [[[1], [0]], [[1]]] && data.remarks.isEmpty)
  }

  @Test func separatorsAreFoundInTheHeader() throws {
    for separator in [",", ";", "\t"] {
      let text = "sequence,step,y\n1,1,2\n1,2,3\n".replacing(",", with: separator)
      #expect(try csv(text).numbers == [[2, 3]] && csv(text).columns == Columns(.counts, names: ["y"]))
    }
    #expect(try csv("\"a,b;c\"\tstep\n1\t1\n").columns.names == ["a,b;c"])
    #expect(try csv("1;2;3\n4\n").numbers == [[1, 2, 3], [4]])
  }

  @Test func quotedFields() throws {
    let data = try csv("sequence,step,\"the \"\"y\"\", m\"\n\"a,b\",\"1\", \"2.5\" \n\"a,b\",2,3\na,1,4\n")
    #expect(data.numbers == [[2.5, 3], [4]] && data.columns.names == ["the \"y\", m"])
  }

  /// Without a name or without a step.
  @Test func partsOfTheLongForm() throws {
    #expect(try csv("step,y\n1900,13\n1901,14\n").numbers == [[13, 14]])
    #expect(try csv("sequence,y\nb,1\nb,2\na,3\n").numbers == [[1, 2], [3]])
    #expect(try csv("sequence,step,a,b\n1,,,\n2,1,5,6\n3,,,\n").arrays == [[], [[5, 6]], []])
    let empty = try csv("sequence,step,a,x\n1,,,\n2,1,5,0.5\n")
    #expect(empty.sequences.inputArrays == [[], [[0.5]]])
  }

  @Test(arguments: blockSizes)
  func wideForm(blockSize: Int) throws {
    let data = try csv("0.5,1,2\n-1\n\n3,4,,\n", blockSize: blockSize)
    #expect(data.numbers == [[0.5, 1, 2], [-1], [], [3, 4]] && data.columns == Columns(.reals, width: 1))
    #expect(data.remarks.isEmpty)
    let named = try csv("t1,x_a,t2,x\n1,0.5,2,7\n3,1.5,,8\n", blockSize: blockSize)
    #expect(named.numbers == [[1, 2], [3]] && named.sequences.inputs?.values == [0.5, 7, 1.5, 8])
    #expect(named.sequences.inputs?.isPerStep == false && named.remarks.count == 1)
  }

  static let malformed: [(String, Int, Int, String)] = [
    ("sequence,step,y\n1,1,NaN\n", 2, 5, "a number, found NaN"),
    ("sequence,step,y\n1,1,inf\n", 2, 5, "a number, found inf"),
    ("sequence,step,y\n1,1,1e999\n", 2, 5, "a finite number, found 1e999"),
    ("sequence,step,y\n1,1,1\n1,2,abc\n", 3, 5, "a number, found abc"),
    ("sequence;step;y\n1;1;0,5\n", 2, 5, "a number, found 0,5; decimals are written with a point"),
    ("sequence,step,y\n1,1\n", 2, 4, "3 cells in the row, as in line 1, found 2"),
    ("sequence,step,y\né,1,0,5\n", 2, 7, "3 cells in the row, as in line 1, found 4"),
    (
      "sequence,step,y\n1,1,1\n1,1,2\n", 3, 3, "a step after 1, found 1; sort the rows by sequence and step"
    ),
    (
      "sequence,step,y\na,1,1\nb,1,1\na,2,1\n", 4, 1,
      "the rows of a sequence together, found one of \"a\" after other sequences; sort the rows by sequence and step"
    ),
    ("sequence,step,y\na,one,1\n", 2, 3, "a number, found one"),
    ("sequence,step,y\n,1,1\n", 2, 1, "the name of a sequence, found nothing"),
    ("sequence,step\n1,1\n", 1, 1, "a column of numbers beside sequence, step and x, found none"),
    ("sequence,step,y,y\n", 1, 17, "a name for each column, found a second \"y\""),
    (
      ",sequence,step,y\n", 1, 1,
      "a name for each column, found none; pandas leaves an index out by to_csv(index=False)"
    ),
    (
      "sequence,step,y\n\"a,1,1\n", 2, 1,
      "a closing quotation mark, found the end of the line; fields with line breaks cannot be read"
    ),
    ("sequence,step,y\n\"a\"b,1,1\n", 2, 4, "a separator after the quotation mark, found b,1,1"),
    (
      "sequence,step,y,x_a\n1,1,2,1e13\n", 2, 7,
      "a number in x of at most 1e12 in magnitude (best scaled to about 1), found 1e13"
    ),
    (
      "1,2\n3,emma\n", 2, 3,
      "a number, found emma; a table with several numbers a step has a column named sequence or step"
    ),
    (
      "1.5,nan\n", 1, 5, "a number, found nan; a table with several numbers a step has a column named sequence or step"
    ),
    ("nan\n", 1, 1, "a number, found nan; a table with several numbers a step has a column named sequence or step"),
  ]

  @Test(arguments: blockSizes)
  func errorsHavePlaces(blockSize: Int) {
    for (text, line, column, problem) in Self.malformed {
      #expect(throws: DataError.malformed(at(line, column), "expected " + problem), "\(text)") {
        try csv(text, blockSize: blockSize)
      }
    }
    for (text, line, column) in [
      ("sequence,step,y\n1,1,\n", 2, 5), ("sequence,step,y\n1,1,NA\n", 2, 5), ("1,,2\n", 1, 3), ("1\n?\n", 2, 1),
      ("x,a\n0.5,1\n,2\n", 3, 1),
    ] {
      #expect(throws: DataError.missingElement(at(line, column)), "\(text)") { try csv(text, blockSize: blockSize) }
    }
    for text in ["", "sequence,step,y\n", "a,b\n"] {
      #expect(throws: DataError.noSequences("data.txt")) { try csv(text, blockSize: blockSize) }
    }
  }

  /// A file of symbols that its name makes a table: the error says how it is read. Text further down is a slip.
  @Test func textInTheFirstRowSuggestsLines() throws {
    let table = "; a table with several numbers a step has a column named sequence or step"
    let lines = table + "; `--input-format lines` reads lines of symbols"
    for (text, line, column, problem) in [
      ("emma\nolivia\n", 2, 1, "olivia\(lines)"), ("t1\tt2\nG\tA\n", 2, 1, "G\(lines)"),
      ("1,G,A\n", 1, 3, "G\(lines)"), ("\n1\nG\n", 3, 1, "G\(table)"), ("t1,t2\n1,2\nG,A\n", 3, 1, "G\(table)"),
      ("t1,t2\n1,nan\n", 2, 3, "nan\(table)"),
    ] {
      let name = text.contains("\t") ? "x.tsv" : "x.csv"
      #expect(
        throws: DataError.malformed(at(line, column, file: name), "expected a number, found \(problem)"), "\(text)"
      ) { try readVectors(text, name: name) }
    }
    #expect(try read("emma\nolivia\n", name: "x.csv", format: "lines").texts == ["emma", "olivia"])
  }

  @Test func blankLinesOfBothForms() throws {
    #expect(try csv("1\n\n2\n").numbers == [[1], [], [2]])
    #expect(try csv("sequence,y\na,1\n\nb,2\n").numbers == [[1], [2]])
  }

  @Test func testDataHaveTheColumnsOfTheTrainingData() throws {
    let trained = Columns(.counts, names: ["a", "b"])
    #expect(try csv("step,c,d\n1,2,3\n", columns: trained).columns == trained)
    #expect(
      throws: DataError.malformed(at(1, 6), "expected 2 numbers a step, as in the training data, found 3")
    ) { try csv("step,a,b,c\n1,2,3,4\n", columns: trained) }
    #expect(
      throws: DataError.malformed(
        at(1, 6), "expected the columns a, b in this order, as in the training data, found b, a")
    ) { try csv("step,b,a\n1,2,3\n", columns: trained) }
    #expect(
      throws: DataError.malformed(at(2, 5), "expected a whole number from 0 on, as in the training data, found -3")
    ) { try csv("step,a,b\n1,2,-3\n".replacing("1,2", with: "1,2"), columns: trained) }
    #expect(
      throws: DataError.malformed(at(2, 1), "expected x of 2 numbers a step, as in the training data, found none")
    ) { try csv("step,a,b\n1,2,3\n", columns: trained, inputWidth: 2) }
  }

  @Test func longRaggedAndConstantTables() throws {
    let lengths = [1, 1000, 3, 0, 20_000]
    var text = "sequence,step,y\n"
    for (i, length) in lengths.enumerated() {
      if length == 0 { text += "\(i),,\n" }
      for t in 0..<length { text += "\(i),\(t),7\n" }
    }
    let data = try csv(text, blockSize: 1 << 10)
    #expect((0..<5).map { data.sequences.length($0) } == lengths && data.sequences.rows.values.allSatisfy { $0 == 7 })
    #expect(data.sequences.elementCount == lengths.reduce(0, +))
  }
}
