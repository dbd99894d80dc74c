import Foundation
import Sequences

/// What an ARPA file holds, and what is odd about it.
struct ArpaContent {
  /// k, one less than the words of the longest n-grams.
  var order: Int
  var alphabet: Alphabet
  /// Whether the file says what kind of symbols its words are.
  var recordsKind: Bool
  var table: BackoffTable
  var findings: [ArpaFinding.Kind: ArpaFinding]
}

/// Reads an ARPA file: words separated by blanks or tabs, numbers in any notation, back-offs or none, empty sections. What
/// cannot be understood, and numbers of n-grams that are not the header's, end it with the line's number.
struct ArpaReader: ~Copyable {
  private var lines: TextLines
  private var builder = BackoffTable.Builder()
  private var findings: [ArpaFinding.Kind: ArpaFinding] = [:]
  /// The line of each entry, in the order of adding.
  private var lineOfEntry: [Int32] = []
  private var words = Interner()
  /// The symbol of each word; the end and the start mark are the alphabet's size.
  private var symbols: [Int] = []
  private var startWord: UInt32?
  private var endWord: UInt32?

  private static let greatestOrder = 1001

  init(_ source: consuming ByteSource) { lines = TextLines(source) }

  /// - Throws: `DataError`.
  consuming func read() throws -> ArpaContent {
    let notes = try readNotes()
    let counts = try readCounts()
    let alphabet = try readUnigrams(counts, notes)
    for n in 1..<counts.count {
      if counts[n] == 0, !lines.begins(with: heading(n + 1)) { continue }
      try readSection(n + 1, of: counts, alphabet.size)
    }
    if !lines.isAtEnd, !lines.begins(with: "\\end\\") {
      throw lines.failure("expected \\end\\, found \(lines.shown)")
    }
    if lines.isAtEnd {
      guard lines.isWhole else { throw lines.failure("the file ends within a line") }
      note(.missingEnd, lines.number, "the last line is an n-gram")
    }
    if !lines.isAtEnd, try lines.next() { note(.trailing, lines.number, lines.shown) }
    let (table, added) = builder.finish()
    checkGaps(table, alphabet, added.map { lineOfEntry[$0] })
    return ArpaContent(
      order: counts.count - 1, alphabet: alphabet, recordsKind: notes.kind != nil, table: table, findings: findings)
  }

  private mutating func note(_ kind: ArpaFinding.Kind, _ line: Int, _ text: String) {
    var finding = findings[kind] ?? ArpaFinding(count: 0, line: line, text: text)
    finding.count += 1
    if line < finding.line { (finding.line, finding.text) = (line, text) }
    findings[kind] = finding
  }

  private func heading(_ n: Int) -> String { "\\\(n)-grams:" }

  // MARK: The header

  /// What the comments of a file of ours say.
  private struct Notes {
    var isOurs = false
    var kind: SymbolKind?
    var unknown: String?
  }

  /// Passes over what stands before `\data\`, which may be anything.
  private mutating func readNotes() throws -> Notes {
    var notes = Notes()
    while try lines.next(), !lines.begins(with: "\\data\\") {
      guard lines.count == 3, lines.text(0) == "#" else { continue }
      let value = lines.text(2)
      switch lines.text(1) {
      case "chainrule": notes.isOurs = true
      case "symbols" where notes.isOurs: notes.kind = SymbolKind(rawValue: value)
      case "unknown" where notes.isOurs: notes.unknown = TextSymbol.read(value)
      default: break
      }
    }
    if lines.isAtEnd { throw lines.failure("there is no line \\data\\: this is no ARPA file") }
    return notes
  }

