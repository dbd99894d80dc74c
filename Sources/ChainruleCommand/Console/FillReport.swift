import Chainrule
import Foundation
import Support

/// What `fill` says of sequences with gaps.
struct FillReport {
  /// What is asked for.
  enum What {
    case mostProbable(Int)
    case draws(Int)
    case marginals(top: Int?)
  }

  /// What was found for one sequence.
  struct Answer {
    /// The number of the sequence, from 0.
    var number: Int
    /// log P(evidence), in nats.
    var logProbability: Double
    /// How good an estimate is; `nil` where the answer is exact.
    var quality: EstimateQuality?
    /// The most probable completions, or draws.
    var completions: [Sample] = []
    var missedNats: Double?
    var marginals: [GapMarginal] = []
  }

  let model: SequenceModel
  private let what: What
  private let seed: UInt64
  private let threads: Int
  /// How answers are estimated that are not exact.
  var particles = ParticleOptions()

  init(_ model: SequenceModel, what: What, seed: UInt64, threads: Int) {
    (self.model, self.what, self.seed, self.threads) = (model, what, seed, threads)
  }

  /// The answers to several sequences, a thread for each.
  func answers(
    _ sequences: [IncompleteSequence], _ progress: (FittingProgress) -> Void
  ) throws -> [Answer] {
    // The states are listed once, before threads ask for them.
    _ = model.finiteStates
    var answers: [Answer] = []
    let piece = 256
    for first in stride(from: 0, to: sequences.count, by: piece) {
      let numbers = Array(first..<min(first + piece, sequences.count))
      var single = FillReport(model, what: what, seed: seed, threads: 1)
      single.particles = particles
      answers += try parallelMap(numbers.count, threads: threads) { [single] index in
        Result { try single.answer(numbers[index], sequences[numbers[index]]) { _ in } }
      }.map { try $0.get() }
      progress(
        FittingProgress(
          fraction: Double(answers.count) / Double(max(sequences.count, 1)),
          text: "\(answers.count) of \(sequences.count) sequences"))
    }
    return answers
  }

  /// The answer to one piece of evidence.
  func answer(
    _ number: Int, _ evidence: some SymbolAutomaton, _ progress: (FittingProgress) -> Void
  ) throws -> Answer {
    var particles = particles
    particles.seed &+= UInt64(number)
    let posterior = try model.posterior(given: evidence, particles: particles, threads: threads, progress: progress)
    var answer = Answer(number: number, logProbability: posterior.logProbability, quality: posterior.quality)
    switch what {
    case .mostProbable(let count):
      let found = posterior.mostProbable(count)
      (answer.completions, answer.missedNats) = (found.sequences, found.missedNats)
    case .draws(let count):
      // Each sequence has draws of its own.
      let first = number * count
      answer.completions = posterior.samples(first..<first + count, seed: seed, threads: threads)
    case .marginals: answer.marginals = posterior.marginals()
    }
    return answer
  }

  // MARK: Tables

  /// A table with its header; of lines of data alone, without.
  func rows(_ answers: [Answer], allDigits: Bool, isPlain: Bool, name: (Int) -> String) -> [[String]] {
    func digits(_ number: Double) -> String { allDigits ? "\(number)" : Numbers.decimal(number, 6) }
    func text(_ sample: Sample) -> String { model.alphabet.visibleText(of: sample.sequence) }
    var rows: [[String]] = []
    switch what {
    case .marginals(let top):
      let hasErrors = answers.contains { $0.marginals.contains { !$0.standardErrors.isEmpty } }
      rows.append(["sequence", "position", "symbol", "probability"] + (hasErrors ? ["standardError"] : []))
      for answer in answers {
        for gap in answer.marginals {
          for symbol in shown(gap, top ?? (allDigits ? .max : 5)) {
            rows.append(
              [
                "\(answer.number + 1)", "\(gap.position + 1)", VisibleText.symbol(model.alphabet.symbols[symbol]),
                digits(gap.probabilities[symbol]),
              ] + (hasErrors ? [gap.standardErrors.isEmpty ? "0" : digits(gap.standardErrors[symbol])] : []))
          }
        }
      }
    case .mostProbable, .draws:
      if isPlain {
        for answer in answers {
          rows += answer.completions.isEmpty ? [[name(answer.number)]] : answer.completions.map { [text($0)] }
        }
        return rows
      }
      rows.append(["sequence", "completion", "nats", "probability"])
      for answer in answers {
        for sample in answer.completions {
          rows.append([
            "\(answer.number + 1)", text(sample), digits(sample.score.nats), digits(probability(sample, answer)),
          ])
        }
      }
    }
    return rows
  }

