import Chainrule
import Foundation

// Usage: ParticleBenchmark MODEL DATA [CASES]
// Estimates by sequential Monte Carlo against enumeration: CASES sequences of DATA with one gap each, and as many with two.

let arguments = CommandLine.arguments
guard arguments.count == 3 || arguments.count == 4, let cases = Int(arguments.count == 4 ? arguments[3] : "500"),
  cases > 0
else {
  print("usage: ParticleBenchmark MODEL DATA [CASES]")
  exit(64)
}
let model = try SequenceModel(contentsOf: arguments[1])
let data = try Dataset(reading: arguments[2], alphabet: model.alphabet).sequences

func measured<Value>(_ work: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
  let start = ContinuousClock.now
  let value = try work()
  return (value, (ContinuousClock.now - start) / .seconds(1))
}

/// Sequences of the data, of each some elements masked at random.
func masked(_ gaps: Int) -> [IncompleteSequence] {
  var stream = RandomStream(seed: 1, purpose: "masks", index: UInt64(gaps))
  var sequences: [IncompleteSequence] = []
  while sequences.count < cases {
    let sequence = Array(data[Int(stream.uniform() * Double(data.count))])
    if sequence.count < gaps { continue }
    var positions = Set<Int>()
    while positions.count < gaps { positions.insert(Int(stream.uniform() * Double(sequence.count))) }
    sequences.append(
      IncompleteSequence(sequence.indices.map { positions.contains($0) ? .anything : .symbol(sequence[$0]) }))
  }
  return sequences
}

/// What one way to estimate comes to, over all cases.
struct Tally {
  var seconds = 0.0
  var effective = 0.0
  var squaredError = 0.0
  var (figures, outside) = (0, 0)
  var (marginals, marginalsOutside) = (0, 0)
  var poor = 0

  mutating func add(_ estimate: any EvidencePosterior, _ exact: any EvidencePosterior, _ seconds: Double) {
    guard let quality = estimate.quality else { return }
    self.seconds += seconds
    effective += quality.effectiveSampleSize
    poor += quality.isPoor ? 1 : 0
    let error = estimate.logProbability - exact.logProbability
    squaredError += error * error
    figures += 1
    if !(abs(error) <= 4 * quality.standardError + rounding) { outside += 1 }
    for (a, b) in zip(estimate.marginals(), exact.marginals()) {
      for symbol in a.probabilities.indices {
        marginals += 1
        let isWithin =
          abs(a.probabilities[symbol] - b.probabilities[symbol]) <= 4 * a.standardErrors[symbol] + rounding
        if !isWithin { marginalsOutside += 1 }
      }
    }
  }
}

/// A batch of walks and a walk alone add numbers in another order.
let rounding = 1e-5

let (twist, fitSeconds) = measured { Twist(approximating: model, seed: 1) }
print("the twist took \(digits(fitSeconds)) s")

func digits(_ number: Double) -> String { String(format: "%.4g", number) }

func options(_ twist: Twist?, isResampling: Bool = true) -> ParticleOptions {
  var options = ParticleOptions()
  (options.enumerationLimit, options.twist, options.isResampling) = (0, twist, isResampling)
  return options
}
let ways: [(name: String, options: ParticleOptions)] = [
  ("twist", options(twist)), ("no twist", options(nil)), ("importance sampling", options(nil, isResampling: false)),
]
print(
  [
    "gaps", "way", "cases", "log P within 4 SE", "marginals within 4 SE", "poor", "RMS error of log P", "ESS",
    "ms a case",
    "ESS/s",
  ].joined(separator: "\t"))
for gaps in [1, 2] {
  var tallies = [Tally](repeating: Tally(), count: ways.count)
  var enumerationSeconds = 0.0
  for sequence in masked(gaps) {
    let exact = try measured { try model.posterior(given: sequence) }
    enumerationSeconds += exact.seconds
    for (number, way) in ways.enumerated() {
      let estimate = try measured { try model.posterior(given: sequence, particles: way.options) }
      tallies[number].add(estimate.value, exact.value, estimate.seconds)
    }
  }
  let count = Double(cases)
  for (way, tally) in zip(ways, tallies) {
    func share(_ outside: Int, _ all: Int) -> String {
      String(format: "%.2f %%", 100 * Double(all - outside) / Double(max(all, 1)))
    }
    print(
      [
        "\(gaps)", way.name, "\(tally.figures)", share(tally.outside, tally.figures),
        share(tally.marginalsOutside, tally.marginals), "\(tally.poor)",
        digits((tally.squaredError / count).squareRoot()),
        digits(tally.effective / count), digits(1000 * tally.seconds / count), digits(tally.effective / tally.seconds),
      ].joined(separator: "\t"))
  }
  print("\(gaps)\tenumeration\t\(cases)\t\t\t\t\t\t\(digits(1000 * enumerationSeconds / count))\t")
  // By the errors themselves: draws that would be as good, a second.
  func worth(_ tally: Tally) -> Double { 1 / (tally.squaredError * tally.seconds) }
  print(
    "\(gaps) gaps: the twist gives \(digits(tallies[0].effective / tallies[0].seconds / (tallies[1].effective / tallies[1].seconds)))"
      + " times the effective samples a second; by the squared errors of log P \(digits(worth(tallies[0]) / worth(tallies[1])))"
      + " times")
}

// Too many completions to enumerate: by the standard errors of log P over the repetitions.
for gaps in [4, 6] {
  var (effective, seconds, squares) = ([0.0, 0], [0.0, 0], [0.0, 0])
  let sequences = masked(gaps).prefix(max(cases / 10, 1))
  for sequence in sequences {
    for (number, way) in ways.prefix(2).enumerated() {
      let estimate = try measured { try model.posterior(given: sequence, particles: way.options) }
      guard let quality = estimate.value.quality else { continue }
      effective[number] += quality.effectiveSampleSize
      seconds[number] += estimate.seconds
      squares[number] += quality.standardError * quality.standardError
    }
  }
  let count = Double(sequences.count)
  for (number, way) in ways.prefix(2).enumerated() {
    print(
      "\(gaps) gaps, \(way.name), \(sequences.count) cases: ESS \(digits(effective[number] / count)), standard error "
        + "\(digits((squares[number] / count).squareRoot())), \(digits(1000 * seconds[number] / count)) ms a case")
  }
  print(
    "\(gaps) gaps: the twist gives \(digits(effective[0] / seconds[0] / (effective[1] / seconds[1]))) times the effective "
      + "samples a second; by the squared standard errors \(digits(squares[1] * seconds[1] / (squares[0] * seconds[0]))) times"
  )
}
