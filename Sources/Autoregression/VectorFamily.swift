import ModelCore

/// The family of vectors that options of a word `markov:…` describe; `nil` where they are those of symbols, which are
/// left to be taken.
/// - Throws: `SpecificationError`.
package func vectorFamily(_ options: inout ModelOptions, registry: Registry) throws -> (any ModelFamily)? {
  var rest = options
  func isGiven(_ key: String) -> Bool { rest.text(key) != nil }
  let emission = rest.text("emission")
  let isOfTables = ["components", "bins"].map(isGiven).contains(true)
  let isOfRegressions = ["ridge", "start"].map(isGiven).contains(true)
  if isOfTables { return try ComponentTableFamily(&options, registry: registry) }
  if isOfRegressions || emission.map({ $0 != "categorical" }) ?? false {
    return try AutoregressiveFamily(&options, registry: registry)
  }
  // Symbols are categorical in any case. Having been asked for, the options of vectors are named where one is unknown.
  options = rest
  return nil
}
