import Foundation
import Inference
import Models
import Sequences
import Synchronization
import Testing

/// Trainings that are broken off and go on, within one process.
@Suite struct TrainingResumptionTests {
  /// What a training leaves behind: its epochs and its last checkpoint.
  private final class Record: Sendable {
    let epochs = Mutex<[TrainingEpoch]>([])
    let checkpoint = Mutex<Data?>(nil)
  }

  /// Trains; is interrupted once so many epochs have ended in it.
  private func train(
    _ word: String, seed: UInt64 = 4, from checkpoint: Data? = nil, continuing: SequenceModel? = nil,
    interruptedAfter count: Int = .max
  ) throws -> (model: SequenceModel, record: Record) {
    let record = Record()
    var context = FittingContext(seed: seed)
    context.checkpoints = Checkpoints(
      interval: 0, resuming: try checkpoint.map { try ModelFile.checkpoint(from: $0) }, continuing: continuing
    ) { checkpoint in
      let bytes = try ModelFile.bytes(of: checkpoint)
      record.checkpoint.withLock { $0 = bytes }
    }
    context.progress = { progress in
      if let epoch = progress.epoch { record.epochs.withLock { $0.append(epoch) } }
    }
    context.isInterrupted = { record.epochs.withLock { $0.count >= count } }
    let set = Toys.set(alphabetSize: 2)
    let model = try SequenceModel.fit(ModelSpecification(word), to: set, valid: set, Toys.alphabet(2), context)
    return (model, record)
  }

