import Foundation
import ModelCore
import Support

extension RecurrentConditional: BoundedStop {
  /// The outputs are o = c + V h with |h| ≤ 1 in each unit, whatever the cell: so o_j − o_stop ≤ c_j − c_stop +
  /// Σ |V_j − V_stop|, and P(stop) is at least that of a softmax (a sigmoid) of these bounds.
  package var leastLogStop: Double? {
    guard layout.shape.stop != .given else { return nil }
    let (units, outputs) = (layout.units, layout.outputs)
    func weight(_ output: Int, _ unit: Int) -> Double {
      Double(parameters[layout.outputWeights + output * units + unit])
    }
    func bias(_ output: Int) -> Double { Double(parameters[layout.outputBias + output]) }
    let stop = outputs - 1
    if layout.shape.stop == .variable {
      return logStopDecision(logit: bias(stop) - (0..<units).reduce(0) { $0 + abs(weight(stop, $1)) }).stop
    }
    let bounds = (0..<stop).map { output in
      bias(output) - bias(stop) + (0..<units).reduce(0) { $0 + abs(weight(output, $1) - weight(stop, $1)) }
    }
    let largest = max(bounds.max() ?? 0, 0)
    return -(largest + log(exp(-largest) + bounds.reduce(0) { $0 + exp($1 - largest) }))
  }
}
