import ModelCore
import Sequences

/// The format of target machines of the PAutomaC competition (Verwer, Eyraud and de la Higuera 2014): four parts, each below a
/// line such as `S: (state,symbol)`, whose lines are `(0,3) 0.25`. I are the probabilities of the first state, F those of
/// ending in a state, S those of a symbol in a state that does not end, T those of the next state given state and symbol:
///
///     P(y) = Σ over paths of I(q₀) Π_t (1 − F(q_{t−1})) S(q_{t−1}, y_t) T(q_{t−1}, y_t, q_t) · F(q_τ)
///
/// What is not said is 0. Rows must sum to 1 up to the digits that were written, and are divided by their sums.
enum PAutomaCModel {
  /// How far a written row may be from 1.
  private static let tolerance = 1e-6

  /// A line: its numbers in brackets, its probability, and where it stands.
  private struct Entry {
    var numbers: [Int]
    var probability: Double
    var line: Int
  }

  /// Reads a machine; symbol a is the word `a`, as in the competition's data. O(lines + states · symbols).
  /// - Throws: `DataError`, with the line.
  static func read(_ source: inout ByteSource) throws -> (automaton: ProbabilisticAutomaton, alphabet: Alphabet) {
    let parts = try entries(&source)
    func place(_ line: Int) -> Location { Location(file: source.name, line: line, column: 1) }
    func part(_ name: String) throws -> [Entry] {
      guard let part = parts[name] else {
        throw DataError.malformed(place(1), "the part \(name) is missing; a machine has I, F, S and T")
      }
      return part
    }
    let (first, final, emissions, moves) = (try part("I"), try part("F"), try part("S"), try part("T"))
    /// Where each state is named first.
    var lines: [Int: Int] = [:]
    for (entry, places) in first.map({ ($0, [0]) }) + final.map({ ($0, [0]) }) + emissions.map({ ($0, [0]) })
      + moves.map({ ($0, [0, 2]) })
    {
      for place in places { lines[entry.numbers[place]] = min(lines[entry.numbers[place]] ?? .max, entry.line) }
    }
    let states = (lines.keys.max() ?? -1) + 1
    let k = (emissions.map { $0.numbers[1] }.max() ?? -1) + 1
    guard k > 0 else { throw DataError.malformed(place(1), "the part S names no symbol") }
    guard states * k <= ProbabilisticAutomaton.mostRows else {
      throw DataError.malformed(
        place(1), "\(states) states and \(k) symbols are more than \(ProbabilisticAutomaton.mostRows) pairs")
    }
    /// - Returns: what a row is divided by.
    func sum(_ entries: some Sequence<Entry>, _ what: String, line: Int?) throws -> Double {
      let sum = entries.reduce(0) { $0 + $1.probability }
      guard abs(sum - 1) <= tolerance else {
        throw DataError.malformed(place(line ?? 1), "\(what) sum to \(sum), not to 1")
      }
      return sum
    }
    let total = try sum(first, "the probabilities of the first state", line: first.first?.line)
    var initial = [Double](repeating: 0, count: states)
    for entry in first { initial[entry.numbers[0]] = entry.probability / total }
    var stop = [Double](repeating: 0, count: states)
    for entry in final { stop[entry.numbers[0]] = entry.probability }

    let alphabet = try Alphabet(symbols: (0..<k).map(String.init).sorted(by: precedes), kind: .words)
    let symbolsOf = Dictionary(grouping: emissions.filter { $0.probability > 0 }) { $0.numbers[0] }
    let movesOf = Dictionary(grouping: moves.filter { $0.probability > 0 }) { $0.numbers[0] * k + $0.numbers[1] }
    var rows = AutomatonRows(alphabetSize: k)
    for state in 0..<states {
      rows.beginState(stop: stop[state])
      var probabilities = [Double](repeating: 0, count: k)
      if stop[state] < 1 {
        guard let line = lines[state] else {
          throw DataError.malformed(
            place(lines[states - 1] ?? 1), "state \(state) is missing, and here is a state \(states - 1)")
        }
        let own = symbolsOf[state] ?? []
        let total = try sum(own, "the probabilities of the symbols of state \(state)", line: own.first?.line ?? line)
        for entry in own { probabilities[entry.numbers[1]] = entry.probability / total }
      }
      // In the order of the alphabet: "10" stands before "2".
      for name in alphabet.symbols {
        let symbol = Int(name) ?? 0
        if probabilities[symbol] > 0 {
          let own = movesOf[state * k + symbol] ?? []
          let total = try sum(
            own, "the probabilities of the states after state \(state) and symbol \(symbol)",
            line: own.first?.line ?? symbolsOf[state]?.first { $0.numbers[1] == symbol }?.line)
          for entry in own.sorted(by: { $0.numbers[2] < $1.numbers[2] }) {
            rows.add(to: entry.numbers[2], probabilities[symbol] * entry.probability / total)
          }
        }
        rows.endSymbol()
      }
    }
    let automaton = ProbabilisticAutomaton(
      shape: OutputShape(alphabetSize: k, stop: .variable), initial: initial, rows: rows)
    if let endless = automaton.endlessStates() {
      let isReached = automaton.reachableStates()
      if let state = endless.indices.first(where: { endless[$0] && isReached[$0] }) {
        throw DataError.malformed(
          place(lines[state] ?? 1), "sequences that come to state \(state) never end: no final state follows it")
      }
    }
    return (automaton, alphabet)
  }

