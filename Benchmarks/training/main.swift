import CGSL
import Foundation
import Models
import Probability
import Sequences

/// What is measured; a new cell is one more entry.
let cells: [any RecurrentCell.Type] = [RNNCell.self, GRUCell.self, LSTMCell.self]

/// The command line: `--lines`, `--list`, and `--cells` and `--units` with a list each, all of them by default.
struct Options {
  var lines = false
  var list = false
  var names: String?
  var vectors = false
  var cells: [any RecurrentCell.Type] = []
  var units: [Int] = []

  init(_ arguments: some Sequence<String>, known: [any RecurrentCell.Type]) throws(UsageError) {
    var option = ""
    for argument in arguments {
      switch (argument, option) {
      case ("--lines", _): lines = true
      case ("--list", _): list = true
      case ("--vectors", _): vectors = true
      case ("--cells", _), ("--units", _), ("--names", _): option = argument
      case (_, "--names"): names = argument
      case (_, "--cells"):
        guard let cell = known.first(where: { $0.name == argument }) else {
          throw UsageError(message: "there is no cell \(argument): see --list")
        }
        cells.append(cell)
      case (_, "--units"):
        guard let number = Int(argument), (1...16384).contains(number) else {
          throw UsageError(message: "\(argument) is not a number of units")
        }
        units.append(number)
      default:
        throw UsageError(
          message: "usage: [--lines | --list | --vectors] [--names FILE] [--cells NAME…] [--units NUMBER…]")
      }
    }
    if cells.isEmpty { cells = known }
    if units.isEmpty { units = [64, 128, 256, 512] }
  }
}

struct UsageError: Error {
  var message: String
}

/// Seconds of the median of five runs.
func median(_ work: () -> Void) -> Double {
  work()
  let times = (0..<5).map { _ in ContinuousClock().measure(work) / .seconds(1) }.sorted()
  return times[2]
}

/// GFLOP/s of a 1024³ product on one core.
func productRate() -> Double {
  GSL.start()
  let n = 1024
  let a = [Float](repeating: 0.5, count: n * n)
  var c = a
  var packed = [Float](repeating: 0, count: Float.packedCount(inner: n, columns: n))
  Float.pack(inner: n, columns: n, a, innerStride: n, columnStride: 1, of: n, into: &packed)
  let ours = median {
    Float.product(
      rows: n, columns: n, inner: n, a, stride: n, step: 1, packed, plus: nil, plusStride: 0, into: &c, cStride: n)
  }
  let openBLAS = median {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(n), Int32(n), 1, a, Int32(n), a, Int32(n), 0, &c,
      Int32(n))
  }
  // OpenBLAS does not know every processor: the better of the two is the machine's rate.
  let seconds = min(ours, openBLAS)
  return 2 * pow(Double(n), 3) / seconds / 1e9
}

/// Symbols a second of whole steps on `batch` sequences.
func rate(_ cell: any RecurrentCell.Type, units: Int, batch: Int, threads: Int) -> Double {
  let steps = 32
  let shape = OutputShape(alphabetSize: 26, stop: .outcome)
  let layout = RecurrentLayout(shape: shape, RecurrentArchitecture(units: units), cell)
  var parameters = RecurrentConditional<Float>(layout: layout, cell: cell, seed: 1).parameters
  var optimiser = OptimiserState<Float>(.adamw, count: layout.count)
  var stream = RandomStream(seed: 1)
  let sequences = (0..<batch).map { _ in (0..<(steps - 1)).map { _ in Int(stream.uniform() * 26) } }
  let set = SequenceSet(sequences, alphabetSize: 26)
  let gradient = BatchGradient<Float>(layout, cell, threads: threads)
  let repeats = max(1, 40_000_000 / (units * units * batch))
  let seconds = median {
    for _ in 0..<repeats {
      _ = gradient.compute(set, parameters)
      optimiser.update(&parameters, gradient.sum, scale: 1 / Double(batch * steps), rate: 1e-4, decay: 0.01)
    }
  }
  return Double(repeats * batch * steps) / seconds
}

