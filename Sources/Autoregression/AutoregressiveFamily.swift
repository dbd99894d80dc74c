import Emissions
import GraphicalModel
import ModelCore
import Sequences

/// `markov:k` of vectors: a generalised linear model of each element on the last k. Of real numbers a vector
/// autoregression (least squares: Lütkepohl 2005), of bits logistic regressions, of categories multinomial ones, of
/// counts log-linear ones (Fokianos and Tjøstheim 2011).
package struct AutoregressiveFamily: ModelFamily {
  package static let name = "markov"
  package static let leadingOption: String? = "k"
  package static let examples = [
    "markov:1,emission=gaussian:full", "markov:2,emission=gaussian:diagonal,start=own", "markov:0,emission=gaussian",
    "markov:1,emission=bernoulli:autoregressive", "markov:2,emission=bernoulli,ridge=1", "markov:1,emission=poisson",
    "markov:1,emission=negative-binomial", "markov:1,emission=categorical:autoregressive",
    "markov:2,emission=categorical,ridge=1",
  ]
  package static let summary =
    "For vectors: a regression on the last k elements; options:\n"
    + "emission=\(AutoregressiveEmission.allCases.map(\.rawValue).joined(separator: ", "))\n"
    + "ridge=auto or λ: the penalty λ/2 ‖w‖² of the weights (of real numbers 0)\n"
    + "start=shared or own: the first k steps, which have fewer elements before them, have intercepts of their own, or "
    + "regressions of their own (real numbers; shared where there are fewer sequences than 2 · (components + regressors))"

  /// What the first k steps have of their own.
  enum Start: String, CaseIterable, Sendable { case shared, own }

  /// k.
  package let order: Int
  /// `nil` where the kind of numbers is to say.
  let emission: AutoregressiveEmission?
  /// λ; `nil` where it is found, or where the kind of numbers is to say.
  let ridge: Double?
  let isRidgeFound: Bool
  let start: Start

  /// A regression with the usual options.
  /// - Parameter isCategorical: whether it is one of independent columns of categories.
  package init(order: Int, isCategorical: Bool = false) {
    (self.order, ridge, isRidgeFound, start) = (order, nil, false, .shared)
    emission = isCategorical ? .categorical : nil
  }

  package init(_ options: inout ModelOptions, registry: Registry) throws {
    guard let order = try options.integer("k", in: 0...1000) else {
      throw SpecificationError.malformed("markov needs its order, as in markov:3")
    }
    self.order = order
    emission = try options.text("emission").map { try AutoregressiveEmission($0, registry: registry) }
    var copy = options
    isRidgeFound = copy.text("ridge") == "auto"
    ridge = try options.number("ridge", in: 0...1e12, orAuto: true)
    start = try options.choice("start") ?? .shared
    if let reason = emission.flatMap(refusal) { throw SpecificationError.malformed("markov: \(reason)") }
  }

  private init(_ family: AutoregressiveFamily, _ emission: AutoregressiveEmission) {
    (order, self.emission, ridge) = (family.order, emission, family.ridge)
    (isRidgeFound, start) = (family.isRidgeFound, family.start)
  }

  /// Why the options do not go with an emission.
  private func refusal(_ emission: AutoregressiveEmission) -> String? {
    if emission.values == .reals {
      return isRidgeFound ? "least squares takes no ridge=auto: give a number, or leave it out for 0" : nil
    }
    if start == .own { return "start=own is for real numbers: leave it out" }
    if ridge == 0 {
      return "without a penalty the weights diverge on separable data: use ridge=1e-6 or more"
    }
    return nil
  }

  package func word(complete: Bool) -> String {
    var options: [(key: String, value: String, isDefault: Bool)] = [("k", String(order), false)]
    if let emission {
      options.append(("emission", emission.rawValue, emission.isUsual))
      let usual = emission.values == .reals ? "0.0" : "auto"
      options.append(("ridge", ridge.map { String($0) } ?? usual, ridge == nil || ridge == 0))
    } else if isRidgeFound || ridge != nil {
      options.append(("ridge", ridge.map { String($0) } ?? "auto", false))
    }
    options.append(("start", start.rawValue, start == .shared))
    if !complete, options.dropFirst().allSatisfy(\.isDefault) { return "\(Self.name):\(order)" }
    return modelWord(Self.name, options, complete: complete)
  }

  package func models(_ elements: ElementKind) -> Bool {
    guard case .vectors(let values, _, _) = elements else { return false }
    return emission.map { $0.values == values || ($0.values == .counts && values == .bits) } ?? true
  }

  package func resolved(for elements: ElementKind) throws -> any ModelFamily {
    guard case .vectors(let values, _, _) = elements, emission == nil else { return self }
    let usual = AutoregressiveEmission.usual(of: values)
    if let reason = refusal(usual) {
      throw SpecificationError.refused(model: word(complete: false), reason: reason)
    }
    return AutoregressiveFamily(self, usual)
  }

  package var isUnsmoothed: Bool { false }
  package var readsInputs: Bool { true }
  package var usesValidation: Bool { emission.map { $0.values != .reals } ?? true && ridge == nil }
  package var adviceForPoorFit: String? { "a larger ridge= helps where there are few data" }

  // MARK: Sizes

  /// The regressors of y(t): one set for all steps, or one for each of the first k steps and one for those that follow.
  func regressors(_ shape: OutputShape) -> [Regressors] {
    switch start {
    case .shared: [Regressors(shape, order: order, indicators: order)]
    case .own: (0...order).map { Regressors(shape, order: $0, indicators: 0) }
    }
  }

  /// The stop decision's.
  func stopRegressors(_ shape: OutputShape) -> Regressors? {
    shape.stop == .variable ? Regressors(shape, order: order, indicators: order) : nil
  }

  /// The numbers of the model.
  func parameters(_ shape: OutputShape) -> Int {
    guard let emission else { return 0 }
    let constants = emission.constants(width: shape.vectorWidth)
    return regressors(shape).reduce(0) { $0 + $1.count * shape.encodedWidth + constants }
      + emission.weights(shape) + (stopRegressors(shape)?.count ?? 0)
  }

  /// - Throws: `SpecificationError.refused` for a model that cannot be held.
  func checkSize(_ shape: OutputShape) throws {
    let count = parameters(shape)
    var reason: String?
    let most = shape.values == .categories ? Self.mostOfCategories : 1 << 31 - 1
    if count > most {
      let advice = shape.values == .categories ? ": use fewer levels, a smaller k or components=tables" : ""
      reason = "it would have \(count) parameters; \(most) are the most\(advice)"
    }
    let regressors = Regressors(shape, order: order, indicators: order).count
    // Of dependent components each is regressed on the lower ones too.
    let independent: String? =
      switch emission {
      case .autoregressiveBernoulli: AutoregressiveEmission.bernoulli.rawValue
      case .fullGaussian: AutoregressiveEmission.diagonalGaussian.rawValue
      default: nil
      }
    let size = regressors + (independent == nil ? 0 : shape.vectorWidth)
    if size > Self.mostRegressors {
      let advice = (independent.map { ["emission=\($0)"] } ?? []) + (order > 0 ? ["a smaller k"] : [])
      reason =
        "it would have \(regressors) regressors"
        + (independent == nil ? "" : " and \(shape.vectorWidth) components that depend on each other")
        + "; \(Self.mostRegressors) are the most"
        + (advice.isEmpty ? ": use fewer inputs" : ": use \(advice.joined(separator: " or "))")
    }
    if let reason { throw SpecificationError.refused(model: word(complete: false), reason: reason) }
  }

  /// The most weights of categories, which are fitted all at once.
  static let mostOfCategories = 1 << 24

  /// So many squared are what fitting holds in memory for each thread.
  static let mostRegressors = 4096

  // MARK: The graph

  package func componentEdges(_ shape: OutputShape) -> DirectedTemplate.ComponentEdges {
    switch emission ?? .usual(of: shape.values) {
    case .fullGaussian, .autoregressiveBernoulli, .autoregressiveCategorical: .insideStep
    case .gaussian, .diagonalGaussian, .bernoulli, .poisson, .negativeBinomial, .categorical: .independent
    }
  }

  package func template(_ shape: OutputShape) -> DirectedTemplate {
    typealias Parent = DirectedTemplate.Parent
    let (width, emission) = (shape.encodedWidth, self.emission ?? .usual(of: shape.values))
    var nodes = shape.lengthNodes()
    var parents = order == 0 ? [] : [Parent("y", .last(order))]
    if order > 0 {
      nodes.append(shape.clockNode(.starts(Array(0...order)), features: order))
      parents.append(OutputShape.clockParent)
    }
    if shape.inputWidth > 0 {
      nodes.append(.init("x", .input, domain: .values(Size("d", shape.inputWidth))))
      parents.append(Parent("x", lags: [0]))
    }
    parents += shape.lengthParents
    let constants = emission.constants(width: shape.vectorWidth)
    var own = constants + emission.weights(shape)
    if start == .own {
      for regressors in regressors(shape).dropLast() { own += regressors.count * width + constants }
    }
    var outputs = shape.vectorNodes(parents: parents, rows: width, own: own)
    if start == .own {
      // The regression of later steps has no intercepts for the first ones.
      for index in outputs[0].parents.indices where outputs[0].parents[index].name == OutputShape.clockParent.name {
        outputs[0].parents[index].hasWeights = false
      }
    }
    return DirectedTemplate(nodes + outputs)
  }
}
