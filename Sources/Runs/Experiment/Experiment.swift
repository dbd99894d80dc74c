import Experiments
import Foundation
import Inference
import Models
import Sequences

/// An experiment: data, models, folds and repetitions, and what comes of them, as a YAML file says.
///
///     data:
///       train: names.txt
///     models:
///       - markov:{1,2,3}/{eos,halt}
///       - gru:64
///     repeats: 3
///     outputs:
///       report: names.html
public struct Experiment: Sendable {
  /// What is written when an experiment is done.
  public enum Output: String, Sendable, CaseIterable {
    /// A page for a browser.
    case report
    /// The table of models as comma-separated values.
    case csv
    /// All of it for programs.
    case json
    /// The table for a text in Markdown.
    case markdown
    /// The table for a paper.
    case latex
  }

  /// The name that it is listed under; by default that of its file.
  public let name: String
  /// The text of the file.
  public let text: String
  /// The SHA-256 of the text.
  public let hash: String
  /// The training data's path.
  public let train: String
  /// What the data are besides, as options of `compare`: `--test`, `--folds`, …
  public let options: [String]
  /// The seed of the split and of the first fit.
  public let seed: UInt64
  /// The models, grids written out, each once.
  public private(set) var models: [ModelSpecification]
  /// Where each of them stands in the file.
  private var places: [Location]
  /// The groups of nats that the file names, and where.
  private let groups: [(kind: Breakdown.Kind, place: Location)]
  /// What each trial measures beside the likelihoods.
  public let measurements: Measurements
  /// A file of published figures.
  public let published: String?
  /// Where the results are kept.
  public let runFile: String
  /// What is written, and where to.
  public let outputs: [Output: String]

  /// Reads an experiment's file. Paths in it are seen from its folder.
  /// - Throws: `DataError` with line and column.
  public init(reading path: String, registry: Registry = .standard) throws {
    let yaml = try ExperimentYAML(reading: path)
    let folder = (path as NSString).deletingLastPathComponent
    func resolved(_ path: String) -> String {
      path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }
    let root = try yaml.mapping(yaml.root, Self.keys)
    let data = try yaml.mapping(root.required("data", in: yaml), Self.dataKeys)
    let base = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    text = yaml.text
    var digest = SHA256()
    digest.update(Array(text.utf8))
    hash = digest.hexadecimal()
    name = try root["name"].map(yaml.string) ?? base
    train = resolved(try yaml.string(data.required("train", in: yaml)))
    seed = try root["seed"].map { try yaml.whole($0, 0...UInt64.max) } ?? 1
    published = try root["published"].map { resolved(try yaml.string($0)) }
    runFile = resolved(try root["runs"].map(yaml.string) ?? base + ".sqlite")
    (models, places) = try Self.models(root.required("models", in: yaml), yaml, registry)
    (measurements, groups) = try Self.measurements(root["measure"], yaml)
    outputs = try Self.outputs(root["outputs"], yaml).mapValues(resolved)

    var options: [String] = []
    for key in ["test", "valid"] {
      if let node = data[key] { options += ["--\(key)", resolved(try yaml.string(node))] }
    }
    let choices = [
      "input-format": ("format", SequenceFormats.all.map { $0.name }),
      "symbols": ("kind of symbols", SymbolKind.allCases.map(\.rawValue)),
      "values": ("kind of numbers", ElementKind.Values.allCases.map(\.rawValue)),
    ]
    for key in ["input-format", "symbols", "unknown", "values", "part"] {
      guard let node = data[key] else { continue }
      let value = try yaml.string(node)
      if let (what, known) = choices[key], !known.contains(value) {
        throw yaml.unknown(node, value, among: known, what)
      }
      options.append("--\(key)=\(value)")
    }
    if let node = data["jitter"] {
      let jitter = try yaml.string(node)
      if jitter != "auto" {
        guard let width = Double(jitter), width.isFinite, width > 0 else {
          throw yaml.malformed(node, "expected auto or a width above 0, found \(jitter)")
        }
      }
      options.append("--jitter=\(jitter)")
    }
    if let node = data["grid"] { options.append("--grid=\(try yaml.whole(node, 1...96))") }
    if let folds = root["folds"], data["test"] != nil {
      throw yaml.malformed(folds, "folds divide one file: leave out test, or folds")
    }
    if let valid = data["valid"], data["test"] == nil { throw yaml.malformed(valid, "valid goes with test") }
    if let node = data["alphabet"] {
      let alphabet = try yaml.string(node)
      let from = "from:"
      options += [
        "--alphabet",
        alphabet.hasPrefix(from)
          ? from + resolved(String(alphabet.dropFirst(from.count)))
          : FileManager.default.fileExists(atPath: resolved(alphabet)) ? resolved(alphabet) : alphabet,
      ]
    }
    if try data["weights"].map(yaml.truth) ?? false { options.append("--weights") }
    if let node = root["folds"] { options += ["--folds", "\(try yaml.whole(node, 2...100_000))"] }
    if let node = root["repeats"] { options += ["--repeats", "\(try yaml.whole(node, 1...10_000))"] }
    if try root["learning-curve"].map(yaml.truth) ?? false { options.append("--learning-curve") }
    self.options = options
  }

