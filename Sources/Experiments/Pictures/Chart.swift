import Foundation

/// What a picture file holds, told by its suffix.
package enum PictureFormat: String, Sendable, CaseIterable {
  case svg, png

  /// - Throws: `PictureError.unknownFormat`.
  package init(path: String) throws {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let format = parts.last.flatMap({ Self(rawValue: $0.lowercased()) }) else {
      throw PictureError.unknownFormat(path)
    }
    self = format
  }
}

/// A chart of lines, dots and bars, drawn by gnuplot:
///
///     let series = [Chart.Series("P(τ)", [.init(0, 0.2), .init(1, 0.8)]), .init("", [.init(0, 0.1), .init(1, 0.9)], .points, hue: 0)]
///     let chart = Chart(title: "Lengths", x: .init("τ"), y: .init("P(τ)", scale: .logarithmic), series: series)
///     try chart.picture(PictureFormat(path: "lengths.svg"))
///
/// One quantity has one hue, whichever way it is drawn, and its name stands at the end of its line. Points that cannot be
/// drawn – not finite, or not above zero on a logarithmic axis – are left out, and a line is broken there.
package struct Chart: Sendable {
  package struct Axis: Sendable {
    package enum Scale: Sendable {
      case linear, logarithmic
      /// The numbers are logarithms to base 10 already, of what may be beyond any `Double`.
      case exponent
    }

    package var label: String
    package var scale: Scale
    /// Whether the axis begins at 0, if it is linear.
    package var startsAtZero: Bool

    package init(_ label: String, scale: Scale = .linear, startsAtZero: Bool = false) {
      self.label = label
      self.scale = scale
      self.startsAtZero = startsAtZero
    }
  }

  package struct Point: Sendable {
    package var x: Double
    package var y: Double
    /// An interval for y, drawn as an error bar.
    package var interval: ClosedRange<Double>?

    package init(_ x: Double, _ y: Double, _ interval: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.interval = interval
    }
  }

  package struct Series: Sendable {
    package enum Style: Sendable { case line, points, bars }

    /// What stands at its end; nothing where it is empty.
    package var name: String
    package var points: [Point]
    package var style: Style
    /// The number of the colour; that of the series in its panel if `nil`.
    package var hue: Int?

    package init(_ name: String, _ points: [Point], _ style: Style = .line, hue: Int? = nil) {
      self.name = name
      self.points = points
      self.style = style
      self.hue = hue
    }
  }

  /// Axes with series; panels stand below each other and share the horizontal axis.
  package struct Panel: Sendable {
    package var y: Axis
    package var series: [Series]

    package init(y: Axis, series: [Series] = []) {
      self.y = y
      self.series = series
    }
  }

  package var title: String
  /// How to read it, in small letters below; may be empty.
  package var caption: String
  package var x: Axis
  package var panels: [Panel]

  package init(title: String, x: Axis, y: Axis, series: [Series] = [], caption: String = "") {
    self.init(title: title, x: x, panels: [Panel(y: y, series: series)], caption: caption)
  }

  package init(title: String, x: Axis, panels: [Panel], caption: String = "") {
    self.title = title
    self.x = x
    self.panels = panels
    self.caption = caption
  }

  /// The picture's bytes.
  /// - Throws: `PictureError`.
  package func picture(_ format: PictureFormat, isInterrupted: () -> Bool = { false }) throws -> Data {
    try ExternalProgram.gnuplot.run([], input: script(format), isInterrupted: isInterrupted)
  }

  /// Colours that also the colour-blind tell apart (Okabe and Ito 2008).
  static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
}
