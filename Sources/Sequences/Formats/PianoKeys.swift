/// The 88 keys of a piano, which are the components of vectors of music: bits, 1 where a key sounds.
enum PianoKeys {
  /// MIDI's numbers of the keys, A0 … C8; middle C is 60.
  static let pitches = 21...108

  /// Their names: A0, A#0, B0, C1, …, C8.
  static let names: [String] = pitches.map { pitch in
    let letters = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
    return letters[pitch % 12] + String(pitch / 12 - 1)
  }
}

extension VectorBuilder {
  /// Appends a frame of 88 bits.
  /// - Parameter keys: 1 where a key sounds.
  mutating func append(keys: [Bool], at location: @autoclosure () -> Location) throws {
    for key in keys { try append(WrittenNumber(value: key ? 1 : 0, isInteger: true), at: location()) }
    try endVector(at: location())
  }
}

extension PianoKeys {
  /// Why vectors are none of keys, in a clause; nil where they are.
  static func refusal(_ columns: Columns) -> String? {
    columns.values == .bits && columns.width == pitches.count
      ? nil
      : "a piano roll has vectors of \(pitches.count) bits, and these are of \(columns.width) \(columns.values.name)"
  }
}
