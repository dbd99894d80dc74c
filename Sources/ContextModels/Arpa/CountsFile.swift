import Foundation
import ModelCore
import Sequences

/// Counts as text, to be added to others' or read by other programs:
///
///     # chainrule counts 1
///     # n 3
///     # symbols characters
///     # sequences 2
///     # longest 3
///     # hash 8f2a…
///     # seed 1
///     # ngrams 4
///     <s> a	2
///     <s> a b	2
///     a b </s>	1
///     a b a	1
///     …
///     # end
///
/// An n-gram's words are separated by blanks, its count stands behind a tab. `<s>` stands before the first symbol, `</s>`
/// is the end, other symbols are as `TextSymbol` writes them. The header's totals and the last line tell a whole file.
public enum CountsFile {
  private static let title = "# chainrule counts 1"

  /// The bytes of a file.
  public static func bytes(of counts: NGramCounts) -> Data {
    let facts = counts.facts
    var lines = [title, "# n \(counts.order + 1)"] + counts.alphabet.textComments.map { "# \($0)" }
    lines += ["# sequences \(facts.sequences)", "# longest \(facts.longest)"]
    lines += ["# hash \(String(facts.dataHash, radix: 16))", "# seed \(facts.seed)", "# ngrams \(counts.count)"]
    var bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let words = counts.alphabet.textWords.map { Array($0.utf8) }
    let mark = counts.alphabet.size
    for (index, count) in counts.grams.counts.enumerated() {
      let gram = counts.grams.gram(index)
      for label in gram.dropLast() {
        bytes += label == mark ? Array(TextSymbol.start.utf8) : words[Int(label)]
        bytes.append(UInt8(ascii: " "))
      }
      let outcome = Int(gram[gram.endIndex - 1])
      bytes += outcome == mark ? Array(TextSymbol.end.utf8) : words[outcome]
      bytes += "\t\(count)\n".utf8
    }
    bytes += "# end\n".utf8
    return Data(bytes)
  }

  /// Whether a file begins as these do.
  public static func recognises(_ head: some Collection<UInt8>) -> Bool { head.starts(with: title.utf8) }

  /// Reads a file.
  /// - Throws: `DataError.malformed`, with the line, for what is no such file or not a whole one.
  package static func counts(reading source: consuming ByteSource) throws -> NGramCounts {
    var lines = TextLines(source)
    guard try lines.next(), lines.shown == title else {
      throw lines.failure("expected '\(title)', found \(lines.shown)")
    }
    let header = try Header(&lines)
    return try Body(&lines, header).counts(lines.place)
  }

  /// What stands above the n-grams.
  private struct Header {
    var n = 0
    var kind = SymbolKind.words
    var unknown: String?
    var sequences = 0
    var longest = 0
    var hash: UInt64 = 0
    var seed: UInt64 = 0
    var grams = 0

    init(_ lines: inout TextLines) throws {
      var seen: Set<String> = []
      while try lines.next() {
        guard lines.count == 3, lines.text(0) == "#" else {
          throw lines.failure("expected a line of the header, found \(lines.shown)")
        }
        let (key, value) = (lines.text(1), lines.text(2))
        func checked<Value>(_ value: Value?) throws -> Value {
          guard let value else { throw lines.failure("not a value of '\(key)'", at: 2) }
          return value
        }
        func number(in range: ClosedRange<Int>) throws -> Int {
          try checked(Int(value).flatMap { range.contains($0) ? $0 : nil })
        }
        guard seen.insert(key).inserted else { throw lines.failure("'\(key)' stands there twice", at: 1) }
        switch key {
        case "n": n = try number(in: 1...1001)
        case "symbols": kind = try checked(SymbolKind(rawValue: value))
        case "unknown": unknown = TextSymbol.read(value)
        case "sequences": sequences = try number(in: 0...1 << 48)
        case "longest": longest = try number(in: 0...1 << 48)
        case "hash": hash = try checked(UInt64(value, radix: 16))
        case "seed": seed = try checked(UInt64(value))
        case "ngrams": grams = try number(in: 0...1 << 48)
        default: throw lines.failure("an unknown line of the header: \(lines.shown)")
        }
        if key == "ngrams" { break }
      }
      if let missing = ["n", "symbols", "sequences", "longest", "hash", "seed", "ngrams"].first(where: {
        !seen.contains($0)
      }) {
        throw lines.failure("the header does not say '\(missing)'")
      }
    }
  }

