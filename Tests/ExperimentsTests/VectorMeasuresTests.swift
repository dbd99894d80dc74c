import Experiments
import Foundation
import Inference
import Models
import Probability
import Sequences
import Testing

/// What trials measure of vectors: groups, calibration, forecasts, and what is kept of draws.
@Suite struct VectorMeasuresTests {
  private let context = FittingContext(seed: 1)

  /// Sequences of up to six vectors of bits, the second one often a copy of the first.
  private func bits(_ count: Int, seed: UInt64 = 4) -> VectorSequences {
    var stream = RandomStream(seed: seed)
    return VectorSequences(
      (0..<count).map { _ in
        (0..<Int(stream.uniform() * 7)).map { _ in
          let first: Double = stream.uniform() < 0.3 ? 1 : 0
          return [first, stream.uniform() < 0.8 ? first : 1 - first]
        }
      }, width: 2, .bits)
  }

  private func model(_ word: String, _ set: VectorSequences) throws -> VectorModel {
    try VectorModel.fit(
      ModelSpecification(word), to: set, valid: set, Columns(set.rows.valueKind, width: set.rows.width), context)
  }

  @Test(arguments: ["markov:1/halt", "markov:1/tau", "markov:0,emission=bernoulli:autoregressive/halt"])
  func groupsAddUpToTheElements(word: String) throws {
    let (train, test) = (bits(60), bits(30, seed: 5))
    let model = try model(word, train)
    let whole = model.figures(on: test)
    let all = Breakdown.all(Breakdown.Kind.allCases, of: model, on: test, training: train)
    #expect(all.map(\.kind) == [.position, .length, .component, .seen])
    for breakdown in all {
      #expect(abs(breakdown.groups.reduce(0) { $0 + $1.nats } - whole.natsElements) < 1e-9 * whole.nats)
    }
    #expect(
      all[2].groups.map(\.name) == ["y1", "y2"]
        && all[2].groups.map(\.events) == [test.elementCount, test.elementCount])
    let second = (0..<test.count).filter { test.length($0) > 1 }
    #expect(all[0].groups[1].name == "2" && all[0].groups[1].events == second.count)
  }

  /// The second bit of a chain within the step, by hand: P(1 | first) is a share of the training data.
  @Test func reliabilityIsThatOfTheChain() throws {
    let set = bits(300)
    let model = try model("markov:0,emission=bernoulli:autoregressive/halt", set)
    let reliability = try #require(Reliability(of: model, on: set))
    #expect(reliability.events == 2 * set.elementCount)
    let steps = (0..<set.count).flatMap { Array(set[$0]) }
    let ones = steps.joined().count { $0 == 1 }
    #expect(reliability.groups.reduce(0) { $0 + $1.observed } == ones)
    // A model of maximum likelihood expects as many as there are, of each bit given the lower one.
    for first in [0.0, 1] {
      let second = steps.filter { $0[0] == first }.map { $0[1] }
      let share = second.reduce(0, +) / Double(second.count)
      let group = try #require(reliability.groups.first { $0.low < share && share <= $0.high })
      #expect(abs(group.predicted - group.frequency) < 0.02 && group.outcomes >= second.count)
    }
    let reals = VectorSequences([[[0.5], [1.5]], [[0.25]]], width: 1)
    #expect(Reliability(of: try self.model("markov:0", reals), on: reals) == nil)
  }

  /// Independent numbers: a forecast's quantiles are those of the data, whatever came before.
  @Test func forecastOfIndependentNumbers() throws {
    var stream = RandomStream(seed: 8)
    let set = VectorSequences(
      (0..<101).map { length in (0..<length % 21).map { _ in [3 + 2 * stream.normal(), stream.normal()] } }, width: 2)
    let forecast = try #require(HeldOutForecast(of: try model("markov:0/tau", set), on: set, seed: 1))
    let whole = Array(set[forecast.sequence])
    // Of lengths 0 to 20, those from 2 on have the median 11.
    #expect(whole.count == 11 && forecast.start == 5)
    #expect(forecast.beginning == Array(whole[..<5]) && forecast.rest == Array(whole[5...]))
    #expect(forecast.forecast.steps.map(\.time) == Array(6...11))
    for step in forecast.forecast.steps {
      // Of 400 draws a quartile has a standard error of 0.07 standard deviations.
      #expect(abs(step.quantiles[0][2] - 3) < 0.7 && abs(step.quantiles[1][2]) < 0.35)
      #expect(abs(step.quantiles[0][3] - step.quantiles[0][1] - 2 * 2 * 0.6745) < 1)
    }
    #expect(forecast.isSound)
    #expect(HeldOutForecast(of: try model("markov:0/tau", set), on: set, seed: 1, threads: 2) == forecast)
    #expect(HeldOutForecast(of: try model("markov:0/halt", bits(20)), on: bits(20), seed: 1) == nil)
    let short = VectorSequences([[[1.5]], [], [[0.5]]], width: 1)
    #expect(HeldOutForecast(of: try model("markov:0/halt", short), on: short, seed: 1) == nil)
  }

  /// Folds together, by histograms; and all components as if they were one.
  @Test func transformsAddUp() throws {
    let (first, second) = (bits(60), bits(40, seed: 6))
    let model = try model("markov:0/halt", first)
    let parts = try [first, second].map { try ProbabilityTransform(of: model, on: $0) }
    let both = try #require(ProbabilityTransform(adding: parts))
    #expect(both.steps == first.elementCount + second.elementCount && both.isSound)
    for component in 0..<2 {
      let sums = (0..<ProbabilityTransform.cells).map { cell in
        parts.reduce(0) { $0 + $1.components[component].histogram[cell] }
      }
      #expect(both.components[component].histogram == sums)
    }
    #expect(both.allComponents.histogram.reduce(0, +) == 2 * both.steps)
    #expect(try #require(both.allComponents.test).pValue > 1e-4)
    #expect(ProbabilityTransform(adding: []) == nil)
  }

  /// A trial of vectors survives being written and read; of its draws as many are kept as hold the numbers.
  @Test func trialsOfVectorsAreCoded() throws {
    let data = VectorDataset(sequences: bits(60), schema: Columns(.bits, width: 2), name: "bits", format: "jsonl")
    var design = Design(Parts(try data.split(seed: 1)))
    design.measurements = .all
    let trial = try Trial(
      as: VectorModel.self, of: ModelSpecification("markov:1").resolved(for: data.columns.kind), design.folds[0],
      data.columns, at: design.places[0], context, measuring: design.measurements)
    #expect(trial.transform != nil && trial.reliability != nil && trial.forecast == nil)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let bytes = try encoder.encode(trial)
    var again = try JSONDecoder().decode(Trial.self, from: bytes)
    again.testNats = trial.testNats
    #expect(try encoder.encode(again) == bytes && again.isSound)
    let samples = try #require(trial.vectorSamples)
    #expect(samples.count == 100)
    let kept = try #require(trial.keepingDraws(ofNumbers: 60).vectorSamples)
    #expect(kept == Array(samples.prefix(kept.count)))
    let numbers = kept.joined().reduce(0) { $0 + $1.count }
    #expect(numbers <= 60 && numbers + samples[kept.count].count * 2 > 60)
    #expect(trial.keepingDraws(ofNumbers: 0).vectorSamples?.count == 1)
    // One that was altered is not of these elements, whatever it says of itself.
    #expect(again.isSound(for: data.columns.kind) && !again.isSound(for: .symbols(2)))
    #expect(!again.isSound(for: .vectors(.bits, width: 3)))
    for element in [[0.0, 2], [1]] {
      var json = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
      json["vectorSamples"] = [[element]]
      let altered = try JSONDecoder().decode(Trial.self, from: JSONSerialization.data(withJSONObject: json))
      #expect(altered.vectorSamples == [[element]] && !altered.isSound(for: data.columns.kind))
    }
  }

  /// Runs of symbols keep the keys that they had before vectors: what they measure is written as it was.
  @Test func measurementsOfSymbolsAreWrittenAsBefore() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(Measurements.all.of(.symbols(3))), as: UTF8.self)
    #expect(
      text == #"{"breakdowns":["position","length","symbol","seen"],"lengths":true,"reliability":true,"samples":100}"#)
  }
}