  private static let keys = [
    "name", "data", "seed", "folds", "repeats", "learning-curve", "models", "measure", "published", "runs", "outputs",
  ]
  private static let dataKeys = [
    "train", "test", "valid", "input-format", "symbols", "unknown", "alphabet", "weights", "values", "part", "grid",
    "jitter",
  ]
  private static let measureKeys = ["samples", "lengths", "by", "calibration", "forecast"]

  /// The same experiment for data of a kind: what words leave to the kind is settled, and each model stands there once.
  /// - Throws: `DataError` with the place of a model that is not one of such elements, or of groups that they do not have.
  public func resolved(for elements: ElementKind) throws -> Experiment {
    if let group = groups.first(where: { !$0.kind.isOf(elements) }) {
      throw DataError.malformed(group.place, "\(elements.name) have no groups by \(group.kind.rawValue)")
    }
    var own = self
    (own.models, own.places) = ([], [])
    for (model, place) in zip(models, places) {
      do {
        // Words of symbols are complete as they are.
        let isOfSymbols = if case .symbols = elements { true } else { false }
        let resolved = try isOfSymbols ? model : model.resolved(for: elements)
        try resolved.checkFitting(elements)
        if own.models.contains(where: { $0.word == resolved.word }) { continue }
        own.models.append(resolved)
        own.places.append(place)
      } catch {
        throw DataError.malformed(place, "\(error)")
      }
    }
    return own
  }

  private static func models(
    _ node: ExperimentYAML.Node, _ yaml: ExperimentYAML, _ registry: Registry
  ) throws -> ([ModelSpecification], [Location]) {
    var (models, places): ([ModelSpecification], [Location]) = ([], [])
    var words: Set<String> = []
    for entry in try yaml.list(node) {
      let pattern = try yaml.string(entry)
      do {
        for word in try WordGrid.words(of: pattern, atMost: WordGrid.mostWords - models.count) {
          let model = try ModelSpecification(word, registry: registry)
          // What a word means depends on the data's kind: twice the same is left out once that is known.
          if words.insert(word).inserted {
            models.append(model)
            places.append(yaml.location(of: entry))
          }
        }
      } catch {
        throw yaml.malformed(entry, "\(error)")
      }
    }
    if models.isEmpty { throw yaml.malformed(node, "expected a list of models, found none") }
    return (models, places)
  }

  private static func measurements(
    _ node: ExperimentYAML.Node?, _ yaml: ExperimentYAML
  ) throws -> (Measurements, [(kind: Breakdown.Kind, place: Location)]) {
    var measurements = Measurements.all
    var groups: [(kind: Breakdown.Kind, place: Location)] = []
    guard let node else { return (measurements, groups) }
    let chosen = try yaml.mapping(node, measureKeys)
    if let node = chosen["samples"] { measurements.samples = Int(try yaml.whole(node, 0...100_000)) }
    if let node = chosen["lengths"] { measurements.lengths = try yaml.truth(node) }
    if let node = chosen["forecast"] { measurements.forecast = try yaml.truth(node) }
    if let node = chosen["calibration"] { measurements.reliability = try yaml.truth(node) }
    if let node = chosen["by"] {
      groups = try yaml.list(node).map { entry in
        let name = try yaml.string(entry)
        guard let kind = Breakdown.Kind(rawValue: name) else {
          throw yaml.unknown(entry, name, among: Breakdown.Kind.allCases.map(\.rawValue), "group")
        }
        return (kind, yaml.location(of: entry))
      }
      measurements.breakdowns = groups.map(\.kind)
    }
    return (measurements, groups)
  }

  private static func outputs(_ node: ExperimentYAML.Node?, _ yaml: ExperimentYAML) throws -> [Output: String] {
    guard let node else { return [:] }
    let paths = try yaml.mapping(node, Output.allCases.map(\.rawValue))
    return Dictionary(
      uniqueKeysWithValues: try Output.allCases.compactMap { output in
        try paths[output.rawValue].map { (output, try yaml.string($0)) }
      })
  }
}
