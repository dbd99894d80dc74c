/// Rows of bits: sets of variables that are united and counted a word at a time.
struct BitMatrix {
  /// At most so many rows: half a hundred megabytes.
  static let most = 20_000

  let count: Int
  let words: Int
  var bits: [UInt64]

  /// - Throws: `GraphError.tooLarge`.
  init(count: Int) throws {
    guard count <= Self.most else {
      throw GraphError.tooLarge("this question takes at most \(Self.most) variables, and the graph has \(count)")
    }
    self.count = count
    words = (count + 63) / 64
    bits = [UInt64](repeating: 0, count: count * words)
  }

  subscript(row: Int, column: Int) -> Bool {
    get { bits[row * words + column / 64] >> UInt64(column % 64) & 1 == 1 }
    set {
      let mask = 1 << UInt64(column % 64) as UInt64
      if newValue { bits[row * words + column / 64] |= mask } else { bits[row * words + column / 64] &= ~mask }
    }
  }

  /// Adds the elements of another row.
  mutating func unite(_ row: Int, with other: Int) {
    for word in 0..<words { bits[row * words + word] |= bits[other * words + word] }
  }

  /// Adds the elements of a row of another matrix as wide.
  mutating func unite(_ row: Int, with other: Int, of matrix: BitMatrix) {
    for word in 0..<words { bits[row * words + word] |= matrix.bits[other * words + word] }
  }

  func count(_ row: Int) -> Int { bits[row * words..<(row + 1) * words].reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The elements of a row, rising.
  func elements(_ row: Int) -> [Int] {
    var elements: [Int] = []
    for word in 0..<words {
      var rest = bits[row * words + word]
      while rest != 0 {
        elements.append(word * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return elements
  }
}
