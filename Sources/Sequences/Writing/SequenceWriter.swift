/// Writes sequences as a file holds them, one after the other, each symbol's bytes looked up.
public struct SequenceWriter: Sendable {
  private let bytes: [[UInt8]]
  private let isOfWords: Bool

  public init(_ alphabet: Alphabet) {
    bytes = alphabet.symbols.indices.map { alphabet.bytes(of: CollectionOfOne($0)) }
    isOfWords = alphabet.kind == .words
  }

  /// Adds a sequence and the end of its line.
  public func appendLine(of sequence: [Symbol], to data: inout [UInt8]) {
    for (place, symbol) in sequence.enumerated() {
      if isOfWords, place > 0 { data.append(UInt8(ascii: " ")) }
      data.append(contentsOf: bytes[symbol])
    }
    data.append(UInt8(ascii: "\n"))
  }
}
