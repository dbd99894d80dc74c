import Foundation
import Sequences
import Testing

/// Arrays of NumPy 2.4.6, written by it: `numpy.save` and `numpy.savez` of what stands beside each.
@Suite struct NPZTests {
  // savez_compressed(arr_10=full((1, 2), 10.5), arr_2=full((2, 2), 2.5), arr_1=full((1, 2), 1.5), arr_0=full((0, 2), 0.5))
  static let compressed =
    "UEsDBC0AAAAIAAAAIQBPgw/+//////////8KABQAYXJyXzEwLm5weQEAEACQAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFyk"
    + "bqWgbpNmoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkahjoKRpo6CrUKZAMuBjBQdYDRAFBLAwQtAAAACAAAACEAm5ryfv//"
    + "////////CQAUAGFycl8yLm5weQEAEACgAAAAAAAAAE0AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoa6joJ6WX1RSlJgXn1+U"
    + "kgoSd0vMKU4FihdnJBakAvkaRjoKRpo6CrUKZAMuBjBgccBFAwBQSwMELQAAAAgAAAAhAE1c1o///////////wkAFABhcnJfMS5ucHkB"
    + "ABAAkAAAAAAAAABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GoY6"
    + "CkaaOgq1CmQDLgYw+GEPowFQSwMELQAAAAgAAAAhAM3WVXf//////////wkAFABhcnJfMC5ucHkBABAAgAAAAAAAAABGAAAAAAAAAJvs"
    + "F+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GgY6CkaaOgq1CmQDLgBQSwECLQMtAAAA"
    + "CAAAACEAT4MP/kwAAACQAAAACgAAAAAAAAAAAAAAgAEAAAAAYXJyXzEwLm5weVBLAQItAy0AAAAIAAAAIQCbmvJ+TQAAAKAAAAAJAAAA"
    + "AAAAAAAAAACAAYgAAABhcnJfMi5ucHlQSwECLQMtAAAACAAAACEATVzWj0wAAACQAAAACQAAAAAAAAAAAAAAgAEQAQAAYXJyXzEubnB5"
    + "UEsBAi0DLQAAAAgAAAAhAM3WVXdGAAAAgAAAAAkAAAAAAAAAAAAAAIABlwEAAGFycl8wLm5weVBLBQYAAAAABAAEAN0AAAAYAgAAAAA="
  // savez(array([[1, 2], [3, 4]], 'int8'), array([[True, False]]))
  static let stored =
    "UEsDBC0AAAAAAAAAIQCR4OBM//////////8JABQAYXJyXzAubnB5AQAQAIQAAAAAAAAAhAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6"
    + "ICd8aTEnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMiwgMiksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgECAwRQSwMELQAAAAAAAAAhABAZOhn//////////wkAFABhcnJfMS5ucHkBABAA"
    + "ggAAAAAAAACCAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xiMScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgx"
    + "LCAyKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAQBQSwECLQMtAAAA"
    + "AAAAACEAkeDgTIQAAACEAAAACQAAAAAAAAAAAAAAgAEAAAAAYXJyXzAubnB5UEsBAi0DLQAAAAAAAAAhABAZOhmCAAAAggAAAAkAAAAA"
    + "AAAAAAAAAIABvwAAAGFycl8xLm5weVBLBQYAAAAAAgACAG4AAAB8AQAAAAA="
  // arange(12, dtype='<u2').reshape(2, 3, 2)
  static let cube =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPHUyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMsIDIpLCB9ICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAEAAgADAAQABQAGAAcACAAJAAoACwA="
  // asfortranarray(arange(6).reshape(3, 2) + 0.25), '<f4'
  static let fortran =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMywgMiksIH0gICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA+AAAQQAAAiEAAAKA/AABQQAAAqEA="
  // asfortranarray([[1, -2], [3, 400000]]), '>i4'
  static let big =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPmk0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMiksIH0gICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAABAAAAA/////4ABhqA"
  // array([0.5, -1.5])
  static let series =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADgPwAAAAAAAPi/"
  // array([0.5], 'f2')
  static let half =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDEsKSwgfSAgICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAOA=="
  // array([[0.5, 1], [nan, 2]])
  static let nan =
    "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAg"
    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAADgPwAAAAAAAPA/AAAAAAAA+H8AAAAA"
    + "AAAAQA=="

