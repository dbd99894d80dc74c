/// Numbers 0 ..< n, grouped by a key of each, by counting. O(n + groups).
struct Grouping {
  /// The numbers, group by group, ascending within each.
  let members: [Int32]
  /// Where each group begins in `members`, and after the last one where it ends.
  let offsets: [Int32]

  /// - Parameter keys: the group of each number; those below 0 are in none.
  init(_ keys: [Int32], groups: Int) {
    var offsets = [Int32](repeating: 0, count: groups + 1)
    for key in keys where key >= 0 { offsets[Int(key) + 1] += 1 }
    for group in 0..<groups { offsets[group + 1] += offsets[group] }
    var members = [Int32](repeating: 0, count: Int(offsets[groups]))
    var free = offsets
    for (number, key) in keys.enumerated() where key >= 0 {
      members[Int(free[Int(key)])] = Int32(number)
      free[Int(key)] += 1
    }
    self.members = members
    self.offsets = offsets
  }

  /// The members of a group, as positions in `members`.
  subscript(group: Int) -> Range<Int> { Int(offsets[group])..<Int(offsets[group + 1]) }
}
