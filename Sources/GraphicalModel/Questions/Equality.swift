extension UnrolledGraph {
  /// Whether both are the same graph but for the names: whether the names of one can be replaced by those of the other,
  /// one for one, such that each variable finds one of its kind and index, with the same parents. O(variables + edges)
  /// for each way to pair the names of which kinds and indices fit.
  public func isEqual(to other: UnrolledGraph) -> Bool {
    guard count == other.count, edgeCount == other.edgeCount else { return false }
    let (own, others) = (profiles, other.profiles)
    guard own.count == others.count else { return false }
    let names = own.keys.sorted()
    var partner: [String: String] = [:]
    func search(_ place: Int) -> Bool {
      guard place < names.count else { return hasSameEdges(as: other, partner) }
      for candidate in others.keys.sorted()
      where !partner.values.contains(candidate) && others[candidate] == own[names[place]] {
        partner[names[place]] = candidate
        if search(place + 1) { return true }
        partner[names[place]] = nil
      }
      return false
    }
    return search(0)
  }

  /// The kinds and indices that go by a name.
  private struct Entry: Hashable {
    let kind: DirectedTemplate.Kind
    let isTimed: Bool
    let index: Int32
  }

  private var profiles: [String: Set<Entry>] {
    var profiles: [String: Set<Entry>] = [:]
    for variable in 0..<count { profiles[group(variable).name, default: []].insert(entry(variable)) }
    return profiles
  }

  private func entry(_ variable: Int) -> Entry {
    Entry(kind: kind(variable), isTimed: group(variable).isTimed, index: indexOf[variable])
  }

  private struct Address: Hashable {
    let name: String
    let entry: Entry
  }

  private func hasSameEdges(as other: UnrolledGraph, _ partner: [String: String]) -> Bool {
    var number: [Address: Int] = [:]
    for variable in 0..<count {
      number[Address(name: partner[group(variable).name] ?? "", entry: entry(variable))] = variable
    }
    return (0..<other.count).allSatisfy { there in
      guard let here = number[Address(name: other.group(there).name, entry: other.entry(there))] else { return false }
      let wanted = other.parents(there).compactMap {
        number[Address(name: other.group(Int($0)).name, entry: other.entry(Int($0)))]
      }
      return Set(wanted) == Set(parents(here).map(Int.init)) && wanted.count == parents(here).count
    }
  }
}
