import Foundation
import GraphicalModel
import Models
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Drawings in SVG, against the graph that they show.
@Suite struct SVGTests {
  @Test(arguments: TemplateTests.words)
  func drawing(_ word: String) throws {
    let template = try ModelSpecification(word).template(alphabetSize: 3)
    let graph = try template.unrolled(steps: 4)
    let drawing = try graph.svgDrawing()
    let document = try XMLDocument(xmlString: "<svg>\(drawing.elements)</svg>")
    func count(_ name: String) throws -> Int { try document.nodes(forXPath: "//\(name)").count }
    // A ring for each variable that is no constant, another for functions; an arrow and a curve for each edge.
    let kinds = (0..<graph.count).map { graph.kind($0) }
    #expect(
      try count("circle") == kinds.count { $0 != .constant } + kinds.count { $0 == .deterministic })
    #expect(try count("polygon") == graph.edgeCount && count("path") == graph.edgeCount)
    #expect(try count("text") == graph.count)
    // All of it lies within the box.
    for node in try document.nodes(forXPath: "//circle | //text") {
      let element = try #require(node as? XMLElement)
      func number(_ names: String...) -> Double {
        names.compactMap { element.attribute(forName: $0)?.stringValue }.first.flatMap(Double.init) ?? .nan
      }
      let radius = element.name == "circle" ? number("r") : 0
      let (x, y) = (number("cx", "x"), number("cy", "y"))
      #expect(x - radius >= 0 && x + radius <= drawing.width && y - radius >= 0 && y + radius <= drawing.height)
    }
    #expect(try XMLDocument(xmlString: "<svg>\(template.drawing().elements)</svg>").rootElement() != nil)
  }
}
