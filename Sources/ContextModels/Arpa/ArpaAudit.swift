import Foundation
import ModelCore
import Sequences

/// What is to be known of an ARPA file before one trusts it.
public struct ArpaAudit: Sendable {
  /// How far a sum of probabilities may be from 1: seven digits of a logarithm leave about 1e-6.
  public static let tolerance = 1e-4

  /// The context whose probabilities sum to what is farthest from 1.
  public struct Worst: Sendable {
    /// "" is the empty one.
    public let context: String
    /// The sum of its probabilities.
    public let sum: Double
  }

  /// n-grams of each n from 1, `<s>` not among them.
  public let counts: [Int]
  /// By kind; only those that occur.
  public let findings: [ArpaFinding.Kind: ArpaFinding]
  /// The number of contexts.
  public let contexts: Int
  /// Contexts whose sum is further than the tolerance from 1.
  public let unsoundContexts: Int
  /// The context that is farthest off.
  public let worst: Worst

  /// Reads a file.
  /// - Throws: `DataError` where it cannot be understood.
  package init(reading source: consuming ByteSource) throws { self.init(try ArpaReader(source).read()) }

  init(_ content: ArpaContent) {
    let table = content.table
    var levels = table.tree.levels.map { table.rows.entries(of: $0).count }
    levels += Array(repeating: 0, count: max(content.order + 1 - levels.count, 0))
    counts = levels
    findings = content.findings
    let sums = table.sums()
    func gap(_ node: Int) -> Double { sums[node].isNaN ? .infinity : abs(sums[node] - 1) }
    let nodes = table.tree.count
    let held = (0..<nodes).filter { !table.entries(of: $0).isEmpty || table.logWeight[$0] != 0 }
    contexts = held.count
    unsoundContexts = held.count { gap($0) > Self.tolerance }
    let node = held.max { gap($0) < gap($1) } ?? 0
    worst = Worst(
      context: content.alphabet.text(ofContext: table.labels(of: node, table.tree.parents)), sum: sums[node])
  }

  /// Whether nothing is wrong: what is odd without making a number wrong does not count.
  public var isSound: Bool { unsoundContexts == 0 && !findings.keys.contains { $0.isDefect } }
}

extension ArpaFile {
  /// The model in an ARPA file, and what a person should know of it: a sentence each, with the line of the first case.
  /// - Parameter symbols: what its words are in data, where the file does not say it; words if left out.
  /// - Throws: `DataError`, also where it is open which number is meant: positive logarithms, n-grams that stand there twice.
  package static func model(
    reading source: consuming ByteSource, symbols: SymbolKind? = nil
  ) throws -> (model: SequenceModel, warnings: [String]) {
    let name = source.name
    var content = try ArpaReader(source).read()
    let remark = try content.settleKind(asked: symbols)
    for kind in [ArpaFinding.Kind.positiveLog, .duplicate] {
      guard let finding = content.findings[kind] else { continue }
      throw DataError.malformed(
        Location(file: name, line: finding.line, column: 1),
        "\(kind.name): \(finding.count), the first here: \(finding.text)")
    }
    var warnings = ArpaFinding.Kind.allCases.compactMap { kind -> String? in
      guard let finding = content.findings[kind] else { return nil }
      return "\(name):\(finding.line): \(kind.name): \(finding.count), the first here: \(finding.text)"
    }
    if let remark { warnings.append("\(name): \(remark)") }
    let audit = ArpaAudit(content)
    if audit.unsoundContexts > 0 {
      warnings.append(
        "\(name): \(audit.unsoundContexts) of \(audit.contexts) contexts do not sum to one; the worst is "
          + "'\(audit.worst.context)' with \(audit.worst.sum)")
    }
    return (try model(content), warnings)
  }

  private static func model(_ content: ArpaContent) throws -> SequenceModel {
    let specification = try ArpaFamily.specification(order: content.order)
    let shape = specification.shape(alphabetSize: content.alphabet.size)
    return SequenceModel(
      specification: specification, alphabet: content.alphabet,
      conditional: ArpaConditional(shape: shape, order: content.order, table: content.table), prior: nil,
      facts: TrainingFacts(sequences: 0, symbols: 0, longest: 0, dataHash: 0, seed: 0))
  }

  /// What a person should know of a model that was made from an ARPA file earlier, if its probabilities do not sum to one.
  public static func warning(of model: SequenceModel) -> String? {
    guard let arpa = model.conditional as? ArpaConditional, arpa.largestGap > ArpaAudit.tolerance else { return nil }
    return "the probabilities after a context do not sum to one, by \(arpa.largestGap)"
  }

  /// Whether a file begins as ARPA files do; files by the name of `.arpa` are taken for one in any case.
  public static func recognises(_ head: some Collection<UInt8>, name: String) -> Bool {
    if name.hasSuffix(".arpa") || name.hasSuffix(".arpa.gz") { return true }
    let mark = Array("\\data\\".utf8)
    for line in head.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
      if line.elementsEqual(mark)
        || line.starts(with: mark) && line.dropFirst(mark.count).allSatisfy({ $0 == 32 || $0 == 9 })
      {
        return true
      }
    }
    return false
  }
}
