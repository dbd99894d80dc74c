import BigInt
import Foundation
import GraphicalModel
import Models
import Testing

@Suite struct TemplateTests {
  static let lengths = ["eos", "halt", "tau:input=remaining", "tau:input=total", "tau:input=none"]
  static let families = [
    "tabular", "markov:0", "markov:2", "markov:3,time=bucket:3", "markov:1,time=each", "ctw:3", "vlmc:2", "rnn:8",
    "rnn:8,time=scaled", "gru:8,layers=2", "lstm:8", "lstm:4,layers=3,time=sinusoid:4", "rnn:8,feedback=none",
  ]
  static let words = families.flatMap { family in lengths.map { "\(family)/\($0)" } }

  private func graph(_ word: String, _ steps: Int, inputWidth: Int = 0) throws -> UnrolledGraph {
    try ModelSpecification(word).template(alphabetSize: 3, inputWidth: inputWidth).unrolled(steps: steps)
  }

  @Test(arguments: [
    ("markov:2/tau:input=none", "y1 ; y4 | y2,y3", true), ("markov:2/tau:input=none", "y1 ; y4 | y2", false),
    ("tabular/tau:input=none", "y1 ; y4 | y2,y3", false), ("tabular/eos", "y1 ; y4 | y2,y3", false),
    ("rnn:8/tau:input=none", "y1 ; y4 | h4", true), ("rnn:8/tau:input=none", "y1 ; y4 | y2 y3", false),
    // h(3) and y(3) are all that h(4) is a function of.
    ("rnn:8/tau:input=none", "y1 ; y4 | h3,y3", true), ("rnn:8/tau:input=none", "h4 ; y5..y6 | y1..y3", true),
    ("markov:1/tau:input=remaining", "y1 ; y3 | y2", false), ("markov:1/tau:input=remaining", "y1 ; y3 | y2,tau", true),
    ("markov:1/tau:input=total", "Y1 ; Y(3) | y2 τ", true), ("markov:2/halt", "e0 ; y4 | y1,y2", true),
    ("markov:2/halt", "e4 ; y2 | y3,y4", true), ("markov:2/halt", "e4 ; y2 | y4", false),
    ("rnn:8/halt", "e3 ; y2 | h4", true), ("rnn:8/halt", "e3 ; y2 | h3", true), ("rnn:8/halt", "e3 ; y2 | h2", false),
    // Both look at t, which is known.
    ("markov:0,time=each/halt", "y2 ; e1", true), ("markov:1,time=bucket:2/eos", "y1 ; y3 | y2", true),
    // c carries what h does not show.
    ("lstm:8/eos", "y1 ; y4 | h3, y3", false), ("lstm:8/eos", "y1 ; y4 | c3, h3, y3", true),
    ("gru:8,layers=2/eos", "y1 ; y4 | h2(4)", true), ("gru:8,layers=2/eos", "y1 ; y4 | h1(4)", false),
  ])
  func separations(_ word: String, _ query: String, _ answer: Bool) throws {
    #expect(try graph(word, 6).isSeparated(query) == answer)
  }

  /// Without feedback: given x, and only then.
  @Test(arguments: [
    "rnn:8,feedback=none/tau:input=none", "gru:8,layers=2,feedback=none/eos", "lstm:8,feedback=none/halt",
  ])
  func elementsAreIndependentGivenTheInputs(_ word: String) throws {
    for width in [0, 2] {
      let graph = try graph(word, 4, inputWidth: width)
      for (i, j) in [(1, 2), (1, 4), (2, 3)] {
        #expect(try graph.isSeparated("y\(i) ; y\(j) | x"))
        #expect(try graph.isSeparated("y\(i) ; y\(j) | x1, x2, x3, x4"))
        #expect(try !graph.isSeparated("y\(i) ; y\(j) | x2"))
      }
    }
    #expect(try !graph("rnn:8/tau:input=none", 4, inputWidth: 2).isSeparated("y1 ; y2 | x"))
  }

