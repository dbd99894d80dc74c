import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// Files in which a byte was changed are refused by their checksums, wherever it stands.
@Suite struct DamagedFileTests {
  static let words = [
    "markov:2/halt", "gru:4/eos", "tabular/tau", "table:y1+y2/eos", "ctw:2/tau:prior=poisson", "vlmc:2",
  ]

  /// Every byte behind the eight of the header's length. Blanks at the header's end may change into other white space,
  /// and are not tried.
  @Test(arguments: words) func aFlippedBitIsFound(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    let whole = try ModelFile.bytes(of: model)
    let header = 8 + whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var stream = RandomStream(seed: 3, purpose: word)
    for place in 8..<whole.count where place >= header || whole[place] != UInt8(ascii: " ") {
      var bytes = whole
      bytes[place] ^= 1 << UInt8(stream.next() % 8)
      #expect(throws: ModelFileError.self, "\(word), byte \(place)") { try ModelFile.model(from: bytes) }
      var source = try ByteSource(bytes: [UInt8](bytes), name: "model")
      #expect(throws: ModelFileError.self, "\(word), byte \(place)") { try ModelFile.model(reading: &source) }
    }
  }

  /// The sentence names the tensor.
  @Test func theTensorIsNamed() throws {
    var bytes = try ModelFile.bytes(of: Toys.model("markov:1/eos", alphabetSize: 2))
    // What the file ends with: the words of the records.
    bytes[bytes.count - 1] ^= 64
    #expect(throws: ModelFileError.damaged("tensor query.words")) { try ModelFile.model(from: bytes) }
  }

  /// Files of versions without checksums, and files to whose metadata somebody has added something.
  @Test(arguments: words) func otherMetadataDoNoHarm(_ word: String) throws {
    let model = try Toys.model(word, alphabetSize: 2)
    let bytes = try ModelFile.bytes(of: model)
    let old = try Toys.bytesWithoutChecksums(of: model)
    #expect(old != bytes && old.range(of: Data("crc32".utf8)) == nil)
    #expect(try ModelFile.bytes(of: ModelFile.model(from: old)) == bytes)
    let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = String(decoding: bytes[8..<(8 + length)], as: UTF8.self)
      .replacingOccurrences(of: "{\"__metadata__\":{", with: "{\"__metadata__\":{\"format\":\"pt\",")
    let more = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
    #expect(try ModelFile.bytes(of: ModelFile.model(from: more + bytes[(8 + length)...])) == bytes)
  }

  /// Of a mapped file, the tensors that are read at once: not the records, which may have gigabytes.
  @Test func ofAMappedFileWhatIsReadIsChecked() throws {
    let whole = try ModelFile.bytes(of: Toys.model("markov:2/eos", alphabetSize: 2))
    let file = try TensorFile(whole)
    for name in ["query.counts", "query.rules", "query.start", "query.stored", "query.words"] {
      let bytes = try #require(file.tensors[name]).bytes.withUnsafeBytes { Data($0) }
      let place = try #require(whole.range(of: bytes, options: .backwards))
      var damaged = whole
      damaged[place.lowerBound] ^= 1
      let path = FileManager.default.temporaryDirectory.appending(path: "chainrule-\(UUID()).safetensors").path
      try damaged.write(to: URL(filePath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      let mapped = try #require(MappedFile(path))
      if name == "query.words" {
        _ = try ModelFile.model(opening: mapped)
      } else {
        #expect(throws: ModelFileError.damaged("tensor \(name)")) { try ModelFile.model(opening: mapped) }
      }
    }
  }

  /// CRC-32 of "123456789" as published (the catalogue of parametrised CRC algorithms: check 0xcbf43926).
  @Test func theChecksumIsTheOneOfGzip() {
    var sum = Checksum()
    sum.add("1234")
    sum.add("")
    sum.add("56789")
    #expect(sum.text == "cbf43926")
    #expect(Checksum(text: "cbf43926") == sum && Checksum(text: "+bf43926") == nil && Checksum(text: "f43926") == nil)
  }
}
