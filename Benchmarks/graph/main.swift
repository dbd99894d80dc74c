import Foundation
import GraphicalModel
import Models
import Probability

/// Milliseconds of each of five repetitions after a warm-up, rising.
func milliseconds(_ work: () throws -> Void) rethrows -> [Double] {
  try work()
  return try (0..<5).map { _ in
    let start = ContinuousClock.now
    try work()
    return (ContinuousClock.now - start) / .milliseconds(1)
  }.sorted()
}

func report(_ name: String, _ times: [Double], _ unit: Double) {
  let name = name.padding(toLength: 62, withPad: " ", startingAt: 0)
  print(
    name
      + String(format: "%9.3f (%.3f–%.3f) ms %8.1f", times[2], times[0], times[times.count - 1], times[2] / unit))
}

// Half of the edges lead to near variables, half anywhere; a fifth of the variables are functions.
var stream = RandomStream(seed: 1)
@MainActor func below(_ bound: Int) -> Int { min(Int(stream.uniform() * Double(bound)), bound - 1) }
let count = 10_000
var edges: [(from: Int, to: Int)] = []
for to in 1..<count {
  for edge in 0..<5 { edges.append((edge % 2 == 0 ? to - 1 - below(min(to, 20)) : below(to), to)) }
}
let functions = Set((0..<count).filter { _ in stream.uniform() < 0.2 })
let graph = try UnrolledGraph(count: count, edges: edges, deterministic: functions)
let plain = try UnrolledGraph(count: count, edges: edges)

/// One pass over all edges, the yardstick.
var sink = 0
let pass = milliseconds {
  for variable in 0..<count { for parent in graph.parents(variable) { sink &+= Int(parent) } }
}
let unit = pass[2]
report("one pass over \(graph.edgeCount) edges of \(count) variables", pass, unit)

let queries = (0..<100).map { number in
  let picked = Array(Set((0..<(2 + number)).map { _ in below(count) }))
  return SeparationQuery(x: [picked[0]], y: [picked[1]], given: Array(picked.dropFirst(2)))
}
var answers = 0
let times = queries.map { query in
  let start = ContinuousClock.now
  if graph.isSeparated(query) { answers += 1 }
  return (ContinuousClock.now - start) / .milliseconds(1)
}.sorted()
report(
  "separated? the slowest of \(queries.count) questions (\(answers) yes)",
  [Double](repeating: times[times.count - 1], count: 5),
  unit)
report("separated? the median question", [Double](repeating: times[times.count / 2], count: 5), unit)
report(
  "separator of two variables, none a function", try milliseconds { _ = try plain.separator([5000], [9000]) }, unit)
report("ancestors of the last variable", milliseconds { _ = graph.ancestors(of: [count - 1]) }, unit)

print("")
for word in ["tabular/halt", "markov:4/tau", "lstm:8,layers=2/halt"] {
  let template = try ModelSpecification(word).template(alphabetSize: 27)
  var unrolled = try template.unrolled(steps: 1)
  report("\(word), 1000 steps", try milliseconds { unrolled = try template.unrolled(steps: 1000) }, unit)
  print("  \(unrolled.count) variables, \(unrolled.edgeCount) edges")
  let query = try unrolled.query("y1 ; y1000 | y500..y999")
  report("  separated?", milliseconds { _ = unrolled.isSeparated(query) }, unit)
}
let network = try ModelSpecification("rnn:8/tau").template(alphabetSize: 27).unrolled(steps: 1000)
let hidden = try network.variables("h")
report("marginalise h of rnn:8/tau, 1000 steps", try milliseconds { _ = try network.marginalised(hidden) }, unit)
