import Experiments
import Foundation
import Inference
import Models
import Sequences
import Testing

private enum RealNames {
  static let folder: URL = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = ProcessInfo.processInfo.environment["CHAINRULE_DATA"].map { URL(filePath: $0) }
    return (data ?? package.appending(path: "../shared/data")).appending(path: "names")
  }()

  static let areThere = FileManager.default.fileExists(atPath: folder.path)
}

/// Figures that other programs and published tables give for real names. The data (the names of karpathy/makemore, in
/// its own split and in that of the lectures) are not part of this package: the tests look for them in the folder
/// `names` under $CHAINRULE_DATA, or under `../shared/data` beside the package, and are skipped where it is absent.
@Suite(.enabled(if: RealNames.areThere, "no folder 'names' under $CHAINRULE_DATA"))
struct PublishedFiguresTests {
  private func figures(_ word: String, _ split: String) throws -> Figures {
    let train = try Dataset(reading: RealNames.folder.appending(path: "\(split).train.txt").path)
    let test = try Dataset(
      reading: RealNames.folder.appending(path: "\(split).test.txt").path, alphabet: train.alphabet)
    let model = try SequenceModel.fit(ModelSpecification(word), to: train.sequences, train.alphabet)
    return model.figures(on: test.sequences)
  }

  /// An end symbol and halting: totals within 1 % of each other, whatever the order.
  @Test(arguments: 1...5) func waysToEndAgree(_ order: Int) throws {
    let eos = try figures("markov:\(order)/eos", "lecture_seed42")
    let halt = try figures("markov:\(order)/halt", "lecture_seed42")
    #expect(abs(eos.nats - halt.nats) < 0.01 * halt.nats)
  }

  /// 377 of the 3,204 test names stand in the training part, counted by another program.
  @Test func namesThatAreNotNew() throws {
    let train = try Dataset(reading: RealNames.folder.appending(path: "lecture_seed42.train.txt").path)
    let test = try Dataset(
      reading: RealNames.folder.appending(path: "lecture_seed42.test.txt").path, alphabet: train.alphabet
    ).sequences
    let novelty = Novelty(of: (0..<test.count).map { Array(test[$0]) }, training: train.sequences, threads: 2)
    #expect(novelty.samples.inTraining == 377.0 / 3204)
  }

  /// Add-one smoothing, counted by another program: nats an event, and the stop decisions' share.
  @Test(arguments: [(1, 2.44967, 2542.880), (3, 2.15133, 1786.015)])
  func addOne(_ order: Int, _ natsPerEvent: Double, _ natsLength: Double) throws {
    let figures = try figures("markov:k=\(order),smoothing=add:1/eos", "makemore_seed3407")
    #expect(abs(figures.natsPerEvent - natsPerEvent) < 5e-6)
    #expect(abs(figures.natsLength - natsLength) < 5e-4)
    #expect(abs(figures.natsElements + figures.natsLength - figures.nats) < 1e-9 * figures.nats)
  }

  /// Held-out add-one figures of other splits, k = 0 … 4.
  @Test(arguments: zip(0...4, [2.8255, 2.4584, 2.2373, 2.1967, 2.3591]))
  func addOneOnTheLecturesSplit(_ order: Int, _ natsPerEvent: Double) throws {
    let figures = try figures("markov:k=\(order),smoothing=add:1/eos", "lecture_seed42")
    #expect(abs(figures.natsPerEvent - natsPerEvent) < 5.1e-5)
  }

  /// KenLM's lmplz --discount_fallback, n = k + 1: ours falls back differently for the unigrams alone.
  @Test(arguments: [
    ("lecture_seed42", 2, 2.21854), ("lecture_seed42", 4, 1.98536), ("lecture_seed42", 5, 1.97785),
    ("makemore_seed3407", 3, 2.02726), ("makemore_seed3407", 4, 1.95077), ("makemore_seed3407", 5, 1.93733),
  ])
  func kenLM(_ split: String, _ order: Int, _ natsPerEvent: Double) throws {
    let figures = try figures("markov:\(order)/eos", split)
    #expect(abs(figures.natsPerEvent - natsPerEvent) < 1e-4)
  }

  /// What KenLM's best order leaves (1.93733) is not the end: tuned on the training names alone.
  @Test func beyondKneserNey() throws {
    let figures = try figures("markov:5,smoothing=pitman-yor/eos", "makemore_seed3407")
    #expect(figures.natsPerEvent < 1.93)
  }

  /// −Σ log(count / total) of the training names, by counting them.
  @Test(arguments: ["eos", "halt", "tau:input=remaining", "tau:input=total"])
  func aFullTableRemembersTheNames(_ length: String) throws {
    let train = try Dataset(reading: RealNames.folder.appending(path: "makemore_seed3407.train.txt").path)
    let set = train.sequences
    var counts: [[Symbol]: Int] = [:]
    for index in 0..<set.count { counts[Array(set[index]), default: 0] += 1 }
    let exact = counts.values.reduce(0.0) { $0 - Double($1) * log(Double($1) / Double(set.count)) }
    let model = try SequenceModel.fit(ModelSpecification("tabular:smoothing=ml/\(length)"), to: set, train.alphabet)
    let figures = model.figures(on: set)
    #expect(abs(figures.nats - exact) <= 1e-9 * exact)
    #expect(abs(figures.natsPerSequence - 10.23653) < 5e-6)
  }

  @Test(arguments: [1, 2, 3])
  func anEndSymbolIsHalting(_ order: Int) throws {
    let train = try Dataset(reading: RealNames.folder.appending(path: "makemore_seed3407.train.txt").path)
    func nats(_ length: String) throws -> Double {
      try SequenceModel.fit(
        ModelSpecification("markov:k=\(order),smoothing=ml/\(length)"), to: train.sequences, train.alphabet
      ).figures(on: train.sequences).nats
    }
    let eos = try nats("eos")
    #expect(abs(eos - (try nats("halt"))) <= 1e-9 * eos)
  }
}
