import Experiments
import Foundation
import Inference
import Models
import Probability
import Reports
import Sequences
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Pages of comparisons on vectors: the same sections in other units, and pictures of their own.
@Suite struct VectorReportTests {
  /// Random walks of up to `longest` steps.
  private func walks(_ count: Int, width: Int, longest: Int = 12, seed: UInt64 = 2) -> VectorSequences {
    var stream = RandomStream(seed: seed)
    return VectorSequences(
      (0..<count).map { _ in
        var place = (0..<width).map { Double($0) + stream.normal() }
        return (0..<Int(stream.uniform() * Double(longest + 1))).map { _ in
          place = place.map { $0 + 0.3 * stream.normal() }
          return place
        }
      }, width: width)
  }

  private func bits(_ count: Int, width: Int, longest: Int = 12, seed: UInt64 = 3) -> VectorSequences {
    var stream = RandomStream(seed: seed)
    return VectorSequences(
      (0..<count).map { _ in
        (0..<Int(stream.uniform() * Double(longest + 1))).map { _ in
          (0..<width).map { _ in stream.uniform() < 0.2 ? 1 : 0 }
        }
      }, width: width, .bits)
  }

  private func sections(_ page: Page) throws -> [String] {
    try page.nodes("//section").compactMap { $0.attribute(forName: "id")?.stringValue }
  }