  /// The numbers of n-grams; leaves the first heading as the present line.
  private mutating func readCounts() throws -> [Int] {
    var counts: [Int] = []
    while try lines.next(), lines.text(0) == "ngram" {
      let parts = (1..<lines.count).map { lines.text($0) }.joined().split(
        separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let n = Int(parts[0]), let count = Int(parts[1]), count >= 0 else {
        throw lines.failure("expected 'ngram N=COUNT', found \(lines.shown)")
      }
      guard n == counts.count + 1, n <= Self.greatestOrder else {
        throw lines.failure("expected the number of \(counts.count + 1)-grams, found that of \(n)-grams")
      }
      counts.append(count)
    }
    if counts.isEmpty { throw lines.failure("expected 'ngram 1=COUNT' after \\data\\, found \(lines.shown)") }
    return counts
  }

  // MARK: Sections

  /// Goes through a section, whose heading is the present line, and leaves the next heading or the end as that.
  private mutating func readLines(
    _ n: Int, of counts: [Int], _ body: (inout ArpaReader, _ probability: Double, _ weight: Double?) throws -> Void
  ) throws {
    guard lines.begins(with: heading(n)) else { throw lines.failure("expected \(heading(n)), found \(lines.shown)") }
    var found = 0
    while try lines.next(), !lines.isHeading {
      found += 1
      if found > counts[n - 1] { throw lines.failure("one more than the \(counts[n - 1]) \(n)-grams of the header") }
      guard lines.count == n + 1 || lines.count == n + 2 else {
        throw lines.failure(
          "expected a logarithm, \(n) word\(n == 1 ? "" : "s") and perhaps a back-off, found \(lines.count) pieces")
      }
      let probability = try lines.number(0)
      if probability > 0 { note(.positiveLog, lines.number, lines.shown) }
      var weight = lines.count == n + 2 ? try lines.number(n + 1) : nil
      if let value = weight {
        guard value < ArpaFile.largestWeight else { throw lines.failure("an absurd back-off", at: n + 1) }
        if n == counts.count {
          if value != 0 { note(.needlessBackoff, lines.number, lines.shown) }
          weight = nil
        }
      }
      try body(&self, min(probability, 0), weight == 0 ? nil : weight)
    }
    if found < counts[n - 1] {
      throw lines.failure("the header says \(counts[n - 1]) \(n)-grams, and there are \(found)")
    }
  }

  private mutating func readUnigrams(_ counts: [Int], _ notes: Notes) throws -> Alphabet {
    var unigrams: [(word: UInt32, probability: Double, weight: Double?, line: Int)] = []
    var unknown: UInt32?
    let start = lines.place
    try readLines(1, of: counts) { reader, probability, weight in
      let word = reader.lines.text(1)
      // Those two are one word to KenLM, and to us.
      let name = word == "<UNK>" ? TextSymbol.unknown : word
      let before = reader.words.count
      guard let number = reader.lines.numberOfWord(1, in: &reader.words, inserting: true),
        number == before, name != TextSymbol.unknown || unknown == nil
      else { return reader.note(.duplicate, reader.lines.number, word) }
      switch name {
      case TextSymbol.start: reader.startWord = number
      case TextSymbol.end: reader.endWord = number
      case TextSymbol.unknown: unknown = number
      default: break
      }
      unigrams.append((number, probability, weight, reader.lines.number))
    }
    guard let endWord else {
      throw DataError.malformed(start, "there is no </s> among the unigrams: no sequence would ever end")
    }
    if startWord == nil { note(.missingStart, start.line, "\\1-grams:") }

    let unknownName = notes.unknown ?? TextSymbol.unknown
    let names = unigrams.filter { $0.word != startWord && $0.word != endWord }.map { unigram in
      (
        symbol: unigram.word == unknown ? unknownName : TextSymbol.read(words.text(Int(unigram.word))),
        unigram: unigram
      )
    }.sorted { $0.symbol.utf8.lexicographicallyPrecedes($1.symbol.utf8) }
    for (name, next) in zip(names, names.dropFirst()) where name.symbol.utf8.elementsEqual(next.symbol.utf8) {
      throw DataError.malformed(
        Location(file: start.file, line: max(name.unigram.line, next.unigram.line), column: 1),
        "a second word for the symbol \(VisibleText.quoted(name.symbol))")
    }
    guard !names.isEmpty else { throw DataError.malformed(start, "there is no symbol among the unigrams") }
    let marksUnknown = unknown != nil && (!notes.isOurs || notes.unknown != nil)
    let alphabet = try Alphabet(
      symbols: names.map(\.symbol), kind: notes.kind ?? .words, unknown: marksUnknown ? unknownName : nil)

    symbols = Array(repeating: alphabet.size, count: words.count)
    for (symbol, name) in names.enumerated() { symbols[Int(name.unigram.word)] = symbol }
    for unigram in unigrams {
      let symbol = symbols[Int(unigram.word)]
      if unigram.word != startWord { add(symbol, at: 0, unigram.probability, unigram.line) }
      if unigram.word != endWord, let weight = unigram.weight {
        builder.setWeight(of: builder.node(of: CollectionOfOne(symbol)), to: weight)
      }
    }
    return alphabet
  }

  private mutating func readSection(_ n: Int, of counts: [Int], _ mark: Int) throws {
    var labels = [Int](repeating: 0, count: n)
    try readLines(n, of: counts) { reader, probability, weight in
      var isUseless = false
      var isEnd = false
      for place in 0..<n {
        guard let word = reader.lines.numberOfWord(place + 1, in: &reader.words, inserting: false) else {
          throw reader.lines.failure(
            "the word \(VisibleText.quoted(reader.lines.text(place + 1))) is not among the unigrams", at: place + 1)
        }
        labels[place] = reader.symbols[Int(word)]
        isEnd = word == reader.endWord
        if word == reader.startWord ? place > 0 : isEnd && place < n - 1 { isUseless = true }
      }
      if isUseless { return reader.note(.useless, reader.lines.number, reader.lines.shown) }
      let context = reader.builder.node(of: labels[..<(n - 1)])
      guard reader.add(labels[n - 1], at: context, probability, reader.lines.number) else {
        return reader.note(.duplicate, reader.lines.number, reader.lines.shown)
      }
      if let weight, !isEnd { reader.builder.setWeight(of: reader.builder.node(of: labels), to: weight) }
    }
  }

  @discardableResult
  private mutating func add(_ outcome: Int, at node: Int, _ probability: Double, _ line: Int) -> Bool {
    guard builder.add(outcome, at: node, probability) != nil else { return false }
    lineOfEntry.append(Int32(clamping: line))
    return true
  }

  // MARK: Gaps

  /// Notes n-grams whose first or whose last words are no n-gram of their own.
  private mutating func checkGaps(_ table: BackoffTable, _ alphabet: Alphabet, _ lineOfEntry: [Int32]) {
    let parents = table.tree.parents
    // Contexts of one word are unigrams, and the empty context holds them all.
    for level in table.tree.levels.dropFirst() {
      for node in level where !table.entries(of: node).isEmpty {
        let labels = table.labels(of: node, parents)
        let shorter = Int(parents[node])
        let isListed =
          labels.count == 1
          || table.node(of: labels.dropLast()).map { table.rows.entry(of: $0, labels[labels.count - 1]) != nil }
            ?? false
        for entry in table.entries(of: node) {
          let outcome = Int(table.outcomes[entry])
          let isSuffixListed = table.rows.entry(of: shorter, outcome) != nil
          if isListed, isSuffixListed { continue }
          let text = alphabet.text(ofContext: labels, outcome)
          if !isListed { note(.missingContext, Int(lineOfEntry[entry]), text) }
          if !isSuffixListed { note(.missingSuffix, Int(lineOfEntry[entry]), text) }
        }
      }
    }
  }
}
