import Foundation
import Sequences
import Testing

@Suite struct FormatTests {
  @Test(arguments: [
    ("names.txt", "lines"), ("a/b.fa/names", "lines"), ("-", "lines"), ("", "lines"), ("3.pautomac", "pautomac"),
    ("3.pautomac.train", "pautomac"), ("3.pautomac.train.gz", "pautomac"), ("3.pautomac_model.txt", "lines"),
    ("x.FASTA", "fasta"), ("x.fa", "fasta"), ("x.faa.gz", "fasta"), ("x.fna", "fasta"), ("x.jsonl", "jsonl"),
    ("x.ndjson", "jsonl"), ("x.json", "lines"), ("x.csv", "csv"), ("x.TSV.gz", "csv"), ("x.mid", "midi"),
    ("x.midi", "midi"), ("x.ts", "ts"), ("x.npz", "npz"), ("x.npy", "npz"),
  ])
  func theNameTellsTheFormat(path: String, format: String) {
    #expect(SequenceFormats.guess(path: path).name == format)
  }

  @Test func formatsHaveTheirNames() {
    let names = SequenceFormats.all.map { $0.name }
    #expect(
      Set(names).isSuperset(of: [
        "lines", "text", "pautomac", "fasta", "jsonl", "csv", "pianoroll", "midi", "ts", "npz",
      ]))
    #expect(Set(names).count == names.count)
    #expect(SequenceFormats.all.allSatisfy { !$0.summary.isEmpty })
    #expect(throws: DataError.unknownFormat("xml", known: names)) { try read("a", format: "xml") }
  }

  @Test func pautomac() throws {
    let data = try read("3 12\n2 0 11\n0\n3 2 2 1", name: "1.pautomac.train")
    #expect(data.alphabet.symbols == ["0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"])
    #expect(data.alphabet.kind == .words)
    #expect(data.sequences.arrays == [[0, 3], [], [4, 4, 1]])
    #expect(data.texts == ["0 11", "", "2 2 1"])
    #expect(try read("1 2\r\n 2  1\t0 \r\n\r\n", name: "1.pautomac").texts == ["1 0"])
    // 300 symbols declared, few seen: the last ones need two bytes all the same.
    let wide = try read("1 300\n3 99 0 299\n", format: "pautomac")
    #expect(wide.alphabet.size == 300 && wide.texts == ["99 0 299"])
  }

  @Test func pautomacTestDataShareTheAlphabet() throws {
    let train = try read("1 12\n1 0\n", format: "pautomac").alphabet
    #expect(try read("1 3\n2 2 1\n", format: "pautomac", alphabet: train).sequences.arrays == [[4, 1]])
    #expect(throws: DataError.unknownSymbol(at(2, 5), symbol: "12")) {
      try read("1 20\n2 1 12\n", format: "pautomac", alphabet: train)
    }
  }

  @Test func fasta() throws {
    let text = ">one two\nAC gt\r\nA*\n>é\n\n>three\n**A*\n*\n>last\nA"
    let data = try read(text, name: "x.fa")
    #expect(data.texts == ["ACgtA", "", "**A*", "A"])
    #expect(data.alphabet.symbols == ["*", "A", "C", "g", "t"])
    #expect(data.alphabet.kind == .characters)
  }

  @Test func jsonLines() throws {
    let text = """
      {"y": ["b", "a", "b"], "z": [1.5, 2]}
      {"x": null, "y": []}

      {"y": [10, 2, "2", -1, 3, "é", "\\u00e9"]}
      """
    let data = try read(text, name: "x.jsonl")
    #expect(data.named == [["b", "a", "b"], [], ["10", "2", "2", "-1", "3", "é", "é"]])
    #expect(data.alphabet.symbols == ["-1", "10", "2", "3", "a", "b", "é"])
  }

  /// Written by Python's gzip module: two members, "anna\nbo\n" and "éva\n".
  let gzip: [UInt8] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 204, 203, 75, 228, 74, 202, 231, 2, 0, 127, 25, 24, 18, 8, 0, 0, 0, 31, 139, 8,
    0,
    0, 0, 0, 0, 2, 3, 59, 188, 178, 44, 145, 11, 0, 131, 148, 187, 148, 5, 0, 0, 0,
  ]

  @Test(arguments: [1, 2, 3, 7, 1 << 20], ["names.txt.gz", "names.txt"])
  func gzipIsUndone(blockSize: Int, name: String) throws {
    #expect(try read(gzip, name: name, blockSize: blockSize).texts == ["anna", "bo", "éva"])
  }

  @Test(arguments: [1, 7, 1 << 20])
  func damagedGzipIsAnError(blockSize: Int) throws {
    for count in 2..<gzip.count where count != 28 {  // 28: the first member alone
      #expect(throws: DataError.corruptGzip("a.gz", reason: "they end too early")) {
        try read(Array(gzip.prefix(count)), name: "a.gz", blockSize: blockSize)
      }
    }
    for i in [2, 20, 21, 22, 25, 30, 45, 50] {
      var bytes = gzip
      bytes[i] ^= 0x55
      let outcome = try Outcome { try read(bytes, name: "a.gz", blockSize: blockSize) }
      guard case .corruptGzip("a.gz", _) = outcome.error else {
        Issue.record("byte \(i): \(outcome)")
        continue
      }
    }
    #expect(throws: DataError.self) { try read("anna\n", name: "a.gz") }
    #expect(throws: DataError.self) { try read("", name: "a.gz") }
  }

  @Test func filesAndPipesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let path = folder + "/chainrule-\(UInt64.random(in: 0...UInt64.max)).txt"
    try Data("anna\nbo\n".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let data = try Dataset(reading: path)
    #expect(data.texts == ["anna", "bo"])
    #expect(path.hasSuffix("/" + data.name))

    let pipe = Pipe()
    pipe.fileHandleForWriting.write(Data(gzip))
    try pipe.fileHandleForWriting.close()
    var source = try ByteSource(
      fileDescriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input", blockSize: 5)
    #expect(try Dataset(reading: &source).texts == ["anna", "bo", "éva"])

    #expect(throws: DataError.missingFile(path + "x")) { try Dataset(reading: path + "x") }
    let folderOutcome = try Outcome { try Dataset(reading: folder) }
    guard case .unreadable(folder, _) = folderOutcome.error else {
      Issue.record("\(folderOutcome)")
      return
    }
  }
}
