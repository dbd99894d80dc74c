extension Dataset {
  /// The same data in the alphabet of a training part of theirs: a symbol that the part does not hold is the unknown one,
  /// which the alphabet must have. O(symbols).
  package func withAlphabet(of train: SequenceSet) -> Dataset {
    guard let unknown = alphabet.unknown else { preconditionFailure("an alphabet without an unknown symbol") }
    let isHeld = alphabet.marks(of: train)
    let kept = alphabet.symbols.indices.filter { isHeld[$0] || $0 == unknown }
    let place = kept.firstIndex(of: unknown) ?? 0
    var table = [Symbol](repeating: place, count: alphabet.size)
    for (index, symbol) in kept.enumerated() { table[symbol] = index }
    var data = self
    data.sequences = sequences.replacing(by: table, alphabetSize: kept.count)
    data.alphabet = Alphabet(sorted: kept.map { alphabet.symbols[$0] }, kind: alphabet.kind, unknown: place)
    return data
  }
}

extension Alphabet {
  /// How many symbols, the unknown one aside, occur in the other sets and not in the training part. O(symbols of the sets).
  package func countOfSymbols(in others: [SequenceSet], notIn train: SequenceSet) -> Int {
    let isHeld = marks(of: train)
    let marks = others.map { self.marks(of: $0) }
    return symbols.indices.count { symbol in symbol != unknown && !isHeld[symbol] && marks.contains { $0[symbol] } }
  }

  /// Which of the symbols a set holds.
  fileprivate func marks(of set: SequenceSet) -> [Bool] {
    var marks = [Bool](repeating: false, count: size)
    for index in 0..<set.count { for symbol in set[index] { marks[symbol] = true } }
    return marks
  }
}
