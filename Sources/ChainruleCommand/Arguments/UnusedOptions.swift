import ArgumentParser

/// Refuses options that were given and would be taken without any effect.
/// - Parameters:
///   - options: names, and whether each was given.
///   - reason: why they are of no use here.
/// - Throws: `ValidationError` that names those that were given.
func refuseUnused(_ options: [(name: String, isGiven: Bool)], because reason: String) throws {
  let given = options.filter(\.isGiven).map(\.name)
  if !given.isEmpty { throw ValidationError("\(given.joined(separator: ", ")): of no use here: \(reason).") }
}
