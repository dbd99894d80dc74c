import CKernels
import Probability
import Testing

/// The product of packed matrices, in one precision.
private protocol Multiplied: BinaryFloatingPoint, Sendable {
  static func packedCount(_ inner: Int, _ columns: Int) -> Int
  static func pack(
    _ inner: Int, _ columns: Int, _ b: [Self], innerStride: Int, columnStride: Int, into packed: inout [Self])
  static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Self>, strideA: Int, _ packed: [Self],
    _ c: UnsafeMutablePointer<Self>, strideC: Int)
}

extension Float: Multiplied {
  fileprivate static func packedCount(_ inner: Int, _ columns: Int) -> Int { ck_packed_count_f(inner, columns) }
  fileprivate static func pack(
    _ inner: Int, _ columns: Int, _ b: [Float], innerStride: Int, columnStride: Int, into packed: inout [Float]
  ) { ck_pack_f(inner, columns, b, innerStride, columnStride, &packed) }
  fileprivate static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Float>, strideA: Int, _ packed: [Float],
    _ c: UnsafeMutablePointer<Float>, strideC: Int
  ) { ck_packed_product_f(rows, columns, inner, a, strideA, 1, packed, c, strideC) }
}

extension Double: Multiplied {
  fileprivate static func packedCount(_ inner: Int, _ columns: Int) -> Int { ck_packed_count_d(inner, columns) }
  fileprivate static func pack(
    _ inner: Int, _ columns: Int, _ b: [Double], innerStride: Int, columnStride: Int, into packed: inout [Double]
  ) { ck_pack_d(inner, columns, b, innerStride, columnStride, &packed) }
  fileprivate static func multiply(
    rows: Int, columns: Int, inner: Int, _ a: UnsafePointer<Double>, strideA: Int, _ packed: [Double],
    _ c: UnsafeMutablePointer<Double>, strideC: Int
  ) { ck_packed_product_d(rows, columns, inner, a, strideA, 1, packed, c, strideC) }
}

@Suite struct ProductTests {
  private func numbers<Scalar: Multiplied>(_ count: Int, _ stream: inout RandomStream) -> [Scalar] {
    (0..<count).map { _ in Scalar(stream.uniform() - 0.5) }
  }

  /// What a product gives where c has a margin on every side and gaps between its rows, which must be left alone, b
  /// stands within a larger matrix in either orientation, and a and c begin at odd addresses.
  private func product<Scalar: Multiplied>(
    _ scalar: Scalar.Type, rows: Int, columns: Int, inner: Int, transposed: Bool, _ stream: inout RandomStream
  ) -> (isRight: Bool, writesNothingElse: Bool) {
    let (strideA, strideB, strideC, margin) = (inner + 3, (transposed ? inner : columns) + 5, columns + 2, 37)
    let (innerStride, columnStride) = transposed ? (1, strideB) : (strideB, 1)
    let a: [Scalar] = numbers(rows * strideA + 1, &stream)
    let b: [Scalar] = numbers((transposed ? columns : inner) * strideB, &stream)
    let before: [Scalar] = numbers(rows * strideC + 2 * margin, &stream)
    // NaN remains where nothing is written.
    let count = Scalar.packedCount(inner, columns)
    var packed = [Scalar](repeating: .nan, count: count + margin)
    Scalar.pack(inner, columns, b, innerStride: innerStride, columnStride: columnStride, into: &packed)
    var writesNothingElse = packed[count...].allSatisfy(\.isNaN)
    var after = before
    after.withUnsafeMutableBufferPointer { c in
      a.withUnsafeBufferPointer { a in
        guard let a = a.baseAddress, let c = c.baseAddress else { return }
        Scalar.multiply(
          rows: rows, columns: columns, inner: inner, a + 1, strideA: strideA, packed, c + margin, strideC: strideC)
      }
    }
    var isRight = packed[..<count].allSatisfy { !$0.isNaN }
    for (index, value) in after.enumerated() {
      let (row, column) = (index - margin).quotientAndRemainder(dividingBy: strideC)
      guard index >= margin, row < rows, column < columns else {
        writesNothingElse = writesNothingElse && value == before[index]
        continue
      }
      var exact = Double(before[index])
      var size = abs(exact)
      for p in 0..<inner {
        let term = Double(a[1 + row * strideA + p]) * Double(b[p * innerStride + column * columnStride])
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
        for transposed in [false, true] {
          let single = product(
            Float.self, rows: rows, columns: columns, inner: inner, transposed: transposed, &stream)
          let double = product(
            Double.self, rows: rows, columns: columns, inner: inner, transposed: transposed, &stream)
          let shape: Comment = "\(rows) × \(inner) × \(columns), \(transposed ? "transposed" : "as it stands")"
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
    Scalar.pack(inner, columns, numbers(inner * columns, &stream), innerStride: 1, columnStride: inner, into: &packed)
    func products(of rows: Range<Int>) -> ArraySlice<Scalar> {
      var c = start
      c.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
          guard let a = a.baseAddress, let c = c.baseAddress else { return }
          Scalar.multiply(
            rows: rows.count, columns: columns, inner: inner, a + rows.lowerBound * inner, strideA: inner, packed,
            c + rows.lowerBound * columns, strideC: columns)
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
