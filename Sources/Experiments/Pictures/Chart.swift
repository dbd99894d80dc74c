import Foundation

/// What a picture file holds, told by its suffix.
public enum PictureFormat: String, Sendable, CaseIterable {
  case svg
  case png

  /// - Throws: `PictureError.unknownFormat`.
  public init(path: String) throws {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let format = parts.last.flatMap({ Self(rawValue: $0.lowercased()) }) else {
      throw PictureError.unknownFormat(path)
    }
    self = format
  }
}

/// A chart of lines or points, drawn by gnuplot:
///
///     var chart = Chart(title: "Lengths", x: .init("τ"), y: .init("P(τ)", scale: .logarithmic))
///     chart.series = [.init("data", [(0, 0.1), (1, 0.9)], .points), .init("markov:3/eos", [(0, 0.2), (1, 0.8)])]
///     try chart.picture(PictureFormat(path: "lengths.svg"))
///
/// Points that have no place – not finite, or not above zero on a logarithmic axis – are left out, and a line is broken
/// there.
public struct Chart: Sendable {
  public struct Axis: Sendable {
    public enum Scale: Sendable {
      case linear
      case logarithmic
      /// The numbers are logarithms to base 10 already, of what may be beyond any `Double`.
      case exponent
    }

    public var label: String
    public var scale: Scale
    /// Whether the axis begins at 0, if it is linear.
    public var startsAtZero: Bool

    public init(_ label: String, scale: Scale = .linear, startsAtZero: Bool = false) {
      self.label = label
      self.scale = scale
      self.startsAtZero = startsAtZero
    }
  }

  public struct Series: Sendable {
    public enum Style: Sendable { case line, points }

    public var name: String
    public var points: [(x: Double, y: Double)]
    public var style: Style

    public init(_ name: String, _ points: [(x: Double, y: Double)], _ style: Style = .line) {
      self.name = name
      self.points = points
      self.style = style
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]

  public init(title: String, x: Axis, y: Axis, series: [Series] = []) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }

  /// The picture's bytes.
  /// - Throws: `PictureError`.
  public func picture(_ format: PictureFormat, isInterrupted: () -> Bool = { false }) throws -> Data {
    try ExternalProgram.gnuplot.run([], input: script(format), isInterrupted: isInterrupted)
  }

  /// What gnuplot is told.
  package func script(_ format: PictureFormat) -> String {
    let terminal =
      switch format {
      case .svg: "set terminal svg size 760,520 dynamic font 'sans-serif,14' background 'white'"
      case .png: "set terminal pngcairo size 1140,780 font 'sans,16' background 'white' linewidth 1.5"
      }
    // Names of models hold '_' and '^', which are no mark-up there.
    var lines = [
      terminal, "set encoding utf8", "set title \(quoted(title)) noenhanced", "set border 3 lc rgb '#444444'",
      "set tics nomirror out scale 0.6", "set grid lc rgb '#e4e4e4' lt 1",
      "set key outside bottom center horizontal Left reverse noenhanced maxcols 2 samplen 2",
      // Room below the axis for its label and the key.
      "set bmargin \(5 + (series.count + 1) / 2)",
    ]
    for (name, axis) in [("x", x), ("y", y)] {
      lines.append("set \(name)label \(quoted(axis.label)) noenhanced\(name == "x" ? " offset 0,0.4" : "")")
      switch axis.scale {
      case .linear:
        lines.append("set format \(name) '%g'")
        if axis.startsAtZero { lines.append("set \(name)range [0:*]") }
      case .logarithmic: lines += ["set logscale \(name) 10", "set format \(name) '10^{%L}'"]
      case .exponent: lines.append("set format \(name) '10^{%g}'")
      }
    }
    let drawn = series.map { series in series.points.filter(hasPlace).count }
    for (index, series) in series.enumerated() {
      lines.append("$series\(index) << END")
      // A blank line breaks the line that is drawn.
      lines += series.points.map { hasPlace($0) ? "\($0.x) \($0.y)" : "" }
      lines.append("END")
    }
    let plots = series.indices.filter { drawn[$0] > 0 }.map { index in
      let colour = "lc rgb '\(Self.colours[index % Self.colours.count])'"
      // A single point is no line.
      let isLine = series[index].style == .line && drawn[index] > 1
      let dash = index / Self.colours.count % 2 == 0 ? "dt 1" : "dt 2"
      let style = isLine ? "lines lw 2 \(dash) \(colour)" : "points pt 7 ps 0.6 \(colour)"
      return "$series\(index) using 1:2 with \(style) title \(quoted(series[index].name))"
    }
    if plots.isEmpty {
      lines += ["set xrange [0:1]", "set yrange [0:1]", "unset logscale", "plot NaN notitle"]
    } else {
      lines.append("plot " + plots.joined(separator: ", \\\n  "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func hasPlace(_ point: (x: Double, y: Double)) -> Bool {
    point.x.isFinite && point.y.isFinite && (x.scale != .logarithmic || point.x > 0)
      && (y.scale != .logarithmic || point.y > 0)
  }

  /// Colours that also the colour-blind tell apart (Okabe and Ito 2008).
  private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]

  private func quoted(_ text: String) -> String {
    let line = text.map { $0.isNewline ? " " : $0 == "'" ? "''" : String($0) }.joined()
    return "'\(line)'"
  }
}
