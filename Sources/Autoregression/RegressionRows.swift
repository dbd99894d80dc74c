import ModelCore
import Sequences

/// The regressors of all steps of a data set, sparsely: for each row the indices and values of those that are not 0.
/// What all components' regressions share. The row after the last element of a sequence is there where the end is
/// decided.
struct RegressionRows: Sendable {
  /// f, the regressors.
  let features: Int
  /// Where each row begins, and the end.
  private(set) var starts = [0]
  private(set) var indices: [Int32] = []
  private(set) var values: [Double] = []
  /// Which regressors of the row's own element are 1, bits or levels, where these are further ones of the higher components.
  private(set) var lowerStarts = [0]
  private(set) var lower: [Int32] = []
  /// The number of the row's element in the set; −1 for the step after the last one.
  private(set) var elements: [Int] = []

  /// O(elements · (f + width)).
  /// - Parameter listsLower: whether components of the same step are regressors too.
  init(
    of set: VectorSequences, _ shape: OutputShape, _ regressors: Regressors, _ coding: RegressorCoding, listsLower: Bool
  ) {
    features = regressors.count
    var element = 0
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: features) { indices in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: features) { values in
        guard let rowIndices = indices.baseAddress, let rowValues = values.baseAddress else { return }
        for i in 0..<set.count {
          set.forEachStep(of: i, order: regressors.order, shape, encode: coding.encode) { step in
            let listed = regressors.write(step.inputs, past: step.past, coding, indices: rowIndices, values: rowValues)
            self.indices.append(contentsOf: UnsafeBufferPointer(start: rowIndices, count: listed))
            self.values.append(contentsOf: UnsafeBufferPointer(start: rowValues, count: listed))
            starts.append(self.indices.count)
            if listsLower, let y = step.element {
              regressors.forEachOne(of: y) { lower.append($0) }
            }
            lowerStarts.append(lower.count)
            elements.append(step.element == nil ? -1 : element)
            if step.element != nil { element += 1 }
          }
        }
      }
    }
  }

  /// The number of rows.
  var count: Int { elements.count }

  /// A component's numbers as what is to be predicted; NaN in rows without an element, which are left out.
  func targets(_ set: VectorSequences, component: Int) -> [Double] {
    let (values, width) = (set.rows.values, set.rows.width)
    return elements.map { $0 < 0 ? .nan : values[$0 * width + component] }
  }

  /// The stop decision as what is to be predicted: 1 in the row after the last element.
  var stops: [Double] { elements.map { $0 < 0 ? 1 : 0 } }

  /// All numbers in place.
  struct Pointers {
    let starts, lowerStarts: UnsafeBufferPointer<Int>
    let indices, lower: UnsafeBufferPointer<Int32>
    let values: UnsafeBufferPointer<Double>
  }

  func withPointers(_ body: (Pointers) -> Void) {
    starts.withUnsafeBufferPointer { starts in
      lowerStarts.withUnsafeBufferPointer { lowerStarts in
        indices.withUnsafeBufferPointer { indices in
          lower.withUnsafeBufferPointer { lower in
            values.withUnsafeBufferPointer {
              body(Pointers(starts: starts, lowerStarts: lowerStarts, indices: indices, lower: lower, values: $0))
            }
          }
        }
      }
    }
  }
}
