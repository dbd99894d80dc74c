import Sequences

/// Sufficient statistics of a part of the data, such as counts or a gradient: all that fitting needs of it.
///
/// Parts of a set are summarised by themselves, on threads or in processes of their own, and the summaries are added in the
/// order of the parts:
///
///     summarise(part) → add → … → add → finish
///
/// The sum has the same bits however many threads or processes there are. Counts are integers, so that any division into parts, and any grouping of these in
/// their order, gives the same sum. Sums of floating-point numbers are rounded: the parts are settled by the data alone, and
/// are added one by one, the first to the last.
public protocol Summary: Sendable {
  /// Adds the summary of the part of the data that follows.
  /// - Throws: `FittingError.tooLarge`.
  mutating func add(_ next: Self) throws
}

/// A summary that has a mean: of several sets that differ in some elements, drawn in the place of those that are not known.
package protocol MeanSummary: Summary {
  /// The sum over so many sets, divided by their number.
  /// - Returns: `nil` where it has none.
  func mean(of count: Int) -> Self?
}

/// A family that is fitted to sums over its data.
public protocol SummarisingFamily: ModelFamily {
  /// The sums that it is fitted to.
  associatedtype Sums: Summary

  /// The summary of a part of the training set.
  /// - Throws: as `fit`.
  func summarise(_ part: SequenceSet, _ shape: OutputShape, _ context: FittingContext) throws -> Sums

  /// The conditional of the whole set's summary.
  /// - Parameter valid: for families that tune; empty for the others.
  /// - Throws: as `fit`.
  func finish(
    _ sums: consuming Sums, valid: SequenceSet, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional

  /// Writes a summary that `sums(from:)` reads, perhaps in another process.
  func write(_ sums: Sums, to file: inout TensorFile)

  /// Reads and checks a summary.
  /// - Throws: `ModelFileError`.
  func sums(from file: TensorFile, _ shape: OutputShape) throws -> Sums
}

extension SummarisingFamily {
  /// By default the summary of the whole set, finished.
  public func fit(
    _ data: TrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional {
    try finish(summarise(data.train, shape, context), valid: data.valid, shape, context)
  }
}

extension ModelSpecification {
  /// The summary of a part of a training set as a file, for the process that adds them all.
  ///
  ///     let half = try specification.summary(of: train.selecting(0..<train.count / 2)).serialized()
  ///
  /// - Parameter part: some successive sequences of the set, with its alphabet.
  /// - Throws: `SpecificationError.refused` where the family is not fitted to sums over its data; `FittingError`.
  public func summary(of part: SequenceSet, _ context: FittingContext = FittingContext()) throws -> TensorFile {
    func summary(_ family: some SummarisingFamily) throws -> TensorFile {
      let shape = shape(alphabetSize: part.alphabetSize, inputWidth: part.inputWidth)
      var file = TensorFile()
      family.write(try family.summarise(part, shape, context), to: &file)
      file.metadata = ["chainrule.summary": word, "chainrule.part": String(part.contentHash, radix: 16)]
      file.set("part", counts: [part.alphabetSize, part.inputWidth, part.count, part.symbolCount])
      return file
    }
    try checkFitting()
    guard part.missing.isEmpty else {
      throw SpecificationError.refused(model: shortWord, reason: "the data have missing elements")
    }
    return try summary(summarisingFamily)
  }

