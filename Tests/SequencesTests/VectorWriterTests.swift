import Probability
import Sequences
import Testing

/// What is written is read as the same.
@Suite struct VectorWriterTests {
  private func text(_ format: VectorWriter.Format, _ columns: Columns, _ sequences: [[[Double]]]) -> String {
    let writer = VectorWriter(format, columns)
    var data: [UInt8] = []
    writer.begin(&data)
    for (number, sequence) in sequences.enumerated() { writer.append(sequence, number: number, to: &data) }
    writer.end(&data)
    return String(decoding: data, as: UTF8.self)
  }

  @Test func theTextsOfSmallFiles() {
    let reals = Columns(.reals, names: ["a", "b,c"])
    #expect(text(.jsonl, reals, [[[0.1, 2]], []]) == "{\"y\": [[0.1, 2.0]]}\n{\"y\": []}\n")
    #expect(
      text(.csv, reals, [[[0.1, -2], [3, 4]], []]) == "sequence,step,a,\"b,c\"\n1,1,0.1,-2.0\n1,2,3.0,4.0\n2,,,\n")
    let counts = Columns(.counts, width: 1)
    #expect(text(.jsonl, counts, [[[13], [-0.0], [0x1p53]]]) == "{\"y\": [13, 0, 9007199254740992.0]}\n")
    let keys = Columns(.bits, width: 88)
    #expect(text(.pianoroll, keys, [frames([[60, 64], []]), []]) == "[[[60,64],[]],\n[]]\n")
    #expect(text(.pianoroll, keys, []) == "[]\n")
    #expect(VectorWriter.Format.pianoroll.refusal(counts) != nil && VectorWriter.Format.csv.refusal(counts) == nil)
    #expect(MIDIFile.refusal(counts) != nil && MIDIFile.refusal(keys) == nil)
  }

  /// Random sequences of every kind and width, the empty ones among them, keep their bits.
  @Test(arguments: ElementKind.Values.allCases, [1, 3])
  func roundTrips(values: ElementKind.Values, width: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "writing")
      let sequences = (0..<1 + Int(stream.next() % 5)).map { _ in
        (0..<Int(stream.next() % 6)).map { _ in (0..<width).map { _ in number(values, &stream) } }
      }
      let columns = Columns(values, names: (0..<width).map { "c\($0) \"é\"; " })
      for format in [VectorWriter.Format.jsonl, .csv] {
        let written = text(format, columns, sequences)
        let read = try readVectors(written, format: format.rawValue, columns: columns)
        #expect(read.arrays == sequences && read.columns == columns, "seed \(seed)")
        if format == .csv { #expect(try readVectors(written, format: "csv").columns.names == columns.names) }
      }
    }
  }

  private func number(_ values: ElementKind.Values, _ stream: inout RandomStream) -> Double {
    switch values {
    case .bits, .categories: return Double(stream.next() % 2)
    case .counts: return Double(stream.next() >> (11 + stream.next() % 53))
    case .reals:
      // Any bits of a number that can be read.
      while true {
        let number = Double(bitPattern: stream.next())
        if abs(number) <= 1e100 { return number }
      }
    }
  }

  @Test func pianoRollsComeBack() throws {
    let pieces = MIDITests.pieces.map { frames($0) }
    let keys = try readVectors("[[]]", format: "pianoroll").columns
    #expect(keys.names.count == 88)
    let read = try readVectors(text(.pianoroll, keys, pieces), format: "pianoroll")
    #expect(read.arrays == pieces && read.columns == keys)
    #expect(try readVectors(text(.csv, keys, pieces), format: "csv", columns: keys).arrays == pieces)
  }
}
