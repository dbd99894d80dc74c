import Chainrule
import Foundation
import Testing

/// Ctrl-C and SIGTERM at any moment: exit code 130, whole files or none, and what was done is kept.
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

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func trainKeepsTheBestModelSoFar(signal: Int32) throws {
    try folder.write("train.txt", names(400, seed: 1))
    let found = try attempt { wait in
      let program = try Program(["train", "train.txt", "--model", endless, "-o", "out"], in: folder)
      program.closeInput()
      try program.wait(for: "its first words") { !program.errorsSoFar.isEmpty }
      Thread.sleep(forTimeInterval: wait)
      program.send(signal)
      let outcome = try program.outcome()
      #expect(outcome.code == 128 + signal, "\(outcome.errors)")
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

  /// From the first moment on, whether the program has begun to listen (then it exits) or not (then the signal ends it):
  /// none is lost, and whoever waits for its end waits a short time.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func noSignalIsLostAfterTheStart(signal: Int32) throws {
    try folder.write("train.txt", names(400, seed: 1))
    let line = ["train", "train.txt", "--model", endless, "-o", "out", "--checkpoint-every", "0", "--resume"]
    var stream = RandomStream(seed: UInt64(signal))
    let start = ContinuousClock.now
    #expect(try Program.run("--version", in: folder).code == 0)
    let most = Double((ContinuousClock.now - start) / .microseconds(1))
    for _ in 0..<50 {
      let program = try Program(line, in: folder)
      program.closeInput()
      usleep(UInt32(Double.random(in: 0...(1.5 * most), using: &stream)))
      program.send(signal)
      let outcome = try program.outcome(seconds: 30)
      #expect(outcome.code == 128 + signal, "\(outcome.errors)")
      #expect(Set(folder.names).isSubset(of: ["out.checkpoint", "train.txt"]))
    }
  }

  @Test func nohupStays() throws {
    try folder.write("train.txt", names(400, seed: 1))
    let line = "trap '' HUP; exec \(try Program.path) train train.txt --model '\(endless)' -o out"
    let program = try Program(executable: "/bin/sh", ["-c", line], in: folder)
    try program.wait(for: "its first words") { !program.errorsSoFar.isEmpty }
    program.send(SIGHUP)
    Thread.sleep(forTimeInterval: 0.1)
    #expect(program.isRunning)
    program.interrupt()
    #expect(try program.outcome().code == 130)
  }

  /// The program that draws is ended, with what it has started, and nothing of it stays.
  @Test(arguments: [
    ("dot", ["graph", "markov:1", "-o", "out.svg"]), ("gnuplot", ["lengths", "model", "--plot", "out.svg"]),
    ("gnuplot", ["parameters", "markov:1", "--alphabet-size", "2", "--length", "4", "--plot", "out.svg"]),
  ])
  func drawingEndsAtOnce(name: String, arguments: [String]) throws {
    try folder.write("train.txt", names(30, seed: 1))
    #expect(try Program.run("train", "train.txt", "--model", "markov:1", "-o", "model", "-q", in: folder).code == 0)
    try folder.write(name, "#!/bin/sh\nsleep 1000 &\necho $$ $! > started.part\nmv started.part started\nwait\n")
    #expect(try folder.shell("chmod +x \(name); mkdir temporary bin; mv \(name) bin") == 0)
    for signal in [SIGINT, SIGTERM] {
      let environment = [
        "PATH": folder.url.appending(path: "bin").path + ":/usr/bin:/bin",
        "TMPDIR": folder.url.appending(path: "temporary").path,
      ]
      let program = try Program(executable: Program.path, arguments, environment: environment, in: folder)
      try program.wait(for: "\(name) to start") { folder.names.contains("started") }
      program.send(signal)
      let outcome = try program.outcome(seconds: 30)
      #expect(outcome.code == 128 + signal, "\(outcome.errors)")
      #expect(!folder.names.contains("out.svg"))
      #expect(try folder.shell("rmdir temporary && mkdir temporary") == 0, "something is left there")
      // Neither of the two is there any longer, unless as a zombie that nobody has asked for.
      let test = "test ! -e /proc/$p || grep -q '^State:.*Z' /proc/$p/status"
      #expect(try folder.shell("for p in $(cat started); do \(test) || exit 1; done; rm started") == 0)
    }
  }

  /// Somebody who keeps pressing ends it at any moment, but never within the writing of a file.
  @Test func impatienceLeavesNoPartOfAFile() throws {
    try folder.write("train.txt", names(400, seed: 1))
    for wait in [0.0, 0.2, 0.4] {
      let program = try Program(["train", "train.txt", "--model", endless, "-o", "out"], in: folder)
      program.closeInput()
      try program.wait(for: "its first words") { !program.errorsSoFar.isEmpty }
      Thread.sleep(forTimeInterval: wait)
      try program.wait(for: "its end, pressing Ctrl-C all the time") {
        program.interrupt()
        usleep(10_000)
        return false
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
    // Data are refused as a model at once: there it is the beginning of one, which wants 256 bytes of header.
    let isModel = arguments[0] == "sample"
    program.send(isModel ? Data([0, 1, 0, 0, 0, 0, 0, 0, 0x7B]) : Data(names(20_000, seed: 3).utf8))
    program.interrupt()
    let outcome = try program.outcome()
    #expect(outcome.code == 130)
    #expect(outcome.text == "" && outcome.errors == "")
    #expect(folder.names == [])
    program.closeInput()
  }
}
