import Probability
import Sequences
import Testing

/// Files that are cut, damaged or made of anything at all are read or refused, and never trap.
@Suite struct HostileVectorTests {
  static let formats = SequenceFormats.all.filter { $0 is any VectorFormat.Type }.map { $0.name }

  static let whole: [(format: String, bytes: [UInt8])] =
    NPZTests.all.map { ("npz", $0) } + [
      (
        "midi",
        MIDITests.file([
          MIDITests.track([0, 0x90, 60, 64], [96, 60, 0], [0, 0xF0, 2, 1, 0xF7], [0, 0xFF, 1, 2, 65, 66]),
          MIDITests.track([0, 0x91, 72, 64], [0x81, 0x40, 0x81, 72, 64]),
        ])
      ),
      ("midi", MIDIFile.bytes(of: frames([[60, 64], [], [60]]), framesPerQuarter: 4)),
      ("pianoroll", Array("{\"train\": [[[60, 64], []]], \"test\": [[]]}".utf8)),
      ("csv", Array("sequence,step,\"a\",x_1\n1,1,0.5,1\n2,,,\n\"b\",1,-1e3,2\n".utf8)),
      ("ts", Array("@classLabel true a b\n@data\n1,2:3,4:a\n5:6:b\n".utf8)),
      ("jsonl", Array("{\"y\": [[0.5, 1]], \"x\": [1]}\n{\"x\": [2], \"y\": []}\n".utf8)),
    ]

  private func read(_ bytes: [UInt8], _ format: String, blockSize: Int = 1 << 16) throws -> VectorOutcome {
    try VectorOutcome { try readVectors(bytes, format: format, blockSize: blockSize) }
  }

  @Test(arguments: whole.indices)
  func cutAndDamagedFiles(file: Int) throws {
    let (format, bytes) = Self.whole[file]
    for count in bytes.indices {
      let outcome = try read(Array(bytes.prefix(count)), format)
      // A binary file that was cut says so.
      if format == "npz" { #expect(outcome.error != nil, "\(count) bytes") }
    }
    var stream = RandomStream(seed: UInt64(file), purpose: "damage")
    for index in bytes.indices {
      for damage in [0xFF, 0x80, 0x01, UInt8(truncatingIfNeeded: stream.next())] {
        var damaged = bytes
        damaged[index] ^= damage
        let outcome = try read(damaged, format)
        #expect(outcome.error != nil || outcome.columns != nil)
      }
    }
  }

  /// Pieces put together at random, the same whatever the size of the blocks.
  @Test(arguments: formats)
  func blocksOfAnySizeGiveTheSame(format: String) throws {
    let pieces: [[UInt8]] =
      [
        "sequence,step,y\n", "1,", "2.5", "\n", "\r\n", "\r", "\"", "\"\"", ";", "\t", "é", "x_a", "@data\n",
        "@classLabel true a\n",
        ":", ",", "a", "?", "[", "]", "[[[60]]]", "{\"train\":", "}", "60", "null", "{\"y\": [1, 0.5]}\n",
        "{\"y\": [[1]]}\n",
        "1e999", "-", "MThd", "MTrk", "\u{93}NUMPY", "\u{FEFF}", " ",
      ].map { Array($0.utf8) } + [
        [0xFF], [0xC3], [0, 0, 0, 6], [0, 1, 0, 1, 0, 96], [0, 0x90, 60, 64], [0x50, 0x4B, 5, 6],
      ]
    for seed in 0..<400 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "vectors")
      var bytes: [UInt8] = []
      for _ in 0..<Int(stream.next() % 20) { bytes += pieces[Int(stream.next() % UInt64(pieces.count))] }
      let all = try read(bytes, format)
      for blockSize in [1, 3, 8] {
        #expect(try read(bytes, format, blockSize: blockSize) == all, "seed \(seed), blocks of \(blockSize): \(bytes)")
      }
    }
  }

  @Test(arguments: formats)
  func randomBytesNeverTrap(format: String) throws {
    let starts: [String: [UInt8]] = ["midi": MIDITests.file([]), "npz": [0x93] + Array("NUMPY".utf8) + [1, 0]]
    for seed in 0..<1000 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "bytes")
      let random = (0..<Int(stream.next() % 60)).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
      let outcome = try read((seed % 2 == 0 ? starts[format] ?? [] : []) + random, format)
      #expect(outcome.error != nil || !outcome.sequences.isEmpty, "seed \(seed)")
    }
  }
}
