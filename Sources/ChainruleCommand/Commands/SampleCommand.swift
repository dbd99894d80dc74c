import ArgumentParser
import Chainrule
import Foundation

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw new sequences from a model.",
    discussion: """
      Draw number i depends on the seed and i alone: the first ten of a hundred are those of ten.

      Examples:
        chainrule sample names.safetensors -n 20
        chainrule sample names.safetensors -n 5 --prefix an --temperature 0.7 --json
        chainrule sample weather.safetensors --inputs days.jsonl
      """)

  @Argument(help: "A model file, as train writes it.")
  var model: String

  @Option(name: .customShort("n"), help: "How many.")
  var count = 10

  @Option(help: "What each sequence begins with.")
  var prefix: String?

  @Option(help: ArgumentHelp("The length, for models that draw it first (/tau).", valueName: "length"))
  var length: Int?

  @Option(help: ArgumentHelp("Where a sequence is cut that does not end.", valueName: "length"))
  var maxLength = 10_000

  @Option(help: "Below 1 the probable becomes more probable; 0 takes the most probable always.")
  var temperature = 1.0

  @Option(help: "Draw among the k most probable outcomes only.")
  var topK: Int?

  @Option(help: "Draw among the fewest outcomes that have probability p together.")
  var topP: Double?

  @Option(
    help: ArgumentHelp(
      "A jsonl file with the inputs x, for models that were trained with some: draw i is given those of its sequence i, "
        + "and after the last of the first again.", valueName: "file"))
  var inputs: String?

  @OptionGroup var options: RunOptions

  private struct Report: Encodable {
    struct Entry: Encodable {
      var y: [String]
      var nats: Double
      var complete: Bool
    }

    var schema = "chainrule.sample/1"
    var model: String
    var seed: UInt64
    /// Whether temperature, top-k or top-p changed what was drawn from; `nats` are the model's own all the same.
    var truncated: Bool
    var samples: [Entry]
  }

  private static let mostInOneObject = 10_000_000

  func validate() throws {
    if count < 0 { throw ValidationError("-n must be 0 or more.") }
    if options.json, count > Self.mostInOneObject {
      throw ValidationError(
        "--json holds all draws in memory: -n may be \(Numbers.count(Self.mostInOneObject)) at most; without it lines flow."
      )
    }
    if maxLength < 0 { throw ValidationError("--max-length must be 0 or more.") }
    if let length, length < 0 { throw ValidationError("--length must be 0 or more.") }
    if !(temperature >= 0 && temperature.isFinite) { throw ValidationError("--temperature must be 0 or more.") }
    if let topK, topK < 1 { throw ValidationError("--top-k must be at least 1.") }
    if let topP, !(topP > 0 && topP <= 1) { throw ValidationError("--top-p must be above 0 and at most 1.") }
  }

  func run() throws {
    let model = try LoadedModel.open(self.model)
    var sampling = SamplingOptions()
    sampling.truncation.temperature = temperature
    sampling.truncation.topK = topK
    sampling.truncation.topP = topP
    sampling.length = length
    sampling.maximumLength = maxLength
    if let prefix, !prefix.isEmpty {
      // All of it is one sequence, the ends of lines too.
      var source = try ByteSource(bytes: Array(prefix.utf8), name: "--prefix")
      let data = try Dataset(reading: &source, options: ReadOptions(format: "text"), alphabet: model.alphabet)
      sampling.prefix = Array(data.sequences[0])
    }
    if let inputs {
      // The elements that stand beside x may be any.
      let set = try Dataset(reading: inputs, options: ReadOptions(format: "jsonl")).sequences
      guard let vectors = set.inputs else {
        throw SpecificationError.refused(
          model: model.specification.shortWord, reason: "the sequences in \(inputs) have no inputs x")
      }
      sampling.inputs = vectors
    }
    if sampling.truncation.changesDistribution {
      options.say("temperature, top-k and top-p: the draws are not from the model's own distribution")
    }
    let cut = try options.json ? printReport(model, sampling) : printLines(model, sampling)
    if cut > 0 { options.say("\(Numbers.count(cut, "sample")) cut at --max-length \(maxLength)") }
  }

  /// Prints all draws as one object and returns how many were cut.
  private func printReport(_ model: SequenceModel, _ sampling: SamplingOptions) throws -> Int {
    let samples = try model.samples(count, seed: options.seed, sampling, threads: options.threadCount)
    let entries = samples.map { sample in
      Report.Entry(
        y: sample.sequence.map { model.alphabet.symbols[$0] }, nats: sample.score.nats, complete: sample.isComplete)
    }
    try printJSON(
      Report(
        model: model.specification.word, seed: options.seed, truncated: sampling.truncation.changesDistribution,
        samples: entries))
    return samples.count { !$0.isComplete }
  }

  /// Prints the draws piece by piece, so that they flow and memory does not grow with their number, and returns how
  /// many were cut.
  private func printLines(_ model: SequenceModel, _ sampling: SamplingOptions) throws -> Int {
    let piece = 2048
    var cut = 0
    var start = 0
    repeat {
      let indices = start..<start + min(piece, count - start)
      let samples = try model.samples(indices, seed: options.seed, sampling, threads: options.threadCount)
      try Console.print(Data(samples.flatMap { model.alphabet.bytes(of: $0.sequence) + [10] }))
      cut += samples.count { !$0.isComplete }
      start = indices.upperBound
    } while start < count
    return cut
  }
}
