/// A part of a data set that its file names, such as train, valid or test.
public struct SequencePart<Rows: RowStorage>: Sendable {
  /// Its name in the file.
  public var name: String
  /// Its sequences, in the file's order.
  public var sequences: Sequences<Rows>

  package init(name: String, sequences: Sequences<Rows>) { (self.name, self.sequences) = (name, sequences) }
}

extension SequenceData {
  /// The split that the file gives; nil where it does not name a train, a valid and a test part, or one is empty.
  public var givenSplit: Split<Rows>? {
    func named(_ name: String) -> Sequences<Rows>? {
      parts.first { $0.name == name && $0.sequences.count > 0 }?.sequences
    }
    guard let train = named("train"), let valid = named("valid"), let test = named("test") else { return nil }
    return Split(train: train, valid: valid, test: test)
  }

  /// The data of one part, as a data set of its own.
  /// - Throws: `DataError.noSuchPart` where the file does not name it.
  public func part(named name: String) throws -> Self {
    guard let part = parts.first(where: { $0.name == name }) else {
      throw DataError.noSuchPart(self.name, part: name, known: parts.map(\.name))
    }
    var data = self
    (data.sequences, data.parts) = (part.sequences, [])
    return data
  }
}
