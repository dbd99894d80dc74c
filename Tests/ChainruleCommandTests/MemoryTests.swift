import Foundation
import Testing

/// `train --memory`: what lies on disk changes no bit, and leaves nothing behind.
@Suite struct MemoryTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    // A few megabytes of symbols, so that arrays do go to files.
    try folder.write("train.txt", names(120_000, seed: 2))
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "temporary"), withIntermediateDirectories: false)
  }

  private var temporary: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "temporary").path) }
  }

  @Test(arguments: [
    "markov:4/eos", "markov:3/halt", "markov:2/tau", "markov:k=3,smoothing=pitman-yor/eos",
    "markov:k=2,time=bucket:3/eos", "markov:k=3,tune=valid/eos", "markov:k=3,mixing=backoff/eos",
  ])
  func theResultIsTheSame(_ model: String) throws {
    let command = ["train", "train.txt", "--model", model, "-q"]
    #expect(try Program.run(command + ["-o", "in-memory"], in: folder).code == 0)
    let outcome = try Program.run(
      command + ["-o", "on-disk", "--memory", "100M", "--scratch", "temporary"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try folder.read("in-memory") == folder.read("on-disk"))
    #expect(try temporary.isEmpty)
  }

  /// The alphabet does not lie on disk: where it alone takes more than it may, that is told before anything is counted.
  @Test func anAlphabetThatIsTooLargeIsRefused() throws {
    try folder.write("words.txt", (0..<800_000).map { "w\($0)" }.joined(separator: " "))
    let command = [
      "train", "words.txt", "--symbols", "words", "--model", "markov:1", "-q", "-o", "out", "--scratch", "temporary",
    ]
    let outcome = try Program.run(command + ["--memory", "100M"], in: folder)
    #expect(outcome.code == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains("--memory 100M: the alphabet alone"))
    #expect(!folder.names.contains("out"))
    #expect(try temporary.isEmpty)
  }

  /// The disk is full: a limit of 512 KiB on every file.
  @Test func aFullDiskIsToldAndLeavesNothing() throws {
    let code = try folder.shell(
      "ulimit -f 1024; exec \(try Program.path) train train.txt --model markov:4 -o out --memory 100M "
        + "--scratch temporary 2> errors")
    #expect(code == 74)
    let errors = String(decoding: try folder.read("errors"), as: UTF8.self)
    #expect(errors.contains("temporary: a temporary file could not be made larger"))
    #expect(try temporary.isEmpty)
    #expect(folder.names == ["errors", "temporary", "train.txt"])
  }

  /// High orders have many arrays that grow: more files than may be open are told, or there are enough.
  @Test func manyOpenFilesAreNoCrash() throws {
    let code = try folder.shell(
      "ulimit -n 64; exec \(try Program.path) train train.txt --model markov:60 -o out -q --memory 100M "
        + "--scratch temporary 2> errors")
    #expect(code == 74)
    let errors = String(decoding: try folder.read("errors"), as: UTF8.self)
    #expect(errors.contains("temporary: a temporary file could not be made"))
    #expect(folder.names == ["errors", "temporary", "train.txt"])
  }

  @Test(arguments: ["gru:4/eos", "tabular/eos", "ctw:3/eos"])
  func modelsThatDoNotKeepToItAreRefused(_ model: String) throws {
    let outcome = try Program.run(["train", "train.txt", "--model", model, "-o", "out", "--memory", "1G"], in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("--memory is for Markov models"))
  }

  @Test func anInterruptionLeavesNothing() throws {
    for wait in [0.05, 0.2, 0.5] {
      let program = try Program(
        ["train", "train.txt", "--model", "markov:9", "-o", "out", "--memory", "100M", "--scratch", "temporary"],
        in: folder)
      program.closeInput()
      Thread.sleep(forTimeInterval: wait)
      program.interrupt()
      let code = try program.outcome().code
      #expect(code == 130 || code == 0)
      #expect(try temporary.isEmpty)
    }
  }

  @Test(arguments: [
    ["--memory", "3M"], ["--memory", "none"], ["--memory", "-1"], ["--memory", "1e30G"], ["--memory", "nanM"],
    ["--scratch", "temporary"], ["--memory", "1G", "--scratch", ""],
  ])
  func nonsenseIsWrongUsage(_ options: [String]) throws {
    let outcome = try Program.run(["train", "train.txt", "--model", "markov:1", "-o", "out"] + options, in: folder)
    #expect(outcome.code == 64)
  }

  @Test func aFolderThatIsNotThereIsNamed() throws {
    let outcome = try Program.run(
      ["train", "train.txt", "--model", "markov:1", "-o", "out", "--memory", "1G", "--scratch", "nowhere"], in: folder)
    #expect(outcome.code == 73)
    #expect(outcome.errors.contains("nowhere"))
  }
}
