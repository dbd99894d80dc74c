import Chainrule
import Foundation
import Testing

/// The commands on models and data of vectors.
@Suite struct VectorTests {
  private let folder: Folder
  private let model: VectorModel
  private let set: VectorSequences

  /// A hundred sequences of two numbers from a small network, and the model's file.
  init() throws {
    folder = try Folder()
    var stream = RandomStream(seed: 1, purpose: "test")
    let sequences = (0..<100).map { _ -> [[Double]] in
      (0..<Int(stream.uniform() * 8)).map { _ in [stream.normal(), (50 * stream.normal()).rounded() / 100] }
    }
    set = VectorSequences(sequences, width: 2)
    var bytes: [UInt8] = []
    let writer = VectorWriter(.jsonl, Columns(.reals, width: 2))
    for (number, sequence) in sequences.enumerated() { writer.append(sequence, number: number, to: &bytes) }
    try folder.write("data.jsonl", String(decoding: bytes, as: UTF8.self))
    model = try VectorModel.fit(
      ModelSpecification("gru:2,emission=gaussian:full,epochs=1/halt"), to: set, valid: set,
      Columns(.reals, width: 2), FittingContext(seed: 1))
    try model.write(to: folder.url.appending(path: "model").path)
  }

  /// A model of other numbers, in a file of its own.
  private func write(_ name: String, _ word: String, _ values: ElementKind.Values, width: Int) throws {
    var stream = RandomStream(seed: 2, purpose: "test")
    let set = VectorSequences(
      (0..<20).map { _ in (0..<4).map { _ in (0..<width).map { _ in stream.uniform() < 0.3 ? 1 : 0 } } }, width: width,
      values)
    let model = try VectorModel.fit(
      ModelSpecification(word), to: set, valid: set, Columns(values, width: width), FittingContext(seed: 1))
    try model.write(to: folder.url.appending(path: name).path)
  }

