/// The law of the free parameters as a formula in the sizes' letters and T.
extension DirectedTemplate {
  /// The formula of all nodes.
  public var growth: String { (countIsBound ? "at most " : "") + growth(of: nodes) }

  /// The same for some of the nodes. Those with the same parents are one product.
  public func growth(of nodes: [Node]) -> String {
    var products: [(rows: Size, factor: Factor)] = []
    var own = Size(0)
    for node in nodes {
      let product: (rows: Size, factor: Factor)
      switch node.conditional {
      case .none: continue
      case .table(let outcomes): product = (outcomes + -1, TableContexts(node, in: self).factor)
      case .affine(let rows, let ownWeights):
        own = own + ownWeights
        if rows == 0 { continue }
        product = (rows, Factor(text: inputs(of: node).factor))
      }
      if let index = products.firstIndex(where: { $0.factor == product.factor }) {
        products[index].rows = products[index].rows + product.rows
      } else {
        products.append(product)
      }
    }
    let texts = products.map { Self.text($0.rows, $0.factor) } + (own.number == 0 ? [] : [own.text])
    return texts.isEmpty ? "0" : texts.joined(separator: " + ")
  }

  private static func text(_ rows: Size, _ factor: Factor) -> String {
    if let divisor = factor.divisor {
      if rows.text == divisor { return factor.text }
      return (rows.text == "1" ? "" : rows.factor + "·") + "\(factor.asFactor)/(\(divisor))"
    }
    if factor.text == "1" { return rows.text }
    if rows.text == "1" { return factor.text }
    return rows.factor + (factor.text.first == "(" && rows.factor != "0" ? "" : "·") + factor.text
  }
}

/// A factor as a formula, perhaps divided by another.
struct Factor: Hashable {
  var text: String
  var divisor: String?

  /// A sum that is not one sign's needs parentheses.
  var asFactor: String { text.hasPrefix("Σ") ? text : "(\(text))" }
}

extension TableContexts {
  /// Their number as a formula.
  var factor: Factor {
    let common = always.map { $0.factor + "·" }.joined()
    if let only = growing.first, growing.count == 1, later.isEmpty, clock == nil {
      let k = only.factor
      let text: String
      switch lengths {
      case nil: text = "\(k)^T − 1"
      case .each: text = "Σ_{τ=1..T} (\(k)^τ − 1)"
      case .stretches: return Factor(text: common + "Σ_{t<T} \(k)^t \(lengths(after: "t"))")
      }
      return common.isEmpty ? Factor(text: text, divisor: "\(k) − 1") : Factor(text: "\(common)(\(text))/(\(k) − 1)")
    }
    guard growing.isEmpty, Set(later.map(\.size)).count <= 1 else { return Factor(text: "\(common)(contexts)") }
    let text = sum(of: later.first?.size.factor ?? "k")
    return Factor(text: common.isEmpty ? text : text == "1" ? String(common.dropLast()) : common + text)
  }

  /// The number of lengths after t elements as a factor.
  private func lengths(after t: String) -> String {
    switch lengths {
    case nil: ""
    case .each: t == "0" ? "T" : "(T − \(t))"
    case .stretches(_, ofTotal: false): t == "0" ? "buckets(T)" : "buckets(T − \(t))"
    case .stretches(_, ofTotal: true): t == "0" ? "buckets(T)" : "buckets(\(t) + 1 … T)"
    }
  }

  /// Of powers of k, one for each number of parents that are there.
  private func sum(of k: String) -> String {
    let m = later.count
    if m == 0 { return sumWithoutLags }
    let isWhole = later.map(\.lag) == (0..<m).map { $0 + 1 }
    func power(_ exponent: Int) -> String { exponent == 0 ? "1" : exponent == 1 ? k : "\(k)^\(exponent)" }
    let hasLength = lengths != nil
    let lags = [0] + later.map(\.lag)
    // The powers below m, each where so many parents are there, in a sum.
    func short(_ end: Int) -> String {
      if end == 1 { return hasLength ? lengths(after: "0") : "1" }
      if isWhole || !hasLength { return "Σ_{j<\(end)} \(k)^j" + (hasLength ? " \(lengths(after: "j"))" : "") }
      return (0..<end).map { $0 == 0 ? lengths(after: "0") : "\(power($0))·\(lengths(after: String(lags[$0])))" }
        .joined(separator: " + ")
    }
    switch clock {
    case nil:
      if isWhole || !hasLength { return "Σ_{j≤\(m)} \(k)^j" + (hasLength ? " \(lengths(after: "j"))" : "") }
      return "(\(short(m + 1)))"
    case .starts(let starts):
      let first = lags[m]
      let count = starts.filter { $0 > first }.count + 1
      let full = hasLength ? "Σ_{buckets b} \(lengths(after: "first(b)"))" : String(count)
      let long = hasLength ? "\(power(m)) \(full)" : full == "1" ? power(m) : "\(full)·\(power(m))"
      return isWhole ? "(\(short(m)) + \(long))" : "(contexts)"
    case .each:
      let exponent = isWhole ? "min(t, \(m))" : "parents(t)"
      return "Σ_{t<T} \(k)^\(exponent)" + (hasLength ? " \(lengths(after: "t"))" : "")
    }
  }

  /// One for each t that the table tells apart, and each length.
  private var sumWithoutLags: String {
    switch clock {
    case nil: return lengths == nil ? "1" : lengths(after: "0")
    case .starts(let starts):
      return lengths == nil
        ? String(starts.filter { $0 > 0 }.count + 1) : "Σ_{buckets b} \(lengths(after: "first(b)"))"
    case .each: return lengths == nil ? "T" : "Σ_{t<T} \(lengths(after: "t"))"
    }
  }
}
