import Foundation
import Testing

/// `memory` and `distance` from the command line.
@Suite struct MemoryAndDistanceTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
    try folder.write("train.txt", names(300, seed: 1))
    for (word, file) in [
      ("markov:1", "one"), ("markov:2/halt", "two"), ("rnn:2,epochs=1/eos", "net"), ("markov:1/tau", "tau"),
    ] {
      #expect(try Program.run("train", "train.txt", "--model", word, "-o", file, "-q", in: folder).code == 0)
    }
  }

  @Test func memoryOfDataAndModels() throws {
    let line = ["memory", "train.txt", "one", "net", "--longest", "6", "--samples", "400"]
    let json = try Program.run(line + ["--json"], in: folder).json()
    let sources = try json["sources"].list
    #expect(try sources.map { try $0["source"].string } == ["train.txt", "one", "net"])
    #expect(
      try sources.map { try $0["entropyRate"]["by"].string } == ["match lengths", "exact", "samples"])
    #expect(try sources[0]["sequences"].int == 300 && sources[1]["sequences"].int == 400)
    // Consonant and vowel take turns: there is something to be seen, and it is no more than log 12 nats of twelve letters.
    let first = try sources[0]["points"].list[0]
    #expect(try first["low"].number > 0.3 && first["high"].number <= log(12) && first["supported"].bool)
    let rows = try Program.run(line + ["--csv"], in: folder).lines
    #expect(try rows.count == 1 + sources.reduce(0) { $0 + (try $1["points"].list.count) })
    let threads = try Program.run(line + ["--json", "--threads", "1"], in: folder).json()
    func estimates(_ sources: [JSON]) throws -> [Double] {
      try sources.flatMap { try $0["points"].list.flatMap { [try $0["estimate"].number, try $0["high"].number] } }
    }
    #expect(try estimates(threads["sources"].list) == estimates(sources))
  }

  @Test func memoryIsDrawn() throws {
    let outcome = try Program.run("memory", "train.txt", "one", "--longest", "5", "--plot", "memory.svg", in: folder)
    if outcome.code == 69 { return }
    let svg = String(decoding: try folder.read("memory.svg"), as: UTF8.self)
    #expect(outcome.code == 0 && svg.contains("train.txt") && svg.contains("markov:1"), "\(outcome.errors)")
  }

  @Test func distances() throws {
    let json = try Program.run("distance", "one", "two", "--samples", "500", "--json", in: folder).json()
    let divergences = try json["divergences"].list
    #expect(try divergences.map { try $0["divergence"].string } == ["there", "back", "jensenShannon"])
    #expect(try divergences[0]["exact"].bool && divergences[1]["exact"].bool && !divergences[2]["exact"].bool)
    for divergence in divergences {
      #expect(try divergence["low"].number <= divergence["natsPerSequence"].number)
      #expect(try divergence["natsPerEvent"].number > 0 && divergence["high"].number < 10)
    }
    // Against the mean log ratio of 2,000 samples, as score has it, within 5 standard errors of about 0.02.
    #expect(try folder.shell("\(Program.path) sample one -n 2000 > drawn.txt 2> notes") == 0)
    func nats(_ model: String) throws -> Double {
      try Program.run("score", model, "drawn.txt", "--json", in: folder).json()["total"]["natsPerSequence"].number
    }
    let mean = try nats("two") - nats("one")
    #expect(try abs(mean - divergences[0]["natsPerSequence"].number) < 0.1)
    let same = try Program.run("distance", "one", "one", "--samples", "100", "--json", in: folder).json()
    for divergence in try same["divergences"].list { #expect(try abs(divergence["natsPerSequence"].number) < 1e-12) }
  }

  @Test func markovApproximations() throws {
    for (model, isExact, zeroFrom, most) in [
      ("one", true, 1, 3), ("two", true, 2, 3), ("tau", true, 9, 1), ("net", false, 9, 3),
    ] {
      let json = try Program.run("distance", model, "--orders", "0-\(most)", "--samples", "500", "--json", in: folder)
        .json()
      let rows = try json["approximations"].list
      #expect(try rows.map { try $0["order"].int } == Array(0...most))
      var last = Double.infinity
      for row in rows {
        #expect(try row["exact"].bool == isExact)
        let nats = try row["natsPerSequence"].number
        if isExact { #expect(nats <= last + 1e-12, "\(model)") }
        if try row["order"].int >= zeroFrom { #expect(nats < 1e-9, "\(model)") }
        #expect(try row["low"].number <= nats && nats <= row["high"].number)
        last = nats
      }
    }
    // 12 letters and the end: 12 numbers in each of 1 + 12 contexts.
    let rows = try Program.run("distance", "one", "--orders", "1", "--csv", in: folder).lines
    #expect(rows.count == 2 && rows[1].hasPrefix("1,156,13,"), "\(rows)")
  }

  @Test func whatCannotBeComparedIsTold() throws {
    #expect(
      try Program.run("train", "train.txt", "--symbols", "words", "--model", "markov:0", "-o", "w", "-q", in: folder)
        .code == 0)
    let kinds = try Program.run("distance", "one", "w", in: folder)
    #expect(kinds.code == 64 && kinds.errors.contains("symbols are words"))
    try folder.write("bits.jsonl", (0..<20).map { "{\"y\": [[0,1],[\($0 % 2),0]]}\n" }.joined())
    #expect(try Program.run("train", "bits.jsonl", "--model", "markov:1", "-o", "v", "-q", in: folder).code == 0)
    #expect(try Program.run("distance", "v", in: folder).code == 65)
    #expect(try Program.run("memory", "v", in: folder).code == 65)
    #expect(try Program.run("memory", "none", in: folder).code == 66)
    #expect(try Program.run("distance", "train.txt", in: folder).code == 65)
    try folder.write("more.txt", "zzz\nzz\nz\n")
    #expect(try Program.run("train", "more.txt", "--model", "markov:1", "-o", "z", "-q", in: folder).code == 0)
    let apart = try Program.run("distance", "one", "z", "--samples", "50", in: folder)
    #expect(apart.code == 0 && apart.text.contains("inf") && apart.errors.contains("of A alone"))
  }
}
