import Chainrule
import Foundation

// Summarises a part of some data in a process of its own, for the tests that add the summaries up:
//
//     SummaryProcess counts WORD DATA FIRST END OUT      the sequences FIRST ..< END
//     SummaryProcess gradient WORD DATA SHARD OUT        a shard of all sequences as one minibatch, at the initial parameters

/// The loss and gradient of a shard.
func gradient(_ specification: ModelSpecification, _ set: SequenceSet, shard: Int) throws -> TensorFile {
  guard let family = specification.family as? any RecurrentFamily else {
    throw SpecificationError.malformed("\(specification.word) has no gradient")
  }
  let cell = type(of: family).cell
  let shape = specification.shape(alphabetSize: set.alphabetSize, inputWidth: set.inputWidth)
  let network = RecurrentConditional<Float>(
    layout: RecurrentLayout(shape: shape, family.architecture, cell), cell: cell, seed: 1)
  let gradients = BatchGradient<Float>(network.layout, cell, threads: 1)
  var file = TensorFile()
  gradients.shard(shard, gradients.turns(of: set), of: set, network.parameters).write(to: &file)
  return file
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 5, let number = Int(words[3]), let output = words.last else { exit(64) }
let specification = try ModelSpecification(words[1])
let set = try Dataset(reading: words[2]).sequences
let file: TensorFile
switch words[0] {
case "counts":
  guard words.count == 6, let end = Int(words[4]) else { exit(64) }
  file = try specification.summary(of: set.selecting(number..<end))
case "gradient": file = try gradient(specification, set, shard: number)
default: exit(64)
}
try file.serialized().write(to: URL(filePath: output))
