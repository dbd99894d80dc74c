import ModelCore
import Sequences

/// One step of a sequence in a data set.
struct PastStep {
  /// t, the length and x(t).
  let inputs: StepInputs
  /// The last k elements as they are encoded, the last one first; zeros where there are none.
  let past: UnsafePointer<Double>
  /// The element of the step, in original units; `nil` for the step after the last one.
  let element: UnsafePointer<Double>?
}

extension VectorSequences {
  /// The steps of sequence `i`, each with the elements before it; the step after the last element comes where the end
  /// is decided. O(elements · width), but for `body`.
  /// - Parameters:
  ///   - encode: what is remembered of an element, `width` numbers.
  ///   - body: pointers are valid during one call.
  func forEachStep(
    of i: Int, order: Int, _ shape: OutputShape,
    encode: (_ element: UnsafePointer<Double>, _ encoded: UnsafeMutablePointer<Double>) -> Void,
    _ body: (PastStep) throws -> Void
  ) rethrows {
    let (width, length, x) = (rows.width, length(i), input(i))
    // Encoded elements, the last one first, so that those before any step lie one behind the other; then zeros.
    try withUnsafeTemporaryAllocation(of: Double.self, capacity: (length + order + 1) * width) { room in
      guard let base = room.baseAddress else { return }
      try rows.values.withUnsafeBufferPointer { values in
        let none = UnsafePointer(base)
        let elements = values.baseAddress.map { $0 + firstRow(i) * width } ?? none
        for t in 0..<length { encode(elements + t * width, base + (length - 1 - t) * width) }
        (base + length * width).update(repeating: 0, count: (order + 1) * width)
        for t in 0..<shape.steps(length: length) {
          try body(
            PastStep(
              inputs: shape.inputs(time: t, length: length, x: x), past: UnsafePointer(base + (length - t) * width),
              element: t < length ? elements + t * width : nil))
        }
      }
    }
  }
}