  private func checkpoint(_ record: Record) throws -> Data { try #require(record.checkpoint.withLock { $0 }) }

  /// The minimiser begins anew at iterations 100 and 200: before, at and after them.
  @Test(arguments: [3, 99, 100, 101, 150, 201])
  func aQuasiNewtonTrainingGoesOnToTheSameBits(_ count: Int) throws {
    let word = "rnn:3,optimiser=bfgs,epochs=220/halt"
    let whole = try train(word)
    let ran = whole.record.epochs.withLock { $0 }
    let broken = try train(word, interruptedAfter: count)
    let resumed = try train(word, from: checkpoint(broken.record))
    #expect(try ModelFile.bytes(of: resumed.model) == ModelFile.bytes(of: whole.model))
    #expect(resumed.record.epochs.withLock { $0 } == ran)
    #expect(ran.map(\.epoch) == Array(1...ran.count))
  }

  /// With more epochs an interrupted training goes on from where it stands, and may be interrupted again.
  @Test(arguments: ["gru:3", "rnn:3,optimiser=sgd,rate=0.1"]) func anInterruptedTrainingMayGetMoreEpochs(
    _ network: String
  ) throws {
    let broken = try train("\(network),epochs=6/eos", interruptedAfter: 4)
    let longer = "\(network),epochs=9/eos"
    let whole = try train(longer, from: checkpoint(broken.record))
    let epochs = whole.record.epochs.withLock { $0 }
    #expect(epochs.map(\.epoch) == Array(1...9))
    #expect(epochs.prefix(4).map(\.train) == broken.record.epochs.withLock { $0 }.map(\.train))
    #expect(whole.model.specification.word == (try ModelSpecification(longer)).word)
    let again = try train(longer, from: checkpoint(broken.record), interruptedAfter: 6)
    let last = try train(longer, from: checkpoint(again.record))
    #expect(try ModelFile.bytes(of: last.model) == ModelFile.bytes(of: whole.model))
    // Fewer than it has done are refused.
    #expect(throws: FittingError.self) { try train("\(network),epochs=2/eos", from: checkpoint(again.record)) }
  }

  /// A finished one goes on from its model, is no worse on the validation part, and may be interrupted as well.
  @Test func aFinishedTrainingGoesOnWithMoreEpochs() throws {
    let first = try train("gru:3,epochs=4/eos")
    let longer = "gru:3,epochs=9/eos"
    let whole = try train(longer, continuing: first.model)
    let epochs = whole.record.epochs.withLock { $0 }
    #expect(epochs.map(\.epoch) == Array(5...9))
    let set = Toys.set(alphabetSize: 2)
    // Sums in single precision, in another order.
    #expect(whole.model.figures(on: set).nats <= first.model.figures(on: set).nats * (1 + 1e-6))
    // The first further epoch begins where the model is, not at random weights.
    let before = first.record.epochs.withLock { $0 }
    #expect(abs(epochs[0].train - before[3].train) < abs(epochs[0].train - before[0].train))
    // The rate rises and falls once more.
    #expect(epochs[0].rate > before[3].rate && epochs[4].rate < epochs[0].rate)
    let broken = try train(longer, continuing: first.model, interruptedAfter: 2)
    let resumed = try train(longer, from: checkpoint(broken.record))
    #expect(try ModelFile.bytes(of: resumed.model) == ModelFile.bytes(of: whole.model))
    // No more than it had.
    #expect(throws: FittingError.self) { try train("gru:3,epochs=4/eos", continuing: first.model) }
  }

  /// The sentence names what differs.
  @Test(arguments: [
    ("gru:hidden=4,epochs=8/eos", 4 as UInt64, ["its hidden is 3, not 4"]),
    ("gru:hidden=3,rate=0.5,bptt=9,epochs=8/eos", 4, ["its bptt is auto, not 9", "its rate is auto, not 0.5"]),
    ("lstm:3,epochs=8/eos", 4, ["its model is gru, not lstm"]),
    ("gru:3,epochs=8/tau", 4, ["its way to end is eos, not tau"]),
    ("gru:3,epochs=8/eos", 5, ["its seed is 4, not 5"]),
    ("gru:3,layers=2,epochs=8/halt", 5, ["its layers is 1, not 2", "its way to end is", "its seed is 4, not 5"]),
  ])
  func whatDiffersIsNamed(_ word: String, _ seed: UInt64, _ reasons: [String]) throws {
    let broken = try train("gru:3,epochs=8/eos", interruptedAfter: 2)
    do {
      _ = try train(word, seed: seed, from: checkpoint(broken.record))
      Issue.record("a checkpoint of another training was taken")
    } catch let error as FittingError {
      let sentence = "\(error)"
      for reason in reasons { #expect(sentence.contains(reason), "\(sentence)") }
      #expect(!sentence.contains("training data") && !sentence.contains("epochs"), "\(sentence)")
    }
  }

  /// A loss that is not finite leaves a checkpoint that says so, and from which nothing goes on; it is a model all the same.
  @Test func aDivergedTrainingIsNoInterruptedOne() throws {
    let word = "rnn:3,batch=4,optimiser=sgd,rate=10,clip=1e9,decay=10,schedule=constant,dropout=0,epochs=400/eos"
    let record = Record()
    var context = FittingContext(seed: 4)
    context.checkpoints = Checkpoints(interval: 0) { checkpoint in
      let bytes = try ModelFile.bytes(of: checkpoint)
      record.checkpoint.withLock { $0 = bytes }
    }
    let set = Toys.set(alphabetSize: 2)
    #expect(throws: FittingError.self) {
      try SequenceModel.fit(ModelSpecification(word), to: set, valid: set, Toys.alphabet(2), context)
    }
    let bytes = try checkpoint(record)
    let kept = try ModelFile.checkpoint(from: bytes)
    #expect((kept.divergedStep ?? 0) > 0)
    let model = try #require(kept.model as? SequenceModel)
    #expect(!model.figures(on: set).nats.isNaN)
    do {
      _ = try train(word, from: bytes)
      Issue.record("a training that diverged went on")
    } catch let error as FittingError {
      #expect("\(error)".contains("not finite at step \(kept.divergedStep ?? 0)"), "\(error)")
    }
  }

  /// Of a checkpoint from before its first epoch's end that has no checksums: the model and the parameters in training are
  /// the same numbers there.
  @Test func aChangedNumberBeforeTheFirstEpochIsFound() throws {
    let record = Record()
    var context = FittingContext(seed: 4)
    context.checkpoints = Checkpoints(interval: 0) { checkpoint in
      let bytes = try ModelFile.bytes(of: checkpoint)
      record.checkpoint.withLock { if $0 == nil { $0 = bytes } }
    }
    let word = "gru:3,batch=8,epochs=2/eos"
    let set = Toys.set(alphabetSize: 2)
    _ = try SequenceModel.fit(ModelSpecification(word), to: set, valid: set, Toys.alphabet(2), context)
    let whole = try TensorFile(checkpoint(record))
    _ = try train(word, from: whole.serialized(hasChecksums: false))
    for name in ["rnn.weight_hh_l0", "output.bias", "training.parameters"] {
      var file = whole
      var bytes = try #require(file.tensors[name]).bytes.withUnsafeBytes { Array($0) }
      bytes[2] ^= 64
      file.replaceBytes(of: name, by: bytes)
      #expect(throws: FittingError.self, "\(name)") { try train(word, from: file.serialized(hasChecksums: false)) }
    }
  }

  /// A fitted model is better than uniform guessing, and one whose weights point elsewhere is not.
  @Test(arguments: ["eos", "halt", "tau:input=none"]) func worseThanGuessingIsTold(_ length: String) throws {
    let model = try Toys.model("gru:3,epochs=20/\(length)", alphabetSize: 3)
    let set = Toys.set(alphabetSize: 3)
    let figures = model.figures(on: set)
    #expect(model.warning(ofTraining: figures) == nil)
    var file = try TensorFile(ModelFile.bytes(of: model))
    // Sure of what is seldom.
    let bias: [Float] = length == "eos" ? [-20, 0, 0, -20] : [-20, 0, -20]
    file.remove("output.bias")
    file.set("output.bias", bias, shape: [bias.count])
    let astray = try ModelFile.model(from: file.serialized())
    let warning = try #require(astray.warning(ofTraining: astray.figures(on: set)))
    #expect(warning.contains("worse than uniform guessing") && warning.contains("diverged"))
  }

  /// By hand: three sequences with five symbols over an alphabet of 3.
  @Test func whatGuessingCosts() throws {
    for (length, nats) in [("eos", 8 * log(4.0)), ("halt", 5 * log(3.0) + 8 * log(2.0)), ("tau", 5 * log(3.0))] {
      let model = try Toys.model("markov:0/\(length)", alphabetSize: 3)
      #expect(abs(model.nats(ofGuessing: 3, symbols: 5) - nats) < 1e-12)
    }
  }
}