  /// A file of bytes, as `numpy.save` writes it but for the padding of the header.
  static func array(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let sizes = shape.map { "\($0)," }.joined(separator: " ")
    let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (\(sizes)), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + bytes
  }

  /// An archive of stored files (PKWARE's APPNOTE 6.3).
  static func archive(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, content) in files {
      let checksum = content.withUnsafeBytes { Int(Checksum(of: $0).value) }
      let sizes = little(checksum, 4) + little(content.count, 4) + little(content.count, 4) + little(name.utf8.count, 2)
      let fields: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + sizes + [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0] + fields + [UInt8](repeating: 0, count: 10) + little(bytes.count, 4)
      directory += Array(name.utf8)
      bytes += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + content
    }
    let count = little(files.count, 2)
    return bytes + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + little(directory.count, 4)
      + little(bytes.count, 4) + [0, 0]
  }

  static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }

  static let all = [compressed, stored, cube, fortran, big, series, half, nan].map(bytes)

  @Test func archives() throws {
    let data = try readVectors(Self.bytes(Self.compressed), name: "x.npz")
    #expect(data.arrays == [[], [[1.5, 1.5]], [[2.5, 2.5], [2.5, 2.5]], [[10.5, 10.5]]])
    #expect(data.columns == Columns(.reals, width: 2) && data.remarks.isEmpty)
    let whole = try readVectors(Self.bytes(Self.stored), name: "x.npz", blockSize: 3)
    #expect(whole.arrays == [[[1, 2], [3, 4]], [[1, 0]]] && whole.columns.values == .counts)
    // By the first bytes, and as a number's kind.
    let piped = try readVectors(Self.bytes(Self.stored), name: "standard input", values: .reals)
    #expect(piped.arrays == whole.arrays && piped.columns.values == .reals && piped.remarks.count == 1)
  }

  @Test func namesOfPartsAreParts() throws {
    let (test, train) = (Self.array([1, 1, 2], [5, 6]), Self.array([2, 1, 2], [1, 2, 3, 4]))
    let valid = Self.array([1, 3, 2], [7, 8, 9, 10, 11, 12])
    let all = try readVectors(
      Self.archive([("test.npy", test), ("valid.npy", valid), ("train.npy", train)]), name: "x.npz")
    #expect(all.parts.map(\.name) == ["train", "valid", "test"])
    #expect(
      all.parts.map(\.sequences.arrays) == [[[[1, 2]], [[3, 4]]], [[[7, 8], [9, 10], [11, 12]]], [[[5, 6]]]])
    #expect(all.arrays == [[[1, 2]], [[3, 4]]] && all.givenSplit != nil)
    #expect(try all.part(named: "test").arrays == [[[5, 6]]])
    // Two of the three, and an empty one.
    let none = Self.array([0, 1, 2], [])
    let two = try readVectors(Self.archive([("train.npy", train), ("test.npy", none)]), name: "x.npz")
    #expect(two.parts.map(\.sequences.count) == [2, 0] && two.givenSplit == nil)
    // Other names are none of parts.
    let other = try readVectors(Self.archive([("tests.npy", test), ("Train.npy", train)]), name: "x.npz")
    #expect(other.parts.isEmpty && other.arrays == [[[1, 2]], [[3, 4]], [[5, 6]]])
    for (files, found) in [
      ([("train.npy", train), ("more.npy", test)], "no arrays beside train, valid and test, found more.npy"),
      ([("train.npy", train), ("train.npy", test)], "one array train, found 2"),
    ] {
      #expect(throws: DataError.malformed(at(1, 1, file: "x.npz"), "expected " + found)) {
        try readVectors(Self.archive(files), name: "x.npz")
      }
    }
  }

  @Test func arraysHaveTheSameNumberOfAxes() throws {
    let (x, y) = (Self.array([2, 3, 1], [1, 2, 3, 4, 5, 6]), Self.array([2], [0, 1]))
    for (files, file, found) in [
      ([("X.npy", x), ("y.npy", y)], "y", "3 in X.npy and 1 in y.npy"),
      ([("X.npy", Self.array([2, 2], [1, 2, 3, 4])), ("W.npy", x)], "X", "3 in W.npy and 2 in X.npy"),
      ([("test.npy", y), ("train.npy", x)], "test", "3 in train.npy and 1 in test.npy"),
    ] {
      let outcome = try VectorOutcome { try readVectors(Self.archive(files), name: "x.npz") }
      guard case .malformed(let place, let problem)? = outcome.error else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(place.file == "x.npz(\(file).npy)")
      #expect(
        problem
          == "expected arrays of the same number of axes, found \(found); an array of labels or of targets cannot be read"
      )
    }
  }

  @Test func singleArrays() throws {
    #expect(
      try readVectors(Self.bytes(Self.cube), name: "x.npy").arrays == [
        [[0, 1], [2, 3], [4, 5]], [[6, 7], [8, 9], [10, 11]],
      ])
    #expect(
      try readVectors(Self.bytes(Self.fortran), name: "x.npy").arrays == [
        [[0.25, 1.25], [2.25, 3.25], [4.25, 5.25]]
      ])
    #expect(try readVectors(Self.bytes(Self.big), name: "x.npy").arrays == [[[1, -2], [3, 400_000]]])
    #expect(try readVectors(Self.bytes(Self.series), name: "x.npy").numbers == [[0.5, -1.5]])
  }

  @Test func whatCannotBeReadIsTold() throws {
    for (base64, column, problem) in [
      (Self.half, 11, "numbers of 4 or 8 bytes, integers or bool, such as array.astype('float32') has, found '<f2'"),
      (Self.nan, 145, "a finite number in the array, found nan at step 1 and column 0, from 0"),
    ] {
      #expect(throws: DataError.malformed(at(1, column, file: "x.npy"), "expected " + problem)) {
        try readVectors(Self.bytes(base64), name: "x.npy")
      }
    }
    let place = at(1, 129, file: "x.npy")
    #expect(
      throws: DataError.malformed(
        place, "expected 3 numbers a step, as in the training data, found the shape [2, 3, 2] in the array")
    ) {
      try readVectors(Self.bytes(Self.cube), name: "x.npy", columns: Columns(.reals, width: 3))
    }
    #expect(throws: DataError.malformed(at(1, 133, file: "x.npy"), "expected 0 or 1 (--values bits), found 2")) {
      try readVectors(Self.bytes(Self.cube), name: "x.npy", values: .bits)
    }
    #expect(throws: DataError.noSequences("x.npz")) { try readVectors([], name: "x.npz") }
    // A zip that holds no arrays is what it was.
    guard case .foreign = try Outcome({ try read([0x50, 0x4B, 3, 4, 10, 0], name: "x") }).error else {
      Issue.record("a zip was read")
      return
    }
  }

  /// Headers that declare more than there is, in every form.
  @Test(arguments: [
    "(9223372036854775807, 9223372036854775807, 8)", "(1000000000000, 0, 3)", "(0, 4000000000000000000, 3)",
    "(3, 0)", "(2, 2, 2, 2)", "()", "(99999999999999999999,)", "(-1, 2)", "(2, x)", "(0, 0, 0)",
    "(4611686018427387904, 2, 1)",
  ])
  func hostileShapes(shape: String) throws {
    for order in ["True", "False"] {
      let header = "{'descr': '<f8', 'fortran_order': \(order), 'shape': \(shape), }\n"
      let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      #expect(throws: DataError.self) { try readVectors(bytes, name: "x.npy") }
    }
  }

  /// A damaged archive is refused, by its checksums at the latest.
  @Test func damagedArchivesAreRefused() throws {
    for base64 in [Self.compressed, Self.stored] {
      let bytes = Self.bytes(base64)
      let whole = try readVectors(bytes, name: "x.npz").arrays
      for index in bytes.indices {
        var damaged = bytes
        damaged[index] ^= 0x10
        let outcome = try VectorOutcome { try readVectors(damaged, name: "x.npz") }
        // Names have no checksum: they may change the order.
        #expect(outcome.error != nil || Set(outcome.sequences) == Set(whole), "byte \(index)")
      }
    }
  }
}
