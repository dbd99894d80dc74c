import Foundation
import Inference
import Models
import Sequences
import Testing

/// The format of the PAutomaC competition's machines.
@Suite struct PAutomaCModelTests {
  private static let small = """
    I: (state)
    \t(0) 1.0
    F: (state)
    \t(0) 0.25
    \t(1) 0.5
    S: (state,symbol)
    \t(0,0) 0.5
    \t(0,1) 0.5
    \t(1,1) 1.0
    T: (state,symbol,state)
    \t(0,0,0) 0.5
    \t(0,0,1) 0.5
    \t(0,1,1) 1.0
    \t(1,1,0) 1.0

    """

  private func model(_ text: String) throws -> SequenceModel {
    var source = try ByteSource(bytes: Array(text.utf8), name: "machine")
    return try SimulatedModel.automaton(reading: &source)
  }

  /// By hand. Symbol 0 leads from state 0 to both states: after it 0.1875 are in each; of 01 then 0.1875 · 0.75 · 0.5 are in
  /// state 1 and 0.1875 · 0.5 in state 0.
  @Test(
    arguments: [
      ("", 0.25), ("0", 0.1875 * 0.25 + 0.1875 * 0.5), ("1", 0.75 * 0.5 * 0.5),
      ("0 1", 0.1875 * 0.375 * 0.5 + 0.1875 * 0.5 * 0.25), ("1 0", 0), ("1 1 1", 0.375 * 0.5 * 0.375 * 0.5),
    ] as [(String, Double)], ["\n", "\r\n"])
  func probabilitiesAreThoseByHand(_ example: (text: String, wanted: Double), _ end: String) throws {
    let model = try model(Self.small.replacing("\n", with: end))
    #expect(model.specification.word == "automaton:states=2/halt" && model.alphabet.kind == .words)
    let symbols = try example.text.split(separator: " ").map { try #require(model.alphabet.index(of: String($0))) }
    #expect(abs(exp(-model.score(of: symbols).nats) - example.wanted) < 1e-15)
  }

  /// Symbols stand in code-point order, in which 10 is before 2, and states in any.
  @Test func symbolsKeepTheirNames() throws {
    let model = try model(
      "F:\n(1) 0.5\nT:\n(1,2,1) 1\n(1,10,1) 1\nS:\n(1,2) 0.3\n(1,10) 0.7\n(0,0) 1\nI:\n(1) 1\n"
        .replacing("I:", with: "I: (state)").replacing("T:\n", with: "T:\n(0,0,1) 1\n"))
    #expect(model.alphabet.size == 11 && model.alphabet.symbols[2] == "10")
    let ten = try #require(model.alphabet.index(of: "10"))
    #expect(abs(exp(-model.score(of: [ten]).nats) - 0.5 * 0.7 * 0.5) < 1e-15)
  }

  /// Rows with as many digits as were printed are divided by their sums: what remains is a distribution to the last digit.
  @Test func roundedRowsAreNormalised() throws {
    let model = try model(Self.small.replacing("(0,0) 0.5", with: "(0,0) 0.4999997"))
    let all = Toys.allSequences(2, longest: 12)
    let lengths = Dictionary(grouping: all, by: \.count).mapValues {
      $0.reduce(0) { $0 + exp(-model.score(of: $1).nats) }
    }
    let law = try #require(model.finiteStates)
    var mass = [1.0, 0]
    var (next, workspace, left) = (mass, Workspace(), 1.0)
    for length in 0...12 {
      let stopped = law.forward(mass, StepInputs(time: length), into: &next, &workspace)
      #expect(abs(stopped - (lengths[length] ?? 0)) < 1e-14)
      left -= stopped
      #expect(abs(left - next.reduce(0, +)) < 1e-14)
      swap(&mass, &next)
    }
  }

  /// What is wrong is told with its line.
  @Test(
    arguments: [
      ("", "", 1), ("(0) 1.0", "(0) 0.9", 2), ("(0,1) 0.5", "(0,1) 0.4", 7), ("(1,1) 1.0", "(1,1) 0.5", 9),
      ("(0,0,1) 0.5", "(0,0,1) 0.4", 11), ("\t(0,1,1) 1.0\n", "", 8), ("\t(1,1) 1.0\n", "", 5),
      ("(1) 0.5", "(1) 1e999", 5),
      ("(1) 0.5", "(1) nan", 5), ("(1) 0.5", "(1) -0.5", 5), ("(1) 0.5", "(1) 1.5", 5), ("(1) 0.5", "(1) 0x1", 5),
      ("(1) 0.5", "(1)", 5), ("(1) 0.5", "1 0.5", 5), ("(1) 0.5", "(1,1) 0.5", 5), ("(1) 0.5", "(-1) 0.5", 5),
      ("(1) 0.5", "(99999999999999999999) 0.5", 5), ("(1) 0.5", "(9999999) 0.5", 5),
      ("(1,1) 1.0", "(1,9999999) 1.0", 9),
      ("(0,1,1) 1.0", "(0,1,9999999) 1.0", 13), ("(0,1,1) 1.0", "(0,1,7) 1.0", 13), ("(0,1) 0.5", "(0,0) 0.5", 8),
      ("T: (state,symbol,state)", "S: (state,symbol)", 10), ("I: (state)", "J: (state)", 1),
      ("I: (state)", "garbage", 1),
      ("\t(0) 0.25\n\t(1) 0.5\n", "", 2), ("(1) 0.5", "(1) 0\n(2) 0.5", 6),
    ] as [(String, String, Int)])
  func brokenMachinesAreRefused(_ old: String, _ new: String, _ line: Int) throws {
    let text = old.isEmpty ? "" : Self.small.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.small)
    let error = try #require(throws: DataError.self) { _ = try model(text) }
    guard case .malformed(let location, let sentence) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(location.line == line && !sentence.isEmpty, "\(error)")
  }

  @Test func whatIsNoTextIsRefused() throws {
    var source = try ByteSource(bytes: [0x49, 0x3A, 0x0A, 0xFF, 0xFE, 0x00], name: "machine")
    #expect(throws: DataError.self) { try SimulatedModel.automaton(reading: &source) }
  }

  /// Sequences that never end are told, unless no sequence comes there.
  @Test func endlessStatesAreRefused() throws {
    let endless = Self.small.replacing("(1) 0.5", with: "(1) 0").replacing("(1,1,0) 1.0", with: "(1,1,1) 1.0")
    let error = #expect(throws: DataError.self) { try model(endless) }
    #expect(error?.description.contains("never end") == true && error?.description.contains("machine:5:") == true)
    let unreached = Self.small.replacing("(0,0) 0.5\n\t(0,1) 0.5", with: "(0,0) 1").replacing(
      "(0,0,0) 0.5", with: "(0,0,0) 1"
    )
    .replacing("\t(0,0,1) 0.5\n", with: "").replacing("(1) 0.5", with: "(1) 0").replacing(
      "(1,1,0) 1.0", with: "(1,1,1) 1.0")
    #expect(abs(try model(unreached).score(of: []).nats + log(0.25)) < 1e-15)
  }
}
