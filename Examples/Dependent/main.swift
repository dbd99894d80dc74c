import Chainrule
import Foundation

// Fits a Markov model, a network and a model of its own to a file of names, one a line, scores held-out names, draws new ones,
// and reads the models back.
guard CommandLine.arguments.count == 2 else {
  print("usage: Dependent FILE")
  exit(64)
}
let names = try Dataset(reading: CommandLine.arguments[1])
let split = try names.split(seed: 1)
var registry = Registry.standard
registry.families.append(Repeating.self)
for word in ["markov:3/halt", "gru:8,epochs=1", "repeating/halt"] {
  let specification = try ModelSpecification(word, registry: registry)
  let fitted = try SequenceModel.fit(specification, to: split.train, valid: split.valid, names.alphabet)
  let model = try ModelFile.model(from: ModelFile.bytes(of: fitted), registry: registry)
  print(word, model.figures(on: split.test).natsPerEvent)
  for sample in try model.samples(3, seed: 1) { print(names.alphabet.text(of: sample.sequence)) }
}
