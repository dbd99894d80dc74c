import Chainrule
import Foundation
import Testing

/// A training that was killed goes on to the same bits.
@Suite struct ResumptionTests {
  private let folder: Folder
  private let common = ["train", "train.txt", "--checkpoint-every", "0", "--seed", "7"]

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(300, seed: 1) + String(repeating: "abcab", count: 120) + "\n")
  }

  /// Killed at some moments, with SIGKILL, and resumed each time with another number of threads.
  @Test(arguments: [
    "lstm:16,layers=2,bptt=16,epochs=12/halt", "gru:24,epochs=12,regime=scheduled:linear/eos",
    "rnn:24,epochs=12,optimiser=sgd,time=scaled/tau", "gru:16,epochs=12,optimiser=rmsprop,regime=free:2/eos",
  ])
  func killedAndResumed(_ word: String) throws {
    #expect(try Program.run(common + ["--model", word, "-o", "whole", "--threads", "1"], in: folder).code == 0)
    var kills = 0
    for wait in [0.05, 0.1, 0.15, 0.2, 0.1, 0.15] {
      let program = try Program(
        common + ["--model", word, "-o", "parts", "--resume", "--threads", String(1 + kills % 2)], in: folder)
      program.closeInput()
      Thread.sleep(forTimeInterval: wait)
      if program.isRunning { kills += 1 }
      program.kill()
      _ = try? program.outcome()
      // What is being written has no name but for the moment before it replaces the file; a training that was quick enough
      // is whole.
      let leftover = folder.names.filter { $0.hasPrefix(".chainrule-") }
      #expect(leftover.count <= 1)
      #expect(
        Set(folder.names).subtracting(leftover).isSubset(of: ["parts", "parts.checkpoint", "train.txt", "whole"]))
    }
    let last = try Program.run(common + ["--model", word, "-o", "parts", "--resume", "--threads", "2"], in: folder)
    #expect(last.code == 0, "\(last.errors)")
    print("\(word): killed \(kills) times")
    #expect(try folder.read("parts") == folder.read("whole"))
    // The last run has removed what was left over.
    #expect(Set(folder.names) == ["parts", "train.txt", "whole"])
  }

  /// In a container every program has the same process id: files that an earlier one left under it are no obstacle.
  @Test func theLeftoversOfAProcessOfTheSameNumberAreNoObstacle() throws {
    let line = (common + ["--model", "gru:4,epochs=2", "-o", "out", "--resume"]).joined(separator: " ")
    let code = try folder.shell("touch out.$$.tmp out.checkpoint.$$.tmp; exec \(try Program.path) \(line) 2> errors")
    let errors = String(decoding: try folder.read("errors"), as: UTF8.self)
    #expect(code == 0, "\(errors)")
  }

  @Test func aCheckpointOfAnotherTrainingIsRefused() throws {
    try folder.write("other.txt", names(300, seed: 2))
    let word = "gru:8,epochs=1000000,rate=1e-3/eos"
    let program = try Program(common + ["--model", word, "-o", "out"], in: folder)
    program.closeInput()
    try program.wait(for: "a checkpoint") { folder.names.contains("out.checkpoint") }
    program.kill()
    _ = try? program.outcome()
    for (arguments, reason) in [
      (["train", "other.txt", "--seed", "7", "--model", word], "its training data are other ones"),
      (["train", "train.txt", "--seed", "7", "--model", "gru:9/eos"], "its hidden is 8, not 9"),
      (["train", "train.txt", "--seed", "8", "--model", word], "its seed is 7, not 8"),
      (["train", "train.txt", "--valid", "other.txt", "--seed", "8", "--model", word], "its seed is 7, not 8"),
      (
        ["train", "train.txt", "--valid", "other.txt", "--seed", "7", "--model", word],
        "its training data are other ones"
      ),
    ] {
      let outcome = try Program.run(arguments + ["-o", "out", "--resume"], in: folder)
      #expect(outcome.code == 65)
      #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }
    // A checkpoint is a model; a model is no checkpoint.
    #expect(try Program.run("score", "out.checkpoint", "train.txt", in: folder).code == 0)
    #expect(try Program.run("train", "train.txt", "--model", "gru:8,epochs=1/eos", "-o", "m", in: folder).code == 0)
    try folder.write("m.checkpoint", folder.read("m"))
    let outcome = try Program.run(
      "train", "train.txt", "--model", "gru:8,epochs=1/eos", "-o", "m", "--resume", in: folder)
    #expect(outcome.code == 65 && outcome.errors.contains("not where its training stood"))
    // Without --resume nothing is lost.
    #expect(try Program.run("train", "train.txt", "--model", "gru:8,epochs=1/eos", "-o", "m", in: folder).code == 0)
    #expect(folder.names.contains("m.checkpoint.old"))
  }

  /// With more epochs a finished training goes on; with the same ones there is nothing to do; another model is named.
  @Test func aFinishedTrainingGoesOnWithMoreEpochs() throws {
    let begin = ["train", "train.txt", "--seed", "7", "-o", "out", "--json"]
    func run(_ word: String, _ more: String...) throws -> (epochs: [Int], errors: String) {
      let outcome = try Program.run(begin + ["--model", word] + more, in: folder)
      let report = try outcome.json()
      return (
        report.keys.contains("epochs") ? try report["epochs"].list.map { try $0["epoch"].int } : [], outcome.errors
      )
    }
    #expect(try run("gru:4,epochs=2").epochs == [1, 2])
    let first = try folder.read("out")
    let same = try run("gru:4,epochs=2", "--resume")
    #expect(same.epochs == [] && same.errors.contains("out is complete already"), "\(same.errors)")
    #expect(try folder.read("out") == first)
    let more = try run("gru:4,epochs=5", "--resume")
    #expect(more.epochs == [3, 4, 5] && more.errors.contains("continues from the model in out"), "\(more.errors)")
    #expect(try ModelFile.model(from: folder.read("out")).specification.word.contains("epochs=5"))
    #expect(!folder.names.contains("out.checkpoint"))
    // Another training's model is not replaced, nor does a training end before its time.
    let kept = try folder.read("out")
    let other = try Program.run("train", "train.txt", "-o", "out", "--model", "gru:5,epochs=1", "--resume", in: folder)
    #expect(other.code == 65 && other.errors.contains("its hidden is 4, not 5"), "\(other.errors)")
    #expect(try folder.read("out") == kept)
  }

  /// By quasi-Newton steps too: the same command once more has nothing to do.
  @Test func aFinishedQuasiNewtonTrainingIsComplete() throws {
    let line = ["train", "train.txt", "--model", "rnn:2,optimiser=bfgs,epochs=3", "-o", "out"]
    #expect(try Program.run(line, in: folder).code == 0)
    let first = try folder.read("out")
    let again = try Program.run(line + ["--resume"], in: folder)
    #expect(again.code == 0 && again.errors.contains("out is complete already"), "\(again.errors)")
    #expect(try folder.read("out") == first)
  }

  /// Starts a training without an end, and kills it when its checkpoint is there.
  private func leaveCheckpoint(_ word: String = "gru:8,epochs=100000") throws {
    let program = try Program(common + ["--model", word, "-o", "out"], in: folder)
    program.closeInput()
    try program.wait(for: "a checkpoint") { folder.names.contains("out.checkpoint") }
    program.kill()
    _ = try? program.outcome()
  }

  @Test func moreEpochsFromACheckpointAreTold() throws {
    try leaveCheckpoint()
    let program = try Program(common + ["--model", "gru:8,epochs=200000", "-o", "out", "--resume"], in: folder)
    program.closeInput()
    let note = "continues from out.checkpoint with epochs=200000; it was begun with epochs=100000"
    #expect(try program.wait(for: "the note") { program.errorsSoFar.contains(note) })
    program.kill()
    _ = try? program.outcome()
  }

  /// Who may not read the model may not read its checkpoint.
  @Test func aCheckpointHasTheModelsPermissions() throws {
    #expect(try folder.shell("touch out; chmod 600 out") == 0)
    try leaveCheckpoint()
    #expect(try folder.shell("test $(stat -c %a out.checkpoint) = 600") == 0)
  }

  /// An earlier checkpoint is put aside, but not over something else.
  @Test func aCheckpointPutAsideReplacesCheckpointsAlone() throws {
    try leaveCheckpoint()
    try folder.write("out.checkpoint.old", "mine")
    let checkpoint = try folder.read("out.checkpoint")
    let line = ["train", "train.txt", "--model", "gru:4,epochs=1", "-o", "out"]
    let refused = try Program.run(line, in: folder)
    #expect(refused.code == 65 && refused.errors.contains("out.checkpoint.old"), "\(refused.errors)")
    #expect(try folder.read("out.checkpoint.old") == Data("mine".utf8))
    #expect(try folder.read("out.checkpoint") == checkpoint)
    try folder.write("out.checkpoint.old", checkpoint)
    #expect(try Program.run(line, in: folder).code == 0)
    #expect(try folder.read("out.checkpoint.old") == checkpoint)
  }

  /// What an interrupted training without a checkpoint leaves takes the place of nothing.
  @Test func anInterruptedModelHasAFreeName() throws {
    try folder.write("interrupted.safetensors", "mine")
    let line = "exec \(try Program.path) train train.txt --model 'gru:64,epochs=1000000' -o - > /dev/null"
    for wait in [0.5, 2, 8, 32] where !folder.names.contains("interrupted-2.safetensors") {
      let program = try Program(executable: "/bin/sh", ["-c", line], in: folder)
      try program.wait(for: "its first words") { !program.errorsSoFar.isEmpty }
      Thread.sleep(forTimeInterval: wait)
      program.interrupt()
      #expect(try program.outcome().code == 130)
    }
    #expect(try folder.read("interrupted.safetensors") == Data("mine".utf8))
    #expect(try ModelFile.model(from: folder.read("interrupted-2.safetensors")).alphabet.size > 0)
  }

  /// The learning rate has been falling towards the end that was asked for first.
  @Test func fewerEpochsAreRefused() throws {
    let program = try Program(common + ["--model", "gru:8,epochs=100000", "-o", "out"], in: folder)
    program.closeInput()
    try program.wait(for: "a checkpoint") { folder.names.contains("out.checkpoint") }
    program.kill()
    _ = try? program.outcome()
    let outcome = try Program.run(common + ["--model", "gru:8,epochs=99999", "-o", "out", "--resume"], in: folder)
    #expect(outcome.code == 65)
    #expect(outcome.errors.contains("its epochs is 100000, and epochs=99999 asks for fewer"), "\(outcome.errors)")
    #expect(folder.names.contains("out.checkpoint") && !folder.names.contains("out"))
  }

  /// The network's weights are thrown far away at once, and every loss is finite: told on standard error and in the JSON.
  @Test func aTrainingThatWentAstrayIsTold() throws {
    let outcome = try Program.run(
      "train", "train.txt", "-o", "out", "--json", "--model",
      "rnn:4,optimiser=sgd,rate=10,clip=1000,epochs=1,schedule=constant,dropout=0,decay=0", in: folder)
    let notes = try outcome.json()["notes"].list.map { try $0.string }
    #expect(notes.contains { $0.contains("worse than uniform guessing") }, "\(notes)")
    #expect(outcome.errors.contains("worse than uniform guessing"))
  }

  /// A rate that must fail: exit code 70 with the step and the gradient, and the last good state is kept.
  @Test func aDivergedTrainingKeepsTheLastGoodState() throws {
    let outcome = try Program.run(
      "train", "train.txt", "--model", "rnn:8,optimiser=sgd,rate=10,clip=1e9,decay=10,schedule=constant,dropout=0/eos",
      "-o", "out", in: folder)
    #expect(outcome.code == 70, "\(outcome.errors)")
    #expect(outcome.errors.contains("not finite at step") && outcome.errors.contains("gradient"))
    #expect(!folder.names.contains("out"))
    if folder.names.contains("out.checkpoint") {
      #expect(try Program.run("score", "out.checkpoint", "train.txt", in: folder).code == 0)
      #expect(outcome.errors.contains("before the training diverged is in out.checkpoint"), "\(outcome.errors)")
      // It is no interrupted training's, and does not go on.
      let again = ["train", "train.txt", "-o", "out", "--model"]
      let word = "rnn:8,optimiser=sgd,rate=10,clip=1e9,decay=10,schedule=constant,dropout=0/eos"
      let resumed = try Program.run(again + [word, "--resume"], in: folder)
      #expect(resumed.code == 65 && resumed.errors.contains("its loss was not finite at step"), "\(resumed.errors)")
      let anew = try Program.run(again + ["gru:4,epochs=1"], in: folder)
      #expect(anew.code == 0 && anew.errors.contains("a training that diverged is in out.checkpoint.old"))
      #expect(!anew.errors.contains("interrupted"), "\(anew.errors)")
    }
  }

  /// A full disk: exit code 74, and the checkpoint before is whole.
  @Test func aFullDiskLeavesTheCheckpointBefore() throws {
    let arguments = common + ["--model", "gru:32,epochs=1000000,rate=1e-3/eos", "-o", "out"]
    let program = try Program(arguments, in: folder)
    program.closeInput()
    try program.wait(for: "a checkpoint") { folder.names.contains("out.checkpoint") }
    program.kill()
    _ = try? program.outcome()
    let before = try folder.read("out.checkpoint")
    let line = ([try Program.path] + arguments + ["--resume"]).joined(separator: " ")
    #expect(try folder.shell("ulimit -f 4; exec \(line) 2> errors") == 74)
    #expect(try folder.read("out.checkpoint") == before)
  }

  /// Whether state is carried differs from epoch to epoch where a sequence is just longer than a lane's share.
  @Test(arguments: 1...4)
  func epochsThatCarryAndSuchThatDoNot(_ seed: Int) throws {
    let twice = String(repeating: "abcd", count: 12) + "\n"
    try folder.write("uneven.txt", String(repeating: "ab", count: 50) + "\n" + twice + twice)
    let arguments = [
      "train", "uneven.txt", "--valid", "uneven.txt", "--checkpoint-every", "0", "--seed", String(seed), "-o", "out",
      "--model", "rnn:4,batch=2,epochs=100000,rate=0.00001,schedule=constant,dropout=0,decay=0",
    ]
    for attempt in 0..<3 {
      let program = try Program(arguments + (attempt > 0 ? ["--resume"] : []), in: folder)
      program.closeInput()
      try program.wait(for: "a checkpoint") { folder.names.contains("out.checkpoint") }
      Thread.sleep(forTimeInterval: 0.1)
      program.interrupt()
      #expect(try program.outcome().code == 130)
    }
  }

  @Test func aCheckpointTakesNothingsPlace() throws {
    let data = try folder.read("train.txt")
    for path in ["out", "train.txt", "./train.txt"] {
      let outcome = try Program.run(
        "train", "train.txt", "--model", "gru:4,epochs=1", "-o", "out", "--checkpoint", path, in: folder)
      #expect(outcome.code == 64 && outcome.errors.contains("take the place of"))
    }
    try folder.write("notes", "mine")
    let outcome = try Program.run(
      "train", "train.txt", "--model", "gru:4,epochs=1", "-o", "out", "--checkpoint", "notes", in: folder)
    #expect(outcome.code == 65)
    #expect(try folder.read("notes") == Data("mine".utf8))
    #expect(try folder.read("train.txt") == data)
  }

  /// Numbers that no training leaves behind: a sentence, at once.
  @Test(arguments: [
    ("\"epoch\":", "\"epoch\":9", 65), ("\"minibatch\":", "\"minibatch\":99", 65), ("\"step\":", "\"step\":-", 65),
    ("\"bestEpoch\":", "\"bestEpoch\":77", 65), ("\"nats\":", "\"nats\":9e308", 65),
  ])
  func hostilePositions(_ old: String, _ new: String, _ code: Int32) throws {
    let arguments = common + ["--model", "gru:8,epochs=1000000,rate=1e-3/eos", "-o", "out"]
    let program = try Program(arguments, in: folder)
    program.closeInput()
    try program.wait(for: "a checkpoint") { folder.names.contains("out.checkpoint") }
    program.kill()
    _ = try? program.outcome()
    var file = try TensorFile(folder.read("out.checkpoint"))
    let position = try #require(file.metadata["chainrule.training.position"])
    #expect(position.contains(old))
    file.metadata["chainrule.training.position"] = position.replacingOccurrences(of: old, with: new)
    try folder.write("out.checkpoint", file.serialized())
    let outcome = try Program.run(arguments + ["--resume"], in: folder)
    #expect(outcome.code == code, "\(new): \(outcome.errors)")
  }
}
