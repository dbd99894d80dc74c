/// An array of numbers in NumPy's format .npy, versions 1 to 3.
struct NPYArray {
  /// The numbers along each axis.
  let shape: [Int]
  private let isColumnMajor: Bool
  private let type: NumberType
  private let isBigEndian: Bool
  private let data: ArraySlice<UInt8>
  private let reader: BinaryReader

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// What a number is, by the letter and the bytes that NumPy gives it.
  private enum NumberType: String {
    case float4 = "f4"
    case float8 = "f8"
    case int1 = "i1"
    case int2 = "i2"
    case int4 = "i4"
    case int8 = "i8"
    case uint1 = "u1"
    case uint2 = "u2"
    case uint4 = "u4"
    case uint8 = "u8"
    case bool1 = "b1"

    var size: Int { rawValue.last?.wholeNumberValue ?? 1 }
  }

  /// - Throws: `DataError.malformed`, with the number of the byte.
  init(_ reader: BinaryReader) throws(DataError) {
    var reader = reader
    let start = reader.position
    guard let magic = try? reader.slice(6, "an array"), magic.elementsEqual(Self.magic) else {
      throw reader.wrong("an array of NumPy, which begins with \\x93NUMPY", "other bytes", at: start)
    }
    let version = try reader.bigEndian(2, "the version")
    let size = try reader.littleEndian(version < 0x0200 ? 2 : 4, "the header's length")
    let headerStart = reader.position
    let header = String(decoding: try reader.slice(size, "the header"), as: UTF8.self)
    func wrong(_ expected: String, _ found: String) -> DataError { reader.wrong(expected, found, at: headerStart) }
    guard let description = Self.value("descr", header), let order = Self.value("fortran_order", header),
      let shapeText = Self.value("shape", header)
    else { throw wrong("descr, fortran_order and shape in the header", VisibleText.text(String(header.prefix(80)))) }
    let typeName = description.filter { !"'\"<>|=".contains($0) }
    guard let type = NumberType(rawValue: typeName) else {
      throw wrong(
        "numbers of 4 or 8 bytes, integers or bool, such as array.astype('float32') has", VisibleText.text(description))
    }
    let sizes = shapeText.split { "(), ".contains($0) }.map { Int($0) ?? -1 }
    guard sizes.allSatisfy({ $0 >= 0 }) else { throw wrong("a shape", VisibleText.text(shapeText)) }
    var bytes = type.size
    for size in sizes {
      let (product, overflows) = bytes.multipliedReportingOverflow(by: size)
      bytes = overflows ? .max : product
    }
    if reader.rest != bytes {
      throw reader.wrong(
        "\(bytes == .max ? "far too many" : String(bytes)) bytes, by the shape \(shapeText)", String(reader.rest))
    }
    (shape, self.type, isColumnMajor) = (sizes, type, order.hasPrefix("True"))
    isBigEndian = description.contains(">")
    data = try reader.slice(bytes, "numbers")
    self.reader = reader
  }

  /// What stands behind a key of the header, a dictionary of Python, up to the next key.
  private static func value(_ key: String, _ header: String) -> String? {
    let keys = [key == "descr" ? "" : "descr", "fortran_order", "shape"].filter { !$0.isEmpty && $0 != key }
    guard let start = header.firstRange(of: "'\(key)':")?.upperBound else { return nil }
    let rest = header[start...]
    let ends =
      keys.compactMap { rest.firstRange(of: "'\($0)'")?.lowerBound } + [rest.lastIndex(of: "}") ?? rest.endIndex]
    let text = rest[..<(ends.min() ?? rest.endIndex)]
    return text.trimming { $0.isWhitespace || $0 == "," }
  }

  /// The place of a number in the file, for errors.
  func location(_ index: Int) -> Location { reader.location(data.startIndex + index * type.size) }

  /// How far the numbers that follow each other along an axis stand apart in memory.
  func stride(_ axis: Int) -> Int {
    (isColumnMajor ? shape[..<axis] : shape[(axis + 1)...]).reduce(1) { $0 &* $1 }
  }

  /// Number `index` in memory. O(1).
  func number(_ index: Int) -> WrittenNumber {
    func load<Bits: FixedWidthInteger>(_: Bits.Type) -> Bits {
      let bits = data.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
      }
      return isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
    }
    func whole(_ number: some BinaryInteger) -> WrittenNumber { WrittenNumber(value: Double(number), isInteger: true) }
    switch type {
    case .float4: return WrittenNumber(value: Double(Float(bitPattern: load(UInt32.self))), isInteger: false)
    case .float8: return WrittenNumber(value: Double(bitPattern: load(UInt64.self)), isInteger: false)
    case .int1: return whole(load(Int8.self))
    case .int2: return whole(load(Int16.self))
    case .int4: return whole(load(Int32.self))
    case .int8: return whole(load(Int64.self))
    case .uint1: return whole(load(UInt8.self))
    case .uint2: return whole(load(UInt16.self))
    case .uint4: return whole(load(UInt32.self))
    case .uint8: return whole(load(UInt64.self))
    case .bool1: return whole(load(UInt8.self) == 0 ? 0 : 1)
    }
  }
}

extension StringProtocol {
  /// Without the characters at both ends for which `isTrimmed` holds.
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    var rest = self[...]
    while let first = rest.first, isTrimmed(first) { rest = rest.dropFirst() }
    while let last = rest.last, isTrimmed(last) { rest = rest.dropLast() }
    return String(rest)
  }
}
