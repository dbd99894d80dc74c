import BigInt
import Foundation

/// Degrees of freedom, exactly and before any data. Tables over histories pass 2^64 at once.
extension DirectedTemplate {
  /// Whether they depend on T.
  public var needsLongest: Bool {
    nodes.contains { node in
      if case .table = node.conditional { TableContexts(node, in: self).needsLongest } else { false }
    }
  }

  /// Those of all nodes.
  /// - Parameter longest: T, the longest length allowed for.
  public func freeParameters(longest: Int) -> BigInt {
    nodes.reduce(0) { $0 + freeParameters(of: $1, longest: longest) }
  }

  /// Those of a node's conditional, whose numbers all steps share: of a table, one fewer than outcomes for each context;
  /// of a network, for each row the weights of what comes in, and a bias.
  public func freeParameters(of node: Node, longest: Int) -> BigInt {
    switch node.conditional {
    case .none: 0
    case .table(let outcomes):
      BigInt(max(outcomes.number - 1, 0)) * TableContexts(node, in: self).count(longest: longest)
    case .affine(let rows, let own): BigInt(rows.number) * BigInt(inputs(of: node).number) + BigInt(own.number)
    }
  }

  /// The natural logarithm of those of all nodes, to the precision of a Double. O(nodes and their lags).
  public func logFreeParameters(longest: Int) -> Double {
    nodes.reduce(-.infinity) { sum, node in
      guard case .table(let outcomes) = node.conditional else {
        return logSum(sum, log(Double(freeParameters(of: node, longest: longest))))
      }
      return logSum(
        sum, log(Double(max(outcomes.number - 1, 0))) + TableContexts(node, in: self).logCount(longest: longest))
    }
  }

  /// About how many decimal digits the largest of them has. O(nodes and their lags), so that it can be asked first.
  public func digits(longest: Int) -> Double {
    nodes.reduce(0) { most, node in
      guard case .table = node.conditional else { return most }
      return max(most, TableContexts(node, in: self).digits(longest: longest))
    }
  }

  /// The numbers that come into a row of weights, the bias's 1 among them.
  func inputs(of node: Node) -> Size {
    node.parents.filter(\.hasWeights).reduce(Size(0)) { sum, parent in
      guard let features = self[parent.name]?.domain.features else { return sum }
      guard case .lags(let lags) = parent.reach else { return sum + features }
      return sum + lags.count * features
    } + 1
  }
}

extension DirectedTemplate {
  /// The numbers in a table over variables of these nodes, as a formula: `k^3·T`.
  public func sizeOfTable(over names: [String]) -> String {
    var powers: [(factor: String, exponent: Int)] = []
    for name in names {
      let factor =
        switch self[name]?.domain {
        case .values(let size)?: size.factor
        case .length(.each, _)?: "T"
        case .length(.stretches(let starts, _), _)?: String(starts.count)
        default: "1"
        }
      if let index = powers.firstIndex(where: { $0.factor == factor }) {
        powers[index].exponent += 1
      } else {
        powers.append((factor, 1))
      }
    }
    let text = powers.filter { $0.factor != "1" }.map { $0.exponent == 1 ? $0.factor : "\($0.factor)^\($0.exponent)" }
    return text.isEmpty ? "1" : text.joined(separator: "·")
  }
}
