import Sequences

extension FittedModel {
  /// Fits a specification: what models of all elements have in common. The parts are the model's own.
  /// - Parameters:
  ///   - valid: for families that stop early or tune; empty for the others.
  ///   - process: fits the process.
  ///   - make: makes the model of its parts.
  /// - Throws: `FittingError`, `SpecificationError.refused`.
  static func fit<Process>(
    _ specification: ModelSpecification, to train: Sequences<Rows>, valid: Sequences<Rows>, _ schema: Rows.Schema,
    _ elements: ElementKind, _ context: FittingContext,
    process: (FittingData<Rows>, OutputShape, FittingContext) throws -> Process,
    make: @escaping @Sendable (ModelSpecification, Any, (any LengthPrior)?, TrainingFacts) -> Self
  ) throws -> Self {
    try specification.checkFitting(elements)
    guard train.missing.isEmpty, valid.missing.isEmpty else {
      throw SpecificationError.refused(
        model: specification.shortWord, reason: "the data have missing elements, which no model is fitted to yet")
    }
    let facts = TrainingFacts(train, seed: context.seed)
    let prior = try specification.length.prior?.fit(train, context)
    var context = context
    if let checkpoints = context.checkpoints {
      if let earlier = checkpoints.resuming?.model ?? checkpoints.continuing {
        let obstacles =
          (earlier as? Self)?.obstacles(toContinuing: specification, on: train, schema, seed: context.seed)
          ?? ["its elements are other ones"]
        guard obstacles.isEmpty else {
          throw FittingError.wrongCheckpoint(reason: obstacles.joined(separator: "; "))
        }
      }
      context.save = {
        try checkpoints.save(Checkpoint(model: make(specification, $0, prior, facts), state: $1))
      }
    }
    let shape = specification.shape(elements, inputWidth: train.inputWidth)
    let data = FittingData(train: train, valid: valid)
    return make(specification, try process(data, shape, context), prior, facts)
  }
}