  @Test func pageOfRealNumbers() throws {
    let page = try Page(
      walks(120, width: 2), Columns(.reals, width: 2),
      models: ["markov:1", "markov:0/tau", "gru:2,epochs=2,emission=mixture:2"])
    try page.check()
    #expect(
      try sections(page) == [
        "models", "pareto", "training", "lengths", "breakdowns", "transforms", "sequences", "forecasts", "graphs",
        "repeat", "glossary",
      ])
    for word in ["perplexity", "alphabet", "nats/event (", "symbols"] {
      #expect(!page.text.contains(word), "\(word)")
    }
    // The table has each model's nats a step and a component, to the decimals of the page.
    let comparison = try #require(page.comparison)
    let heads = try page.nodes("//table[@class='models']/thead//th").compactMap(\.stringValue)
    for (row, node) in zip(comparison.rows, try page.nodes("//table[@class='models']/tbody/tr")) {
      let cells = (node.children ?? []).map { ($0.stringValue ?? "").replacing("−", with: "-") }
      for (title, value) in [
        ("test", row.test.natsElements / Double(row.test.symbols)),
        ("nats/component", row.test.natsElements / Double(2 * row.test.symbols)),
        ("length, nats/sequence", row.test.natsLength / Double(row.test.sequences)),
      ] {
        let column = try #require(heads.firstIndex(of: title))
        #expect(abs((Double(cells[column]) ?? .nan) - value) < 1e-2, "\(title)")
      }
    }
    // What a model does not take apart has no figures of components, and does not take the others' with it.
    let components = try page.figures(of: "By component")
    #expect(components.first?.count == 4 && components.dropFirst().map { $0[0] } == ["y1", "y2"])
    #expect(components[1].contains("–") && components[1].count { Double($0) != nil } == 2)
  }

  /// Each histogram holds all numbers of the test data once; its p-value is in the title.
  @Test func transformsOfTheTestData() throws {
    let page = try Page(walks(120, width: 1), Columns(.reals, width: 1), models: ["markov:1"])
    let test = try #require(page.vectors).folds[0].test
    let row = try #require(page.comparison).rows[0]
    let component = try #require(row.transform?.components.first)
    let p = Numbers.pClause(component.test?.pValue)
    let counts = try page.column("numbers", of: "\(row.specification.shortWord): \(p)").compactMap(Int.init)
    #expect(counts.count == 20 && counts.reduce(0, +) == test.elementCount)
    // By hand: P(Y ≤ y) of a step of the fitted walk is uniform, so that no cell is empty but by chance.
    #expect(counts == component.histogram)
  }

  /// The forecast's figures stand beside what came.
  @Test func forecastsStandBesideTheData() throws {
    let page = try Page(walks(120, width: 2), Columns(.reals, names: ["a<b", "c"]), models: ["markov:1"])
    try page.check()
    let forecast = try #require(page.comparison?.rows[0].forecast)
    let test = try #require(page.vectors).folds[0].test
    let sequence = test[forecast.sequence]
    let title = "\(try #require(page.comparison).rows[0].specification.shortWord): a<b"
    let data = try page.column("data", of: title).compactMap(Double.init)
    let steps = try page.column("step", of: title).compactMap(Int.init)
    #expect(!data.isEmpty && steps.first == forecast.start + 1)
    for (step, value) in zip(steps, data) { #expect(abs(sequence[step - 1][0] - value) < 1e-3 * max(1, abs(value))) }
    // The drawn sequences are those of the test data.
    let drawn = try page.column("a<b", of: "test data").compactMap(Double.init)
    let first = try #require((0..<test.count).first { test.length($0) > 0 })
    #expect(drawn.contains { abs($0 - test[first][0][0]) < 1e-3 * max(1, abs($0)) })
  }

  /// A piano roll has a bar for each stretch of steps where a component is 1.
  @Test func pianoRolls() throws {
    let test = VectorSequences([[[1, 0, 0], [1, 0, 1], [0, 0, 1]], [], [[0, 0, 1]]], width: 3, .bits)
    let page = try Page(
      bits(60, width: 3), Columns(.bits, names: ["<i>", "b", "c"]), models: ["markov:0/tau", "markov:1"], test: test)
    try page.check()
    #expect(try sections(page).contains("calibration") && !sections(page).contains("forecasts"))
    let notes = try page.nodes("//section[@id='sequences']//*[local-name()='path'][@class='note data']")
    #expect(notes.count == 2)
    for note in notes {
      let path = try #require(note.attribute(forName: "d")?.stringValue)
      // The first for two steps, the third for two, and the third again in the last sequence.
      #expect(path.count { $0 == "M" } == 3, "\(path)")
    }
    #expect(page.text.contains("a bit") && page.text.contains("predicted probability that they are 1"))
  }

  @Test func rollPictureStandsByItself() throws {
    let picture = RollPicture(
      [[[1, 0], [1, 1]], []], Columns(.bits, names: ["C4", "x&y"]), title: "a<b", name: "sample", of: 30)
    let document = try XMLDocument(xmlString: picture.svg)
    func nodes(_ path: String) throws -> [XMLNode] { try document.nodes(forXPath: path) }
    #expect(document.rootElement()?.name == "svg" && picture.svg.contains("and 28 more"))
    let texts = try nodes("//*[local-name()='text']").compactMap(\.stringValue)
    #expect(texts.contains("a<b") && texts.contains("sample 2") && texts.contains("x&y"))
    let notes = try nodes("//*[local-name()='path'][@class='note s1']/@d").compactMap(\.stringValue)
    #expect(notes.map { $0.count { $0 == "M" } } == [2])
    #expect(picture.svg.contains("prefers-color-scheme: dark"))
    _ = try XMLDocument(xmlString: RollPicture([], Columns(.bits, width: 3), title: "", name: "sample").svg)
  }

  /// Data that leave little to draw, or much.
  @Test func dataOfOtherShapes() throws {
    let tiny = VectorSequences([[[0.5]], [[0.5], [1.5]], [[2.5]]], width: 1)
    try Page(tiny, Columns(.reals, width: 1), models: ["markov:0"]).check()
    let constant = VectorSequences(Array(repeating: [[1.5], [1.5], [1.5]], count: 30), width: 1)
    try Page(constant, Columns(.reals, width: 1), models: ["markov:0", "markov:1/tau"]).check()
    let empty = VectorSequences(Array(repeating: [], count: 20) + [[[0.5]]], width: 1)
    try Page(empty, Columns(.reals, width: 1), models: ["markov:0/tau"]).check()
    let one = VectorSequences([(0..<400).map { [Double($0 % 7)] }], width: 1, .counts)
    let text = try Page(one, Columns(.counts, width: 1), models: ["markov:1", "markov:0"], test: one)
    try text.check()
    #expect(text.text.contains("one test sequence: no interval"))
    let wide = try Page(
      bits(6, width: 130, longest: 3), Columns(.bits, width: 130), models: ["markov:0,emission=bernoulli/tau"])
    try wide.check()
    #expect(wide.text.contains("of 130"))
    let silent = VectorSequences(Array(repeating: [[0, 0], [0, 0]], count: 20), width: 2, .bits)
    try Page(silent, Columns(.bits, width: 2), models: ["markov:0"]).check()
  }

  /// Components of other ranges are standardised, so that none is a flat line.
  @Test func componentsOfOtherRanges() throws {
    let set = walks(60, width: 1)
    let scaled = VectorSequences(
      (0..<set.count).map { index in set[index].map { [$0[0], 1000 + 1e4 * $0[0]] } }, width: 2)
    let page = try Page(scaled, Columns(.reals, width: 2), models: ["markov:0/tau"])
    try page.check()
    #expect(page.text.contains("in standard deviations"))
    let drawn = try page.figures(of: "test data").dropFirst()
    // y2 is a line in y1: standardised they are the same.
    #expect(!drawn.isEmpty && drawn.allSatisfy { abs((Double($0[2]) ?? .nan) - (Double($0[3]) ?? .nan)) < 1e-3 })
  }

  @Test func folds() throws {
    let page = try Page(walks(60, width: 2), Columns(.reals, width: 2), models: ["markov:1", "markov:0"], folds: 3)
    try page.check()
    #expect(page.text.contains("60 sequences (") && page.text.contains("in 3 folds"))
    let transform = try #require(page.comparison?.rows[0].transform)
    #expect(transform.steps == page.vectors?.folds.reduce(0) { $0 + $1.test.elementCount })
  }
}