  /// P(the completion | what is known).
  private func probability(_ sample: Sample, _ answer: Answer) -> Double {
    min(exp(-sample.score.nats - answer.logProbability), 1)
  }

  /// The most probable symbols of a gap.
  private func shown(_ gap: GapMarginal, _ count: Int) -> [Symbol] {
    Array(
      gap.probabilities.indices.filter { gap.probabilities[$0] > 0 }
        .sorted { (gap.probabilities[$0], $1) > (gap.probabilities[$1], $0) }.prefix(count))
  }

  // MARK: JSON

  func json(_ answer: Answer, _ name: String) throws -> String {
    var fields: [String] = ["\"sequence\": \(answer.number + 1)", "\"evidence\": \(try JSONStream.literal(name))"]
    fields.append("\"logProbability\": \(JSONStream.literal(answer.logProbability))")
    if let quality = answer.quality {
      fields.append("\"estimate\": \(try JSONStream.literal(quality.json))")
    }
    switch what {
    case .mostProbable, .draws:
      let writer = try SampleWriter(model.alphabet)
      let texts = try answer.completions.map { sample in
        let text = try writer.text(sample).dropLast()
        return text + ", \"probability\": \(JSONStream.literal(probability(sample, answer)))}"
      }
      fields.append("\"completions\": [\(texts.joined(separator: ", "))]")
      if let missed = answer.missedNats { fields.append("\"missedNats\": \(JSONStream.literal(missed))") }
    case .marginals(let top):
      let gaps = try answer.marginals.map { gap in
        let symbols = try shown(gap, top ?? .max).map { symbol in
          "\(try JSONStream.literal(model.alphabet.symbols[symbol])): \(JSONStream.literal(gap.probabilities[symbol]))"
        }
        return "{\"position\": \(gap.position + 1), \"probabilities\": {\(symbols.joined(separator: ", "))}}"
      }
      fields.append("\"gaps\": [\(gaps.joined(separator: ", "))]")
    }
    return "{\(fields.joined(separator: ", "))}"
  }

  // MARK: Remarks

  func remarks(_ answers: [Answer], name: (Int) -> String) -> [String] {
    var remarks: [String] = []
    let impossible = answers.filter { $0.logProbability == -.infinity }
    if let first = impossible.first {
      remarks.append(
        "\(Numbers.count(impossible.count, "sequence")) without a possible completion, the first "
          + "\(VisibleText.quoted(name(first.number))) (number \(first.number + 1))")
    }
    let missed = answers.filter { $0.missedNats != nil }
    if let first = missed.first, let nats = first.missedNats {
      remarks.append(
        "not exact for \(Numbers.count(missed.count, "sequence")): completions of number \(first.number + 1) with "
          + "\(Numbers.decimal(nats, 6)) nats or more may have been missed")
    }
    let estimates = answers.compactMap(\.quality)
    if let worst = estimates.min(by: { $0.effectiveSampleSize < $1.effectiveSampleSize }) {
      remarks.append((estimates.count > 1 ? "the least reliable of \(estimates.count) estimates: " : "") + worst.remark)
    }
    return remarks
  }
}
