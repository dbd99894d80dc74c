import Chainrule
import Foundation

/// --strength and --drawn: how strong edges between elements are.
extension GraphCommand {
  /// Strengths in data, in a model's samples, or in both.
  func strengths(_ graph: UnrolledGraph, _ subject: Subject) throws -> GraphAnswer {
    if case .vectors = subject.elements {
      throw SpecificationError.refused(
        model: model, reason: "--strength and --drawn count symbols, and its elements are vectors of numbers")
    }
    let loaded: SequenceModel? = if case .symbols(let model)? = subject.loaded { model } else { nil }
    let window = window ?? usualWindow(graph)
    let threads = ProcessInfo.processInfo.activeProcessorCount
    func strengths(_ set: SequenceSet) throws -> EdgeStrengths {
      try EdgeStrengths(set, window: window, seed: seed, threads: threads)
    }
    var sources: [StrengthReport] = []
    if let strength {
      let set =
        try loaded.map { try reading.read(strength, for: $0, needsInputs: false, say: Console.say).sequences }
        ?? reading.read(strength, for: [], say: Console.say).sequences
      let name = URL(filePath: strength).lastPathComponent
      sources.append(StrengthReport(name, try strengths(set), graph))
    }
    if let drawn {
      guard let loaded else {
        throw SpecificationError.refused(model: model, reason: "only a model file can be drawn from: train it first")
      }
      let samples = try loaded.samples(drawn, seed: seed, threads: threads)
      let set = SequenceSet(samples.map(\.sequence), alphabetSize: loaded.alphabet.size)
      sources.append(StrengthReport("\(drawn) samples", try strengths(set), graph))
    }
    return .strengths(sources, window: window)
  }

  /// As far as the model looks back, but not very far; 3 where it looks at everything.
  private func usualWindow(_ graph: UnrolledGraph) -> Int {
    let lags = (0..<graph.count).flatMap { child in graph.parents(child).compactMap { graph.lag(Int($0), child) } }
    let elements = (0..<graph.count).count { graph.group($0).name == "y" }
    let deepest = max(lags.max() ?? 1, 1)
    return deepest >= elements - 1 ? 3 : min(deepest, 5)
  }
}
