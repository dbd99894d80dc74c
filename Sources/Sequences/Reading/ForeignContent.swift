/// Files that hold no sequences as they stand, known by their first bytes: compressed ones, other encodings, models.
public struct ForeignContent: Sendable, Equatable {
  /// "a file compressed by bzip2".
  public let name: String
  /// What helps, in half a sentence.
  public let advice: String

  /// As many bytes as are looked at.
  package static let headSize = 512

  /// By their first bytes, nil for any.
  private static let compressed: [(start: [UInt8?], name: String, tool: String)] = [
    ([0x42, 0x5A, 0x68, nil, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], "bzip2", "bzcat"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "xzcat"),
    ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard", "zstdcat"),
    ([0x04, 0x22, 0x4D, 0x18], "LZ4", "lz4cat"),
    ([0x1F, 0x9D], "compress", "zcat"),
    ([0x50, 0x4B, 0x03, 0x04], "zip", "unzip -p"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7-Zip", "7z x -so"),
  ]

  private static let encodings: [(start: [UInt8], name: String)] = [
    ([0xFF, 0xFE, 0x00, 0x00], "UTF-32LE"), ([0x00, 0x00, 0xFE, 0xFF], "UTF-32BE"), ([0xFF, 0xFE], "UTF-16"),
    ([0xFE, 0xFF], "UTF-16"),
  ]

  /// What a file that begins like this is; nil where it may hold data. O(1).
  /// - Parameter file: its name, for commands that help.
  package init?(head: [UInt8], file: String) {
    if let (_, name, tool) = Self.compressed.first(where: { Self.begins(head, with: $0.start) }) {
      self.name = "a file compressed by \(name)"
      advice = "decompress it first, as with `\(tool) \(file) | chainrule … -`"
    } else if let encoding = Self.encodings.first(where: { head.starts(with: $0.start) })?.name ?? Self.wideText(head) {
      name = "text in \(encoding)"
      advice = "convert it to UTF-8, as with `iconv -f \(encoding) -t UTF-8 \(file)`"
    } else if head.starts(with: Array("version https://git-lfs.github.com/".utf8)) {
      name = "a pointer of Git LFS, not the file itself"
      advice = "`git lfs pull` fetches the file"
    } else if Self.isSafetensors(head) {
      name = "a safetensors file"
      advice = "models are no data: give the sequences themselves"
    } else {
      return nil
    }
  }

  /// What a file of this name is, where no format is asked for; nil where the name says nothing.
  package init?(fileName: String) {
    var lower = fileName.lowercased()
    if lower.hasSuffix(".gz") { lower.removeLast(3) }
    if lower.hasSuffix(".arpa") {
      name = "an ARPA file, which is a model"
      advice = "models are no data: give the sequences themselves"
    } else {
      return nil
    }
  }

  private static func begins(_ head: [UInt8], with start: [UInt8?]) -> Bool {
    head.count >= start.count && zip(head, start).allSatisfy { $1 == nil || $0 == $1 }
  }

  /// Whether this is the beginning of a safetensors file, which models are: eight bytes of length and of a JSON object. No
  /// text begins like that.
  package static func isSafetensors(_ head: [UInt8]) -> Bool {
    head.dropFirst(8).first == UInt8(ascii: "{") && head.dropFirst(5).prefix(3).allSatisfy { $0 == 0 }
  }

  /// Whether this may be text in UTF-8 or in an encoding of one byte a letter.
  package static func isText(_ head: [UInt8]) -> Bool {
    !head.isEmpty && head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 >= 0x09 && $0 <= 0x0D }
  }

  /// The encoding of text of two bytes a letter without a mark at its start. Its blanks and ends of lines have NUL for one
  /// of their bytes, always the same one, and so have the letters of Latin script.
  private static func wideText(_ head: [UInt8]) -> String? {
    let places = head.indices.filter { head[$0] == 0 }
    guard places.count >= 3, let parity = places.first.map({ $0 % 2 }), places.allSatisfy({ $0 % 2 == parity }) else {
      return nil
    }
    // Text in UTF-8 may hold some NULs. Of two bytes a letter, those of one byte are NUL or stand for the script.
    let controls = head.count { $0 < 0x20 && !(0x09...0x0D).contains($0) }
    let isUTF8 = (0...min(3, head.count)).contains { String(validating: head.dropLast($0), as: UTF8.self) != nil }
    guard 4 * controls >= head.count || !isUTF8 else { return nil }
    // Beside it stands a character of Latin-1.
    let isWide = places.allSatisfy { index in
      let partner = parity == 1 ? index - 1 : index + 1
      guard head.indices.contains(partner) else { return true }
      return [0x09, 0x0A, 0x0D].contains(head[partner]) || 0x20..<0x7F ~= head[partner] || head[partner] >= 0xA0
    }
    return isWide ? parity == 1 ? "UTF-16LE" : "UTF-16BE" : nil
  }
}