/// Vectors a second of whole steps of a GRU of 128 units on 32 sequences of 32 steps, on one thread.
func vectorRate(_ emission: String, _ values: ElementKind.Values, width: Int) throws -> Double {
  let (batch, steps) = (32, 32)
  let shape = OutputShape(.vectors(values, width: width), stop: .given)
  var layout = RecurrentLayout(
    shape: shape, RecurrentArchitecture(units: 128), GRUCell.self, emission: try Registry.standard.emission(emission))
  var stream = RandomStream(seed: 1)
  func number() -> Double { values == .bits ? (stream.uniform() < 0.05 ? 1 : 0) : stream.normal() }
  let set = VectorSequences(
    (0..<batch).map { _ in (0..<steps).map { _ in (0..<width).map { _ in number() } } }, width: width, values)
  layout.coding = VectorCoding(of: set)
  var parameters = RecurrentNetwork<Float>(layout: layout, cell: GRUCell.self, seed: 1)
    .startingNear(set, seed: 1).parameters
  var optimiser = OptimiserState<Float>(.adamw, count: layout.count)
  let gradient = BatchGradient<Float>(layout, GRUCell.self, threads: 1)
  let repeats = 60
  let seconds = median {
    for _ in 0..<repeats {
      _ = gradient.compute(set, parameters)
      optimiser.update(&parameters, gradient.sum, scale: 1 / Double(batch * steps), rate: 1e-4, decay: 0.01)
    }
  }
  return Double(repeats * batch * steps) / seconds
}

/// Symbols and ends a second on the lines of a file in minibatches of 32, with a GRU of 64 units on one thread.
func namesRate(_ file: String) throws -> Double {
  let data = try Dataset(reading: file, options: ReadOptions(format: "lines"))
  let shape = OutputShape(alphabetSize: data.alphabet.size, stop: .outcome)
  let layout = RecurrentLayout(shape: shape, RecurrentArchitecture(units: 64), GRUCell.self)
  var parameters = RecurrentConditional<Float>(layout: layout, cell: GRUCell.self, seed: 1).parameters
  var optimiser = OptimiserState<Float>(.adamw, count: layout.count)
  let gradient = BatchGradient<Float>(layout, GRUCell.self, threads: 1)
  let batches = stride(from: 0, to: min(data.sequences.count, 32_000), by: 32).map {
    data.sequences.selecting($0..<min($0 + 32, data.sequences.count))
  }
  let events = batches.reduce(0) { $0 + $1.symbolCount + $1.count }
  let seconds = median {
    for batch in batches {
      _ = gradient.compute(batch, parameters)
      optimiser.update(&parameters, gradient.sum, scale: 1 / Double(7 * batch.count), rate: 1e-3, decay: 0.01)
    }
  }
  return Double(events) / seconds
}

let options: Options
do {
  options = try Options(CommandLine.arguments.dropFirst(), known: cells)
} catch {
  FileHandle.standardError.write(Data((error.message + "\n").utf8))
  exit(64)
}

if let names = options.names {
  let rate = String(Int(try namesRate(names)))
  for other in ["names-gru-cell", "names-gru-packed"] {
    print(["chainrule", other, "gru", "64", rate].joined(separator: "\t"))
  }
} else if options.vectors {
  for (name, emission, values, width) in [
    ("bernoulli-88", "bernoulli", ElementKind.Values.bits, 88), ("mixture-5-12", "mixture:5", .reals, 12),
    ("autoregressive-88", "bernoulli:autoregressive:64", .bits, 88),
  ] {
    print(
      ["chainrule", name, "gru", "128", String(Int(try vectorRate(emission, values, width: width)))].joined(
        separator: "\t"))
  }
} else if options.list {
  for cell in cells { print(cell.name) }
} else if options.lines {
  for cell in options.cells {
    for units in options.units {
      let rate = rate(cell, units: units, batch: 32, threads: 1)
      print(["chainrule", "train", cell.name, String(units), String(Int(rate))].joined(separator: "\t"))
    }
  }
} else {
  let peak = productRate()
  print(String(format: "1024³ product: %.1f GFLOP/s on one core", peak))
  print("cell  units  symbols/s   GFLOP/s  of the product's  two threads / one")
  for cell in options.cells {
    for units in options.units {
      let one = rate(cell, units: units, batch: 32, threads: 1)
      let two = rate(cell, units: units, batch: 64, threads: 2)
      // Forwards, and twice that backwards: the recurrent and the output products.
      let work = 6 * Double(units * (cell.gates * units + 27)) * one / 1e9
      let name = cell.name.padding(toLength: 4, withPad: " ", startingAt: 0)
      print(
        name
          + String(
            format: "  %5d  %9.0f  %8.1f  %14.0f %%  %17.2f", units, one, work, 100 * work / peak, two / one))
    }
  }
}
