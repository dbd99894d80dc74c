import Foundation
import Inference
import Models
import Sequences
import Testing

/// Pruned models are distributions, and what is left out is what the criterion says.
@Suite struct PruningTests {
  private static let words = ArpaTests.words.filter { $0.hasPrefix("markov") && !$0.contains("smoothing=ml") }

  /// Σ over all strings of at most L symbols, and the mass of "begins like this and goes on" of those of L, is 1.
  private func mass(_ model: SequenceModel, _ k: Int, longest: Int) -> Double {
    Toys.allSequences(k, longest: longest).reduce(0) { sum, string in
      var nats = -model.score(of: string).nats
      if string.count == longest {
        // log P(string and more): the last decision was to go on.
        func continuing<C: Conditional>(_ c: C) -> Double {
          let inputs = StepInputs(time: 0)
          var state = c.start(inputs)
          for symbol in string { c.advance(&state, past: symbol, inputs) }
          let (stop, continuing) = c.logStop(state, inputs)
          return exp(nats) + exp(nats - stop + continuing)
        }
        return sum + continuing(model.conditional)
      }
      nats = exp(nats)
      return sum + nats
    }
  }

  @Test(arguments: words, [0, 1e-4, 1e-3, 1e-2, 1e9])
  func prunedByEntropySumsToOne(_ word: String, _ threshold: Double) throws {
    let model = try Toys.model(word, alphabetSize: 3)
    let pruned = try model.pruned(threshold: threshold)
    #expect(abs(mass(pruned, 3, longest: 5) - 1) < 1e-9, "\(word)")
    let audit = try ArpaAudit(reading: ByteSource(bytes: Array(ArpaFile.bytes(of: pruned)), name: "pruned"))
    #expect(audit.isSound)
    if threshold == 1e9 {
      // Unigrams alone, over 3 symbols and the end.
      #expect(pruned.storedParameters == 4)
    }
    if threshold == 0 {
      for sequence in Toys.allSequences(3, longest: 4) {
        #expect(abs(pruned.score(of: sequence).nats - model.score(of: sequence).nats) < 1e-9)
      }
    }
  }

  @Test(arguments: words, [[1], [1, 2], [1, 1, 2], [5], [1_000_000]])
  func prunedByCountsSumsToOne(_ word: String, _ cutoffs: [Int]) throws {
    let pruned = try Toys.model(word, alphabetSize: 3).pruned(cutoffs: cutoffs)
    #expect(abs(mass(pruned, 3, longest: 5) - 1) < 1e-9, "\(word)")
  }

  /// Each n-gram counted here in the texts themselves: those below the cut-off are gone, but for contexts of others.
  @Test func cutoffsCountNGrams() throws {
    let set = Toys.set(alphabetSize: 3)
    var counts: [[String]: Int] = [:]
    for index in 0..<set.count {
      let text = ["<s>"] + set[index].map { ["a", "b", "c"][$0] } + ["</s>"]
      for end in 1..<text.count {
        for n in 1...3 where end - n + 1 >= 0 { counts[Array(text[(end - n + 1)...end]), default: 0] += 1 }
      }
    }
    let pruned = try Toys.model("markov:2", alphabetSize: 3).pruned(cutoffs: [1, 3, 4])
    let file = try ArpaByHand(ArpaFile.bytes(of: pruned))
    let longest = Set(counts.filter { $0.key.count == 3 && $0.value >= 4 }.keys)
    let contexts = Set(longest.map { Array($0.dropLast()) })
    let pairs = Set(counts.filter { $0.key.count == 2 && $0.value >= 3 }.keys).union(contexts)
    #expect(Set(file.grams.keys.filter { $0.count == 3 }) == longest)
    #expect(Set(file.grams.keys.filter { $0.count == 2 }) == pairs)
    #expect(!longest.isEmpty && longest.count < counts.keys.count { $0.count == 3 })
  }

  /// For bigrams, whose contexts are judged one entry at a time: an entry is gone where the Kullback–Leibler divergence of
  /// the context's distribution without it, computed by enumeration and weighed by the context's frequency, is less than
  /// log(1 + threshold).
  @Test(arguments: [1e-4, 1e-3, 3e-3, 1e-2], ["modified-kneser-ney", "witten-bell"])
  func bigramsGoByTheirDivergence(_ threshold: Double, _ smoothing: String) throws {
    let model = try Toys.model("markov:1,smoothing=\(smoothing)", alphabetSize: 3)
    let set = Toys.set(alphabetSize: 3)
    let whole = try ArpaByHand(ArpaFile.bytes(of: model, .full))
    let pruned = try ArpaByHand(ArpaFile.bytes(of: model.pruned(threshold: threshold), .full))
    let outcomes = ["a", "b", "c", "</s>"]
    // Each place of the texts has one context.
    var frequency: [String: Double] = [:]
    for index in 0..<set.count {
      for word in ["<s>"] + set[index].map({ outcomes[$0] }) {
        frequency[word, default: 0] += 1 / Double(set.count + set.symbolCount)
      }
    }
    var gone = 0
    for gram in whole.grams.keys where gram.count == 2 {
      let context = gram[0]
      let held = outcomes.filter { $0 != gram[1] && whole.grams[[context, $0]] != nil }
      func probability(_ word: String) -> Double { pow(10, whole.score(word, after: [context])) }
      func unigram(_ word: String) -> Double { pow(10, whole.score(word, after: [])) }
      let left = 1 - held.reduce(0) { $0 + probability($1) }
      let below = 1 - held.reduce(0) { $0 + unigram($1) }
      let divergence = outcomes.reduce(0.0) { sum, word in
        let p = probability(word)
        let q = held.contains(word) ? p : left / below * unigram(word)
        return sum + p * log(p / q)
      }
      let isGone = frequency[context, default: 0] * divergence < log1p(threshold)
      #expect((pruned.grams[gram] == nil) == isGone, "\(gram)")
      gone += isGone ? 1 : 0
    }
    #expect(gone > 0 || threshold < 1e-3)
  }

  /// A pruned model can be pruned again, though its counts are not known; a cut-off needs them.
  @Test func readModelsArePrunedToo() throws {
    let (model, _) = try arpaModel(ArpaFile.bytes(of: Toys.model("markov:2", alphabetSize: 3), .full))
    let pruned = try model.pruned(threshold: 1e-3)
    #expect(pruned.storedParameters < model.storedParameters)
    #expect(abs(mass(pruned, 3, longest: 5) - 1) < 1e-9)
    #expect(throws: SpecificationError.self) { try model.pruned(cutoffs: [2]) }
    #expect(throws: SpecificationError.self) { try Toys.model("markov:2/halt", alphabetSize: 2).pruned(threshold: 0.1) }
  }
}
