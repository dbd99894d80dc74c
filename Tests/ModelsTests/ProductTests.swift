import CKernels
import Probability
import Testing

/// The product of packed matrices, in one precision.
private protocol Multiplied: BinaryFloatingPoint, Sendable {
  static func packedCount(_ inner: Int, _ columns: Int) -> Int
  static func pack(
    _ inner: Int, _ columns: Int, _ b: UnsafePointer<Self>, innerStride: Int, columnStride: Int, of all: Int,
    into packed: UnsafeMutablePointer<Self>)
  static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Self>, strideA: Int, stepA: Int, _ packed: [Self],
    plus: UnsafePointer<Self>?, stridePlus: Int, _ c: UnsafeMutablePointer<Self>, strideC: Int)
}

extension Float: Multiplied {
  fileprivate static func packedCount(_ inner: Int, _ columns: Int) -> Int { ck_packed_count_f(inner, columns) }
  fileprivate static func pack(
    _ inner: Int, _ columns: Int, _ b: UnsafePointer<Float>, innerStride: Int, columnStride: Int, of all: Int,
    into packed: UnsafeMutablePointer<Float>
  ) { ck_pack_f(inner, columns, b, innerStride, columnStride, all, packed) }
  fileprivate static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, strideA: Int, stepA: Int, _ packed: [Float],
    plus: UnsafePointer<Float>?, stridePlus: Int, _ c: UnsafeMutablePointer<Float>, strideC: Int
  ) { ck_packed_product_f(rows, columns, inner, a, strideA, stepA, packed, plus, stridePlus, c, strideC) }
}

extension Double: Multiplied {
  fileprivate static func packedCount(_ inner: Int, _ columns: Int) -> Int { ck_packed_count_d(inner, columns) }
  fileprivate static func pack(
    _ inner: Int, _ columns: Int, _ b: UnsafePointer<Double>, innerStride: Int, columnStride: Int, of all: Int,
    into packed: UnsafeMutablePointer<Double>
  ) { ck_pack_d(inner, columns, b, innerStride, columnStride, all, packed) }
  fileprivate static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Double>, strideA: Int, stepA: Int, _ packed: [Double],
    plus: UnsafePointer<Double>?, stridePlus: Int, _ c: UnsafeMutablePointer<Double>, strideC: Int
  ) { ck_packed_product_d(rows, columns, inner, a, strideA, stepA, packed, plus, stridePlus, c, strideC) }
}

/// What a product is added to.
private enum Added: CaseIterable {
  case itself, oneRow, nothing
}

@Suite struct ProductTests {
  private func numbers<Scalar: Multiplied>(_ count: Int, _ stream: inout RandomStream) -> [Scalar] {
    (0..<count).map { _ in Scalar(stream.uniform() - 0.5) }
  }

