import Foundation
import Sequences
import Testing

@Suite struct SequenceWriterTests {
  /// Line by line what the alphabet says of each sequence.
  @Test(
    arguments: [
      (SymbolKind.characters, ["a", "é", "x"], nil), (.graphemes, ["e\u{301}", "z"], nil), (.words, ["an", "of"], nil),
      (.bytes, ["\u{0}", "\u{FF}", "unknown"], "unknown"),
    ] as [(SymbolKind, [String], String?)])
  func linesAreTheSequencesBytes(_ kind: SymbolKind, _ symbols: [String], _ unknown: String?) throws {
    let alphabet = try Alphabet(
      symbols: symbols.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, kind: kind, unknown: unknown)
    let writer = SequenceWriter(alphabet)
    let sequences = [[], [0], [1, 0, 1], Array(symbols.indices)]
    var written: [UInt8] = []
    for sequence in sequences { writer.appendLine(of: sequence, to: &written) }
    #expect(written == sequences.flatMap { alphabet.bytes(of: $0) + [10] })
  }
}
