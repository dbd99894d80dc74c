import Models
import Sequences

/// The mass of all sequences that have not ended yet, over the states of a chain, carried from step to step.
///
/// A step goes through the states from the longest to the shortest. What a state does not list flows to the next shorter
/// one, which must not give it to what the longer one lists: so each entry knows how much of its state's flow is not
/// meant for it (`withheld`). A step costs O(states + entries), not O(states · outcomes).
struct ForwardPass {
  private let states: BackoffAutomaton
  /// t.
  private(set) var time = 0
  /// The mass in each state before step t.
  private(set) var mass: [Double]
  private var next: [Double]
  private var flow: [Double]
  private var withheld: [Double]
  /// The same for what `extra` adds, of which every outcome gets as much; empty without it.
  private var even: [Double]
  private var evenWithheld: [Double]

  /// Before the first element.
  init(_ states: BackoffAutomaton) {
    self.states = states
    mass = Array(repeating: 0, count: states.count)
    mass[states.start(StepInputs(time: 0))] = 1
    next = Array(repeating: 0, count: states.count)
    flow = next
    withheld = Array(repeating: 0, count: states.rows.outcomes.count)
    even = states.extra.isEmpty ? [] : next
    evenWithheld = states.extra.isEmpty ? [] : withheld
  }

  /// Takes one step, and returns P(τ = t).
  mutating func advance() -> Double {
    var stopped = 0.0
    let inputs = StepInputs(time: time)
    for state in mass.indices where mass[state] > 0 {
      let place = states.refine?(state, inputs) ?? state
      var going = mass[state]
      if states.shape.stop == .variable {
        stopped += going * states.stop[place]
        going *= states.continuing[place]
      }
      flow[place] += going
      if !even.isEmpty { even[place] += going * states.extra[place] }
    }
    stopped += flowOut()
    swap(&mass, &next)
    time += 1
    return stopped
  }

  /// Takes the mass out of some states and returns how much there was.
  mutating func take(from chosen: [Bool]) -> Double {
    var sum = 0.0
    for state in mass.indices where chosen[state] {
      sum += mass[state]
      mass[state] = 0
    }
    return sum
  }

  /// Lets the flow out into the states that follow, and leaves zeros behind; returns what the end symbol takes.
  private mutating func flowOut() -> Double {
    let states = states
    let (share, end) = (1 / Double(states.shape.outcomes), Int32(states.shape.alphabetSize))
    let hasExtra = !even.isEmpty
    var stopped = 0.0
    // What state 0 gives to outcomes that nobody lists, the end among them, and the end's part of it.
    var (rest, endRest) = (0.0, 0.0)
    next.withUnsafeMutableBufferPointer { next in
      flow.withUnsafeMutableBufferPointer { flow in
        withheld.withUnsafeMutableBufferPointer { withheld in
          next.update(repeating: 0)
          for state in stride(from: states.count - 1, through: 0, by: -1) {
            let here = flow[state]
            let each = hasExtra ? even[state] : 0
            if here == 0, each == 0 { continue }
            flow[state] = 0
            if hasExtra { even[state] = 0 }
            for entry in states.entries(of: state) {
              // The difference of equal sums may be a rounding below zero.
              var amount = max(here - withheld[entry], 0) * states.values[entry]
              withheld[entry] = 0
              if hasExtra {
                amount += max(each - evenWithheld[entry], 0)
                evenWithheld[entry] = 0
              }
              let successor = Int(states.next[entry])
              if successor < 0 { stopped += amount } else { next[successor] += amount }
              let above = Int(states.above[entry])
              if above >= 0 {
                withheld[above] += here * states.aboveWeight[entry]
                if hasExtra { evenWithheld[above] += each }
              } else {
                let kept = here * states.aboveWeight[entry] * share + each
                rest -= kept
                if states.rows.outcomes[entry] == end { endRest -= kept }
              }
            }
            if state > 0 {
              flow[Int(states.shorter[state])] += here * states.weight[state]
              if hasExtra { even[Int(states.shorter[state])] += each }
            } else {
              let one = here * states.weight[0] * share + each
              rest += one * Double(states.shape.outcomes)
              if states.shape.stop == .outcome { endRest += one }
            }
          }
          endRest = max(endRest, 0)
          next[0] += max(rest - endRest, 0)
        }
      }
    }
    return stopped + endRest
  }
}
