import Foundation

/// A table of probabilities as a picture, drawn by gnuplot: the darker a cell, the larger its number.
package struct HeatMap: Sendable {
  package var title: String
  /// What rows and columns are.
  package var rowTitle: String
  package var columnTitle: String
  package var rows: [String]
  package var columns: [String]
  /// A row of numbers for each row.
  package var values: [[Double]]

  package init(
    title: String, rowTitle: String, columnTitle: String, rows: [String], columns: [String], values: [[Double]]
  ) {
    self.title = title
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The picture's bytes.
  /// - Throws: `PictureError`.
  package func picture(_ format: PictureFormat, isInterrupted: () -> Bool = { false }) throws -> Data {
    try ExternalProgram.gnuplot.run([], input: script(format), isInterrupted: isInterrupted)
  }

  /// What gnuplot is told.
  package func script(_ format: PictureFormat) -> String {
    // Cells of about 18 points, with room for labels and the scale.
    let labelWidth = 9 * (rows.map(\.count).max() ?? 0)
    let columnHeight = 9 * max((columns.map(\.count).max() ?? 0) - 3, 0)
    let (width, height) = (
      max(18 * columns.count, 160) + labelWidth + 190, max(18 * rows.count, 120) + 110 + columnHeight
    )
    func tics(_ labels: [String]) -> String {
      labels.enumerated().map { "\(Chart.quoted($1)) \($0)" }.joined(separator: ", ")
    }
    let terminal =
      switch format {
      case .svg: "set terminal svg size \(width),\(height) dynamic font 'sans-serif,13' background 'white'"
      case .png:
        "set terminal pngcairo size \(2 * width),\(2 * height) font 'sans,26' background 'white' linewidth 2"
      }
    return """
      \(terminal)
      set encoding utf8
      set title \(Chart.quoted(title)) noenhanced
      set xlabel \(Chart.quoted(columnTitle)) noenhanced
      set ylabel \(Chart.quoted(rowTitle)) noenhanced
      set xtics noenhanced scale 0 tc rgb '#000000'\(columns.contains { $0.count > 3 } ? " rotate by 90 right" : "") (\(tics(columns)))
      set ytics noenhanced scale 0 tc rgb '#000000' (\(tics(rows)))
      set xrange [-0.5:\(Double(columns.count) - 0.5)]
      set yrange [\(Double(rows.count) - 0.5):-0.5]
      set cbrange [0:*]
      set cbtics tc rgb '#000000'
      set cblabel 'probability'
      set palette defined (0 '#ffffff', 0.25 '#c6dbef', 0.5 '#6baed6', 0.75 '#2171b5', 1 '#08306b')
      set border lc rgb '#888888'
      unset key
      $values << END
      \(values.map { $0.map { String($0) }.joined(separator: " ") }.joined(separator: "\n"))
      END
      plot $values matrix with image pixels

      """
  }
}