  /// What a product gives where c has a margin on every side and gaps between its rows, which must be left alone, a and
  /// b stand within larger matrices in either orientation, b is packed in two pieces, and a and c begin at odd addresses.
  private func product<Scalar: Multiplied>(
    _ scalar: Scalar.Type, rows: Int, columns: Int, inner: Int, transposed: (a: Bool, b: Bool), added: Added,
    _ stream: inout RandomStream
  ) -> (isRight: Bool, writesNothingElse: Bool) {
    let (strideC, margin) = (columns + 2, 37)
    let (strideA, stepA) = transposed.a ? (1, rows + 3) : (inner + 3, 1)
    let strideB = (transposed.b ? inner : columns) + 5
    let (innerStride, columnStride) = transposed.b ? (1, strideB) : (strideB, 1)
    let a: [Scalar] = numbers((rows + 3) * (inner + 3) + 1, &stream)
    let b: [Scalar] = numbers((transposed.b ? columns : inner) * strideB + 1, &stream)
    let row: [Scalar] = numbers(columns, &stream)
    let before: [Scalar] = numbers(rows * strideC + 2 * margin, &stream)
    // NaN remains where nothing is written.
    let count = Scalar.packedCount(inner, columns)
    var packed = [Scalar](repeating: .nan, count: count + margin)
    packed.withUnsafeMutableBufferPointer { packed in
      b.withUnsafeBufferPointer { b in
        guard let packed = packed.baseAddress, let b = b.baseAddress else { return }
        for piece in [0..<(inner / 3), (inner / 3)..<inner] {
          Scalar.pack(
            piece.count, columns, b + piece.lowerBound * innerStride, innerStride: innerStride,
            columnStride: columnStride, of: inner, into: packed + Scalar.packedCount(piece.lowerBound, 1))
        }
      }
    }
    var writesNothingElse = packed[count...].allSatisfy(\.isNaN)
    var after = before
    after.withUnsafeMutableBufferPointer { c in
      a.withUnsafeBufferPointer { a in
        row.withUnsafeBufferPointer { row in
          guard let a = a.baseAddress, let c = c.baseAddress, let row = row.baseAddress else { return }
          let plus = added == .itself ? UnsafePointer(c + margin) : added == .oneRow ? row : nil
          Scalar.multiply(
            rows: rows, columns: columns, inner: inner, a + 1, strideA: strideA, stepA: stepA, packed, plus: plus,
            stridePlus: added == .itself ? strideC : 0, c + margin, strideC: strideC)
        }
      }
    }
    var isRight = packed[..<count].allSatisfy { !$0.isNaN }
    for (index, value) in after.enumerated() {
      let (i, column) = (index - margin).quotientAndRemainder(dividingBy: strideC)
      guard index >= margin, i < rows, column < columns else {
        writesNothingElse = writesNothingElse && value == before[index]
        continue
      }
      var exact = added == .itself ? Double(before[index]) : added == .oneRow ? Double(row[column]) : 0
      var size = abs(exact)
      for p in 0..<inner {
        let term = Double(a[1 + i * strideA + p * stepA]) * Double(b[p * innerStride + column * columnStride])
        exact += term
        size += abs(term)
      }
      // At most two roundings for each term, none of more than half a unit in the last place of the sum of sizes.
      isRight = isRight && abs(Double(value) - exact) <= Double(Scalar.ulpOfOne) * Double(inner + 1) * size
    }
    return (isRight, writesNothingElse)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 31, 33])
  func productIsRightAndWritesNothingElse(_ rows: Int) {
    var stream = RandomStream(seed: UInt64(rows))
    for columns in [0, 1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 48, 65, 100, 129, 257] {
      for inner in [0, 1, 2, 5, 16, 33, 256, 300] where inner < 100 || columns < 100 || rows < 10 {
        for added in Added.allCases {
          let transposed = (a: stream.uniform() < 0.5, b: stream.uniform() < 0.5)
          let single = product(
            Float.self, rows: rows, columns: columns, inner: inner, transposed: transposed, added: added, &stream)
          let double = product(
            Double.self, rows: rows, columns: columns, inner: inner, transposed: transposed, added: added, &stream)
          let shape: Comment = "\(rows) × \(inner) × \(columns), transposed: \(transposed), added: \(added)"
          #expect(single == (true, true), shape)
          #expect(double == (true, true), shape)
        }
      }
    }
  }

  /// Whether each row of a batch, of every size up to 40, has the very bits that it has alone.
  private func rowsAreTheSameInBatches<Scalar: Multiplied>(_ scalar: Scalar.Type, columns: Int, inner: Int) -> Bool {
    var stream = RandomStream(seed: UInt64(columns), index: UInt64(inner))
    let most = 40
    let a: [Scalar] = numbers(most * inner, &stream)
    let start: [Scalar] = numbers(most * columns, &stream)
    var packed = [Scalar](repeating: 0, count: Scalar.packedCount(inner, columns))
    let b: [Scalar] = numbers(inner * columns, &stream)
    Scalar.pack(inner, columns, b, innerStride: 1, columnStride: inner, of: inner, into: &packed)
    func products(of rows: Range<Int>) -> ArraySlice<Scalar> {
      var c = start
      c.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
          guard let a = a.baseAddress, let c = c.baseAddress else { return }
          Scalar.multiply(
            rows: rows.count, columns: columns, inner: inner, a + rows.lowerBound * inner, strideA: inner, stepA: 1,
            packed, plus: c + rows.lowerBound * columns, stridePlus: columns, c + rows.lowerBound * columns,
            strideC: columns)
        }
      }
      return c[(rows.lowerBound * columns)..<(rows.upperBound * columns)]
    }
    let alone = (0..<most).flatMap { products(of: $0..<($0 + 1)) }
    return (1...most).allSatisfy { rows in
      products(of: 0..<rows).elementsEqual(alone[..<(rows * columns)])
        && products(of: (most - rows)..<most).elementsEqual(alone[((most - rows) * columns)...])
    }
  }

  @Test(arguments: [1, 16, 27, 32, 100, 128, 192, 384], [1, 27, 64, 128, 300])
  func rowsAreTheSameInBatches(_ columns: Int, _ inner: Int) {
    #expect(rowsAreTheSameInBatches(Float.self, columns: columns, inner: inner))
    #expect(rowsAreTheSameInBatches(Double.self, columns: columns, inner: inner))
  }
}
