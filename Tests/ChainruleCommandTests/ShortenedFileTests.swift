import Chainrule
import Foundation
import Testing

/// A mapped model file that another program makes shorter while it is used.
@Suite struct ShortenedFileTests {
  /// Exit code 65 and a sentence, where there was SIGBUS.
  @Test func endsWithASentence() throws {
    let folder = try Folder()
    var source = try ByteSource(bytes: Array(names(25, seed: 4).utf8), name: "names")
    let data = try Dataset(reading: &source)
    var file = try TensorFile(
      ModelFile.bytes(of: SequenceModel.fit(ModelSpecification("markov:2"), to: data.sequences, data.alphabet)))
    // So large that it is mapped.
    file.set("unused", [Int32](repeating: 0, count: 1 << 24 + 1 << 10))
    let path = folder.url.appending(path: try folder.write("model", file.serialized())).path
    let program = try Program(["score", "model", "-"], in: folder)
    // It waits for the data once it has opened the model.
    let maps = "/proc/\(program.processIdentifier)/maps"
    let end = Date(timeIntervalSinceNow: 60)
    while program.isRunning, Date() < end, (try? String(contentsOfFile: maps, encoding: .utf8))?.contains(path) != true
    {
      usleep(1000)
    }
    // The header is read by then, or it is read in vain as well.
    usleep(100_000)
    #expect(truncate(path, 0) == 0)
    program.send(Data(names(5, seed: 4).utf8))
    program.closeInput()
    let outcome = try program.outcome()
    #expect(outcome.code == 65, "\(outcome.code): \(outcome.errors)")
    #expect(outcome.errors == "chainrule: model: the file was made shorter while it was in use.\n")
    #expect(outcome.text == "")
  }
}
