import Foundation
import ModelCore
import Sequences

/// A generator's process along a sequence. After elements of probability 0, which determine nothing, the memory is that of the
/// beginning.
struct GeneratorConditional<Process: Generator>: FiniteStateConditional {
  let generator: Process
  let shape: OutputShape
  var storedParameters: Int { 0 }

  func start(_ inputs: StepInputs) -> Process.Memory { generator.start }

  func logStop(_ memory: Process.Memory, _ inputs: StepInputs) -> (stop: Double, continuing: Double) {
    let stop = generator.stopProbability(memory)
    return (log(stop), log1p(-stop))
  }

  func logProbability(of outcome: Symbol, _ memory: Process.Memory, _ inputs: StepInputs) -> Double {
    log(generator.probability(of: outcome, memory))
  }

  func predict(_ memory: Process.Memory, _ inputs: StepInputs, into prediction: inout Prediction) {
    (prediction.logStop, prediction.logContinue) = logStop(memory, inputs)
    for symbol in prediction.logProbabilities.indices {
      prediction.logProbabilities[symbol] = log(generator.probability(of: symbol, memory))
    }
  }

  func advance(_ memory: inout Process.Memory, past element: Symbol, _ inputs: StepInputs) {
    if generator.stopProbability(memory) < 1, generator.probability(of: element, memory) > 0 {
      generator.advance(&memory, past: element)
    } else {
      memory = generator.start
    }
  }

  func write(to file: inout TensorFile) {}

  /// The automaton whose states are the memories, found breadth first; `nil` where they are too many. O(memories · symbols).
  func finiteStates() -> (any FiniteStateProcess)? {
    let k = shape.alphabetSize
    guard let count = generator.memoryCount, count <= ProbabilisticAutomaton.mostStates,
      count * k <= ProbabilisticAutomaton.mostRows
    else { return nil }
    var memories = [generator.start]
    var numbers = [generator.start: 0]
    var rows = AutomatonRows(alphabetSize: k)
    while rows.stateCount < memories.count {
      let memory = memories[rows.stateCount]
      let stop = generator.stopProbability(memory)
      rows.beginState(stop: stop)
      for symbol in 0..<k {
        let probability = stop < 1 ? generator.probability(of: symbol, memory) : 0
        if probability > 0 {
          var next = memory
          generator.advance(&next, past: symbol)
          if numbers[next] == nil {
            numbers[next] = memories.count
            memories.append(next)
          }
          rows.add(to: numbers[next] ?? 0, probability)
        }
        rows.endSymbol()
      }
    }
    return ProbabilisticAutomaton(
      shape: shape, initial: [1] + Array(repeating: 0, count: memories.count - 1), rows: rows)
  }
}