  /// Figure 10.7 from figure 10.8 of Goodfellow, Bengio and Courville.
  @Test(
    arguments: ["rnn:8", "gru:8,layers=3", "lstm:8,layers=2", "rnn:4,time=scaled"], ["eos", "halt", "tau:input=none"])
  func withoutItsStateANetworkIsTheCompleteGraph(_ family: String, _ length: String) throws {
    let network = try graph("\(family)/\(length)", 7)
    let hidden = (0..<network.count).filter { [.deterministic, .constant].contains(network.kind($0)) }
    let marginal = try network.marginalised(hidden).graph
    let complete = try graph("tabular/\(length)", 7)
    #expect(marginal.isEqual(to: complete))
    #expect(try !marginal.isEqual(to: graph("markov:5/\(length)", 7)))
    #expect(!network.isEqual(to: complete))
  }

  @Test func graphsAreEqualUpToNames() throws {
    func template(_ names: [String], _ lag: Int) -> DirectedTemplate {
      DirectedTemplate([
        .init(
          names[0], .random, domain: .values(2), parents: [.init(names[1], lags: [lag]), .init(names[0], lags: [1])]),
        .init(names[1], .random, domain: .values(2), parents: [.init(names[1], lags: [1])]),
      ])
    }
    let one = try template(["a", "b"], 0).unrolled(steps: 4)
    #expect(one.isEqual(to: try template(["b", "a"], 0).unrolled(steps: 4)))
    #expect(one.isEqual(to: try template(["v", "w"], 0).unrolled(steps: 4)))
    #expect(!one.isEqual(to: try template(["a", "b"], 1).unrolled(steps: 4)))
    #expect(!one.isEqual(to: try template(["a", "b"], 0).unrolled(steps: 3)))
  }

  /// Names that are alike but for what they have edges with, and more than could be paired in all ways.
  @Test func manyLayersAreEqualUpToNames() throws {
    let deep = try graph("rnn:4,layers=14/eos", 1)
    let rest = try deep.marginalised(deep.variables("h1")).graph
    #expect(try rest.isEqual(to: graph("rnn:4,layers=13/eos", 1)))
    #expect(try rest.isEqual(to: deep.marginalised(deep.variables("h7")).graph))
    // A chain, and a chain whose last but one branches.
    func tree(_ parent: (Int) -> Int) throws -> UnrolledGraph {
      try DirectedTemplate(
        (0..<14).map { number in
          .init(
            "a\(number)", .random, domain: .values(2),
            parents: number == 0 ? [] : [.init("a\(parent(number))", lags: [0])])
        }
      ).unrolled(steps: 2)
    }
    let chain = try tree { $0 - 1 }
    #expect(try !chain.isEqual(to: tree { $0 == 13 ? 11 : $0 - 1 }))
    #expect(try chain.isEqual(to: tree { $0 - 1 }))
    #expect(try tree { _ in 0 }.isEqual(to: tree { _ in 0 }))
  }

  @Test(arguments: [("y9", "y6"), ("h3", "y3"), ("z3", "y3"), ("τ", "y1"), ("y", "y1")])
  func unknownVariables(_ word: String, _ nearest: String) throws {
    let graph = try graph("markov:2/eos", 6)
    if word == "y" {
      #expect(throws: GraphError.malformed("'y' means 6 variables, and one is asked for")) { try graph.variable(word) }
    } else {
      #expect(throws: GraphError.unknownVariable(word, nearest: [nearest])) { try graph.variable(word) }
    }
    for word in ["y0", "y-1", "y(2", "y()", "(2)", "y99999999999", "2"] {
      #expect(throws: GraphError.self) { try graph.variable(word) }
    }
  }

  @Test(arguments: ["", "y1", "y1 ; ", "; y1", "y1 ; y2 ; y3", "y1 ; y1", "y1 ; y2 | y1", "y1;y2|y3|y4", "y3..y1 ; y4"])
  func questionsThatMeanNothing(_ text: String) throws {
    #expect(throws: GraphError.self) { try graph("markov:2/eos", 6).query(text) }
  }

