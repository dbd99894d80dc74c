import Foundation
import Models
import Probability
import Sequences
import Testing

@Suite struct GradientReachTests {
  private static func alphabet() throws -> Alphabet { try Alphabet(symbols: ["a", "b"], kind: .characters) }

  private static func set(longest: Int) -> SequenceSet {
    var stream = RandomStream(seed: 8)
    let sequences = (0..<40).map { _ in
      (0..<Int(stream.uniform() * Double(longest + 1))).map { _ in Int(stream.uniform() * 2) }
    }
    return SequenceSet(sequences, alphabetSize: 2)
  }

  /// One unit, h(t) ≈ w h(t−1) near zero: what comes back over a lag d is |w|^d.
  @Test(arguments: [0.5, -0.9, 1.0])
  func oneUnit(_ weight: Double) throws {
    let specification = try ModelSpecification("rnn:hidden=1/tau:input=none")
    let family = try #require(specification.family as? any RecurrentFamily)
    let cell = type(of: family).cell
    let layout = RecurrentLayout(shape: specification.shape(alphabetSize: 2), family.architecture, cell)
    var parameters = [Double](repeating: 0, count: layout.count)
    for part in layout.parts {
      for (place, index) in part.range.enumerated() {
        switch part.name {
        case "W": parameters[index] = weight
        case "U": parameters[index] = place == 0 ? 1e-6 : -1e-6
        case "V": parameters[index] = place == 0 ? 0.5 : -0.5
        default: break
        }
      }
    }
    let set = SequenceSet(Array(repeating: (0..<100).map { $0 % 3 / 2 }, count: 5), alphabetSize: 2)
    let fitted = try SequenceModel.fit(specification, to: SequenceSet([], alphabetSize: 2), Self.alphabet())
    let model = SequenceModel(
      specification: specification, alphabet: try Self.alphabet(),
      conditional: RecurrentConditional<Double>(layout: layout, cell: cell, parameters: parameters),
      prior: fitted.prior, facts: fitted.facts)
    let reach = try GradientReach(model: model, set: set)
    #expect(reach.lags.first?.lag == 0)
    #expect(reach.gates.map(\.gate) == ["h"])
    #expect(abs((reach.gates.first?.spectralRadius ?? 0) - abs(weight)) < 1e-12)
    for lag in reach.lags {
      let wanted = pow(abs(weight), Double(lag.lag))
      #expect(lag.norm > 0 && abs(lag.relative / wanted - 1) < 1e-3, "lag \(lag.lag): \(lag.relative), \(wanted)")
    }
  }

  @Test func otherFamiliesAreRefused() throws {
    let set = Self.set(longest: 6)
    let model = try SequenceModel.fit(ModelSpecification("markov:1"), to: set, Self.alphabet())
    #expect(throws: SpecificationError.self) { try GradientReach(model: model, set: set) }
  }

  @Test(
    arguments: ["rnn:hidden=3", "rnn:hidden=4,layers=2", "gru:hidden=3,layers=2", "lstm:hidden=3,time=scaled"],
    ["eos", "halt", "tau"])
  func finiteForEveryKind(_ family: String, _ length: String) throws {
    let set = Self.set(longest: 20)
    let model = try SequenceModel.fit(
      ModelSpecification("\(family),epochs=1/\(length)"), to: set, Self.alphabet(), FittingContext(seed: 2))
    let reach = try GradientReach(model: model, set: set)
    let layers = family.contains("layers=2") ? 2 : 1
    #expect(reach.lags.map(\.lag) == Array(GradientReach.lags.prefix(reach.lags.count)) && reach.lags.count >= 4)
    for lag in reach.lags {
      #expect(lag.layerNorms.count == layers && lag.layerRelatives.count == layers && lag.windows > 0)
      #expect((lag.layerNorms + lag.layerRelatives).allSatisfy { $0.isFinite && $0 >= 0 })
    }
    #expect(reach.lags[0].layerRelatives.allSatisfy { $0 == 1 })
    #expect(reach.gates.count == layers * (family.hasPrefix("rnn") ? 1 : family.hasPrefix("gru") ? 3 : 4))
    #expect(reach.gates.allSatisfy { $0.spectralRadius.isFinite && $0.spectralRadius > 0 })
    let two = try GradientReach(model: model, set: set, threads: 2)
    #expect(two.lags == reach.lags && two.gates == reach.gates)
  }
}
