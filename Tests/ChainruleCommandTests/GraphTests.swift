import Chainrule
import Foundation
import Testing

/// `graph`, and what `parameters` says by node and draws.
@Suite struct GraphTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private static func has(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }

  @Test(arguments: [
    ("markov:2/tau:input=none", "y1 ; y4 | y2,y3", true), ("markov:2/tau:input=none", "y1 ; y4 | y2", false),
    ("tabular", "y1 ; y4 | y2,y3", false), ("rnn:8/tau:input=none", "y1 ; y4 | h4", true),
    ("markov:1/tau:input=remaining", "y1 ; y3 | y2", false), ("markov:1/tau:input=remaining", "y1 ; y3 | y2,tau", true),
    ("rnn:8,feedback=none", "y1 ; y3 | x1,x2,x3", true),
  ])
  func separated(_ model: String, _ query: String, _ answer: Bool) throws {
    let arguments = ["graph", model, "--steps", "6", "--separated", query]
    let text = try Program.run(arguments, in: folder)
    #expect(text.code == 0 && text.lines.first == String(answer), "\(text.text) \(text.errors)")
    let json = try Program.run(arguments + ["--json"], in: folder).json()
    #expect(try json["schema"].string == "chainrule.graph/1")
    #expect(try json["separated"].bool == answer)
    #expect(json.keys.contains("trail") != answer)
  }

  /// What depends on a variable that is summed out is no function any more.
  @Test(arguments: [
    ("rnn:8,feedback=none/tau", "tau", "y1 ; y2 | x"), ("rnn:8/eos", "y", "h2 ; h3"),
    ("rnn:8/eos", "y1", "h2 ; y3 | y2"),
  ])
  func marginalsKeepTheirDependence(_ model: String, _ gone: String, _ query: String) throws {
    let outcome = try Program.run(
      "graph", model, "--steps", "4", "--marginalise", gone, "--separated", query, in: folder)
    #expect(outcome.code == 0 && outcome.lines.first == "false", "\(outcome.text) \(outcome.errors)")
  }

  @Test func whatIsGivenBesides() throws {
    func first(_ arguments: String...) throws -> String? {
      try Program.run(["graph", "markov:2", "--steps", "6"] + arguments, in: folder).lines.first
    }
    #expect(try first("--separated", "y1 ; y4 | y2") == "false")
    #expect(try first("--separated", "y1 ; y4 | y2", "--given", "y3") == "true")
    #expect(try first("--separator", "y1 ; y4", "--given", "y2") == "y3")
  }

  @Test func theOtherQuestions() throws {
    func lines(_ arguments: String...) throws -> [String] { try Program.run(["graph"] + arguments, in: folder).lines }
    #expect(try lines("markov:2", "--parents", "y4") == ["y2, y3"])
    #expect(try lines("markov:2", "--children", "y1,y2") == ["y1: y2, y3", "y2: y3, y4"])
    #expect(try lines("markov:1", "--ancestors", "y5", "--steps", "5") == ["y1 … y4"])
    #expect(try lines("markov:1", "--descendants", "y2", "--steps", "3") == ["y3"])
    #expect(try lines("rnn:8/tau", "--blanket", "τ", "--steps", "2") == ["h1, h2, y1"])
    #expect(try lines("markov:1/tau", "--separator", "y1 ; y3") == ["τ, y2"])
    #expect(try lines("tabular", "--separator", "y1 ; y3").first?.hasPrefix("none") == true)
    #expect(try lines("markov:1", "--order", "--steps", "3") == ["y1 y2 y3"])
    #expect(try lines("rnn:8/halt", "--order", "--steps", "1") == ["h1 y1 e0 h2 e1"])
    #expect(try lines("markov:1", "--moral", "--steps", "3") == ["y1 – y2", "y2 – y3"])
    #expect(try lines("markov:3", "--width").first == "width 3")
    #expect(try lines("markov:2/tau", "--width")[1].contains("T·k^3"))
    #expect(try lines("markov:2", "--plate") == ["y(t) ← y(t−2), y(t−1)"])
    #expect(try lines("rnn:8", "--marginalise", "h", "--equals", "tabular") == ["true"])
    #expect(try lines("lstm:8,layers=2/halt", "--marginalise", "h1,c1,h2,c2", "--equals", "tabular/halt") == ["true"])
    #expect(try lines("rnn:8", "--equals", "tabular") == ["false"])
    #expect(try lines("markov:2", "--parents", "y4", "-o", "out.txt") == [])
    #expect(String(decoding: try folder.read("out.txt"), as: UTF8.self) == "y2, y3\n")
    #expect(try lines("markov:3", "--equals", "ctw:3") == ["true"])
    let marginal = try Program.run("graph", "rnn:8", "--marginalise", "h", "--json", in: folder).json()
    let complete = try Program.run("graph", "tabular", "--steps", "4", "--json", in: folder).json()
    for json in [marginal, complete] {
      #expect(try json["variables"].list.map { try $0["parents"].list.count } == [0, 1, 2, 3])
    }
  }

  @Test(arguments: [
    "markov:2/eos", "tabular/eos", "rnn:8/eos", "lstm:8/halt", "gru:8,layers=2/tau", "rnn:8,feedback=none", "markov:0",
    "markov:9/halt", "tabular/halt", "lstm:8,layers=3,time=scaled/tau", "markov:2,time=bucket:8/tau",
  ])
  func whatIsDrawnFitsEightyColumns(_ model: String) throws {
    for options in [[], ["--inputs"], ["--steps", "40"]] {
      let outcome = try Program.run(["graph", model] + options, in: folder)
      #expect(outcome.code == 0)
      for line in outcome.lines { #expect(line.count <= 80, "\(line)") }
    }
    for options in [[], ["--plate"]] {
      let dot = try Program.run(["graph", model, "--format", "dot"] + options, in: folder)
      #expect(dot.text.hasPrefix("digraph {") && dot.text.hasSuffix("}\n"))
    }
  }

  @Test(.enabled(if: has("dot"))) func pictures() throws {
    for (file, beginning) in [("a.svg", Array("<?xml".utf8)), ("a.png", [0x89, 0x50, 0x4E, 0x47])] {
      let outcome = try Program.run(
        "graph", "gru:8,layers=2/tau", "-o", file, "--separated", "y1 ; y3 | y2", in: folder)
      #expect(outcome.code == 0 && outcome.lines.first == "false", "\(outcome.errors)")
      #expect(try folder.read(file).starts(with: beginning))
      #expect(try Program.run("graph", "lstm:8/halt", "--plate", "-o", file, in: folder).code == 0)
    }
  }

  /// Indices stand below the line and layers above it, as letters of their own and not as what fonts may lack; what is
  /// given for all steps stands in the middle of them.
  @Test func labelsAndPlacesOfVariables() throws {
    let plate = try Program.run("graph", "gru:8,layers=2/halt", "--plate", "--format", "dot", in: folder).text
    #expect(plate.contains(">e</TD>") && plate.contains(">t</FONT>") && plate.contains(">(2)</FONT>"))
    for model in ["markov:2/tau", "markov:2,time=bucket:8/tau", "rnn:8/tau"] {
      for steps in [3, 4, 6] {
        let dot = try Program.run("graph", model, "--steps", "\(steps)", "--format", "dot", in: folder).text
        #expect(!dot.contains("₁") && !dot.contains("⁽"))
        func x(_ name: String) throws -> Double {
          let place = try #require(
            dot.firstMatch(of: try Regex("\"\(name)\" \\[pos=\"([-0-9.]+),", as: (Substring, Substring).self)))
          return try #require(Double(place.1))
        }
        let child = model.hasPrefix("rnn") ? "h" : "y"
        #expect(try abs(x("τ") - (x(child + "1") + x("\(child)\(steps)")) / 2) < 0.02, "\(model) \(steps)")
      }
    }
  }

  /// Without Graphviz text and DOT work, and a picture says which package.
  @Test func withoutGraphviz() throws {
    let program = try Program.path
    for (format, code) in [("text", 0), ("dot", 0), ("svg", 69), ("png", 69)] as [(String, Int32)] {
      #expect(try folder.shell("PATH= \(program) graph rnn:8 --format \(format) > out 2> errors") == code)
    }
    #expect(String(decoding: try folder.read("errors"), as: UTF8.self).contains("install the package graphviz"))
  }

  @Test func aModelFileIsAGraphToo() throws {
    try folder.write("train.txt", "abab\nba\nabba\n")
    #expect(try Program.run("train", "train.txt", "--model", "markov:2/tau", "-o", "model", in: folder).code == 0)
    let json = try Program.run("graph", "model", "--steps", "3", "--json", in: folder).json()
    #expect(try json["model"].string.hasPrefix("markov:k=2"))
    #expect(try json["variables"].list.map { try $0["name"].string } == ["τ", "y1", "y2", "y3"])
  }

  /// A model's own draws, and data, in which every second letter says nothing.
  @Test func strengthsAreToldAndDrawn() throws {
    try folder.write("train.txt", String(repeating: "aabb\nabba\nbbaa\nbaab\n", count: 30))
    #expect(try Program.run("train", "train.txt", "--model", "markov:1/tau", "-o", "model", in: folder).code == 0)
    let arguments = ["graph", "model", "--strength", "train.txt", "--drawn", "3000", "--window", "2"]
    let json = try Program.run(arguments + ["--json"], in: folder).json()
    let sources = try json["strengths"].list
    #expect(try sources.map { try $0["source"].string } == ["train.txt", "3000 samples"])
    for (source, wanted) in zip(sources, [0.693147, 0]) {
      let lags = try source["lags"].list
      #expect(try lags.map { try $0["edge"].bool } == [true, false])
      for lag in lags {
        #expect(try lag["low"].number <= lag["estimate"].number && lag["estimate"].number <= lag["high"].number)
        #expect(try lag["supported"].bool == (lag["low"].number > 0))
      }
      #expect(try lags[1]["supported"].bool == (wanted > 0))
      // y(t−2) settles y(t), whatever y(t−1) is.
      #expect(try abs(lags[1]["plugIn"].number - wanted) < 0.01, "\(source)")
    }
    #expect(
      try Program.run(arguments + ["--json"], in: folder).output
        == Program.run(arguments + ["--json"], in: folder).output)
    let text = try Program.run(arguments, in: folder)
    #expect(text.lines.count == 5 && text.lines[3].contains("yes") && text.lines[4].contains(" no "), "\(text.text)")
    let csv = try Program.run(arguments + ["--csv"], in: folder).lines
    #expect(csv.first == "source,lag,edge,estimate,low,high,supported,plugIn" && csv.count == 5)
    let dot = try Program.run(
      "graph", "tabular", "--strength", "train.txt", "--window", "2", "--steps", "4", "--format", "dot", in: folder)
    let edges = dot.lines.filter { $0.contains("\"y") && $0.contains("-> \"y") }
    #expect(edges.count == 6)
    // Lag 2 as wide as can be, lag 1 grey and dashed, and lag 3, beyond the window, dotted.
    #expect(
      edges.count { $0.contains("penwidth=3.60") } == 2 && edges.count { $0.contains("style=dashed") } == 3
        && edges.count { $0.contains("style=dotted") } == 1, "\(dot.text)")
    #expect(edges.count { $0.contains("label=\"0.69") } == 1)
    for part in ["not supported by the data", "beyond the window", "the strongest", "lag 2: 0.69"] {
      #expect(dot.text.contains(part), "\(part)")
    }
  }

  /// Independent letters: most windows occur but once, and no edge is supported.
  @Test func noEdgesWhereThereAreNone() throws {
    var random: UInt64 = 12
    let words = (0..<250).map { _ in
      String(
        (0..<8).map { _ in
          random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return Array("abcdefghij")[Int(random >> 33) % 10]
        })
    }
    try folder.write("words.txt", words.joined(separator: "\n") + "\n")
    let json = try Program.run("graph", "markov:3", "--strength", "words.txt", "--json", in: folder).json()
    for lag in try json["strengths"].list[0]["lags"].list {
      #expect(try lag["plugIn"].number > 0.3 && !lag["supported"].bool)
      #expect(try abs(lag["estimate"].number) < 0.05 && lag["low"].number < 0 && lag["high"].number > 0)
    }
  }

  @Test(arguments: [
    (["graph", "markov:2", "--drawn", "100"], "model file"), (["graph", "markov:2", "--window", "2"], "--strength"),
    (["graph", "markov:2", "--csv"], "--strength"), (["graph", "markov:2", "--drawn", "1"], "--drawn"),
    (["graph", "markov:2", "--separated", "y1 ; y9"], "'y9'"),
    (["graph", "markov:2", "--parents", "z3"], "nearest: y3"),
    (["graph", "markov:2", "--separated", "y1"], "of the form"),
    (["graph", "markov:2", "--separated", "y1 ; y3", "--given", "zz"], "'zz'"),
    (["graph", "markov:2", "--separated", "y1 ; y4", "--given", "y1"], "disjoint"),
    (["graph", "markov:2", "--parents", ""], "no variable"),
    (["graph", "rnn:8,feedback=none", "--marginalise", "x1"], "x1 is an input"),
    (["graph", "markov:2", "--steps", "900000", "--moral"], "too many"),
    (["graph", "tabular", "--steps", "3000", "--moral"], "too many"),
    (["graph", "markov:1", "--steps", "100000", "--ancestors", "y"], "too many"),
    (["parameters", "tabular", "--alphabet-size", "2000000000", "--length", "100000"], "digits"),
    (["graph", "markov:2", "--separated", "y1 ; y2 | y1"], "disjoint"),
    (["graph", "markof:2"], "did you mean 'markov'"),
    (["graph", "none.safetensors"], "none.safetensors"), (["graph", "markov:2", "--steps", "0"], "--steps"),
    (["graph", "tabular", "--steps", "100000"], "edges"),
    (["graph", "markov:2", "--order", "--moral"], "One question"),
    (["graph", "markov:2", "-o", "a.pdf"], ".svg or .png"),
    (["graph", "tabular", "--steps", "400", "-o", "a.svg"], "--steps"),
    (["graph", "markov:2", "--steps", "30000", "--width"], "at most"),
    (["parameters", "markov:2", "--alphabet-size", "3", "--plot", "a.svg"], "--length"),
    (["parameters", "markov:2", "--alphabet-size", "3", "--length", "9", "--plot", "a.txt"], ".svg or .png"),
  ])
  func wrongUsageIsExplained(_ arguments: [String], _ part: String) throws {
    let outcome = try Program.run(arguments, in: folder)
    #expect(outcome.code == 64 && outcome.text == "", "\(arguments)")
    #expect(outcome.errors.contains(part), "\(arguments) \(outcome.errors)")
    #expect(folder.names.isEmpty)
  }

  @Test func countsOfNodes() throws {
    let json = try Program.run(
      "parameters", "lstm:4/halt", "tabular/tau", "--alphabet-size", "3", "--length", "2", "--json", in: folder
    ).json()
    let models = try json["models"].list
    let counts = try models.map { try $0["nodes"].list.map { "\(try $0["node"].string) \(try $0["free"].string)" } }
    // Three gates and one of 4 units, from 3 symbols, 4 units and a bias; 3 outputs and one. Two lengths, 1 + 1 + 3 contexts.
    #expect(counts == [["c 96", "h 32", "y 15", "e 5"], ["τ 2", "y 10"]])
    let text = try Program.run("parameters", "rnn:4", "--alphabet-size", "3", "--per-node", in: folder)
    #expect(text.lines.count == 4)
  }

  @Test(.enabled(if: has("gnuplot"))) func countsArePlotted() throws {
    let outcome = try Program.run(
      "parameters", "tabular", "markov:3", "rnn:8", "--alphabet-size", "27", "--length", "400", "--plot", "a.svg",
      in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let svg = String(decoding: try folder.read("a.svg"), as: UTF8.self)
    // A name beside each line, in its colour.
    for (name, colour) in [("tabular/eos", "0,114,178"), ("markov:3/eos", "213,94,0")] {
      let label = svg.range(of: name).map { svg[..<$0.lowerBound].suffix(200) } ?? ""
      #expect(label.contains("rgb(\(colour))"), "\(name) \(label)")
    }
  }

  /// P(n) as bars, and the data's dots with intervals; of long sequences dots stand for several lengths each.
  @Test(.enabled(if: has("gnuplot"))) func lengthsArePlotted() throws {
    for longest in [9, 300] {
      let words = (0..<200).map { String(repeating: "a", count: 1 + $0 * 7 % longest) }
      try folder.write("train.txt", words.joined(separator: "\n") + "\n")
      #expect(try Program.run("train", "train.txt", "--model", "markov:1/tau", "-o", "model", in: folder).code == 0)
      let outcome = try Program.run("lengths", "model", "train.txt", "--plot", "a.svg", in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let svg = String(decoding: try folder.read("a.svg"), as: UTF8.self)
      for part in ["P(τ = n)", "P(τ > n)", "P(τ = n | τ ≥ n)", "with 95 % intervals"] {
        #expect(svg.contains(part), "\(part)")
      }
      #expect(svg.contains("lengths a bar and a dot") == (longest > 60))
      let dots = svg.matches(of: /<use xlink:href='#gpPt6'/).count
      #expect((25...3 * 61).contains(dots), "\(dots)")
    }
  }
}
