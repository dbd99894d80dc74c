import Experiments
import GraphicalModel
import Models
import Sequences

/// The models as directed graphs.
enum GraphSection {
  private static let mostGraphs = 24
  /// Components of vectors that are circles of their own, at most.
  private static let mostComponents = 3

  static func section(_ context: ReportContext<some RowStorage>) -> Section? {
    var graphs: [(names: [String], drawing: GraphDrawing, words: String)] = []
    let width = context.report.design.folds[0].train.inputs?.width ?? 0
    for row in context.rows {
      let model = row.specification
      let template = model.componentTemplate(
        context.elements, inputWidth: model.readsInputs ? width : 0, most: mostComponents)
      // What cannot be drawn is left out: the page has much else to show.
      guard let drawing = try? template.unrolled(steps: 4).svgDrawing() else { continue }
      if let place = graphs.firstIndex(where: { $0.words == template.text && $0.drawing == drawing }) {
        graphs[place].names.append(model.shortWord)
      } else if graphs.count < mostGraphs {
        graphs.append(([model.shortWord], drawing, template.text))
      }
    }
    if graphs.isEmpty { return nil }
    let figures = graphs.map { graph in
      let names = graph.names.prefix(3).joined(separator: ", ") + (graph.names.count > 3 ? ", …" : "")
      var canvas = Canvas(width: graph.drawing.width, height: graph.drawing.height)
      canvas.add(graph.drawing.elements, x: 0, y: 0)
      return Figure(names, "The directed graph of the first four steps.", canvas, words: graph.words)
    }
    return Section(
      id: "graphs", title: "Graphs",
      lead: [
        "The first four steps of each model: \(elements(context)), h(t) and c(t) functions (double rings), e(t) decisions to stop, τ "
          + "is the length, and shaded is what is given. Models with the same graph share a picture."
      ], groups: [FigureGroup(figures: figures)])
  }

  private static func elements(_ context: ReportContext<some RowStorage>) -> String {
    guard let width = context.columns?.width, width > 1 else { return "y(t) are the elements" }
    return width > mostComponents
      ? "y(t) are vectors of \(Numbers.count(width)) components" : "y1(t), y2(t), … are the components of the elements"
  }
}
