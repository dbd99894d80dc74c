import Chainrule

/// A family of one's own beside the others, with /eos and /halt: it is fitted with progress, audited, drawn as a graph and read
/// back from its file.
func ownFamily(_ path: String, model file: String) throws {
  var registry = Registry.standard
  registry.families.append(Repeating.self)
  let (train, test) = try Dataset(reading: path).split(test: 0.1, seed: 1)
  for word in ["repeating/eos", "repeating/halt", "markov:3/halt"] {
    let model = try SequenceModel(word, fitting: train, registry: registry)
    try model.write(to: file)
    let again = try SequenceModel(contentsOf: file, registry: registry)
    print(word, again.figures(on: test).natsPerEvent, "nats an event")
    print("  all checks hold:", try again.audit().allSatisfy(\.isSound))
    print("  edges of five steps:", try again.graph(steps: 5).edgeCount)
  }
}
