import Foundation

/// The header of a safetensors file, a JSON object: names, types, shapes and offsets of the tensors, which are held
/// against each other, and the metadata.
struct TensorHeader {
  struct Entry {
    var name: String
    var element: TensorFile.Element
    var shape: [Int]
    /// Bytes behind the header.
    var range: Range<Int>
  }

  var metadata: [String: String] = [:]
  /// In the order of their bytes, which follow each other without gaps from 0.
  private(set) var entries: [Entry] = []

  /// The bytes that stand behind the header.
  var bodySize: Int { entries.last?.range.upperBound ?? 0 }

  /// The most bytes of a header: an alphabet of millions of words takes tens of them each.
  static let largest = 1 << 28

  /// The length of a header, from a file's first eight bytes or what there is of them.
  /// - Throws: `ModelFileError.notSafetensors`.
  static func length(_ start: some Sequence<UInt8>) throws -> Int {
    let bytes = Array(start.prefix(8))
    guard bytes.count == 8 else { throw ModelFileError.notSafetensors("it has \(bytes.count) bytes") }
    let declared = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard (2...UInt64(largest)).contains(declared) else {
      throw ModelFileError.notSafetensors("it does not begin as one does")
    }
    return Int(declared)
  }

  /// Reads a header. O(bytes).
  /// - Throws: `ModelFileError.notSafetensors` or `.wrongTensor`.
  init(_ json: some Collection<UInt8>) throws {
    guard json.first == UInt8(ascii: "{") else { throw ModelFileError.notSafetensors("its header is not JSON") }
    let bytes = Array(json)
    // Zero bytes would make the decoder take it for UTF-16.
    guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else {
      throw ModelFileError.notSafetensors("its header is not UTF-8")
    }
    let members: Members
    do {
      members = try JSONDecoder().decode(Members.self, from: Data(bytes))
    } catch {
      throw ModelFileError.notSafetensors("its header is not the JSON of one")
    }
    if let fault = faultThatDecodersPassOver(inJSON: bytes) {
      throw ModelFileError.notSafetensors("its header is not the JSON of one: \(fault)")
    }
    metadata = members.metadata
    var covered = 0
    // By beginning and end: empty tensors come before what begins at the same offset.
    for (name, member) in members.tensors.sorted(by: {
      $0.value.data_offsets.lexicographicallyPrecedes($1.value.data_offsets)
    }) {
      let entry = try Self.entry(name, member, from: covered)
      covered = entry.range.upperBound
      entries.append(entry)
    }
  }

  private static func entry(_ name: String, _ member: Members.Tensor, from covered: Int) throws -> Entry {
    guard let element = TensorFile.Element(rawValue: member.dtype) else {
      throw ModelFileError.wrongTensor("tensor \(name) has type \(member.dtype)")
    }
    let offsets = member.data_offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0] else {
      throw ModelFileError.notSafetensors("the offsets of tensor \(name) are none")
    }
    guard offsets[0] == covered else {
      throw ModelFileError.notSafetensors(
        offsets[0] < covered
          ? "tensor \(name) overlaps the one before it"
          : "\(offsets[0] - covered) bytes before tensor \(name) belong to no tensor")
    }
    var bytes = element.size
    for side in member.shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: side)
      guard side >= 0, !overflow else { throw ModelFileError.wrongTensor("tensor \(name) has an absurd shape") }
      bytes = product
    }
    guard bytes == offsets[1] - offsets[0] else {
      throw ModelFileError.wrongTensor("tensor \(name) has another size than its shape")
    }
    return Entry(name: name, element: element, shape: member.shape, range: offsets[0]..<offsets[1])
  }

  /// As they stand in the JSON.
  private struct Members: Decodable {
    var metadata: [String: String] = [:]
    var tensors: [String: Tensor] = [:]

    struct Tensor: Decodable {
      var dtype: String
      var shape: [Int]
      var data_offsets: [Int]
    }

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors[key.stringValue] = try container.decode(Tensor.self, forKey: key)
        }
      }
    }
  }
}

/// What Foundation's decoder takes without a word: a key that an object has twice, of which one value is kept (keys that
/// Unicode holds for the same are the same), and a comma behind the last element. `nil` for neither. O(bytes).
private func faultThatDecodersPassOver(inJSON json: [UInt8]) -> String? {
  // The keys of the objects that are open; `nil` for a list.
  var open: [Set<String>?] = []
  var position = 0
  while position < json.count {
    let byte = json[position]
    position += 1
    // The next one that is no blank.
    var next: UInt8? { json[position...].first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } }
    switch byte {
    case UInt8(ascii: "{"): open.append([])
    case UInt8(ascii: "["): open.append(nil)
    case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
    case UInt8(ascii: ","):
      if next == UInt8(ascii: "}") || next == UInt8(ascii: "]") { return "a comma behind the last element" }
    case UInt8(ascii: "\""):
      let start = position - 1
      var isPlain = true
      while position < json.count, json[position] != UInt8(ascii: "\"") {
        if json[position] == UInt8(ascii: "\\") {
          isPlain = false
          position += 1
        }
        position += 1
      }
      position = min(position + 1, json.count)
      guard next == UInt8(ascii: ":"), !open.isEmpty else { continue }
      let token = json[start..<position]
      let key =
        isPlain
        ? String(decoding: token.dropFirst().dropLast(), as: UTF8.self)
        : (try? JSONDecoder().decode(String.self, from: Data(token))) ?? String(decoding: token, as: UTF8.self)
      if open[open.count - 1]?.insert(key).inserted == false { return "\(key) stands twice" }
    default: break
    }
  }
  return nil
}
