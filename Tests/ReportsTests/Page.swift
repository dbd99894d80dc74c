import Experiments
import Foundation
import Inference
import Models
import Reports
import Sequences
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A page as a browser without scripts sees it: read as XML, so that whatever is not well-formed is an error.
struct Page {
  let text: String
  let document: XMLDocument

  init(_ text: String) throws {
    self.text = text
    document = try XMLDocument(xmlString: text, options: [.nodePreserveWhitespace])
  }

  /// Compares models on data, and makes the page of it.
  init(
    _ sequences: [[Symbol]], symbols: [String], kind: SymbolKind = .words, models: [String], folds: Int? = nil,
    learningCurve: Bool = false, published: [PublishedFigure] = [], name: String = "toy"
  ) throws {
    let alphabet = try Alphabet(symbols: symbols, kind: kind)
    let dataset = Dataset(
      sequences: SequenceSet(sequences, alphabetSize: symbols.count), alphabet: alphabet, name: name, format: "lines")
    var design =
      try folds.map { Design(try Parts.folds($0, of: dataset, seed: 1)) } ?? Design(Parts(dataset.split(seed: 1)))
    design.measurements = .all
    if learningCurve { design.fractions = [0.5, 1] }
    let comparison = try Comparison(
      models.map { try ModelSpecification($0) }, design, alphabet, FittingContext(seed: 1))
    let provenance = Provenance(
      version: "0", command: ["compare", "it's", "a b", ""], seed: 1, machine: "none",
      files: [Provenance.File(path: name, bytes: 12, sha256: "abc")])
    try self.init(
      Report(
        comparison, design, dataset, published: published, protocolLine: "Protocol.", provenance: provenance
      ).html())
    self.design = design
    self.comparison = comparison
  }

  /// The same of vectors.
  init(
    _ sequences: VectorSequences, _ columns: Columns, models: [String], test: VectorSequences? = nil,
    folds: Int? = nil, published: [PublishedFigure] = [], name: String = "toy"
  ) throws {
    let dataset = VectorDataset(sequences: sequences, schema: columns, name: name, format: "jsonl")
    var design =
      try folds.map { Design(try Parts.folds($0, of: dataset, seed: 1)) }
      ?? test.map { Design(Parts(train: dataset, valid: nil, test: $0, seed: 1)) }
      ?? Design(Parts(dataset.split(seed: 1)))
    design.measurements = .all
    let comparison = try Comparison(
      as: VectorModel.self, models.map { try ModelSpecification($0) }, design, columns, FittingContext(seed: 1))
    let provenance = Provenance(version: "0", command: [], seed: 1, machine: "none", files: [])
    try self.init(
      Report(
        comparison, design, dataset, published: published, protocolLine: "Protocol.", provenance: provenance
      ).html())
    vectors = design
    self.comparison = comparison
  }

  private(set) var design: Design<SymbolRows>?
  private(set) var vectors: Design<VectorRows<Double>>?
  private(set) var comparison: Comparison?

  func nodes(_ path: String) throws -> [XMLElement] {
    try document.nodes(forXPath: path).compactMap { $0 as? XMLElement }
  }

  /// The table of figures beneath a chart, by its label: rows of cells, the heading first.
  func figures(of title: String) throws -> [[String]] {
    let rows = try nodes("//div[@aria-label='Figures of \(title)']//tr")
    return rows.map { row in (row.children ?? []).map { $0.stringValue ?? "" } }
  }

  /// The column of such a table, by its heading.
  func column(_ name: String, of title: String) throws -> [String] {
    let table = try figures(of: title)
    let head = try #require(table.first, "no figures of \(title)")
    let index = try #require(head.firstIndex(of: name), "\(head)")
    return table.dropFirst().map { $0[index] }
  }

  /// What must hold of every page.
  func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    func expect(_ holds: Bool, _ comment: Comment) { #expect(holds, comment, sourceLocation: sourceLocation) }
    expect(text.utf8.count < 2_000_000, "\(text.utf8.count) bytes")
    // Nothing is fetched.
    let links = try nodes("//*[@src or @href]").flatMap { node in
      ["src", "href"].compactMap { node.attribute(forName: $0)?.stringValue }
    }
    expect(!links.isEmpty && links.allSatisfy { $0.hasPrefix("#") }, "\(links)")
    let styles = try nodes("//style").compactMap(\.stringValue).joined()
    expect(!styles.contains("url(") && !styles.contains("@import"), "the style sheet fetches something")
    expect(try nodes("//script").count == 1 && nodes("//img | //iframe | //link").isEmpty, "an element too many")
    // Links lead somewhere, and no two elements share a name.
    let names = try nodes("//*[@id]").compactMap { $0.attribute(forName: "id")?.stringValue }
    expect(Set(names).count == names.count, "\(names)")
    for link in links { expect(names.contains(String(link.dropFirst())), "\(link) leads nowhere") }
    // Each drawing is made of numbers, and has words for those who do not see it.
    for drawing in try nodes("//*[local-name()='svg']") {
      for path in drawing.children ?? [] {
        let data = (path as? XMLElement)?.attribute(forName: "d")?.stringValue ?? ""
        expect(
          data.unicodeScalars.allSatisfy { "MLHVCahvlz-. 0123456789".unicodeScalars.contains($0) }, "\(data.prefix(80))"
        )
      }
      let isHidden = drawing.attribute(forName: "aria-hidden") != nil
      let isNamed =
        drawing.attribute(forName: "aria-labelledby") != nil || drawing.attribute(forName: "aria-label") != nil
      expect(
        isHidden || isNamed && drawing.attribute(forName: "role")?.stringValue == "img", "a drawing without a name")
    }
    for cell in try nodes("//td").compactMap(\.stringValue) { expect(!cell.lowercased().contains("nan"), "\(cell)") }
    // Headings: h1, then h2, below it h3.
    expect(try nodes("//h1").count == 1 && !nodes("//section/h2").isEmpty, "headings")
  }
}
