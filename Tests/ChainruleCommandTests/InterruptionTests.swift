import Chainrule
import Foundation
import Testing

/// Ctrl-C at any moment: exit code 130, whole files or none, and what was done is kept.
///
/// When it arrives is nobody's to say, so each attempt must end well, and later ones are tried until one has found
/// something to keep.
@Suite struct InterruptionTests {
  private let folder: Folder
  /// Minutes of work in steps of milliseconds: a million passes at a rate that creeps up.
  private let endless = "gru:256,epochs=1000000,dropout=0,rate=1e-3/eos"

  init() throws { folder = try Folder() }

  /// Attempts with ever longer waits, until one says that it has found what it looked for.
  private func attempt(_ body: (_ wait: TimeInterval) throws -> Bool) rethrows -> Bool {
    for wait in [0.01, 0.1, 0.4, 1.6, 6.4, 25.6] where try body(wait) { return true }
    return false
  }

  @Test func trainKeepsTheBestModelSoFar() throws {
    try folder.write("train.txt", names(400, seed: 1))
    let found = try attempt { wait in
      let program = try Program(["train", "train.txt", "--model", endless, "-o", "out"], in: folder)
      program.closeInput()
      // It listens when it speaks.
      while program.isRunning, program.errorsSoFar.isEmpty { usleep(1000) }
      Thread.sleep(forTimeInterval: wait)
      program.interrupt()
      let outcome = try program.outcome()
      #expect(outcome.code == 130, "\(outcome.errors)")
      #expect(outcome.text == "")
      guard folder.names != ["train.txt"] else {
        #expect(outcome.errors.hasSuffix("chainrule: interrupted; nothing was written\n"))
        return false
      }
      #expect(folder.names == ["out.checkpoint", "train.txt"])
      #expect(outcome.errors.contains("chainrule: interrupted; the best model so far is in out.checkpoint, and"))
      let kept = try ModelFile.model(from: folder.read("out.checkpoint"))
      #expect(try kept.specification.word == ModelSpecification(endless).word)
      #expect(try Program.run("score", "out.checkpoint", "train.txt", in: folder).code == 0)
      return true
    }
    #expect(found)
  }

  /// Somebody who keeps pressing ends it at any moment, but never within the writing of a file.
  @Test func impatienceLeavesNoPartOfAFile() throws {
    try folder.write("train.txt", names(400, seed: 1))
    for wait in [0.0, 0.2, 0.4] {
      let program = try Program(["train", "train.txt", "--model", endless, "-o", "out"], in: folder)
      program.closeInput()
      while program.isRunning, program.errorsSoFar.isEmpty { usleep(1000) }
      Thread.sleep(forTimeInterval: wait)
      while program.isRunning {
        program.interrupt()
        usleep(10_000)
      }
      #expect(try program.outcome().code == 130)
      // The checkpoint of the turn before is put aside, whole like the other one.
      let checkpoints = folder.names.filter { $0 != "train.txt" }
      #expect(Set(checkpoints).isSubset(of: ["out.checkpoint", "out.checkpoint.old"]))
      for name in checkpoints { #expect(throws: Never.self) { try ModelFile.checkpoint(from: folder.read(name)) } }
    }
  }

  @Test(arguments: [false, true]) func compareShowsTheRowsThatAreDone(asJSON: Bool) throws {
    let arguments = ["compare", "-", "--model", "markov:1", "--model", "tabular/tau", "--model", endless]
    // More than a pipe holds: when all is sent, the program has begun to read.
    let data = Data(names(20_000, seed: 2).utf8)
    let found = try attempt { wait in
      let program = try Program(arguments + (asJSON ? ["--json"] : []), in: folder)
      program.send(data)
      program.closeInput()
      Thread.sleep(forTimeInterval: wait)
      program.interrupt()
      let outcome = try program.outcome()
      #expect(outcome.code == 130, "\(outcome.errors)")
      #expect(folder.names == [])
      guard outcome.errors.contains("2 of 3 models are done") else {
        return false
      }
      if asJSON {
        let models = try JSON(outcome.output)["models"].list
        #expect(try models.map { try $0["model"].string.prefix(6) } == ["markov", "tabula"])
      } else {
        #expect(outcome.text.contains(#/\n\*[ABP]* +(markov:1/eos|tabular/tau) /#))
        #expect(!outcome.text.contains("gru"))
      }
      return true
    }
    #expect(found)
  }

  /// Rows are shown while others are still to come: the second Ctrl-C, which waits for nothing, loses none of them.
  @Test func compareShowsRowsAsTheyAreDone() throws {
    try folder.write("train.txt", names(400, seed: 1))
    let program = try Program(
      ["compare", "train.txt", "--model", "markov:1", "--model", "tabular/tau", "--model", endless], in: folder)
    program.closeInput()
    let end = Date(timeIntervalSinceNow: 60)
    while program.isRunning, !program.errorsSoFar.contains("tabular/tau"), Date() < end { usleep(10_000) }
    #expect(program.errorsSoFar.contains(#/markov:1/eos +valid [0-9.]+ +test [0-9.]+ nats/event/#))
    #expect(program.errorsSoFar.contains(#/tabular/tau +valid [0-9.]+ +test [0-9.]+ nats/event/#))
    program.interrupt()
    let outcome = try program.outcome()
    #expect(outcome.code == 130)
    #expect(outcome.text.contains(#/\n\*[ABP]* +(markov:1/eos|tabular/tau) /#))
  }

  /// With the pipe still open.
  @Test(arguments: [
    ["info", "-"], ["compare", "-"], ["train", "-", "--model", "rnn:4", "-o", "out"], ["sample", "-"],
  ])
  func readingAPipeEndsAtOnce(arguments: [String]) throws {
    let program = try Program(arguments, in: folder)
    program.send(Data(names(20_000, seed: 3).utf8))
    program.interrupt()
    let outcome = try program.outcome()
    #expect(outcome.code == 130)
    #expect(outcome.text == "" && outcome.errors == "")
    #expect(folder.names == [])
    program.closeInput()
  }
}
