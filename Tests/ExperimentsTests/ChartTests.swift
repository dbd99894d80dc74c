import Experiments
import Foundation
import Testing

@Suite struct ChartTests {
  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }

  private var chart: Chart {
    let series: [Chart.Series] = [
      .init("markov:k=2,smoothing=add:1/eos", (0..<9).map { .init(Double($0), pow(10, Double($0))) }),
      .init("one point", [.init(3, 10), .init(4, 0), .init(5, .nan), .init(6, -.infinity)]),
      .init("dots", [.init(1, 2), .init(2, 2, 1...3)], .points),
    ]
    return Chart(title: "It's a \\n title_1", x: .init("T"), y: .init("numbers", scale: .logarithmic), series: series)
  }

  @Test func onlyWhatHasAPlaceIsDrawn() {
    let script = chart.script(.svg)
    #expect(script.contains("'It''s a \\n title_1' at screen 0.5,"))
    #expect(script.contains("$panel0series1 << END\n3.0 10.0 10.0 10.0\n\n\n\nEND"))
    #expect(script.contains("2.0 2.0 1.0 3.0"))
    #expect(!script.lowercased().contains("nan ") && !script.contains("inf"))
  }

  @Test func aSuffixSaysTheFormat() throws {
    #expect(try PictureFormat(path: "a.b/c.SVG") == .svg)
    #expect(try PictureFormat(path: "c.png") == .png)
    for path in ["", "c", "svg", "svg.", "c.pdf", "-"] {
      #expect(throws: PictureError.unknownFormat(path)) { try PictureFormat(path: path) }
    }
  }

  @Test(.enabled(if: hasGnuplot)) func gnuplotDrawsIt() throws {
    let svg = String(decoding: try chart.picture(.svg), as: UTF8.self)
    #expect(svg.contains("</svg>") && svg.contains("markov:k=2,smoothing=add:1/eos"))
    #expect(try chart.picture(.png).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    // Nothing to draw is no reason to fail.
    let empty = Chart(
      title: "", x: .init("", scale: .logarithmic), y: .init("", scale: .exponent), series: [.init("a", [])])
    #expect(try !empty.picture(.svg).isEmpty)
  }

  @Test func aProgramThatIsMissingNamesItsPackage() {
    let missing = ExternalProgram(name: "no-such-program-here", package: "some-package")
    let error = #expect(throws: PictureError.self) { try missing.run([], input: "") }
    #expect(error == .missing(program: "no-such-program-here", package: "some-package"))
  }
}
