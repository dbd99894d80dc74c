import Chainrule

/// The library in ten lines: fit, judge, draw, ask, keep.
func tenLines(_ path: String, model file: String) throws {
  let names = try Dataset(reading: path)
  let (train, test) = try names.split(test: 0.1, seed: 1)
  let model = try SequenceModel("gru:16,epochs=2/halt", fitting: train)
  print(model.figures(on: test).natsPerEvent, "nats an event")
  for text in try model.texts(5, seed: 1) { print(text) }
  print(try model.lengthDistribution().mean, "letters on average")
  print(try model.mostProbable(3).map { model.alphabet.text(of: $0.sequence) })
  print(try model.graph(steps: 5).isSeparated("y1 ; y3 | y2"))
  try model.write(to: file)
  let again = try SequenceModel(contentsOf: file)
  print(again.figures(on: test) == model.figures(on: test))
}