  /// Names find their variables again, in every way that they may be written.
  @Test(arguments: words) func namesAreRead(_ word: String) throws {
    let graph = try graph(word, 4, inputWidth: 1)
    for variable in 0..<graph.count {
      let name = graph.name(variable)
      #expect(try graph.variable(name) == variable)
      #expect(try graph.variable(name.uppercased()) == variable)
      #expect(try graph.variable(name.replacing("τ", with: "tau")) == variable)
      #expect(graph.parents(variable).allSatisfy { $0 < variable })
    }
  }

  /// The parts add up, and a network has as many numbers as its arrays hold.
  @Test(arguments: words) func countsByNodeAddUp(_ word: String) throws {
    let specification = try ModelSpecification(word)
    for width in [0, 3] {
      let counts = try specification.nodeCounts(alphabetSize: 5, longest: 6, inputWidth: width)
      let total = try specification.freeParameters(alphabetSize: 5, longest: 6, inputWidth: width)
      #expect(counts.reduce(0) { $0 + $1.free } == total)
      #expect(counts.first { $0.node == "τ" }?.growth == (word.contains("tau") ? "T" : nil))
      guard let network = specification.family as? any RecurrentFamily else { continue }
      let shape = specification.shape(alphabetSize: 5, inputWidth: width)
      let layout = RecurrentLayout(shape: shape, network.architecture, type(of: network).cell)
      #expect(network.freeParameters(shape, longest: 6) == BigInt(layout.count))
    }
  }

  /// Tables against enumeration: all assignments of the parents of y(t), t = 1 … T, as they stand in the unrolled graph,
  /// where those of one step serve another if the same parents are there (and the same t).
  @Test(arguments: [[1], [2], [1, 7], [1, 2, 3], [2, 3], []], [nil, "each", "starts"])
  func tablesWithAnyLags(_ lags: [Int], _ clock: String?) throws {
    let k = 3
    let (size, longest) = (Size("k", k), 9)
    let starts = [0, 2, 5]
    var y = DirectedTemplate.Node(
      "y", .random, domain: .values(size), parents: [.init("y", lags: lags)], conditional: .table(outcomes: size))
    var nodes: [DirectedTemplate.Node] = []
    if let clock {
      y.parents.append(.init("t", lags: [0]))
      nodes.append(.init("t", .constant, domain: .clock(clock == "each" ? .each : .starts(starts), features: 1)))
    }
    for hasLength in [false, true] {
      var node = y
      var all = nodes
      if hasLength {
        node.parents.append(.init("τ", .untimed))
        all.append(.init("τ", .random, span: .untimed, domain: .length(.each, features: 16)))
      }
      var contexts: Set<[Int]> = []
      for t in 0..<longest {
        let label = clock == nil ? 0 : clock == "each" ? t : starts.lastIndex { $0 <= t } ?? 0
        let present = lags.filter { $0 <= t }
        for number in 0..<Int(BigInt(k).power(present.count)) {
          for remaining in hasLength ? Array(1...(longest - t)) : [0] {
            contexts.insert([label, number, remaining] + present)
          }
        }
      }
      let template = DirectedTemplate(all + [node])
      #expect(template.needsLongest == (hasLength || clock == "each"))
      #expect(template.freeParameters(longest: longest) == BigInt(contexts.count * (k - 1)))
    }
  }

  @Test(arguments: [
    ("tabular/eos", "k·(k^T − 1)/(k − 1)"), ("tabular/tau:input=none", "k^T − 1 + T"),
    ("tabular/tau", "Σ_{τ=1..T} (k^τ − 1) + T"), ("markov:4/eos", "k·Σ_{j≤4} k^j"), ("markov:4/halt", "k·Σ_{j≤4} k^j"),
    ("markov:0/eos", "k"), ("markov:0/tau", "(k − 1)·T + T"), ("table:y2/tau", "(k − 1)(T + k·(T − 2)) + T"),
    ("markov:2/tau", "(k − 1)·Σ_{j≤2} k^j (T − j) + T"), ("vlmc:3/eos", "at most k·Σ_{j≤3} k^j"),
    ("markov:2,time=each/eos", "k·Σ_{t<T} k^min(t, 2)"), ("rnn:64/eos", "h(k + h + 1) + (k + 1)(h + 1)"),
    ("lstm:8,layers=3/halt", "4h(k + h + 1) + 8h(2h + 1) + (k + 1)(h + 1)"),
    ("gru:8,time=scaled/tau", "3h(k + h + 18) + k(h + 1) + T"),
    ("rnn:8,feedback=none/eos", "h(d + h + 1) + (k + 1)(h + 1)"),
  ])
  func growth(_ word: String, _ formula: String) throws {
    #expect(try ModelSpecification(word).growth() == formula)
  }

