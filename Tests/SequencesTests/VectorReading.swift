import Sequences

/// Reads text as if it were a file of this name.
func readVectors(
  _ text: String, name: String = "data.txt", format: String? = nil, values: ElementKind.Values? = nil,
  columns: Columns? = nil, inputWidth: Int? = nil, blockSize: Int = ByteSource.defaultBlockSize
) throws -> VectorDataset {
  try readVectors(
    Array(text.utf8), name: name, format: format, values: values, columns: columns, inputWidth: inputWidth,
    blockSize: blockSize)
}

func readVectors(
  _ bytes: [UInt8], name: String = "data.txt", format: String? = nil, values: ElementKind.Values? = nil,
  columns: Columns? = nil, inputWidth: Int? = nil, grid: Int = 1, blockSize: Int = ByteSource.defaultBlockSize
) throws -> VectorDataset {
  var source = try ByteSource(bytes: bytes, name: name, blockSize: blockSize)
  var options = ReadOptions(format: format, values: values)
  options.grid = grid
  return try VectorDataset(reading: &source, options: options, columns: columns, inputWidth: inputWidth)
}

extension VectorSequences {
  var arrays: [[[Double]]] { (0..<count).map { Array(self[$0]) } }
}

extension VectorDataset {
  var arrays: [[[Double]]] { sequences.arrays }
  /// The vectors of sequences of single numbers.
  var numbers: [[Double]] { arrays.map { $0.map { $0[0] } } }
}

extension Sequences {
  /// x(t) at each step of each sequence, nil where it is all zeros; nothing where there are no inputs.
  var inputArrays: [[[Float]?]]? {
    inputs.map { inputs in
      (0..<count).map { i in
        (0..<length(i)).map { t in inputs.range(sequence: i, time: t).map { Array(inputs.values[$0]) } }
      }
    }
  }
}

/// What a read of vectors gives, whether it succeeds or not, in a form that compares.
struct VectorOutcome: Equatable {
  var sequences: [[[Double]]] = []
  var columns: Columns?
  var inputs: [[[Float]?]]?
  var parts: [String] = []
  var error: DataError?

  init(_ body: () throws -> VectorDataset) throws {
    do {
      let data = try body()
      (sequences, columns, inputs) = (data.arrays, data.columns, data.sequences.inputArrays)
      parts = data.parts.map(\.name)
    } catch let error as DataError {
      self.error = error
    }
  }
}

/// Frames with these keys.
func frames(_ keys: [[Int]]) -> [[Double]] { keys.map { keys in (21...108).map { keys.contains($0) ? 1 : 0 } } }
