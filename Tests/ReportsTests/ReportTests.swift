import Experiments
import Foundation
import Models
import Probability
import Reports
import Sequences
import Testing

@Suite struct ReportTests {
  private let models = ["markov:1/eos", "markov:0/tau", "tabular/halt", "rnn:2,epochs=2/eos"]

  /// Sequences of up to six of so many symbols, seeded.
  private func sequences(_ count: Int, symbols: Int, seed: UInt64 = 3) -> [[Symbol]] {
    var stream = RandomStream(seed: seed)
    return (0..<count).map { _ in
      (0..<Int(stream.uniform() * 7)).map { _ in Int(stream.uniform() * Double(symbols)) }
    }
  }

  @Test func pageOfSeveralModels() throws {
    let page = try Page(
      sequences(200, symbols: 3), symbols: ["a", "b", "c"], kind: .characters, models: models, learningCurve: true)
    try page.check()
    let ids = try page.nodes("//section").compactMap { $0.attribute(forName: "id")?.stringValue }
    #expect(
      ids == [
        "models", "pareto", "learning", "training", "lengths", "breakdowns", "calibration", "samples", "sequences",
        "graphs", "repeat", "glossary",
      ])
    // The table has each model's test figure, to the decimals of the page.
    let comparison = try #require(page.comparison)
    let rows = try page.nodes("//table[@class='models']/tbody/tr")
    #expect(rows.count == models.count)
    let heads = try page.nodes("//table[@class='models']/thead//th").compactMap(\.stringValue)
    let test = try #require(heads.firstIndex(of: "test"))
    for (row, node) in zip(comparison.rows, rows) {
      let cells = (node.children ?? []).map { $0.stringValue ?? "" }
      #expect(cells[0].hasPrefix(row.specification.shortWord))
      #expect(abs((Double(cells[test]) ?? .nan) - row.test.natsPerEvent) < 1e-2)
    }
    let chosen = try page.nodes("//tr[@class='chosen']/th/span[@class='name']").compactMap(\.stringValue)
    #expect(chosen == comparison.best.map { [comparison.rows[$0].specification.shortWord] })
    let commands = try page.nodes("//pre[@aria-label='Command']").compactMap(\.stringValue)
    #expect(commands == ["chainrule compare 'it'\\''s' 'a b' ''"])
  }

  /// The survival and hazard of the data's lengths, by counting.
  @Test func lengthsOfTheData() throws {
    let page = try Page(sequences(300, symbols: 2), symbols: ["a", "b"], kind: .characters, models: models)
    let test = try #require(page.design).folds[0].test
    let lengths = (0..<test.count).map { test.length($0) }
    for (n, text) in try page.column("test data", of: "Survival").enumerated() {
      let share = Double(lengths.count { $0 > n }) / Double(lengths.count)
      #expect(abs((Double(text) ?? .nan) - share) < 1e-4)
    }
    let hazards = try page.column("test data", of: "Hazard")
    #expect(hazards.contains { $0 != "–" })
    for (n, text) in hazards.enumerated() where text != "–" {
      let hazard = Double(lengths.count { $0 == n }) / Double(lengths.count { $0 >= n })
      #expect(abs((Double(text) ?? .nan) - hazard) < 1e-4)
    }
    // Those of a memoryless model are that of a geometric distribution: the same hazard at each length.
    let geometric = try Page(
      sequences(300, symbols: 2), symbols: ["a", "b"], kind: .characters, models: ["markov:0/halt"])
    let constant = Set(try geometric.column("markov:0/halt", of: "Hazard"))
    #expect(constant.count == 1)
  }

  /// The pictures of sequences, by counting: 30 test sequences are fewer than the samples, so that all are drawn.
  @Test func picturesOfTheData() throws {
    let page = try Page(
      sequences(300, symbols: 3), symbols: ["a", "b", "c"], kind: .characters, models: ["markov:1/eos"])
    let test = try #require(page.design).folds[0].test
    let all = (0..<test.count).map { Array(test[$0]) }
    #expect(all.count == 30)
    for (symbol, text) in try page.column("test data", of: "Mean number of symbols").enumerated() {
      let mean = Double(all.reduce(0) { $0 + $1.count { $0 == symbol } }) / 30
      #expect(abs((Double(text) ?? .nan) - mean) < 1e-3)
    }
    let entropies = try page.column("test data", of: "Entropy by position")
    for (position, text) in entropies.enumerated() where text != "–" {
      let here = all.filter { $0.count > position }.map { $0[position] }
      let shares = (0..<3).map { symbol in Double(here.count { $0 == symbol }) / Double(here.count) }
      #expect(abs((Double(text) ?? .nan) - shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }) < 1e-4)
    }
    // At each position the shares of the symbols and of the ended sequences make 1.
    let states = try page.figures(of: "test data")
    #expect(states.first == ["position", "a", "b", "c", "ended"])
    for (position, row) in states.dropFirst().enumerated() {
      let numbers = row.dropFirst().compactMap(Double.init)
      #expect(numbers.count == 4 && abs(numbers.reduce(0, +) - 1) < 0.003)
      let ended = Double(all.count { $0.count <= position }) / 30
      #expect(abs((numbers.last ?? .nan) - ended) < 1e-3)
    }
  }

  /// Symbols and names that mean something in HTML, SVG, JavaScript or the template are shown as themselves. A combining
  /// mark behind a `<` or a quotation mark makes one character of both.
  @Test func foreignTextIsShownAsItself() throws {
    let odd = [
      "\"", "\"\u{301}onload=", "&", "&amp;", "'><img src=x>", "<!--", "</script>", "<\u{338}script>", "]]>", "{{x}}",
      "{{{y}}}",
    ].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".tsv")
    defer { try? FileManager.default.removeItem(at: file) }
    try "name\tfigure\tsource\tprotocol\n</td>&{{x}}\t2\t<b>\tsplit \"&\"\n".write(
      to: file, atomically: true, encoding: .utf8)
    let published = try PublishedFigure.read(file.path)
    let page = try Page(
      sequences(200, symbols: odd.count), symbols: odd, models: models, published: published, name: "</title>\"&{{x}}")
    try page.check()
    #expect(try page.nodes("//h1").first?.stringValue == "</title>\"&{{x}}")
    #expect(try page.nodes("//*[@onload]").isEmpty)
    let samples = try page.nodes("//div[@class='sample']//li").compactMap(\.stringValue).joined(separator: "\n")
    let groups = try page.figures(of: "By symbol").map { $0[0] }
    for symbol in odd {
      #expect(
        samples.unicodeScalars.split(separator: "\n").contains { $0.contains(symbol.unicodeScalars) }, "\(symbol)")
      #expect(groups.contains { $0.unicodeScalars.elementsEqual(symbol.unicodeScalars) }, "\(symbol)")
    }
    let names = try page.nodes("//table[@class='models']//th/span[@class='name']").compactMap(\.stringValue)
    #expect(names.last == "</td>&{{x}}")
  }

  /// Data that leave little to draw.
  @Test(arguments: [
    ("empty sequences", [[0], [], [], [], [], [], [], [], [], [], [], [0, 0]], ["markov:0/eos", "markov:0/tau"]),
    ("constant", Array(repeating: [0, 0, 0], count: 30), ["markov:1/eos", "tabular/eos", "markov:1/tau"]),
    ("tiny", [[0], [0, 0], [0]], ["markov:0/eos"]),
    // No model gives the long sequence a probability.
    ("impossible", [[0]] + Array(repeating: [], count: 4) + [[0, 0, 0, 0, 0, 0]], ["tabular:smoothing=ml/eos"]),
  ])
  func littleData(_ name: String, _ sequences: [[Symbol]], _ words: [String]) throws {
    try Page(sequences, symbols: ["a"], kind: .characters, models: words).check()
  }

  /// Infinite nats are told, and not drawn.
  @Test func impossibleSequences() throws {
    let page = try Page(
      sequences(60, symbols: 3), symbols: ["a", "b", "c"], kind: .characters,
      models: ["tabular:smoothing=ml/eos", "markov:1/eos"])
    try page.check()
    #expect(try #require(page.comparison).rows[0].test.nats == .infinity)
    let order = try page.nodes("//td[@data-order='Infinity']").compactMap(\.stringValue)
    #expect(order.contains("inf") && page.text.contains("Not drawn, as their nats are infinite: tabular"))
  }

  /// A long text has one test sequence, which is drawn in pieces.
  @Test func longText() throws {
    let alphabet = try Alphabet(symbols: ["a", "b"], kind: .characters)
    var stream = RandomStream(seed: 5)
    let text = (0..<6000).map { _ in Int(stream.uniform() * 2) }
    let dataset = Dataset(
      sequences: SequenceSet([text], alphabetSize: 2), alphabet: alphabet, name: "text", format: "text", isText: true)
    var design = Design(Parts(try dataset.split(seed: 1)))
    design.measurements = .all
    let comparison = try Comparison(
      ["markov:0/eos", "markov:1/eos"].map { try ModelSpecification($0) }, design, alphabet, FittingContext(seed: 1))
    let provenance = Provenance(version: "0", command: [], seed: 1, machine: "", files: [])
    let page = try Page(Report(comparison, design, dataset, provenance: provenance).html())
    try page.check()
    #expect(page.text.contains("pieces of the test data"))
  }

  /// Of a large alphabet the most frequent symbols have a colour, and the page stays small.
  @Test func largeAlphabet() throws {
    let symbols = (0..<5000).map { "w" + String($0 + 10_000) }
    var data = sequences(800, symbols: 5000)
    for index in data.indices where index % 2 == 0 { data[index].append(4321) }
    let page = try Page(data, symbols: symbols, models: ["markov:0/eos", "markov:0/tau"])
    try page.check()
    let legend = try page.nodes("//section[@id='sequences']//ul[@class='legend'][1]/li").compactMap(\.stringValue)
    #expect(legend.first?.contains("w14321") == true && legend.contains { $0.contains("other") })
  }

  /// Over folds all sequences are tested; the page does not depend on anything but what it is given.
  @Test func folds() throws {
    func page() throws -> Page {
      try Page(
        sequences(60, symbols: 2), symbols: ["a", "b"], kind: .characters, models: ["markov:1", "markov:0"], folds: 3)
    }
    let first = try page()
    try first.check()
    #expect(first.text.contains("in 3 folds"))
    #expect(first.text.contains("60 test sequences of 3 folds"))
    let provenance = Provenance(version: "0", command: [], seed: 1, machine: "", files: [])
    let alphabet = try Alphabet(symbols: ["a", "b"], kind: .characters)
    let dataset = Dataset(
      sequences: SequenceSet(sequences(60, symbols: 2), alphabetSize: 2), alphabet: alphabet, name: "toy",
      format: "lines")
    let report = Report(
      try #require(first.comparison), try #require(first.design), dataset, provenance: provenance)
    #expect(try report.html() == report.html())
  }
}
