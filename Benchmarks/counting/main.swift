import Foundation
import Inference
import Models
import Probability
import Sequences

// Usage: CountingBenchmark TEXT BYTES PROGRAM FOLDER
// Makes a corpus of so many bytes in FOLDER from the lines of TEXT, and measures in CPU-seconds: sorting its lines,
// training a Markov model of order 4 on its words, what of that is reading and counting, and the model's queries.

let arguments = CommandLine.arguments
guard arguments.count == 5, let size = Int(arguments[2]), size > 0 else {
  print("usage: CountingBenchmark TEXT BYTES PROGRAM FOLDER")
  exit(64)
}
let (program, folder) = (arguments[3], arguments[4])
let corpus = folder + "/corpus.txt"
let model = folder + "/model.safetensors"
let repetitions = 5

/// Lines made of the beginning of one line and the end of another, so that n-grams keep a natural frequency curve.
func makeCorpus() throws {
  let lines = try String(contentsOfFile: arguments[1], encoding: .utf8).split(separator: "\n")
    .map { $0.split(separator: " ") }.filter { $0.count > 3 }
  guard !lines.isEmpty else {
    print("\(arguments[1]): no line of more than three words")
    exit(65)
  }
  var stream = RandomStream(seed: 1)
  var bytes = Data(capacity: size + 10_000)
  while bytes.count < size {
    let first = lines[Int.random(in: 0..<lines.count, using: &stream)]
    let second = lines[Int.random(in: 0..<lines.count, using: &stream)]
    let words =
      first[..<Int.random(in: 1..<first.count, using: &stream)]
      + second[Int.random(in: 1..<second.count, using: &stream)...]
    bytes.append(contentsOf: words.joined(separator: " ").utf8)
    bytes.append(10)
  }
  try OutputFile.write(bytes, to: corpus)
}

func usage(_ who: __rusage_who) -> (seconds: Double, megabytes: Double) {
  var usage = rusage()
  getrusage(__rusage_who_t(who.rawValue), &usage)
  let time = [usage.ru_utime, usage.ru_stime].reduce(0.0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) * 1e-6 }
  return (time, Double(usage.ru_maxrss) / 1024)
}

/// CPU-seconds of a program; its output is not looked at.
func seconds(of command: [String], _ environment: [String: String] = [:]) throws -> Double {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  process.standardOutput = FileHandle.nullDevice
  let before = usage(RUSAGE_CHILDREN).seconds
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    print("\(command.joined(separator: " ")) ended with status \(process.terminationStatus)")
    exit(70)
  }
  return usage(RUSAGE_CHILDREN).seconds - before
}

/// CPU-seconds of a piece of work in this process.
func seconds(_ work: () throws -> Void) rethrows -> Double {
  let before = usage(RUSAGE_SELF).seconds
  try work()
  return usage(RUSAGE_SELF).seconds - before
}

func report(_ what: String, _ times: [Double], _ yardstick: Double?) {
  let sorted = times.sorted()
  let range = "\(number(sorted[0]))–\(number(sorted[sorted.count - 1]))"
  let ratio = yardstick.map { ", \(number(sorted[sorted.count / 2] / $0)) sorts" } ?? ""
  print("\(what): \(number(sorted[sorted.count / 2])) CPU-seconds (\(range))\(ratio)")
}

func number(_ value: Double) -> String { String(format: "%.2f", value) }

try makeCorpus()
var (sorting, training, readingAndCounting, scoring): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
let word = "markov:k=4"
var residentOfTraining = 0.0
for _ in 0..<repetitions {
  sorting.append(
    try seconds(of: ["sort", "-S", "4G", "--parallel=1", corpus], ["LC_ALL": "C"]))
  training.append(
    try seconds(of: [program, "train", corpus, "--symbols", "words", "--model", word, "-o", model, "--quiet"]))
  residentOfTraining = usage(RUSAGE_CHILDREN).megabytes
}
var events = 0
/// The n-grams of each order.
var grams: [Int] = []
for _ in 0..<repetitions {
  readingAndCounting.append(
    try seconds {
      let data = try Dataset(reading: corpus, options: ReadOptions(symbols: .words)).sequences
      let shape = OutputShape(alphabetSize: data.alphabetSize, stop: .outcome)
      let counts = try ContextCounts(
        data, ContextPath(order: 4, shape: shape), shape, lowerOrders: true, threads: 2)
      events = counts.counts[counts.entries(of: 0)].reduce(0, +)
      grams = []
      var level = 0..<1
      while !level.isEmpty {
        grams.append(level.reduce(0) { $0 + counts.entries(of: $1).count })
        level =
          counts.tree.children(of: level.lowerBound)
          .lowerBound..<counts.tree.children(of: level.upperBound - 1).upperBound
      }
    })
}
guard let file = MappedFile(model) else {
  print("\(model) is not there")
  exit(70)
}
var opening: [Double] = []
for _ in 0..<repetitions { opening.append(try seconds { _ = try ModelFile.model(opening: file) }) }
let opened = try ModelFile.model(opening: file)
let data = try Dataset(reading: corpus, options: ReadOptions(symbols: .words), alphabet: opened.alphabet).sequences
for _ in 0..<repetitions { scoring.append(seconds { _ = opened.scores(of: data, threads: 1) }) }

/// Bytes of KenLM's trie of the same n-grams, neither quantised nor compressed (Heafield 2011, section 3.2): of the words
/// alone a probability, a back-off and a place each; then bits for a word, 31 for a probability, 32 for a back-off and
/// those of a place, without the last two at the longest.
func trieBytes(_ grams: [Int]) -> Double {
  func bits(_ count: Int) -> Int { Int.bitWidth - count.leadingZeroBitCount }
  var bytes = Double(grams[0]) * (16 + 8)
  for (order, count) in grams.enumerated().dropFirst() {
    let isLongest = order == grams.count - 1
    bytes += Double(count * (bits(grams[0]) + 31 + (isLongest ? 0 : 32 + bits(grams[order + 1])))) / 8
  }
  return bytes
}
let records = try TensorFile(opening: file).tensors.filter { $0.key.hasPrefix("query.") }.values
  .reduce(0) { $0 + $1.bytes.count }

let yardstick = sorting.sorted()[repetitions / 2]
report("sorting the corpus", sorting, nil)
report("train \(word)", training, yardstick)
print("  \(number(residentOfTraining)) MB resident; the file has \(number(Double(file.count) * 1e-6)) MB")
report("reading and counting", readingAndCounting, yardstick)
report("opening the file", opening, nil)
report("scoring the corpus", scoring, nil)
print("  \(number(Double(events) / scoring.sorted()[repetitions / 2] * 1e-6)) million queries a second on one core")
print(
  "  what queries look at: \(number(Double(records) * 1e-6)) MB; KenLM's trie: \(number(trieBytes(grams) * 1e-6)) MB")