  @Test func growthNamesInputs() throws {
    let network = try ModelSpecification("rnn:8/eos")
    #expect(network.growth(inputWidth: 3) == "h(k + d + h + 1) + (k + 1)(h + 1)")
    #expect(throws: SpecificationError.self) {
      try ModelSpecification("tabular/eos").freeParameters(alphabetSize: .max >> 33, longest: 100_000)
    }
  }

  /// MODEL.md's joint table: k^T − 1.
  @Test func aTableOfGivenLengthIsTheJointTable() throws {
    let specification = try ModelSpecification("tabular/tau:input=none")
    for (k, longest) in [(2, 10), (5, 4), (27, 20)] {
      let shape = specification.shape(alphabetSize: k)
      #expect(specification.family.freeParameters(shape, longest: longest) == BigInt(k).power(longest) - 1)
    }
  }

  /// Where the digits are not computed, the logarithm is: against that of the integer.
  @Test(
    arguments: [
      "tabular/eos", "tabular/halt", "tabular/tau", "tabular/tau:input=total", "tabular/tau:input=none",
      "tabular/tau:as=bucket:4", "tabular/tau:input=total,as=bucket:4", "markov:3/tau", "markov:2,time=each/eos",
      "markov:2,time=bucket:3/tau", "rnn:8/eos",
    ], [1, 2, 7, 40])
  func logarithmsAreThoseOfTheIntegers(_ word: String, _ longest: Int) throws {
    let specification = try ModelSpecification(word)
    for k in [1, 2, 5, 27] {
      let template = specification.template(alphabetSize: k)
      let exact = ParameterCount(template.freeParameters(longest: longest))
      let logarithm = template.logFreeParameters(longest: longest) / log(10)
      #expect(abs(logarithm - exact.log10) < 1e-12 || logarithm == exact.log10, "k = \(k)")
    }
  }

  @Test func theLongestGraphs() throws {
    let complete = try graph("tabular/eos", 1000)
    #expect(complete.count == 1000 && complete.edgeCount == 499_500)
    #expect(try complete.separator([0], [999]) == nil)
    #expect(throws: GraphError.self) { try graph("tabular/eos", 100_000) }
    #expect(try graph("lstm:8/tau", 1000).isSeparated("y1 ; y900 | tau, h500, c500, y500"))
    // Without steps there is the decision about the empty sequence.
    #expect(try graph("rnn:8/halt", 0).names(0..<2) == ["h1", "e0"])
  }

  @Test func separatorsAndWidths() throws {
    func separator(_ word: String, _ x: String, _ y: String) throws -> [String]? {
      let graph = try graph(word, 6)
      return try graph.separator(graph.variables(x), graph.variables(y)).map { graph.names($0) }
    }
    #expect(try separator("markov:2/eos", "y1", "y4") == ["y2", "y3"])
    #expect(try separator("markov:2/eos", "y1", "y2") == nil)
    #expect(try separator("tabular/eos", "y1", "y6") == nil)
    #expect(try separator("markov:1/tau", "y1", "y4") == ["τ", "y2"])
    #expect(try separator("rnn:8/eos", "y1", "y4").map { $0.count } == 1)
    #expect(try separator("rnn:8,feedback=none/eos", "y1", "y4") == ["x1"])
    for order in 0...4 {
      #expect(try graph("markov:\(order)/eos", 9).elimination().width == order)
      #expect(try graph("markov:\(order)/tau", 9).elimination().width == order + 1)
    }
    #expect(try graph("tabular/eos", 9).elimination().width == 8)
    // Inputs that are given and t cost nothing.
    let known = try graph("markov:1,time=each/eos", 9)
    #expect(try known.elimination().width == 1)
  }
}
