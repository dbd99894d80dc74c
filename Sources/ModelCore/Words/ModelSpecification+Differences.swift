import Sequences

extension ModelSpecification {
  /// What this word says otherwise than another one, an option each, such as "its hidden is 8, not 9"; empty for the same
  /// model.
  /// - Parameter ignored: options of the family that do not count.
  func differences(to wanted: ModelSpecification, ignoring ignored: Set<String> = []) -> [String] {
    func parts(_ word: String) -> (name: String, options: [(key: String, value: String)]) {
      let halves = Substring(word).split(outsideBracketsAt: ":", maxSplits: 1)
      let options = halves.dropFirst().flatMap { $0.split(outsideBracketsAt: ",") }.map {
        $0.split(outsideBracketsAt: "=", maxSplits: 1)
      }
      return (String(halves[0]), options.map { (String($0[0]), $0.count > 1 ? String($0[1]) : "") })
    }
    var differences: [String] = []
    for (kind, own, other, ignored) in [
      ("model", family.word(complete: true), wanted.family.word(complete: true), ignored),
      ("way to end", length.word(complete: true), wanted.length.word(complete: true), []),
    ] {
      let (own, other) = (parts(own), parts(other))
      guard own.name == other.name else {
        differences.append("its \(kind) is \(own.name), not \(other.name)")
        continue
      }
      let keys = (own.options + other.options).map(\.key)
      for (index, key) in keys.enumerated() where !ignored.contains(key) && !keys[..<index].contains(key) {
        func value(_ options: [(key: String, value: String)]) -> String {
          options.first { $0.key == key }?.value ?? "not given"
        }
        if value(own.options) != value(other.options) {
          differences.append("its \(key) is \(value(own.options)), not \(value(other.options))")
        }
      }
    }
    return differences
  }
}

extension FittedModel {
  /// Why a training of a specification cannot continue from this model, in words; empty where it can. The number of epochs
  /// may be another one.
  /// - Parameters:
  ///   - train: what it is to be fitted to.
  ///   - seed: that of the training.
  package func obstacles(
    toContinuing specification: ModelSpecification, on train: Sequences<Rows>, _ schema: Rows.Schema, seed: UInt64
  ) -> [String] {
    var obstacles = self.specification.differences(to: specification, ignoring: specification.family.resumableOptions)
    let isOfTheData = facts.dataHash == train.contentHash && self.schema == schema
    if facts.seed != seed {
      // Which part of the data is held out depends on the seed.
      obstacles.append("its seed is \(facts.seed), not \(seed)")
    } else if !isOfTheData {
      obstacles.append("its training data are other ones")
    }
    return obstacles
  }
}
