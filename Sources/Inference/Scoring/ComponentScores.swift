import ModelCore
import Sequences
import Support

extension VectorModel {
  /// log p(y_i(t) | past, lower components) of each component of each element of some sequences, in order; `nil` where the model
  /// does not take its densities apart. O(elements) steps of the walk.
  /// - Parameter threads: the result does not depend on it.
  package func componentLogDensities(of set: VectorSequences, threads: Int = 1) -> [[[Double]]]? {
    let all = parallelMap(set.count, threads: threads) { index in
      Self.componentLogDensities(vectors, of: set[index], x: set.input(index))
    }
    return all.contains(nil) ? nil : all.compactMap(\.self)
  }

  private static func componentLogDensities<P: VectorProcess>(
    _ process: P, of sequence: VectorSlice<Double>, x: SequenceInput?
  ) -> [[Double]]? {
    var distribution = P.Distribution(process.shape)
    var densities: [[Double]]? = []
    process.forEachDecision(of: sequence, x: x) { walk, element in
      guard let element, densities != nil else { return }
      walk.predict(into: &distribution)
      if let here = distribution.componentLogDensities(of: element) {
        densities?.append(here)
      } else {
        densities = nil
      }
    }
    return densities
  }
}
