import Foundation
import Testing

/// `compare` and `train` on vectors.
@Suite struct VectorComparisonTests {
  private let folder: Folder

  /// Random walks of two numbers, pieces of a piano roll, and yearly counts.
  init() throws {
    folder = try Folder()
    var state: UInt64 = 7
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 0x1p53
    }
    let walks = (0..<60).map { number -> String in
      var (a, b) = (5.0, -3.0)
      let steps = (0..<(number % 7)).map { _ -> String in
        (a, b) = (a + uniform() - 0.5, b + (uniform() - 0.5) / 10)
        return "[\(a),\(b)]"
      }
      return "{\"y\": [\(steps.joined(separator: ","))]}\n"
    }
    try folder.write("walks.jsonl", walks.joined())
    let pieces = (0..<10).map { "[[\(30 + $0)],[\(31 + $0),\(35 + $0)],[]]" }.joined(separator: ",")
    try folder.write("roll.json", "{\"train\":[\(pieces)],\"valid\":[\(pieces)],\"test\":[\(pieces)]}\n")
    try folder.write("counts.csv", "step,quakes\n" + (0..<40).map { "\($0),\($0 * 7 % 5)\n" }.joined())
  }

  private func run(_ line: String) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), in: folder)
  }

  @Test func realNumbersAreComparedANumberAtATime() throws {
    let outcome = try run(
      "compare walks.jsonl --model markov:0 --model markov:1 --model gru:2,epochs=1,emission=mixture:2/tau --skip-first"
    )
    #expect(outcome.code == 0, "\(outcome.errors)")
    for word in ["nats/step", "without first step", "nats/component", "2 components, real numbers", "markov:1/halt"] {
      #expect(outcome.text.contains(word), "\(word): \(outcome.text)")
    }
    #expect(!outcome.text.contains("perplexity"))
    let report = try run("compare walks.jsonl --model markov:0 --model markov:1 --json").json()
    let models = try report["models"].list
    let nats = try models.map { try $0["test"]["natsPerStep"].number }
    // A walk is predicted by where it was.
    #expect(nats[1] < nats[0])
    for model in models {
      let test = try model["test"]
      #expect(abs(try test["natsPerComponent"].number - test["natsPerStep"].number / 2) < 1e-9)
      #expect(!test.keys.contains("perplexity"))
    }
  }

  @Test func aFileThatNamesItsPartsIsDividedSo() throws {
    let report = try run("compare roll.json --model markov:0 --json").json()
    #expect(try report["data"]["train"]["sequences"].number == 10)
    #expect(try report["data"]["valid"]["sequences"].number == 10)
    let word = try report["models"].list[0]["model"].string
    #expect(word.contains("emission=bernoulli:autoregressive") && word.hasSuffix("/halt"))
  }

  @Test func aTableOfCountedNamesIsOneOfSymbols() throws {
    try folder.write("names.tsv", "name\t2\nanna\t3\nemma\t1\nida\t4\nada\t2\n")
    let outcome = try run("compare names.tsv --weights --model markov:1 --folds 2")
    #expect(outcome.code == 0 && outcome.text.contains("symbols in the alphabet"), "\(outcome.errors)")
  }

  @Test func defaultsDependOnTheKind() throws {
    let outcome = try run("compare counts.csv --test counts.csv --csv")
    #expect(outcome.code == 0 && outcome.text.contains("emission=poisson"), "\(outcome.errors)")
  }

  @Test func aTrainedModelIsOneOfTheData() throws {
    let outcome = try run("train walks.jsonl --model gru:2,epochs=1,emission=gaussian:full -o model")
    #expect(outcome.code == 0 && outcome.text.contains("a component"), "\(outcome.errors)")
    #expect(
      try run("train walks.jsonl --model gru:2,epochs=1,emission=gaussian:full -o model --resume").errors
        .contains("complete already"))
  }

  /// The page of vectors, beside what is printed; nothing of it is measured where nobody asks.
  @Test func pagesAndDetails() throws {
    let line = "compare walks.jsonl --model markov:0/tau --model markov:1/tau -q"
    let plain = try run(line)
    let outcome = try run(line + " --report page.html")
    #expect(outcome.code == 0, "\(outcome.errors)")
    func lines(_ outcome: Program.Outcome) -> [String] { outcome.lines.map { $0.replacing(#/[0-9.]+ s$/#, with: "") } }
    #expect(lines(outcome) == lines(plain))
    let page = try String(decoding: folder.read("page.html"), as: UTF8.self)
    #expect(page.contains("nats/component") && page.contains("id=\"forecasts\"") && !page.contains("perplexity"))

    let details = try run(line + " --by component --by position --samples 2")
    #expect(details.text.contains("Nats a number of the test data by component"), "\(details.text)")
    #expect(details.text.contains("Nats a step of the test data by position"))
    #expect(details.text.contains("Samples from each, seed 1:"))
    #expect(!details.text.contains("Nats an event"))
    let report = try run("compare walks.jsonl --model markov:0/tau --by component --json").json()
    let model = try report["models"].list[0]
    let nats = try model["breakdowns"].list[0]["groups"].list.reduce(0) { try $0 + $1["nats"].number }
    #expect(abs(try nats - model["test"]["natsElements"].number) < 1e-9)
    #expect(!model.keys.contains("transform"))
  }

  /// Of bits how often they are 1: the sum of what is observed is the number of ones.
  @Test func calibrationOfBits() throws {
    let line = "compare roll.json --model markov:0,emission=bernoulli --calibration"
    #expect(try run(line).text.contains("probability that bits are 1"))
    let rows = try run(line + " --csv").lines.dropFirst().map { $0.split(separator: ",").map(String.init) }
    // Words hold a comma, and stand in quotation marks that split into two.
    let ones = rows.reduce(0.0) { sum, row in
      sum + (Double(row[row.count - 3]) ?? .nan) * (Double(row[row.count - 1]) ?? .nan)
    }
    #expect(abs(ones - 30) < 1e-6, "\(rows)")
  }

  @Test(
    "What cannot be is refused with a reason",
    arguments: [
      ("compare walks.jsonl --model markov:1/eos", 64, "end with /halt or /tau"),
      ("compare walks.jsonl --model gru:2,emission=poisson", 64, "counts"),
      ("compare walks.jsonl --model markov:2,smoothing=add:1", 64, "symbols"),
      ("compare walks.jsonl --unknown ?", 64, "--unknown"), ("compare walks.jsonl --alphabet a-z", 64, "--alphabet"),
      ("compare walks.jsonl --values bits", 65, "walks.jsonl:"), ("compare roll.json --part solo", 65, "solo"),
      ("compare walks.jsonl --model markov:1 --calibration", 64, "score --pit"),
      ("compare counts.csv --test counts.csv --model markov:1 --calibration", 64, "counts"),
      ("compare walks.jsonl --model markov:1 --by symbol", 64, "--by component"),
      ("train walks.jsonl --model tabular -o out", 64, "symbols"),
      ("train walks.jsonl --model markov:1 -o out --memory 100M", 64, "--memory"),
    ])
  func refusals(_ line: String, _ code: Int32, _ word: String) throws {
    let outcome = try run(line)
    #expect(outcome.code == code && outcome.errors.contains(word), "\(line): \(outcome.code), \(outcome.errors)")
  }

  @Test(
    "Numbers that are none end with their place in the file",
    arguments: ["[[1, 2], [3]]", "[[1, NaN]]", "[[1, 1e999]]", "[[1, \"a\"]]", "[1.5, [2, 3]]"])
  func badNumbers(_ text: String) throws {
    try folder.write("bad.jsonl", "{\"y\": [[1.5, 2]]}\n{\"y\": \(text)}\n")
    let outcome = try run("compare bad.jsonl --model markov:0")
    #expect(outcome.code == 65 && outcome.errors.contains("bad.jsonl:2:"), "\(outcome.errors)")
  }
}
