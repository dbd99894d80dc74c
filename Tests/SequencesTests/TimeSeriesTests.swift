import Foundation
import Sequences
import Testing

/// The format .ts of sktime.
@Suite struct TimeSeriesTests {
  static let header = "#A comment\n@problemName X\n@timeStamps false\n@classLabel true left right \n@data\n"

  @Test(arguments: [1, 7, ByteSource.defaultBlockSize])
  func dimensionsAndClasses(blockSize: Int) throws {
    let text = Self.header + "0.5,1,2:-1,-2, -3 :right\n\n7:8:left\n"
    let data = try readVectors(text, name: "x.ts", blockSize: blockSize)
    #expect(data.arrays == [[[0.5, -1], [1, -2], [2, -3]], [[7, 8]]] && data.columns == Columns(.reals, width: 2))
    #expect(data.sequences.inputs?.isPerStep == false && data.sequences.inputs?.values == [0, 1, 1, 0])
  }

  @Test func otherHeaders() throws {
    let plain = try readVectors("@univariate true\n@classLabel false\n@DATA\n1,2\n3\n", name: "x.ts")
    #expect(plain.numbers == [[1, 2], [3]] && plain.sequences.inputs == nil)
    let target = try readVectors("@targetlabel true\n@dimensions 1\n@data\n1,2:0.25\n3:-4\n", name: "x.ts")
    #expect(target.numbers == [[1, 2], [3]] && target.sequences.inputs?.values == [0.25, -4])
    let empty = try readVectors(Self.header + "1:2:left\n::left\n", name: "x.ts")
    #expect(empty.arrays == [[[1, 2]], []])
  }

  static let malformed: [(String, Int, Int, String)] = [
    ("1,2:up", 6, 5, "a class of the header (left, right), found up"),
    ("1,2:", 6, 5, "a class of the header (left, right), found none"),
    ("1,2", 6, 1, "1 dimension and a label between colons, found 0"),
    ("1,2:3:left", 6, 5, "as many numbers as in the first dimension, 2, found 1"),
    ("1,a:left", 6, 3, "a finite number, found a"),
    ("1,NaN:left", 6, 3, "a finite number, found NaN"),
    ("1,,2:left", 6, 3, "a finite number, found none"),
    ("1,1e999:left", 6, 3, "a finite number, found 1e999"),
  ]

  @Test(arguments: [1, ByteSource.defaultBlockSize])
  func errorsHavePlaces(blockSize: Int) {
    for (text, line, column, problem) in Self.malformed {
      #expect(throws: DataError.malformed(at(line, column), "expected " + problem), "\(text)") {
        try readVectors(Self.header + text, format: "ts", blockSize: blockSize)
      }
    }
    #expect(throws: DataError.malformed(at(7, 1), "expected 1 number a step, as in line 6, found 2")) {
      try readVectors(Self.header + "1:left\n1:2:left", format: "ts", blockSize: blockSize)
    }
    #expect(throws: DataError.missingElement(at(6, 3))) {
      try readVectors(Self.header + "1,?:left", format: "ts", blockSize: blockSize)
    }
    for (text, line, problem) in [
      (
        "#\n@timestamps true", 2,
        "@timestamps false, found true: numbers with times cannot be read; write one number a step"
      ),
      ("@dimensions x", 1, "a number of dimensions, found x"),
      ("@classLabel true", 1, "different names of classes after @classlabel true, found none or twice the same"),
      ("1,2", 1, "@data before the sequences, found 1,2"),
    ] {
      #expect(throws: DataError.malformed(at(line, 1), "expected " + problem)) { try readVectors(text, format: "ts") }
    }
    #expect(throws: DataError.noSequences("data.txt")) { try readVectors(Self.header, format: "ts") }
    #expect(throws: DataError.malformed(at(3, 1), "expected 3 dimensions between colons, found 2")) {
      try readVectors("@dimensions 3\n@data\n1:2\n", format: "ts")
    }
  }

  /// The header's order of the classes says nothing of x.
  @Test func sortedClassesAreX() throws {
    for names in ["b a é 10 2", "2 10 é a b", "a é 2 b 10"] {
      let text = "@classLabel true \(names)\n@data\n1:10\n1:2\n1:a\n1:b\n1:é\n"
      let inputs = try readVectors(text, format: "ts").sequences.inputs
      #expect(inputs?.values == (0..<25).map { $0 % 6 == 0 ? 1 : 0 }, "\(names)")
    }
  }

  @Test func thereAreAtMost4096Classes() throws {
    func text(_ count: Int) -> String {
      "@classLabel true \((0..<count).map { "c\($0)" }.joined(separator: " "))\n@data\n1,2:c1\n"
    }
    #expect(try readVectors(text(4096), format: "ts").sequences.inputs?.width == 4096)
    for count in [4097, 200_000] {
      #expect(
        throws: DataError.malformed(
          at(1, 1), "expected at most 4096 classes after @classlabel true, found \(count)")
      ) { try readVectors(text(count), format: "ts") }
    }
  }

  /// A process that has little memory left says so, in place of a trap: 160 MB of x, where less than 100 MB can be had.
  @Test(.timeLimit(.minutes(2))) func largeInputsAreRefused() async {
    await #expect(processExitsWith: .success) {
      let header = "@classLabel true \((0..<4096).map { "c\($0)" }.joined(separator: " "))\n@data\n"
      let text = header + String(repeating: "1:c7\n", count: 10_000)
      let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
      let used = try #require(pages.first.flatMap { UInt($0) }) * UInt(getpagesize())
      var limit = rlimit()
      try #require(getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
      limit.rlim_cur = used + (100 << 20)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
      do {
        _ = try readVectors(text, format: "ts")
        exit(1)
      } catch DataError.tooLarge("data.txt", let needed, let available) {
        exit(needed > available && available < 100 << 20 ? 0 : 2)
      }
    }
  }
}