  private func run(_ line: String) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), in: folder)
  }

  /// Runs a line that is to be refused, with a word of the reason.
  private func refused(_ line: String, _ word: String, code: Int32 = 64) throws {
    let outcome = try run(line)
    #expect(outcome.code == code && outcome.errors.contains(word), "\(line): \(outcome.code), \(outcome.errors)")
  }

  /// A model of vectors is whole, though it is not what these commands take.
  @Test(arguments: ["show model", "convert model -o model.arpa"])
  func commandsForSymbolsSayThatTheModelIsOfVectors(line: String) throws {
    try refused(line, "a model of vectors, where one of symbols is needed", code: 65)
    #expect(try !run(line).errors.contains("broken"))
  }

  // MARK: score

  @Test func scoresAreTheLibrarys() throws {
    let report = try run("score model data.jsonl --json --per step").json()
    let figures = model.figures(on: set)
    #expect(abs(try report["total"]["nats"].number - figures.nats) < 1e-6)
    #expect(
      abs(try report["total"]["natsPerComponent"].number - figures.natsElements / Double(2 * set.elementCount)) < 1e-9)
    #expect(try !report["total"].keys.contains("perplexity"))
    for (index, sequence) in try report["sequences"].list.enumerated() {
      #expect(try sequence["steps"].list.count == set.length(index) + 1)
      #expect(try sequence["steps"].list.last?["event"].string == "(end)")
    }
    let line = try run("score model data.jsonl")
    #expect(line.text.contains("a component") && !line.text.contains("perplexity"))
    let skipped = try run("score model data.jsonl --skip-first --json").json()
    let first = set.rows.count - (0..<set.count).count { set.length($0) > 0 }
    #expect(try Int(skipped["total"]["steps"].number) == first)
    #expect(
      try run("score model data.jsonl --skip-first").text.contains("first element of each sequence is not scored"))
    #expect(try run("score model data.jsonl --per sequence --csv").lines.count == 101)
  }

  @Test func transformsExposureAndGradientsAreTold() throws {
    let report = try run("score model data.jsonl --pit --exposure --gradients --json").json()
    let components = try report["pit"]["components"].list
    #expect(try components.map { try $0["name"].string } == ["y1", "y2"])
    #expect(try components[0]["histogram"].list.count == 20)
    #expect(try report["exposure"].list.count > 1 && report["gradients"].keys.contains("lags"))
    #expect(try run("score model data.jsonl --pit --csv").lines.count == 3)
    #expect(try run("score model data.jsonl --pit --plot pit.svg").code == 0)
    #expect(try folder.read("pit.svg").count > 1000)
    try refused("score model data.jsonl --guesses", "for symbols")
    try refused("score model data.jsonl --on-unknown skip", "for symbols")
    try refused("score model data.jsonl --posterior", "for symbols")
  }

  @Test func otherDataAreRefused() throws {
    try folder.write("wide.jsonl", "{\"y\": [[1.5, 2.5, 3.5]]}\n")
    try refused("score model wide.jsonl", "wide.jsonl:1", code: 65)
    try folder.write("text.txt", "abc\n")
    try refused("score model text.txt", "text.txt", code: 65)
  }

  // MARK: sample

  /// Lines are read back as the samples of the library, in every format; numbers do not depend on how many there are.
  @Test func samplesAreTheLibrarys() throws {
    let wanted = try model.samples(5, seed: 3).map(\.sequence)
    for format in ["jsonl", "csv"] {
      let outcome = try run("sample model -n 5 --seed 3 --output-format \(format)")
      try folder.write("drawn.\(format)", outcome.text)
      let data = try VectorDataset(reading: folder.url.appending(path: "drawn.\(format)").path)
      #expect((0..<5).map { Array(data.sequences[$0]) } == wanted)
    }
    #expect(try run("sample model -n 2 --seed 3").lines == Array(run("sample model -n 5 --seed 3").lines.prefix(2)))
    let report = try run("sample model -n 5 --seed 3 --json").json()
    #expect(try report["samples"].list.map { try $0["y"].list.count } == wanted.map(\.count))
  }

  @Test func temperatureScalesDeviations() throws {
    func spread(_ options: String) throws -> Double {
      try folder.write("drawn.jsonl", run("sample model -n 300 --seed 3 -q \(options)").text)
      let data = try VectorDataset(reading: folder.url.appending(path: "drawn.jsonl").path)
      return data.sequences.columnSummaries(data.columns)[0].deviation
    }
    #expect(try spread("--temperature 0.1") < 0.3 * spread(""))
    try write("counts", "gru:2,epochs=1", .counts, width: 2)
    try refused("sample counts --temperature 0.5", "no meaning")
    try refused("sample model --top-k 3", "--top-k")
    try refused("sample model --prefix a", "--prefix-file")
    try refused("sample model --most-probable 3", "symbols")
    try refused("sample model --output-format pianoroll", "88 bits")
    try refused("sample model --midi a.mid", "88 bits")
    try refused("sample model --novelty data.jsonl", "symbols")
  }

  @Test func pianoRollsAreDrawn() throws {
    try write("keys", "markov:0,emission=bernoulli/tau", .bits, width: 5)
    let plain = try run("sample keys -n 30")
    let outcome = try run("sample keys -n 30 --plot roll.svg")
    #expect(outcome.code == 0 && outcome.output == plain.output, "\(outcome.errors)")
    let svg = try String(decoding: folder.read("roll.svg"), as: UTF8.self)
    #expect(svg.hasPrefix("<svg ") && svg.contains("sample 20") && svg.contains("and 10 more"))
    try refused("sample keys --plot roll.png", ".svg")
    try refused("sample model --plot roll.svg", "--forecast")
    try refused("sample keys --plot roll", ".svg or .png")
  }

  @Test func prefixesAndForecasts() throws {
    try folder.write("begun.jsonl", "{\"y\": [[0.5, 0.25], [1.5, -0.5]]}\n{\"y\": [[9.5, 9.5]]}\n")
    for line in try run("sample model -n 3 --prefix-file begun.jsonl").lines {
      #expect(line.hasPrefix("{\"y\": [[0.5, 0.25], [1.5, -0.5]"))
    }
    let report = try run("sample model -n 200 --prefix-file begun.jsonl --forecast --json").json()
    let steps = try report["forecast"].list
    #expect(try Int(steps[0]["step"].number) == 3 && steps[0]["draws"].number <= 200)
    for quantiles in try steps[0]["quantiles"].list {
      let numbers = try quantiles.list.map { try $0.number }
      #expect(numbers.count == 5 && numbers == numbers.sorted())
    }
    #expect(
      try run("sample model -n 200 --prefix-file begun.jsonl --forecast --csv").lines.count == 2 * steps.count + 1)
    #expect(try run("sample model -n 50 --forecast --plot fan.svg").code == 0)
    #expect(try folder.read("fan.svg").count > 1000)
    try refused("sample model --plot fan.svg", "--forecast")
  }

  @Test func musicIsWritten() throws {
    try write("keys", "gru:2,emission=bernoulli,epochs=1", .bits, width: 88)
    #expect(try run("sample keys -n 3 --length 5 --midi new.mid --grid 4 -q").text == "")
    let wanted = try VectorModel(contentsOf: folder.url.appending(path: "keys").path)
    var options = DrawOptions<[Double]>()
    options.length = 5
    var reading = ReadOptions()
    reading.grid = 4
    for (number, sample) in try wanted.samples(3, seed: 1, options).enumerated() {
      let data = try VectorDataset(
        reading: folder.url.appending(path: "new-\(number + 1).mid").path, options: reading)
      #expect(Array(data.sequences[0]) == sample.sequence)
    }
    #expect(try run("sample keys -n 1 --midi one.mid --json").json()["samples"].list.count == 1)
    #expect(try folder.read("one.mid").count > 10)
    try folder.write("roll.json", run("sample keys -n 2 --length 3 --output-format pianoroll -q").text)
    #expect(try run("info roll.json").text.contains("format pianoroll"))
  }

  // MARK: lengths, info, audit

  @Test func lengthsAreCompared() throws {
    let report = try run("lengths model data.jsonl --samples 500 --json").json()
    #expect(try report["data"]["sequences"].number == 100 && report["data"]["calibration"].keys.contains("groups"))
    #expect(try run("lengths model data.jsonl --samples 500 --plot lengths.svg").code == 0)
  }

  @Test func infoSaysWhatColumnsAreLike() throws {
    let info = try run("info model").text
    #expect(info.contains("2 real numbers: y1, y2") && info.contains("gaussian:full"))
    let data = try run("info data.jsonl --json").json()
    let columns = try data["columns"].list
    #expect(abs(try columns[1]["step"].number - 0.01) < 1e-9 && !columns[0].keys.contains("step"))
    #expect(try run("info data.jsonl").text.contains("lattice of step 0.01: y2"))
    try folder.write("constant.csv", "sequence,step,a,b\n1,1,2.5,1\n1,2,2.5,3\n")
    #expect(try run("info constant.csv").text.contains("constant: a"))
  }

  @Test func auditsAreSound() throws {
    #expect(try run("audit model --samples 400").code == 0)
    try write("bits", "gru:2,epochs=1", .bits, width: 3)
    let report = try run("audit bits --samples 400 --json").json()
    #expect(try report["checks"].list.count == 7)
  }

  // MARK: Words

  @Test func gradientsOfAnyEmission() throws {
    let report = try run("gradcheck gru:2,emission=mixture:2/halt --components 4 --json").json()
    #expect(try report["models"].list[0]["largestRelativeDifference"].number < 1e-7)
    try refused("gradcheck gru:2,emission=poisson --alphabet-size 3", "vectors")
    try refused("gradcheck gru:2,emission=gaussian --values bits", "bits")
  }

  /// Weights by hand: an rnn of h units sees w components and whether the step is the first: h (w + 1 + h + 1) = 30; ten
  /// outputs and the decision to stop see h units and a bias: 11 (h + 1) = 44.
  @Test func parametersAreCounted() throws {
    let report = try run("parameters rnn:3,emission=gaussian:diagonal/halt --components 5 --json").json()
    #expect(try report["models"].list[0]["free"].string == "74")
    try refused("parameters rnn:3", "--alphabet-size")
    try refused("parameters rnn:3,emission=poisson --alphabet-size 3", "vectors")
  }

  /// Components are independent given h(t) unless the emission has edges inside the step.
  @Test(arguments: [
    ("gaussian:diagonal", "true"), ("gaussian:full", "false"), ("mixture:1", "true"), ("mixture:2", "false"),
  ])
  func componentsAreSeparated(_ emission: String, _ answer: String) throws {
    let line = ["graph", "rnn:2,emission=\(emission)/halt", "--components", "3", "--separated", "y1(2) ; y3(2) | h(2)"]
    #expect(try Program.run(line, in: folder).text.hasPrefix(answer))
  }

  @Test func graphsOfVectors() throws {
    #expect(try run("graph model").text.contains("y2(t) ← h(t), y1(t)"))
    #expect(try run("graph rnn:2 --values bits --components 40").text.contains("y(t) ← h(t)"))
    #expect(try run("graph rnn:2 --values reals -o graph.svg").code == 0)
    try refused("graph model --drawn 10", "vectors")
    #expect(try run("help models").text.contains("Emissions (of vectors"))
  }
}
