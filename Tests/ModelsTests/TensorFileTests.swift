import Foundation
import Models
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
  ])
  func refusesWhatIsBroken(_ header: String, _ bytes: Int) {
    #expect(throws: ModelFileError.self) { try TensorFile(file(header, Array(repeating: 0, count: bytes))) }
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
