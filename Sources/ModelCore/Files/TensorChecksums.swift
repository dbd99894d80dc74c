import Foundation
import Sequences

/// CRC-32 checksums of a file: one of each tensor's bytes, so that a tensor can be checked by itself when it is read, and
/// one of the header, that is of the metadata of this program (whatever others add) and the tensors' names, types and
/// shapes. They are two more strings of metadata, which older programs pass over; files without them are read unchecked.
struct TensorChecksums {
  /// `{"name": "8 hexadecimal digits"}`
  static let tensorsKey = "chainrule.crc32.tensors"
  static let headerKey = "chainrule.crc32.header"

  /// Of a file that is to be written. O(bytes).
  static func metadata(of file: TensorFile) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var metadata = file.metadata
    let sums = file.tensors.mapValues { $0.bytes.withUnsafeBytes { Checksum(of: $0).text } }
    metadata[tensorsKey] = String(decoding: try encoder.encode(sums), as: UTF8.self)
    let tensors = file.tensors.map { (name: $0.key, element: $0.value.element, shape: $0.value.shape) }
    metadata[headerKey] = header(metadata, tensors).text
    return metadata
  }

  /// Checks a header, and takes the checksums out of its metadata.
  /// - Returns: those of the tensors; none for a file that says none.
  /// - Throws: `ModelFileError.damaged`.
  static func taken(from header: inout TensorHeader) throws -> [String: Checksum] {
    let (expected, list) = (header.metadata.removeValue(forKey: headerKey), header.metadata[tensorsKey])
    if expected == nil, list == nil { return [:] }
    let tensors = header.entries.map { (name: $0.name, element: $0.element, shape: $0.shape) }
    guard let expected, self.header(header.metadata, tensors).text == expected else {
      throw ModelFileError.damaged("its header")
    }
    header.metadata[tensorsKey] = nil
    guard let list, let sums = try? JSONDecoder().decode([String: String].self, from: Data(list.utf8)),
      tensors.allSatisfy({ sums[$0.name] != nil })
    else { throw ModelFileError.damaged("its header") }
    return sums.compactMapValues { Checksum(text: $0) }
  }

  private static func header(
    _ metadata: [String: String], _ tensors: [(name: String, element: TensorFile.Element, shape: [Int])]
  ) -> Checksum {
    var sum = Checksum()
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key.hasPrefix("chainrule.") && key != headerKey {
      sum.add("\(key)\0\(value)\0")
    }
    for tensor in tensors.sorted(by: { $0.name < $1.name }) {
      sum.add("\(tensor.name)\0\(tensor.element.rawValue)\0\(tensor.shape)\0")
    }
    return sum
  }
}