  private static func precedes(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  // MARK: Lines

  private static let counts = ["I": 1, "F": 1, "S": 2, "T": 3]

  private static func entries(_ source: inout ByteSource) throws -> [String: [Entry]] {
    var parts: [String: [Entry]] = [:]
    var known: [String: Set<[Int]>] = [:]
    var (present, line) = ("", 0)
    while let bytes = try source.nextLine() {
      line += 1
      let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
      if text.isEmpty { continue }
      func refuse(_ problem: String) -> DataError {
        .malformed(Location(file: source.name, line: line, column: 1), problem)
      }
      if let name = text.first.map(String.init), counts[name] != nil, text.dropFirst().first == ":" {
        guard parts.updateValue([], forKey: name) == nil else { throw refuse("the part \(name) is there twice") }
        present = name
        continue
      }
      guard let count = counts[present] else {
        throw refuse("expected the first part of a machine, I: (state), found \(shown(text))")
      }
      guard let entry = entry(text, count, line) else {
        let form = "(" + ["state", "symbol", "state"].prefix(count).joined(separator: ",") + ") probability"
        throw refuse("expected \(form), with probabilities from 0 to 1, found \(shown(text))")
      }
      let states = [entry.numbers[0], entry.numbers[count == 3 ? 2 : 0]]
      guard states.allSatisfy({ $0 < ProbabilisticAutomaton.mostStates }),
        count == 1 || entry.numbers[1] < GeneratorOptions.mostSymbols
      else {
        throw refuse(
          "expected at most \(ProbabilisticAutomaton.mostStates) states and \(GeneratorOptions.mostSymbols) symbols, found \(shown(text))"
        )
      }
      guard known[present, default: []].insert(entry.numbers).inserted else {
        throw refuse("the part \(present) has a second line for \(shown(String(text.prefix { $0 != ")" }))))")
      }
      parts[present]?.append(entry)
    }
    return parts
  }

  private static func shown(_ text: String) -> String {
    VisibleText.quoted(String(text.prefix(30)) + (text.count > 30 ? "…" : ""))
  }

  /// The numbers and the probability of a line without blanks; `nil` for any other.
  private static func entry(_ text: String, _ count: Int, _ line: Int) -> Entry? {
    guard text.first == "(", let end = text.firstIndex(of: ")") else { return nil }
    let numbers = text[text.index(after: text.startIndex)..<end].split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.allSatisfy { ("0"..."9").contains($0) } ? Int($0) : nil }
    let written = text[text.index(after: end)...]
    guard numbers.count == count, written.allSatisfy({ "0123456789.eE+-".contains($0) }),
      let probability = Double(written), probability >= 0, probability <= 1
    else { return nil }
    let all = numbers.compactMap { $0 }
    return all.count == count ? Entry(numbers: all, probability: probability, line: line) : nil
  }
}

extension SimulatedModel {
  /// The machine in a file of the PAutomaC competition's format, `*_model.txt`, as a model.
  /// - Parameter path: a file; `-` for standard input.
  /// - Throws: `DataError`, with the line of what is wrong: a row that does not sum to 1, states that are missing or never end.
  public static func automaton(reading path: String) throws -> SequenceModel {
    var source = try ByteSource(opening: path)
    return try automaton(reading: &source)
  }

  /// The same from a source that is open already.
  package static func automaton(reading source: inout ByteSource) throws -> SequenceModel {
    let (automaton, alphabet) = try PAutomaCModel.read(&source)
    return try automaton.model(alphabet, seed: 0)
  }
}
