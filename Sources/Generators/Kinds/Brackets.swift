import GraphicalModel
import ModelCore
import Sequences

/// `brackets`: balanced brackets of one to four types (the Dyck languages). Outside of all brackets the sequence ends, or a
/// bracket opens; inside one another opens with probability `open`, and else the last one is closed. At the greatest depth, if
/// there is one, none opens. `open` is below 1/2, so that every bracket is closed with probability 1.
package struct BracketsGenerator: Generator {
  package static let name = "brackets"
  package static let leadingOption: String? = "types"
  package static let examples = ["brackets:1,depth=3,mean=2", "brackets:2,mean=2"]
  package static let summary =
    "balanced brackets of types=2 (open=0.4 more inside others, depth=unlimited, mean=20 of the length)"

  let types: Int
  let open: Double
  /// The greatest depth; `nil` without a limit.
  let depth: Int?
  let mean: Double
  /// P(the sequence ends | it is outside of all brackets).
  private let stop: Double

  private static let usual = (types: 2, open: 0.4)
  private static let mostDepth = 1000
  private static let unlimited = "unlimited"

  package init(_ options: inout ModelOptions) throws {
    types = try options.integer("types", in: 1...4) ?? Self.usual.types
    open = try options.number("open", in: 0...0.49) ?? Self.usual.open
    mean = try GeneratorOptions.mean(&options)
    let text = options.text("depth") ?? Self.unlimited
    depth = Int(text)
    if text != Self.unlimited, !(1...Self.mostDepth).contains(depth ?? 0) {
      throw SpecificationError.malformed(
        "\(Self.name): depth=\(text) is neither \(Self.unlimited) nor a whole number from 1 to \(Self.mostDepth)")
    }
    // The mean number of groups outside of all brackets is (1 − s) / s.
    let group = Self.meanGroup(open: open, depth: depth)
    stop = group / (group + mean)
  }

  /// The mean length of a bracket with all inside. From depth j the depth j − 1 comes after r(j) symbols, where r(j) = 1 with
  /// probability 1 − open, and else 1 + r(j + 1) + r(j): r(j) = (1 + open r(j + 1)) / (1 − open), and r(depth) = 1; without a
  /// limit all r are alike.
  private static func meanGroup(open: Double, depth: Int?) -> Double {
    guard let depth else { return 1 + 1 / (1 - 2 * open) }
    return 1 + (1..<depth).reduce(1.0) { r, _ in (1 + open * r) / (1 - open) }
  }

  package var options: [(key: String, value: String, isDefault: Bool)] {
    [
      ("types", "\(types)", types == Self.usual.types), ("open", "\(open)", open == Self.usual.open),
      ("depth", depth.map(String.init) ?? Self.unlimited, depth == nil),
      ("mean", "\(mean)", mean == GeneratorOptions.usualMean),
    ]
  }

  /// Each opening bracket stands before its closing one, also in code-point order.
  package func alphabet() throws -> Alphabet {
    try Alphabet(symbols: "()<>[]{}".prefix(2 * types).map(String.init), kind: .characters)
  }

  package var parents: [DirectedTemplate.Parent] { [.init("y", .everyEarlier)] }

  package var memoryCount: Int? { depth.flatMap { countOfSequences(over: types, longest: $0) } }

  /// The types of the open brackets, the outermost first.
  package var start: [UInt8] { [] }

  package func stopProbability(_ memory: [UInt8]) -> Double { memory.isEmpty ? stop : 0 }

  package func probability(of symbol: Symbol, _ memory: [UInt8]) -> Double {
    let opening = memory.isEmpty ? 1 : memory.count == depth ? 0 : open
    if symbol % 2 == 0 { return opening / Double(types) }
    return memory.last.map { Int($0) == symbol / 2 ? 1 - opening : 0 } ?? 0
  }

  package func advance(_ memory: inout [UInt8], past symbol: Symbol) {
    if symbol % 2 == 0 { memory.append(UInt8(symbol / 2)) } else { memory.removeLast() }
  }
}
