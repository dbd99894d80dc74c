import Foundation
import Models
import Sequences
import Testing

@Suite struct TensorFileTests {
  /// The bytes of a file as the format's description has them, made by hand.
  private func file(_ header: String, _ body: [UInt8]) -> Data {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8) + Data(body)
  }

  @Test func readsWhatOthersWrite() throws {
    let header = #"{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"__metadata__":{"a":"b"}}"#
    let body: [UInt8] = [0, 0, 128, 63, 0, 0, 0, 192]  // 1 and −2
    let read = try TensorFile(file(header, body))
    #expect(try read.floats("w", shape: [1, 2]) == [1, -2])
    #expect(read.metadata == ["a": "b"])
  }

  /// Two components' tensors of one name, one of them two scopes deep, by hand.
  @Test func scopesKeepNamesApart() throws {
    var made = TensorFile()
    made.scoped("0.") { $0.set("a", [1] as [Int32]) }
    made.scoped("1.") { $0.scoped("0.") { $0.set("a", [2] as [Int32]) } }
    made.set("a", [3] as [Int32])
    let read = try TensorFile(made.serialized())
    #expect(Set(read.tensors.keys) == ["a", "0.a", "1.0.a"])
    #expect(try read.int32s("a") == [3] && read.scoped("0.").int32s("a") == [1])
    #expect(try read.scoped("1.").scoped("0.").int32s("a") == [2] && read.scoped("1.0.").int32s("a") == [2])
    for (file, name) in [
      (read.scoped("1."), "1.a"), (read.scoped("2."), "2.a"), (read.scoped("1.").scoped("3."), "1.3.a"),
    ] {
      #expect(throws: ModelFileError.wrongTensor("tensor \(name) is missing")) { try file.int32s("a") }
    }
  }

  /// A name set twice is a mistake in the program.
  @Test func namesAreSetOnce() async {
    await #expect(processExitsWith: .failure) {
      var file = TensorFile()
      file.set("a", [1] as [Int32])
      file.set("a", [2] as [Int32])
    }
    await #expect(processExitsWith: .failure) {
      var file = TensorFile()
      file.set("0.a", [1] as [Int32])
      file.scoped("0.") { $0.set("a", [2] as [Int32]) }
    }
  }

  @Test func writesWhatItReads() throws {
    var made = TensorFile()
    made.set("b", [1.5, -2] as [Double], shape: [2])
    made.set("a", [7, -1] as [Int64])
    made.set("empty", [] as [Int32])
    made.metadata = ["key": "ü \" \n"]
    #expect(try TensorFile(made.serialized()) == made)
    #expect(try made.serialized().count % 8 == 0)
  }

  @Test(arguments: [
    (#"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7),
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9),
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12),
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0),
    (#"{"w":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8),
    (#"{"w":7}"#, 0), (#"[]"#, 0), (#"{"w""#, 0), (#"{"__metadata__":{"a":1}}"#, 0),
    (String(repeating: "[", count: 100_000), 0),
    // Deep, as a tensor, within one, and behind one.
    (#"{"w":"# + String(repeating: "[", count: 100_000), 0),
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":"# + String(repeating: "{\"a\":", count: 100_000), 8),
    // The same name twice, plainly, escaped, and in the three kinds of objects.
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"\u0077":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      8
    ),
    (#"{"w":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[2],"shape":[1,2] , "data_offsets":[0,8]}}"#, 8),
    (#"{"__metadata__":{"a":"1","a" : "2"}}"#, 0),
    (#"{"__metadata__":{"a":"1"},"__metadata__":{"a":"2"}}"#, 0),
    // Two tensors in the same bytes, one within another, and bytes of none between them and before them.
    (
      #"{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8
    ),
    (
      #"{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#,
      12
    ),
    (
      #"{"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}"#,
      20
    ),
    (
      #"{"v":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
      8
    ),
    // A number's fraction, a comma too many, white space that is none, and nothing but the metadata's beginning.
    (#"{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}"#, 8), (#"{"__metadata__":{"a":"1",}}"#, 0),
    ("\u{FEFF}{}", 0), ("{\u{A0}}", 0), ("{\"__metadata__\"", 0), ("{} x", 0),
  ])
  func refusesWhatIsBroken(_ header: String, _ bytes: Int) {
    #expect(throws: ModelFileError.self) { try TensorFile(file(header, Array(repeating: 0, count: bytes))) }
  }

  /// In UTF-16 and UTF-32, with a zero byte, and with bytes that are no UTF-8.
  @Test func refusesHeadersThatAreNotUTF8() throws {
    let header = #"{"__metadata__":{"a":"b"}}"#
    let encodings: [String.Encoding] = [.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf16]
    var headers = encodings.compactMap { header.data(using: $0) }
    headers += [Data("{\"__metadata__\":{\"a\":\"".utf8) + [0xFF] + Data("\"}}".utf8), Data(header.utf8) + [0]]
    for bytes in headers {
      let file = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Data($0) } + bytes
      #expect(throws: ModelFileError.self) { try TensorFile(file) }
    }
  }

  /// A stream is read as far as its header says: of one that never ends, which a few bytes of gzip can stand for, no more.
  @Test(arguments: [
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8), (#"{"__metadata__":{"a":"b"}}"#, 0), ("", 0),
    (String(repeating: "x", count: 30), 0),
  ])
  func readsNoMoreThanTheHeaderSays(_ header: String, _ body: Int) throws {
    let pipe = Pipe()
    let (reading, writing) = (pipe.fileHandleForReading.fileDescriptor, pipe.fileHandleForWriting)
    var start = file(header, Array(repeating: 0, count: body))
    if header.isEmpty { start = Data(repeating: 0, count: 16) }
    try writing.write(contentsOf: start + Data(repeating: 0, count: 20_000))
    // The writing end stays open: a reader that goes on would wait for ever.
    var source = try ByteSource(fileDescriptor: reading, name: "pipe", blockSize: 4096)
    #expect(throws: ModelFileError.self) { try TensorFile(reading: &source) }
    try writing.close()
  }

  @Test func refusesAbsurdHeaders() {
    for length in [UInt64.max, 1 << 63, 1 << 40, 100, 0, 1] {
      let data = withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data("{}".utf8)
      #expect(throws: ModelFileError.self) { try TensorFile(data) }
    }
    #expect(throws: ModelFileError.self) { try TensorFile(Data()) }
  }

  @Test func refusesNumbersThatAreNone() throws {
    var made = TensorFile()
    made.set("x", [Float.nan], shape: [1])
    made.set("c", [-1] as [Int64])
    #expect(throws: ModelFileError.self) { try made.floats("x", shape: [1]) }
    #expect(throws: ModelFileError.self) { try made.counts("c") }
    #expect(throws: ModelFileError.self) { try made.counts("x") }
    #expect(throws: ModelFileError.self) { try made.counts("missing") }
  }
}
