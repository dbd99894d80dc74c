import BigInt
import Models
import Sequences
import Testing

@Suite struct SpecificationTests {
  static let words = Registry.standard.exampleWords

  /// Every family has words, and every way to end is among them.
  @Test func allArePresent() {
    for family in Registry.standard.families { #expect(Self.words.contains { $0.hasPrefix(family.name) }) }
    for length in Registry.standard.lengths {
      for example in length.examples { #expect(Self.words.contains { $0.hasSuffix("/" + example) }) }
    }
  }

  /// The canonical and the short word both mean the same model.
  @Test(arguments: words)
  func roundTrip(_ word: String) throws {
    let specification = try ModelSpecification(word)
    #expect(try ModelSpecification(specification.word).word == specification.word)
    #expect(try ModelSpecification(specification.shortWord).word == specification.word)
  }

  @Test(arguments: [
    ("markov:3", "markov:k=3,smoothing=modified-kneser-ney/eos"),
    ("markov:k=3,smoothing=add:1", "markov:k=3,smoothing=add:1/eos"),
    ("markov:2,smoothing=add:0.5/halt", "markov:k=2,smoothing=add:0.5/halt"),
    ("markov:2,smoothing=kneser-ney,mixing=backoff", "markov:k=2,smoothing=kneser-ney,mixing=backoff/eos"),
    ("markov:2,mixing=interpolated,tune=none", "markov:k=2,smoothing=modified-kneser-ney/eos"),
    ("markov:2,smoothing=add:auto", "markov:k=2,smoothing=add:auto/eos"),
    ("markov:2,smoothing=pitman-yor,tune=leave-one-out", "markov:k=2,smoothing=pitman-yor:0.4/eos"),
    ("markov:2,smoothing=jelinek-mercer,tune=valid", "markov:k=2,smoothing=jelinek-mercer,tune=valid/eos"),
    ("markov:2,time=bucket:8", "markov:k=2,smoothing=modified-kneser-ney,time=bucket:8/eos"),
    ("markov:2,time=each,smoothing=ml", "markov:k=2,smoothing=ml,time=each/eos"),
    ("markov:2,time=none", "markov:k=2,smoothing=modified-kneser-ney/eos"),
    ("tabular/tau", "tabular:smoothing=add:1/tau:input=remaining,prior=table"),
    ("tabular:smoothing=ml/tau:input=total", "tabular:smoothing=ml/tau:input=total,prior=table:ml"),
    ("tabular:smoothing=ml/tau:prior=table", "tabular:smoothing=ml/tau:input=remaining,prior=table"),
  ])
  func canonicalWords(_ word: String, _ canonical: String) throws {
    #expect(try ModelSpecification(word).word == canonical)
  }

  @Test(arguments: [
    ("markof:3", "did you mean 'markov'"), ("markov", "order"), ("markov:-1", "whole number"),
    ("markov:2,smothing=ml", "did you mean 'smoothing'"), ("markov:2,smoothing=kneser", "unknown smoothing"),
    ("markov:2/end", "unknown length strategy 'end'"), ("rnn", "number of units"), ("rnn:0", "whole number"),
    ("gru:8,rate=inf", "rate"), ("gru:8,rate=0.1,rate=0.2", "twice"), ("tabular:smoothing=witten-bell", "shorter one"),
    ("markov:2,smoothing=add:-1", "above 0"), ("markov:2,smoothing=ml:3", "no parameter"), ("", "unknown model"),
    ("markov:2,smoothing=ml,mixing=backoff", "has no mixing=backoff"),
    ("markov:2,mixing=both", "unknown markov: mixing"),
    ("markov:2,smoothing=add:auto,tune=none", "no closed form"),
    ("markov:2,smoothing=ml,tune=valid", "nothing to tune"),
    ("markov:2,mixing=backoff,tune=valid", "interpolated alone"),
    ("markov:2,smoothing=absolute:2", "from 0.001 to 0.999"),
    ("markov:2,smoothing=jelinek-mercer:x", "from 0.001 to 0.999"),
    ("markov:2,smoothing=pitman-yor:nan", "from 0.0 to 1.0"),
    ("tabular:smoothing=add:auto", "no shorter one"),
    ("markov:2,time=scaled", "unknown markov: time"), ("markov:2,time=bucket:1", "from 2 to 63"),
    ("markov:2/eos/halt", "unknown length strategy"), ("markov:2,", "option=value"),
    ("markov:99999999999999999999", "whole number"),
    ("markov:2(", "not closed"), ("markov:2)", "none before it"), (")markov(:2", "none before it"),
    ("markov:2,smoothing=(a,b)", "unknown smoothing '(a,b)'"), ("markov(rnn:2):3", "takes no models in brackets"),
    ("markov:3/halt(rnn:2)", "takes no models in brackets"), ("markov(rnn:2)3", "after the closing bracket"),
    ("markov():3", "one is empty"), ("markov(a;):3", "one is empty"), ("(markov:3)", "unknown model ''"),
    ("mixture(markov:1;markov:2)", "unknown model 'mixture'"), ("arpa:2/halt", "no other end: use /eos"),
    ("arpa:2/tau", "arpa:2/tau: what an ARPA file holds"), ("tabular/tau:input=later", "unknown tau: input 'later'"),
  ])
  func wrongWordsAreExplained(_ word: String, _ part: String) {
    let error = #expect(throws: SpecificationError.self) { try ModelSpecification(word) }
    #expect(error.map { "\($0)".contains(part) } == true, "\(String(describing: error))")
  }
}

/// Free parameters against closed forms and enumeration (MODEL.md's table).
@Suite struct ParameterCountTests {
  private func free(_ word: String, k: Int, longest: Int? = nil) throws -> BigInt {
    try ModelSpecification(word).freeParameters(alphabetSize: k, longest: longest)
  }

  /// k (k^T − 1)/(k − 1), past any machine integer, and the same with every strategy that knows the length: all of them
  /// have one number for each string of at most T symbols, less one.
  @Test(arguments: ["eos", "halt", "tau:input=remaining", "tau:input=total"])
  func fullTables(_ length: String) throws {
    let k = BigInt(27)
    #expect(try free("tabular/\(length)", k: 27, longest: 20) == k * (k.power(20) - 1) / (k - 1))
    for (k, longest) in [(2, 5), (3, 4), (1, 3), (4, 0)] {
      let strings = (0...longest).reduce(BigInt(0)) { $0 + BigInt(k).power($1) }
      #expect(try free("tabular/\(length)", k: k, longest: longest) == strings - 1)
    }
  }

  /// Contexts counted one by one.
  @Test(arguments: [(2, 0), (2, 3), (3, 2), (1, 4)])
  func markovModels(_ k: Int, _ order: Int) throws {
    var contexts = 0
    var ofLength = 1
    for _ in 0...order {
      contexts += ofLength
      ofLength *= k
    }
    #expect(try free("markov:\(order)/eos", k: k) == BigInt(contexts * k))
    #expect(try free("markov:\(order)/halt", k: k) == BigInt(contexts * k))
    let longest = 5
    #expect(try free("markov:\(order)/tau:input=none", k: k, longest: longest) == BigInt(contexts * (k - 1) + longest))
    // With a length input: pairs of a context and a length that can stand together.
    var pairs: Set<[Int]> = []
    for length in 1...longest {
      for time in 0..<length {
        let context = min(time, order)
        for number in 0..<Int(BigInt(k).power(context)) {
          pairs.insert([length - time, time < order ? time : order, number])
        }
      }
    }
    #expect(
      try free("markov:\(order)/tau:input=remaining", k: k, longest: longest)
        == BigInt(pairs.count * (k - 1) + longest))
  }

  /// With t as one more parent: which contexts stand at which t (and length), one by one. The last bucket has no end;
  /// with each t by itself, T are counted.
  @Test(arguments: [0, 1, 2, 3], ["bucket:2", "bucket:3", "bucket:8", "each"])
  func timeDependentModels(_ order: Int, _ time: String) throws {
    let k = 2
    let buckets = Int(time.split(separator: ":").last ?? "")
    let word = "markov:\(order),time=\(time)"
    func label(_ t: Int) -> Int { buckets.map { n in (0..<n - 1).first { t < 1 << $0 } ?? n - 1 } ?? t }
    var contexts: Set<[Int]> = []
    let longest = 300
    for t in 0..<longest {
      for number in 0..<Int(BigInt(k).power(min(t, order))) { contexts.insert([min(t, order), number, label(t)]) }
    }
    #expect(try free("\(word)/eos", k: k, longest: buckets == nil ? longest : nil) == BigInt(contexts.count * k))
    #expect(try free("\(word)/halt", k: k, longest: buckets == nil ? longest : nil) == BigInt(contexts.count * k))
    var pairs: Set<[Int]> = []
    for length in 1...12 {
      for t in 0..<length {
        for number in 0..<Int(BigInt(k).power(min(t, order))) {
          pairs.insert([min(t, order), number, label(t), length - t])
        }
      }
    }
    #expect(try free("\(word)/tau:input=remaining", k: k, longest: 12) == BigInt(pairs.count * (k - 1) + 12))
  }

  /// A conditional for each t and a context that holds every history: the full table.
  @Test(arguments: [1, 2, 3], [1, 4])
  func unsharedAndLongIsTheFullTable(_ k: Int, _ longest: Int) throws {
    for length in ["eos", "halt", "tau:input=total"] {
      #expect(
        try free("markov:9,time=each/\(length)", k: k, longest: longest)
          == free("tabular/\(length)", k: k, longest: longest))
    }
  }

  /// h k + h² + h + (k + 1)(h + 1), three times the recurrent part for a gated unit; halting has as many outputs.
  @Test(arguments: ["eos", "halt"])
  func recurrentNetworks(_ length: String) throws {
    let (k, h) = (26, 128)
    #expect(try free("rnn:128/\(length)", k: k) == BigInt(h * k + h * h + h + (k + 1) * (h + 1)))
    #expect(try free("gru:128/\(length)", k: k) == BigInt(3 * (h * k + h * h + h) + (k + 1) * (h + 1)))
    #expect(try free("rnn:128/tau:input=none", k: k, longest: 9) == BigInt(h * k + h * h + h + k * (h + 1) + 9))
  }

  @Test func theLongestLengthIsAskedFor() {
    #expect(throws: SpecificationError.self) { try free("tabular/eos", k: 2) }
    #expect(throws: SpecificationError.self) { try free("rnn:2/tau", k: 2) }
    #expect(throws: SpecificationError.self) { try free("markov:2,time=each/eos", k: 2) }
    #expect(throws: Never.self) { try free("markov:2/eos", k: 2) }
  }
}
