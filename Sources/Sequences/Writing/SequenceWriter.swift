/// Writes sequences as a file holds them, one after the other, each symbol's bytes looked up.
package struct SequenceWriter: Sendable {
  private let bytes: [[UInt8]]
  private let isOfWords: Bool

  package init(_ alphabet: Alphabet) {
    bytes = alphabet.symbols.indices.map { alphabet.bytes(of: CollectionOfOne($0)) }
    isOfWords = alphabet.kind == .words
  }

  /// Adds a sequence and the end of its line.
  package func appendLine(of sequence: [Symbol], to data: inout [UInt8]) {
    for (place, symbol) in sequence.enumerated() {
      if isOfWords, place > 0 { data.append(UInt8(ascii: " ")) }
      data.append(contentsOf: bytes[symbol])
    }
    data.append(UInt8(ascii: "\n"))
  }
}
