import Chainrule
import Foundation

/// Probability integral transforms for people, for programs and as a picture.
struct TransformReport {
  let transform: ProbabilityTransform

  var json: JSONObject {
    [
      "steps": transform.steps,
      "components": transform.components.map { component -> JSONObject in
        [
          "name": component.name, "mean": component.mean, "distance": component.test?.distance,
          "pValue": component.test?.pValue, "histogram": component.histogram,
        ]
      },
    ]
  }

  /// A row for each component.
  var table: [[String]] {
    [
      ["component", "steps", "mean", "distance", "p_value"]
        + (0..<ProbabilityTransform.cells).map { "cell_\($0 + 1)" }
    ]
      + transform.components.map { component in
        [component.name, "\(transform.steps)", "\(component.mean)"]
          + [component.test?.distance, component.test?.pValue].map { $0.map { "\($0)" } ?? "" }
          + component.histogram.map(String.init)
      }
  }

  var text: String {
    var table = Table([("component", .left), ("mean", .right), ("distance", .right), ("p", .right)])
    for component in transform.components {
      table.add([
        component.name, Numbers.decimal(component.mean, 4),
        component.test.map { Numbers.decimal($0.distance, 4) } ?? "–", Numbers.pValue(component.test?.pValue),
      ])
    }
    return
      "Probability integral transform of \(Numbers.count(transform.steps, "step")): uniform, of mean ½, if the model is "
      + "true (Kolmogorov–Smirnov)\n" + table.text
  }

  /// Components that are drawn, at most.
  private static let mostDrawn = 6

  /// A histogram for each of the first components; densities, which are 1 if the model is true.
  func chart(of file: String) -> Chart {
    let cells = Double(ProbabilityTransform.cells)
    let panels = transform.components.prefix(Self.mostDrawn).map { component in
      let bars = component.histogram.enumerated().map { cell, count in
        Chart.Point((Double(cell) + 0.5) / cells, Double(count) * cells / Double(max(transform.steps, 1)))
      }
      return Chart.Panel(
        y: .init(component.name, startsAtZero: true),
        series: [
          Chart.Series("", bars, .bars), Chart.Series("uniform", [.init(0, 1), .init(1, 1)], .line, hue: 1),
        ])
    }
    let left = transform.components.count - panels.count
    return Chart(
      title: "Probability integral transform: \(URL(filePath: file).lastPathComponent)",
      x: .init("P(Y ≤ y | past, lower components)"), panels: panels,
      caption: left > 0 ? "and \(left) more components" : "")
  }
}