  /// Fits to the summaries of all parts of a training set, in their order.
  fileprivate func fit(
    _ summaries: [TensorFile], _ data: TrainingData, _ shape: OutputShape, _ context: FittingContext
  ) throws -> any Conditional {
    func fit(_ family: some SummarisingFamily) throws -> any Conditional {
      // An empty part first: so all others are added, and there may be none.
      var sums = try family.summarise(data.train.selecting([]), shape, context)
      var (sequences, symbols) = (0, 0)
      for file in summaries {
        let part = try file.counts("part", count: 4)
        guard file.metadata["chainrule.summary"] == word, part[..<2] == [shape.alphabetSize, shape.inputWidth],
          part[2] <= data.train.count - sequences, part[3] <= data.train.symbolCount - symbols
        else { throw ModelFileError.inconsistent("the summary is one of another model or of other data") }
        let own = data.train.selecting(sequences..<sequences + part[2])
        guard file.metadata["chainrule.part"] == String(own.contentHash, radix: 16) else {
          throw ModelFileError.inconsistent("the summary is not of this part of the data")
        }
        (sequences, symbols) = (sequences + part[2], symbols + part[3])
        try sums.add(family.sums(from: file, shape))
      }
      guard sequences == data.train.count, symbols == data.train.symbolCount else {
        throw ModelFileError.inconsistent("the summaries are not those of all parts of the set")
      }
      return try family.finish(sums, valid: data.valid, shape, context)
    }
    return try fit(summarisingFamily)
  }

  private var summarisingFamily: any SummarisingFamily {
    get throws {
      if let family = family as? any SummarisingFamily { return family }
      throw SpecificationError.refused(model: shortWord, reason: "it is not fitted to sums over its data")
    }
  }
}

extension SequenceModel {
  /// Fits a specification to the summaries of all parts of a training set, to the same bits as to the set itself. What is counted
  /// comes from the summaries; P(τ) and the facts of training, for which one pass is enough, from the set.
  /// - Parameters:
  ///   - summaries: those of all parts, in their order (`ModelSpecification.summary(of:)`).
  ///   - valid: for families that tune; leave it empty for the others.
  /// - Throws: `ModelFileError` where a summary is damaged, or they are not those of the set; `FittingError`,
  ///   `SpecificationError.refused`.
  public static func fit(
    _ specification: ModelSpecification, toSummaries summaries: [TensorFile], of train: SequenceSet,
    valid: SequenceSet? = nil, _ alphabet: Alphabet, _ context: FittingContext = FittingContext()
  ) throws -> SequenceModel {
    let model = try fit(specification, to: train, valid: valid, alphabet, context) {
      try specification.fit(summaries, $0, $1, $2)
    }
    guard model.conditional.agrees(with: model.facts) else {
      throw ModelFileError.inconsistent("the summaries are not of as many sequences and symbols as the set")
    }
    return model
  }

  /// Fits to the mean of the counts of several sets, which differ in elements that were drawn; to the first of them where the
  /// family has no such mean.
  package static func fit(
    _ specification: ModelSpecification, toMeanOf sets: [SequenceSet], valid: SequenceSet? = nil, _ alphabet: Alphabet,
    _ context: FittingContext = FittingContext()
  ) throws -> SequenceModel {
    func conditional(
      _ family: some SummarisingFamily, _ data: TrainingData, _ shape: OutputShape, _ context: FittingContext
    ) throws -> any Conditional {
      var sums = try family.summarise(sets[0], shape, context)
      if sets.count == 1 || !(sums is any MeanSummary) { return try family.fit(data, shape, context) }
      for set in sets.dropFirst() { try sums.add(family.summarise(set, shape, context)) }
      func mean<Sums: MeanSummary>(_ sums: Sums) -> (any Summary)? {
        sums.mean(of: sets.count)
      }
      func finish<F: SummarisingFamily>(_ family: F, _ sums: (any Summary)?) throws -> any Conditional {
        guard let sums = sums as? F.Sums else { return try family.fit(data, shape, context) }
        return try family.finish(sums, valid: data.valid, shape, context)
      }
      return try finish(family, (sums as? any MeanSummary).flatMap { mean($0) })
    }
    return try fit(specification, to: sets[0], valid: valid, alphabet, context) { data, shape, context in
      if let family = specification.family as? any SummarisingFamily {
        return try conditional(family, data, shape, context)
      }
      return try specification.family.fit(data, shape, context)
    }
  }
}
