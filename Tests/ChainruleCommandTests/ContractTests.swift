import Chainrule
import Foundation
import Testing

/// The JSON that scripts rely on, field by field.
@Suite struct ContractTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(60, seed: 1))
    try folder.write("test.txt", names(12, seed: 2))
  }

  /// `test` of `compare`, `total` of `score`: each figure from the totals, as the contract defines it.
  private func check(figures: JSON, sequences: Int, symbols: Int) throws {
    let nats = try figures["nats"].number
    let elements = try figures["natsElements"].number
    let length = try figures["natsLength"].number
    let events = Double(sequences + symbols)
    #expect(try figures["sequences"].int == sequences)
    #expect(try figures["symbols"].int == symbols)
    expect(elements + length, nats)
    expect(try figures["natsPerSequence"].number, nats / Double(sequences))
    expect(try figures["natsPerEvent"].number, nats / events)
    expect(try figures["bitsPerEvent"].number, nats / events / log(2))
    expect(try figures["perplexity"].number, exp(nats / events))
    expect(try figures["perplexityWithoutEnd"].number, exp(elements / Double(symbols)))
  }

  private func expect(
    _ a: Double, _ b: Double, within tolerance: Double = 1e-9, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(a == b || abs(a - b) <= tolerance * max(abs(b), 1), sourceLocation: location)
  }

  private func symbols(_ file: String) throws -> Int {
    String(decoding: try folder.read(file), as: UTF8.self).filter { $0 != "\n" }.count
  }

  /// A word that is printed can be pasted.
  private func checkCanonical(_ word: String) throws { #expect(try ModelSpecification(word).word == word) }

  @Test func compareGivesEachModelItsFiguresOnTheSameTestSet() throws {
    let asked = smallModels.flatMap { ["--model", $0] }
    let json = try Program.run(["compare", "train.txt", "--test", "test.txt", "--json"] + asked, in: folder).json()
    #expect(try json["schema"].string == "chainrule.compare/1")
    let data = try json["data"]
    #expect(try data["train"]["sequences"].int == 60)
    #expect(try data["train"]["symbols"].int == symbols("train.txt"))
    #expect(try data["train"]["alphabetSize"].int == 12)
    #expect(try data["test"]["sequences"].int == 12)
    #expect(try data["test"]["symbols"].int == symbols("test.txt"))

    let models = try json["models"].list
    #expect(models.count == smallModels.count)
    let best = try #require(try models.min { try $0["valid"]["nats"].number < $1["valid"]["nats"].number })
    #expect(try json["chosen"]["model"].string == best["model"].string && json["chosen"]["by"].string == "valid")
    for (model, word) in zip(models, smallModels) {
      #expect(try model["model"].string == ModelSpecification(word).word)
      try checkCanonical(try model["model"].string)
      let free = try model["parameters"]["free"].string
      #expect(!free.isEmpty && free.allSatisfy(\.isASCII) && free.allSatisfy(\.isNumber))
      #expect(try model["parameters"]["stored"].int > 0)
      try check(figures: model["test"], sequences: 12, symbols: symbols("test.txt"))
      try check(figures: model["train"], sequences: 60, symbols: symbols("train.txt"))
      #expect(try model["fitSeconds"].number >= 0)
      // Three of the sixty are held out, to stop early by and to choose by.
      #expect(try model["valid"]["sequences"].int == 3)
      let nats = try 2 * model["train"]["nats"].number
      let p = try model["occurringParameters"].number
      expect(try model["aic"].number, nats + 2 * p)
      expect(try model["bic"].number, nats + p * log(Double(try 60 + symbols("train.txt"))))

      let difference = try model["difference"]
      #expect(try difference["versus"].string == best["model"].string)
      let mean = try difference["natsPerSequence"].number
      expect(mean, try model["test"]["natsPerSequence"].number - best["test"]["natsPerSequence"].number)
      #expect(try difference["low"].number <= mean && mean <= difference["high"].number)
    }
    // Plain maximum likelihood gives unseen sequences nothing.
    #expect(try models[3]["test"]["nats"].number == .infinity)
  }

  @Test func compareSplitsAFileIntoEightyTenTen() throws {
    let json = try Program.run("compare", "train.txt", "--model", "markov:1", "--json", in: folder).json()
    for (part, count) in [("train", 48), ("valid", 6), ("test", 6)] {
      #expect(try json["data"][part]["sequences"].int == count)
      #expect(try json["models"].list[0][part]["sequences"].int == count)
    }
  }

  @Test(arguments: ["markov:2/eos", "tabular/halt", "rnn:4,epochs=2/tau"])
  func trainAndInfoAgree(word: String) throws {
    let trained = try Program.run(
      "train", "train.txt", "--valid", "test.txt", "--model", word, "-o", "model", "--seed", "5", "--json", in: folder
    ).json()
    #expect(try trained["schema"].string == "chainrule.train/1")
    #expect(try trained["output"].string == "model")
    #expect(try trained["seed"].int == 5)
    try check(figures: trained["train"], sequences: 60, symbols: symbols("train.txt"))
    try check(figures: trained["valid"], sequences: 12, symbols: symbols("test.txt"))

    let info = try Program.run("info", "model", "--json", in: folder).json()
    #expect(try info["schema"].string == "chainrule.info/1")
    #expect(try info["kind"].string == "model")
    #expect(try info["model"].string == trained["model"].string)
    try checkCanonical(try info["model"].string)
    #expect(try info["parameters"]["free"].string == trained["parameters"]["free"].string)
    #expect(try info["parameters"]["stored"].int == trained["parameters"]["stored"].int)
    #expect(try info["alphabet"].list.map { try $0.string }.joined() == "abdeiklmnors")
    #expect(try info["train"]["sequences"].int == 60)
    #expect(try info["seed"].int == 5)
  }

  @Test func infoOnDataCountsIt() throws {
    try folder.write("data.txt", "ab\n\nabc\nab\n")
    let info = try Program.run("info", "data.txt", "--json", in: folder).json()
    #expect(try info["schema"].string == "chainrule.info/1")
    #expect(try info["kind"].string == "data")
    #expect(try info["format"].string == "lines")
    #expect(try info["sequences"].int == 4)
    #expect(try info["symbols"].int == 7)
    #expect(try info["distinct"].int == 3)
    #expect(try info["alphabet"].list.map { try $0.string } == ["a", "b", "c"])
    #expect(try info["lengths"].list.map { try $0.int } == [0, 2, 3])
  }

  @Test(arguments: ["markov:2/eos", "markov:1/halt", "tabular/tau", "gru:4,epochs=2/tau:input=total"])
  func scoreSaysTheSameInEachDetail(word: String) throws {
    #expect(try Program.run("train", "train.txt", "--model", word, "-o", "model", in: folder).code == 0)
    func score(_ detail: String) throws -> JSON {
      try Program.run("score", "model", "test.txt", "--per", detail, "--json", in: folder).json()
    }
    let total = try score("total")
    #expect(try total["schema"].string == "chainrule.score/1")
    try checkCanonical(try total["model"].string)
    try check(figures: total["total"], sequences: 12, symbols: symbols("test.txt"))
    let nats = try total["total"]["nats"].number
    let natsLength = try total["total"]["natsLength"].number

    let lines = names(12, seed: 2).split(separator: "\n")
    for detail in ["sequence", "symbol"] {
      let report = try score(detail)
      expect(try report["total"]["nats"].number, nats)
      let sequences = try report["sequences"].list
      #expect(sequences.count == 12)
      expect(try sequences.reduce(0) { $0 + (try $1["nats"].number) }, nats)
      expect(try sequences.reduce(0) { $0 + (try $1["natsLength"].number) }, natsLength)
      guard detail == "symbol" else { continue }
      for (sequence, line) in zip(sequences, lines) {
        let steps = try sequence["steps"].list
        // Networks score many sequences at once and steps one by one, both in single precision.
        let tolerance = word.hasPrefix("gru") ? 1e-4 : 1e-9
        for figure in ["nats", "natsLength"] {
          expect(try steps.reduce(0) { $0 + (try $1[figure].number) }, try sequence[figure].number, within: tolerance)
        }
        let symbols = try steps.filter { $0.keys.contains("symbol") }.map { try $0["symbol"].string }
        #expect(symbols.joined() == line)
      }
    }
  }

  @Test(arguments: ["markov:2/eos", "tabular/halt", "rnn:4,epochs=2/tau"])
  func samplesAreScoredAsTheModelScoresThem(word: String) throws {
    #expect(try Program.run("train", "train.txt", "--model", word, "-o", "model", in: folder).code == 0)
    let json = try Program.run("sample", "model", "-n", "20", "--seed", "3", "--json", in: folder).json()
    #expect(try json["schema"].string == "chainrule.sample/1")
    #expect(try json["model"].string == ModelSpecification(word).word)
    #expect(try json["seed"].int == 3)
    let samples = try json["samples"].list
    #expect(samples.count == 20)
    #expect(try samples.allSatisfy { try $0["complete"].bool })
    let lines = try samples.map { try $0["y"].list.map { try $0.string }.joined() }
    let text = try Program.run("sample", "model", "-n", "20", "--seed", "3", in: folder)
    #expect(text.lines == lines)

    let scores = try Program.run(
      ["score", "model", "-", "--per", "sequence", "--json"], input: text.output, in: folder
    ).json()
    for (sample, score) in zip(samples, try scores["sequences"].list) {
      // A network scores in single precision.
      #expect(try abs(sample["nats"].number - score["nats"].number) < 1e-3)
    }
  }

  @Test func samplesThatAreCutSaySo() throws {
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
    let outcome = try Program.run("sample", "model", "-n", "50", "--max-length", "1", "--json", in: folder)
    // One that ends by itself may be as long.
    let samples = try outcome.json()["samples"].list
    #expect(try samples.allSatisfy { try $0["y"].list.count == 1 || ($0["complete"].bool && $0["y"].list.isEmpty) })
    let cut = try samples.count { try !$0["complete"].bool }
    #expect(cut > 25)
    #expect(outcome.errors == "\(cut) samples cut at --max-length 1\n")
  }

  @Test(arguments: ["markov:2/eos", "markov:1/halt", "tabular/tau:prior=negative-binomial", "gru:4,epochs=2/eos"])
  func lengthsAreALaw(word: String) throws {
    #expect(try Program.run("train", "train.txt", "--model", word, "-o", "model", in: folder).code == 0)
    let json = try Program.run("lengths", "model", "test.txt", "--samples", "500", "--json", in: folder).json()
    #expect(try json["schema"].string == "chainrule.lengths/1")
    try checkCanonical(try json["model"].string)
    let probabilities = try json["probabilities"].list.map { try $0.number }
    let (endless, beyond) = try (json["endless"].number, json["beyond"].number)
    expect(probabilities.reduce(0, +) + endless + beyond, 1)
    #expect(endless == 0)
    let isExact = !word.hasPrefix("gru")
    #expect(try json["exact"].bool == isExact)
    #expect(json.keys.contains("sampled") == !isExact && json.keys.contains("tight") == !isExact)
    let survival = try json["survival"].list.map { try $0.number }
    var left = 1.0
    for (probability, survival) in zip(probabilities, survival) {
      left -= probability
      #expect(abs(survival - left) < 1e-9)
    }
    let mean = probabilities.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
    if beyond == 0 { expect(try json["mean"].number, mean, within: 1e-6) }
    #expect(try json["data"]["sequences"].int == 12)
    #expect(try json["data"]["fit"]["chiSquare"].number >= 0)
    let distance = try json["data"]["fit"]["kolmogorovSmirnov"]
    #expect(try (0...1).contains(distance["distance"].number) && (0...1).contains(distance["pValue"].number))
    expect(try json["total"].number, 1)
    #expect(try json["data"].keys.contains("calibration") == !word.contains("/tau"))

    // People are told the same; the same seed gives the same draws.
    let text = try Program.run("lengths", "model", "test.txt", "--samples", "500", "--lengths", "3", in: folder)
    #expect(text.code == 0 && text.text.contains("endless 0") && text.text.contains("Kolmogorov–Smirnov distance"))
    let again = try Program.run(
      "lengths", "model", "test.txt", "--samples", "500", "--threads", "1", "--json", in: folder)
    #expect(try again.json()["probabilities"].list.map { try $0.number } == probabilities)
  }

  /// Of draws that were cut it is not known how they go on.
  @Test func lawsOfDrawsThatWereCut() throws {
    #expect(try Program.run("train", "train.txt", "--model", "gru:4,epochs=2/eos", "-o", "model", in: folder).code == 0)
    let arguments = ["lengths", "model", "--samples", "500", "--max-length", "1"]
    let json = try Program.run(arguments + ["--json", "--lengths", "5"], in: folder).json()
    #expect(try json["listed"].int == 2 && json["probabilities"].list.count == 2)
    let (beyond, cut) = try (json["beyond"].number, json["sampled"]["cut"].int)
    #expect(beyond > 0.5 && abs(beyond - Double(cut) / 500) < 1e-9)
    #expect(try json["quantiles"].list.last?["length"].isNull == true)
    let text = try Program.run(arguments, in: folder)
    #expect(text.text.contains("99 % beyond 1") && text.errors.contains("take them for shorter"))
  }

  /// The figures are there where the picture cannot be.
  @Test func aPictureOfLengths() throws {
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
    let outcome = try Program.run("lengths", "model", "test.txt", "--plot", "lengths.svg", in: folder)
    #expect(outcome.text.contains("mean") && outcome.text.contains("survival"))
    if outcome.code == 0 {
      #expect(String(decoding: try folder.read("lengths.svg"), as: UTF8.self).contains("P(τ = n | τ ≥ n)"))
    } else {
      #expect(outcome.code == 69 && outcome.errors.contains("gnuplot"))
    }
  }

  @Test func oneFamilyIsRunWithEveryWayToEnd() throws {
    let json = try Program.run(
      "compare", "train.txt", "--test", "test.txt", "--lengths", "--model", "markov:1", "--json", in: folder
    ).json()
    let models = try json["models"].list
    let words = try models.map { try $0["model"].string }
    #expect(words.contains { $0.hasSuffix("/eos") } && words.contains { $0.hasSuffix("/halt") })
    #expect(words.count { $0.contains("/tau") } >= 3)
    for model in models {
      try check(figures: model["test"], sequences: 12, symbols: symbols("test.txt"))
      let lengths = try model["lengths"]
      #expect(try lengths["exact"].bool && lengths["mean"].number > 0 && lengths["symbolsPerSecond"].number > 0)
      #expect(lengths.keys.contains("abruptEnd"))
    }
    // An end symbol and halting are nearly the same distribution here.
    let nats = try models.prefix(2).map { try $0["test"]["nats"].number }
    expect(nats[0], nats[1], within: 0.01)
    #expect(try Program.run("compare", "train.txt", "--lengths", "--model", "markov:1/eos", in: folder).code == 64)
  }

  @Test func drawsOfAGivenLengthAndTheMostProbable() throws {
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
    let given = try Program.run("sample", "model", "-n", "20", "--length", "9", "--json", in: folder).json()
    #expect(try given["samples"].list.allSatisfy { try $0["y"].list.count == 9 && $0["complete"].bool })
    // Cuts that cut nothing are not said to change anything.
    let whole = try Program.run(
      "sample", "model", "-n", "20", "--length", "9", "--top-p", "1", "--min-p", "0", "--json", in: folder)
    #expect(try whole.json()["truncated"].bool == false && whole.errors.isEmpty)
    let plain = try Program.run("sample", "model", "-n", "20", "--length", "9", "--json", in: folder)
    func texts(_ outcome: Program.Outcome) throws -> [String] {
      try outcome.json()["samples"].list.map { try $0["text"].string }
    }
    #expect(try texts(whole) == texts(plain))
    let cut = try Program.run("sample", "model", "-n", "20", "--top-k", "2", "--temperature", "0.5", in: folder)
    #expect(cut.errors.hasPrefix("--temperature, --top-k: the samples are not from the model's own distribution"))
    let found = try Program.run("sample", "model", "--most-probable", "5", "--json", in: folder).json()
    #expect(try found["exact"].bool)
    let nats = try found["samples"].list.map { try $0["nats"].number }
    #expect(nats.count == 5 && nats == nats.sorted())
    let drawn = try Program.run("sample", "model", "-n", "2000", "--json", in: folder).json()
    let least = try drawn["samples"].list.map { try $0["nats"].number }.min() ?? 0
    #expect(least >= nats[0] - 1e-9)
  }

  @Test func whatIsNewInDraws() throws {
    #expect(try Program.run("train", "train.txt", "--model", "markov:2", "-o", "model", in: folder).code == 0)
    let json = try Program.run(
      "sample", "model", "-n", "300", "--novelty", "train.txt", "--against", "test.txt", "--json", in: folder
    ).json()
    let novelty = try json["novelty"]
    #expect(try novelty["samples"]["sequences"].int == 300 && json["samples"].list.count == 300)
    #expect(try novelty["tests"].list.map { try $0["name"].string } == ["length", "1-gram", "2-gram", "3-gram"])
    let text = try Program.run("sample", "model", "-n", "300", "--novelty", "train.txt", in: folder)
    #expect(text.code == 0 && text.text.contains("in training") && text.lines.count < 10)
  }

  /// 27 (27^20 − 1) / 26, by hand (and by another program's integers).
  @Test func parametersCountsWhatNobodyCouldEnumerate() throws {
    let json = try Program.run(
      "parameters", "tabular/eos", "tabular/tau", "markov:2", "--alphabet-size", "27", "--length", "20", "--json",
      in: folder
    ).json()
    #expect(try json["schema"].string == "chainrule.parameters/1")
    let models = try json["models"].list
    #expect(
      try models.map { try $0["free"].string } == [
        "44021587439647595957151911400", "44021587439647595957151911400", "20439",
      ])
    #expect(try models[0]["growth"].string == "k·(k^T − 1)/(k − 1)")
    for model in models { try checkCanonical(try model["model"].string) }
    let text = try Program.run("parameters", "tabular", "--alphabet-size", "27", "--length", "20", in: folder)
    #expect(text.text.contains("44021587439647595957151911400"))
  }

  /// Of numbers whose digits would fill pages there is the expression, and the logarithm: of 3 (3^30000 − 1) / 2 that is
  /// log10(1.5) + 30000 log10(3).
  @Test func giantCountsAreExpressions() throws {
    try folder.write("text.txt", String(repeating: "abc", count: 10_000))
    let json = try Program.run(
      "train", "text.txt", "--input-format", "text", "--model", "tabular", "-o", "model", "--json", in: folder
    ).json()
    #expect(try json["parameters"]["free"].string == "3·(3^30000 − 1)/(3 − 1)")
    let logarithm = try json["parameters"]["freeLog10"].number
    expect(logarithm, log10(1.5) + 30_000 * log10(3.0))
    let info = try Program.run("info", "model", in: folder)
    #expect(info.text.contains("3·(3^30000 − 1)/(3 − 1) ≈ 6.51e14313 free"), "\(info.text)")
  }

  /// A full table over such lines has more parameters than there are atoms, and holds what it has seen.
  @Test func aFullTableIsFittedSparsely() throws {
    try folder.write("long.txt", (0..<30).map { names(8, seed: $0).filter { $0 != "\n" } + "\n" }.joined())
    let json = try Program.run("train", "long.txt", "--model", "tabular", "-o", "model", "--json", in: folder).json()
    let seen = try json["train"]["symbols"].int + json["train"]["sequences"].int
    #expect(try json["parameters"]["free"].string.count > 12)
    #expect(try json["parameters"]["stored"].int <= seen)
  }
}
