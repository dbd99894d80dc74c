import ModelCore
import Sequences
import Support

extension FittedModel {
  /// Scores as in published protocols that begin with the second step: without the nats of each sequence's first element, which
  /// the walk says; decisions to stop are left as they are.
  /// - Parameter scores: those of the whole sequences, in order.
  public func scoresWithoutFirstElements(
    _ scores: [SequenceScore], of set: Sequences<Rows>, threads: Int = 1
  ) -> [SequenceScore] {
    zip(scores, natsOfFirstElements(set, threads: threads)).map { score, nats in
      SequenceScore(natsElements: score.natsElements - nats, natsLength: score.natsLength)
    }
  }

  /// −log P of the first element of each sequence; 0 of an empty one.
  func natsOfFirstElements(_ set: Sequences<Rows>, threads: Int) -> [Double] {
    parallelMap(set.count, threads: threads, chunk: 64) { index in firstElement(process, set, index) }
  }

  /// −log P of the first element of a sequence; 0 of an empty one.
  private func firstElement<P: SequenceProcess<Element>>(_ process: P, _ set: Sequences<Rows>, _ index: Int) -> Double {
    guard let element = set[index].first else { return 0 }
    return process.walk(length: set.length(index), x: set.input(index)).score(of: element).natsElements
  }
}

extension VectorModel {
  /// The figures of scores without first elements, which are not among the steps then.
  public func figures(withoutFirstElements scores: [SequenceScore], on set: VectorSequences) -> Figures {
    var figures = Figures(scores, symbols: set.elementCount - (0..<set.count).count { set.length($0) > 0 })
    figures.width = width
    return figures
  }
}
