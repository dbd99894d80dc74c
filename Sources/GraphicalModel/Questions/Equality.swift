extension UnrolledGraph {
  /// Whether both are the same graph but for the names: whether the names of one can be replaced by those of the other,
  /// one for one, such that each variable finds one of its kind and index, with the same parents. Names are told apart
  /// first by what they are parents and children of (Weisfeiler and Leman 1968); O(variables + edges · names) where that
  /// tells all of them apart, and for each way to pair those that are left edges are compared pair by pair.
  public func isEqual(to other: UnrolledGraph) -> Bool {
    guard count == other.count, edgeCount == other.edgeCount else { return false }
    let (ownEdges, otherEdges) = (edgeSums, other.edgeSums)
    let (own, others) = (colours(ownEdges), other.colours(otherEdges))
    guard own.values.sorted() == others.values.sorted() else { return false }
    let names = own.keys.sorted()
    let candidates = others.keys.sorted()
    var partner: [String: String] = [:]
    func search(_ place: Int) -> Bool {
      guard place < names.count else { return hasSameEdges(as: other, partner) }
      let name = names[place]
      for candidate in candidates where others[candidate] == own[name] && !partner.values.contains(candidate) {
        partner[name] = candidate
        let fits = partner.allSatisfy { earlier, itsPartner in
          ownEdges[NamePair(child: name, parent: earlier)]
            == otherEdges[NamePair(child: candidate, parent: itsPartner)]
            && ownEdges[NamePair(child: earlier, parent: name)]
              == otherEdges[NamePair(child: itsPartner, parent: candidate)]
        }
        if fits, search(place + 1) { return true }
        partner[name] = nil
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

  private struct NamePair: Hashable {
    let child: String
    let parent: String
  }

  /// Sums of hashes, which do not depend on the order: of the edges between the variables of two names. Different sums are
  /// of different edges; whether equal ones are of the same is looked at in the end.
  private var edgeSums: [NamePair: Int] {
    var sums: [NamePair: Int] = [:]
    for child in 0..<count {
      for parent in parents(child).map(Int.init) {
        sums[NamePair(child: group(child).name, parent: group(parent).name), default: 0] &+=
          [entry(child), entry(parent)].hashValue
      }
    }
    return sums
  }

  /// Of each name a hash of its kinds and indices, of those of the names that it has edges with, and so on.
  private func colours(_ edges: [NamePair: Int]) -> [String: Int] {
    var colours: [String: Int] = [:]
    for variable in 0..<count { colours[group(variable).name, default: 0] &+= entry(variable).hashValue }
    // After as many rounds as there are names nothing new is told apart.
    for _ in 0..<colours.count {
      var sums = colours.mapValues { [$0, 0, 0] }
      for (pair, edge) in edges {
        sums[pair.child]?[1] &+= [edge, colours[pair.parent] ?? 0].hashValue
        sums[pair.parent]?[2] &+= [edge, colours[pair.child] ?? 0].hashValue
      }
      colours = sums.mapValues(\.hashValue)
    }
    return colours
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
