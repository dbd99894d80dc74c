import ModelCore

/// Where the numbers of each component's tables lie: for each context of its own last k classes, and where it looks at the lower
/// components of the step for each of their combinations, one number a class.
struct TableLayout: Sendable, Hashable {
  /// The classes of each component, by which contexts are numbered too.
  let bases: [Int]
  /// k.
  let order: Int
  /// Whether the first k steps have contexts of their own, shorter ones; else what is missing counts as class 0.
  let hasOwnStart: Bool
  /// Whether a context has the lower components of the step as well.
  let looksLower: Bool
  /// The combinations of the lower components that each component looks at; 1 where it looks at none.
  let lowerCombinations: [Int]
  /// Where each component's numbers begin, and the end.
  let starts: [Int]

  /// The most own contexts of a component, and the most numbers of its lower combinations.
  static let mostContexts = 1 << 17
  private static let mostLower = 1 << 16

  /// - Returns: `nil` for more contexts of a component than there may be.
  init?(bases: [Int], order: Int, hasOwnStart: Bool, looksLower: Bool) {
    (self.bases, self.order, self.hasOwnStart, self.looksLower) = (bases, order, hasOwnStart, looksLower)
    var (starts, lowerCombinations, lower) = ([0], [Int](), 1)
    for (component, base) in bases.enumerated() {
      guard Self.power(base, order) <= Self.mostContexts, !looksLower || lower <= Self.mostLower / base else {
        return nil
      }
      let own = Self.contexts(base: base, order: order, hasOwnStart: hasOwnStart)
      let (numbers, overflows) = own.multipliedReportingOverflow(by: lower * base)
      guard own <= Self.mostContexts, !overflows, numbers < 1 << 40 else { return nil }
      starts.append(starts[component] + numbers)
      lowerCombinations.append(lower)
      if looksLower { lower *= base }
    }
    (self.starts, self.lowerCombinations) = (starts, lowerCombinations)
  }

  /// The numbers of all tables.
  var count: Int { starts[bases.count] }

  /// The own contexts of a component.
  func contexts(_ component: Int) -> Int {
    Self.contexts(base: bases[component], order: order, hasOwnStart: hasOwnStart)
  }

  /// The degrees of freedom.
  var free: Int {
    bases.indices.reduce(0) { $0 + contexts($1) * lowerCombinations[$1] * (bases[$1] - 1) }
  }

  /// The contexts of a component: of all lengths up to k, or of length k alone.
  static func contexts(base: Int, order: Int, hasOwnStart: Bool) -> Int {
    let longest = power(base, order)
    return hasOwnStart ? (0..<order).reduce(longest) { $0 + power(base, $1) } : longest
  }

  /// base^exponent, or `Int.max` where that is less.
  static func power(_ base: Int, _ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { product, _ in
      let (next, overflows) = product.multipliedReportingOverflow(by: base)
      return overflows ? .max : next
    }
  }

  /// Where the numbers of a component's own context begin; those of the lower combinations come one behind the other.
  @inline(__always)
  func offset(_ component: Int, time: Int, past: UnsafePointer<Double>) -> Int {
    let (base, width) = (bases[component], bases.count)
    var (context, shorter, power) = (0, 0, 1)
    for lag in 0..<(hasOwnStart ? min(time, order) : order) {
      context = context * base + Int(past[lag * width + component])
      shorter += power
      power *= base
    }
    return starts[component] + ((hasOwnStart ? shorter : 0) + context) * lowerCombinations[component] * base
  }
}
