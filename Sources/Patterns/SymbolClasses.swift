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
    var classes = [Int](repeating: 0, count: intervals)
    // For each class the latest set that divided it, and the number of what is in the set.
    var divided = [(set: -1, part: 0)]
    for (set, ranges) in covered.enumerated() {
      for range in ranges {
        try budget.spend(range.count)
        for interval in range {
          let whole = classes[interval]
          if divided[whole].set != set {
            divided[whole] = (set, divided.count)
            divided.append((-1, 0))
          }
          classes[interval] = divided[whole].part
        }
      }
    }
    // Numbers in order of occurrence, without gaps.
    var numbers = [Int](repeating: -1, count: divided.count)
    classOf = []
    classOf.reserveCapacity(alphabetSize)
    for interval in 0..<intervals {
      if numbers[classes[interval]] < 0 {
        numbers[classes[interval]] = count
        count += 1
      }
      classes[interval] = numbers[classes[interval]]
      let symbols = cuts[interval + 1] - cuts[interval]
      classOf.append(contentsOf: repeatElement(Int32(classes[interval]), count: symbols))
    }
    var latest = [Int](repeating: -1, count: count)
    for (set, ranges) in covered.enumerated() {
      var members: [Int32] = []
      for number in ranges.joined().lazy.map({ classes[$0] }) where latest[number] != set {
        latest[number] = set
        members.append(Int32(number))
      }
      classesOfSets.append(members.sorted())
    }
  }

  /// 0, the size, and where the sets' ranges begin and end, ascending.
  private static func cuts(_ sets: [SymbolSet], _ alphabetSize: Int) -> [Symbol] {
    var cuts: [Symbol] = []
    let bounds = sets.flatMap { $0.ranges.flatMap { [$0.lowerBound, $0.upperBound] } } + [0, alphabetSize]
    for bound in bounds.sorted() where bound != cuts.last { cuts.append(bound) }
    return cuts
  }
}