  /// The n-grams, whose words are numbered as they are met.
  private struct Body {
    private let header: Header
    private var words = Interner()
    private var grams = NGramCounts.Grams()
    private var total = 0
    private var ended = 0

    init(_ lines: inout TextLines, _ header: Header) throws {
      self.header = header
      // The two marks have the first two numbers.
      for mark in [TextSymbol.start, TextSymbol.end] {
        var mark = mark
        _ = mark.withUTF8 { words.number(of: $0, inserting: true) }
      }
      for _ in 0..<header.grams {
        guard try lines.next() else {
          throw lines.failure("the file ends here, after \(grams.ends.count) of its \(header.grams) n-grams")
        }
        try addLine(&lines)
      }
      guard try lines.next(), lines.shown == "# end" else {
        throw lines.failure("expected '# end', found \(lines.shown)")
      }
      guard ended == header.sequences else {
        throw lines.failure("the header says \(header.sequences) sequences, and \(ended) end")
      }
    }

    private mutating func addLine(_ lines: inout TextLines) throws {
      let size = lines.count - 1
      guard size >= 1, let count = lines.integer(size), count > 0 else {
        throw lines.failure("expected words and their count, found \(lines.shown)", at: max(size, 0))
      }
      var labels: [Int32] = []
      for part in 0..<size {
        guard let word = lines.numberOfWord(part, in: &words, inserting: true) else {
          throw lines.failure("too many words", at: part)
        }
        guard word > 1 || word == 0 && part == 0 && size > 1 || word == 1 && part == size - 1 else {
          throw lines.failure("\(lines.text(part)) cannot stand here", at: part)
        }
        labels.append(Int32(word))
      }
      guard size == header.n || labels[0] == 0 && size < header.n else {
        throw lines.failure("expected an n-gram of \(header.n) words, or one that begins with <s>, found \(size) words")
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow, sum < 1 << 48 else { throw lines.failure("counts that are too large", at: size) }
      total = sum
      if labels[size - 1] == 1 { ended += count }
      grams.add(labels.dropLast(), labels[size - 1], count)
    }

    func counts(_ place: Location) throws -> NGramCounts {
      let names = (2..<max(words.count, 2)).map { number in
        let word = words.text(number)
        return (symbol: word == TextSymbol.unknown ? header.unknown ?? word : TextSymbol.read(word), number: number)
      }
      var symbols = names.map(\.symbol)
      // The symbol for unseen ones need not have occurred.
      if let unknown = header.unknown, !names.contains(where: { $0.symbol.utf8.elementsEqual(unknown.utf8) }) {
        symbols.append(unknown)
      }
      symbols.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      guard !symbols.isEmpty, let alphabet = try? Alphabet(symbols: symbols, kind: header.kind, unknown: header.unknown)
      else { throw DataError.malformed(place, "the words above are not those of an alphabet") }
      var new = [Int32](repeating: Int32(alphabet.size), count: max(words.count, 2))
      for name in names { new[name.number] = Int32(alphabet.index(of: name.symbol) ?? 0) }
      var renamed = NGramCounts.Grams()
      renamed.add(grams, renaming: new)
      let symbolCount = total - ended
      guard header.longest <= symbolCount else {
        throw DataError.malformed(place, "the header's longest sequence is longer than all together")
      }
      return NGramCounts(
        renamed, order: header.n - 1, alphabet: alphabet,
        facts: TrainingFacts(
          sequences: ended, symbols: symbolCount, longest: header.longest, dataHash: header.hash, seed: header.seed))
    }
  }
}
