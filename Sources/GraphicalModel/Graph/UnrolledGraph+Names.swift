import Support

/// x and y, of which is asked whether they are separated by z.
public struct SeparationQuery: Sendable, Hashable {
  /// The variables on one side.
  public var x: [Int]
  /// The variables on the other side.
  public var y: [Int]
  /// z.
  public var given: [Int]

  /// Whether x and y are separated by what is given.
  public init(x: [Int], y: [Int], given: [Int] = []) {
    self.x = x
    self.y = y
    self.given = given
  }
}

extension UnrolledGraph {
  /// The variable of a name: `y3` and `y(3)`, `h2(4)`, `τ` and `tau`; in either case of letters where only one fits.
  /// - Throws: `GraphError.unknownVariable`, with the nearest names.
  public func variable(_ text: String) throws -> Int {
    let found = try variables(named: text)
    guard found.count == 1 else {
      throw GraphError.malformed("'\(shortened(text))' means \(found.count) variables, and one is asked for")
    }
    return found[0]
  }

  /// The variables of a list, such as `y2, y3` or `y2 y3`; a name without an index, `y`, means all that have it, and
  /// `y2..y5` those from the one to the other.
  /// - Throws: `GraphError`.
  public func variables(_ text: String) throws -> [Int] {
    var found: [Int] = []
    for word in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let ends = word.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
      if ends.count == 2 {
        let (first, last) = (try variable(ends[0]), try variable(ends[1]))
        let name = group(first).name
        guard name == group(last).name, group(first).isTimed, indexOf[first] <= indexOf[last] else {
          throw GraphError.malformed(
            "'\(shortened(word))' is no range: it goes from an index to a later one of the same name")
        }
        // Numbers may stand in another order than indices.
        let indices = indexOf[first]...indexOf[last]
        found += (0..<count).filter { group($0).isTimed && indices.contains(indexOf[$0]) && group($0).name == name }
          .sorted { indexOf[$0] < indexOf[$1] }
      } else {
        found += try variables(named: String(word))
      }
    }
    return found.uniqued
  }

  /// `y1 ; y4 | y2, y3`: two lists, and behind a bar what is given, if anything.
  /// - Parameter more: variables that are given besides.
  /// - Throws: `GraphError`.
  public func query(_ text: String, given more: [Int] = []) throws -> SeparationQuery {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let sides = parts[0].split(separator: ";", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, sides.count == 2 else {
      throw GraphError.malformed("'\(shortened(text))' is no question of the form \"y1 ; y4 | y2, y3\"")
    }
    var query = SeparationQuery(
      x: try variables(sides[0]), y: try variables(sides[1]), given: parts.count == 2 ? try variables(parts[1]) : [])
    guard !query.x.isEmpty, !query.y.isEmpty else {
      throw GraphError.malformed("'\(shortened(text))': a variable must stand on each side of ';'")
    }
    query.given += more.filter { !query.given.contains($0) }
    for (one, other) in [(query.x, query.y), (query.x, query.given), (query.y, query.given)] {
      if let both = Set(one).intersection(other).min() {
        throw GraphError.malformed(
          "'\(shortened(text))': \(name(both)) stands there twice, and x, y and what is given must be disjoint")
      }
    }
    return query
  }

  private func variables(named text: String) throws -> [Int] {
    for spelling in [{ $0 }, Self.folded] as [(String) -> String] {
      let wanted = spelling(text)
      let (name, index) = Self.parts(wanted)
      // All of a name first: `y`, and `h2` before variable 2 of `h`.
      for (name, index) in [(wanted, nil), (name, index)] {
        let fitting = groups.indices.filter { spelling(groups[$0].name) == name }
        guard !fitting.isEmpty, Set(fitting.map { groups[$0].name }).count == 1 else { continue }
        let found = (0..<count).filter { variable in
          fitting.contains(Int(groupOf[variable]))
            && index.map { group(variable).isTimed && indexOf[variable] == $0 } ?? true
        }
        if !found.isEmpty { return found }
      }
    }
    throw GraphError.unknownVariable(text, nearest: nearest(to: shortened(text)))
  }

  /// `y3` and `y(3)` as a name and an index, one that no variable has where it is no number.
  private static func parts(_ text: String) -> (name: String, index: Int32?) {
    if text.last == ")", let open = text.lastIndex(of: "(") {
      return (String(text[..<open]), Int32(text[text.index(after: open)...].dropLast()) ?? -1)
    }
    let digits = text.reversed().prefix { $0.isASCII && $0.isNumber }.count
    return (String(text.dropLast(digits)), digits == 0 ? nil : Int32(text.suffix(digits)) ?? -1)
  }

  private static func folded(_ text: String) -> String { text.lowercased().replacing("τ", with: "tau") }

  /// Of each name, the variable whose index is nearest to the one that is meant; of them the nearest names.
  private func nearest(to text: String) -> [String] {
    let (name, index) = Self.parts(Self.folded(text))
    var best: [(name: String, variable: Int, distance: Int)] = []
    for variable in 0..<count {
      let group = group(variable)
      let distance = abs(Int(indexOf[variable]) - Int(index ?? 1))
      if let place = best.firstIndex(where: { $0.name == group.name }) {
        if distance < best[place].distance { best[place] = (group.name, variable, distance) }
      } else {
        best.append((group.name, variable, distance))
      }
    }
    let order = nearestNames(to: name, among: best.map { Self.folded($0.name) }, atMost: best.count)
    let ranked = order.compactMap { wanted in best.first { Self.folded($0.name) == wanted } }
    return ranked.prefix(3).map { self.name($0.variable) }
  }
}
