import Chainrule
import Foundation

// Fits a Markov model and a network to a file of names, one a line, scores held-out names and draws new ones.
guard CommandLine.arguments.count == 2 else {
  print("usage: Dependent FILE")
  exit(64)
}
let names = try Dataset(reading: CommandLine.arguments[1])
let split = try names.split(seed: 1)
for word in ["markov:3/halt", "gru:8,epochs=1"] {
  let model = try SequenceModel.fit(ModelSpecification(word), to: split.train, valid: split.valid, names.alphabet)
  print(word, model.figures(on: split.test).natsPerEvent)
  for sample in try model.samples(3, seed: 1) { print(names.alphabet.text(of: sample.sequence)) }
}
