import Sequences
import Support

/// The partition of an alphabet into classes of symbols that a pattern does not tell apart: symbols of one class are in
/// the same ones of its sets. Classes are numbered in the order of their first symbols.
struct SymbolClasses {
  /// The class of each symbol.
  private(set) var classOf: [Int32]
  /// The number of classes.
  private(set) var count = 0
  /// The classes of each set, ascending.
  private(set) var classesOfSets: [[Int32]] = []

  /// The coarsest partition of which every set is a union. The bounds of the sets cut the alphabet into intervals,
  /// which are then divided set by set. O(size + total number of intervals in the sets, with a logarithm).
  init(of sets: [SymbolSet], alphabetSize: Int, budget: inout ConstructionBudget) throws {
    let cuts = Self.cuts(sets, alphabetSize)
    let intervals = max(cuts.count - 1, 0)
    let covered = sets.map { set in
      set.ranges.map { range in
        lowerBound(0, cuts.count) {
          cuts[$0] < range.lowerBound
        }..<lowerBound(0, cuts.count) { cuts[$0] < range.upperBound }
      }
    }
    // What a set divides: of each class that it meets, the intervals within it get a number of their own.
    var classes = [Int32](repeating: 0, count: intervals)
    var used: Int32 = 1
    for ranges in covered {
      var divided: [Int32: Int32] = [:]
      for range in ranges {
        try budget.spend(range.count)
        for interval in range {
          let new = divided[classes[interval], default: used]
          if new == used {
            divided[classes[interval]] = new
            used += 1
          }
          classes[interval] = new
        }
      }
    }
    // Numbers in order of occurrence, without gaps.
    var numbers: [Int32: Int32] = [:]
    classOf = []
    classOf.reserveCapacity(alphabetSize)
    for interval in 0..<intervals {
      let number = numbers[classes[interval], default: Int32(numbers.count)]
      numbers[classes[interval]] = number
      classes[interval] = number
      classOf.append(contentsOf: repeatElement(number, count: cuts[interval + 1] - cuts[interval]))
    }
    count = numbers.count
    classesOfSets = covered.map { ranges in Set(ranges.flatMap { classes[$0] }).sorted() }
  }

  /// 0, the size, and where the sets' ranges begin and end, ascending.
  private static func cuts(_ sets: [SymbolSet], _ alphabetSize: Int) -> [Symbol] {
    var cuts: [Symbol] = []
    let bounds = sets.flatMap { $0.ranges.flatMap { [$0.lowerBound, $0.upperBound] } } + [0, alphabetSize]
    for bound in bounds.sorted() where bound != cuts.last { cuts.append(bound) }
    return cuts
  }
}
