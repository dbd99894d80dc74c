import Foundation
import Sequences

/// The greatest resident memory of this process so far, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  #if os(Linux)
    return getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 ? usage.ru_maxrss * 1024 : 0
  #else
    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0
  #endif
}

func measure(_ path: String, _ options: ReadOptions) throws {
  let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
  for _ in 0..<2 {
    var data: Dataset?
    let read = try ContinuousClock().measure { data = try Dataset(reading: path, options: options) }
    guard let data else { return }
    var sum = 0
    let walk = ContinuousClock().measure {
      for i in 0..<data.sequences.count { for symbol in data.sequences[i] { sum &+= symbol } }
    }
    let rate = Double(size) / (read / .seconds(1)) / 1e6
    print(
      "\(data.format), \(data.alphabet.kind): \(size / 1_000_000) MB in \(read), \(Int(rate)) MB/s,",
      "peak \(peakMemory() / 1_000_000) MB; \(data.sequences.count) sequences, \(data.sequences.symbolCount) symbols,",
      "alphabet \(data.alphabet.size); all visited in \(walk) (sum \(sum))")
  }
}

/// A file of about `bytes` bytes: 32 MB of random words, over and over.
func generate(_ path: String, bytes: Int, word: (inout SystemRandomNumberGenerator) -> [UInt8]) throws {
  try Data().write(to: URL(fileURLWithPath: path))
  let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  var random = SystemRandomNumberGenerator()
  var block: [UInt8] = []
  while block.count < 32 << 20 { block += word(&random) }
  for _ in 0..<max(bytes / block.count, 1) { try file.write(contentsOf: block) }
  try file.close()
}

let arguments = CommandLine.arguments
if arguments.count > 1 {
  let kind = arguments.count > 2 ? SymbolKind(rawValue: arguments[2]) ?? .characters : .characters
  try measure(arguments[1], ReadOptions(format: arguments.count > 3 ? arguments[3] : nil, symbols: kind))
} else {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("reading-benchmark.txt").path
  try generate(path, bytes: 1_000_000_000) { random in
    (0..<Int.random(in: 2...11, using: &random)).map { _ in UInt8.random(in: 97...122, using: &random) } + [10]
  }
  try measure(path, ReadOptions())
  try FileManager.default.removeItem(atPath: path)
  try generate(path, bytes: 1_000_000_000) { random in
    // Frequent words are short, as in any language: about Zipf's law over 50,000 words.
    let rank = Int(exp(Double.random(in: 0...log(50_000), using: &random)))
    return Array(String(rank, radix: 8).utf8) + [rank % 11 == 0 ? 10 : 32]
  }
  try measure(path, ReadOptions(symbols: .words))
  try FileManager.default.removeItem(atPath: path)
}
