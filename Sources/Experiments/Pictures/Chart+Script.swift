import Foundation

extension Chart {
  /// Points between the baselines of two labels, at least.
  private static let lineHeight = 18.0
  private static let panelHeight = 250.0
  private static let width = 760.0

  /// What gnuplot is told.
  package func script(_ format: PictureFormat) -> String {
    let plotHeight = panels.count == 1 ? 380.0 : Self.panelHeight
    let (top, between) = (title.isEmpty ? 18.0 : 44.0, 26.0)
    let bottom = caption.isEmpty ? 62.0 : 92.0
    let height = top + Double(panels.count) * plotHeight + Double(panels.count - 1) * between + bottom
    // Room for the longest label on the right.
    let names =
      panels.flatMap { panel in
        panel.series.filter { !drawn($0, panel.y).isEmpty }.map(\.name.count)
      }.max() ?? 0
    let right = min(24 + 7.6 * Double(names), Self.width / 3)
    let scale = format == .png ? 1.5 : 1
    let terminal =
      switch format {
      case .svg:
        "set terminal svg size \(Int(Self.width)),\(Int(height)) dynamic font 'sans-serif,14' background 'white'"
      case .png:
        "set terminal pngcairo size \(Int(scale * Self.width)),\(Int(scale * height)) font 'sans,16' "
          + "background 'white' linewidth 1.5"
      }
    // Names of models hold '_' and '^', which are no mark-up there.
    var lines = [
      terminal, "set encoding utf8", "set border 3 lc rgb '#444444'", "set tics nomirror out scale 0.6",
      "set grid lc rgb '#e4e4e4' lt 1", "unset key", "set multiplot",
      "set lmargin at screen \(90 / Self.width)", "set rmargin at screen \(1 - right / Self.width)",
    ]
    if !title.isEmpty {
      lines.append("set label 1 \(Self.quoted(title)) at screen 0.5,\(1 - 22 / height) center noenhanced font ',16'")
    }
    if !caption.isEmpty {
      lines.append("set label 2 \(Self.quoted(caption)) at screen 0.5,\(20 / height) center noenhanced font ',12'")
    }
    let xs = AxisRange(x, panels.flatMap { panel in panel.series.flatMap { drawn($0, panel.y).map(\.x) } })
    let pad = panels.flatMap(\.series).map { $0.style == .bars ? Self.spacing($0) / 2 : 0 }.max() ?? 0
    for (number, panel) in panels.enumerated() {
      let high = height - top - Double(number) * (plotHeight + between)
      lines += ["set tmargin at screen \(high / height)", "set bmargin at screen \((high - plotHeight) / height)"]
      lines += axisLines("x", x, xs, pad: pad, isLabelled: number == panels.count - 1)
      let shown = panel.series.flatMap { values($0, panel.y) }
      let ys = AxisRange(panel.y, shown)
      lines += axisLines("y", panel.y, ys, pad: 0, isLabelled: true)
      lines += plotLines(panel, number, ys, plotHeight, dotSize: format == .png ? 1 : 0.5)
      // Of the first panel alone.
      lines += ["unset label"]
    }
    lines.append("unset multiplot")
    return lines.joined(separator: "\n") + "\n"
  }

  private func axisLines(_ name: String, _ axis: Axis, _ range: AxisRange, pad: Double, isLabelled: Bool) -> [String] {
    var lines = ["unset logscale \(name)", "unset m\(name)tics"]
    lines.append(
      "set \(name)label \(Self.quoted(isLabelled ? axis.label : "")) noenhanced" + (name == "x" ? " offset 0,0.4" : ""))
    switch axis.scale {
    case .linear:
      lines += [
        "set \(name)range [\(range.low - pad):\(range.high + pad)]",
        "set \(name)tics \(range.tic) format '\(name == "x" && !isLabelled ? "" : "%g")'",
      ]
    case .logarithmic:
      lines += [
        "set logscale \(name) 10", "set \(name)range [1e\(Int(range.low)):1e\(Int(range.high))]",
        "set \(name)tics 1e\(Int(range.tic)) format '10^{%L}'",
      ]
    case .exponent:
      lines += ["set \(name)range [\(range.low):\(range.high)]", "set \(name)tics \(range.tic) format '10^{%g}'"]
    }
    return lines
  }

  /// The data and the plots of a panel, and names at the ends of its lines.
  private func plotLines(
    _ panel: Panel, _ number: Int, _ ys: AxisRange, _ height: Double, dotSize: Double
  ) -> [String] {
    var lines: [String] = []
    var plots: [String] = []
    var labels: [(fraction: Double, name: String, colour: String)] = []
    for (index, series) in panel.series.enumerated() {
      let shown = drawn(series, panel.y)
      guard let last = shown.max(by: { $0.x < $1.x }) else { continue }
      let block = "$panel\(number)series\(index)"
      lines.append("\(block) << END")
      // A blank line breaks the line that is drawn.
      lines += series.points.map { point in
        guard hasPlace(point, panel.y) else { return "" }
        let interval = point.interval ?? point.y...point.y
        return "\(point.x) \(point.y) \(interval.lowerBound) \(interval.upperBound)"
      }
      lines.append("END")
      let hue = series.hue ?? index
      let colour = Self.colours[hue % Self.colours.count]
      let dash = hue / Self.colours.count % 2 == 0 ? "dt 1" : "dt 2"
      switch series.style {
      case .bars:
        plots.append(
          "\(block) using 1:2:(\(0.86 * Self.spacing(series))) with boxes fs solid 0.3 noborder lc rgb '\(colour)' notitle"
        )
      // A single point is no line.
      case .line where shown.count > 1:
        plots.append("\(block) using 1:2 with lines lw 2 \(dash) lc rgb '\(colour)' notitle")
      case .line, .points:
        if shown.contains(where: { $0.interval != nil }) {
          plots.append("\(block) using 1:3:(0):($4-$3) with vectors nohead lw 1.5 lc rgb '\(colour)' notitle")
        }
        plots.append("\(block) using 1:2 with points pt 7 ps \(dotSize) lc rgb '\(colour)' notitle")
      }
      if !series.name.isEmpty { labels.append((ys.fraction(last.y, panel.y.scale), series.name, colour)) }
    }
    for label in Self.apart(labels, by: Self.lineHeight / height) {
      lines.append(
        "set label \(Self.quoted(label.name)) at graph 1.015,\(label.fraction) left noenhanced tc rgb '\(label.colour)'"
      )
    }
    let nothing = "NaN notitle"
    return lines + ["plot " + (plots.isEmpty ? nothing : plots.joined(separator: ", \\\n  "))]
  }

  /// Labels in their order from below, moved up and down until none covers another.
  private static func apart(
    _ labels: [(fraction: Double, name: String, colour: String)], by gap: Double
  ) -> [(fraction: Double, name: String, colour: String)] {
    var labels = labels.enumerated().sorted { ($0.element.fraction, $1.offset) < ($1.element.fraction, $0.offset) }
      .map(\.element)
    for index in labels.indices.dropFirst() {
      labels[index].fraction = max(labels[index].fraction, labels[index - 1].fraction + gap)
    }
    // Down again, where they went above the panel.
    for index in labels.indices.reversed() {
      let highest = index + 1 < labels.count ? labels[index + 1].fraction - gap : 1
      labels[index].fraction = min(labels[index].fraction, highest)
    }
    return labels
  }

  /// The least distance of two bars.
  private static func spacing(_ series: Series) -> Double {
    let xs = series.points.map(\.x).sorted()
    return zip(xs, xs.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? 1
  }

  private func drawn(_ series: Series, _ y: Axis) -> [Point] { series.points.filter { hasPlace($0, y) } }

  /// What the vertical axis has to hold.
  private func values(_ series: Series, _ y: Axis) -> [Double] {
    var values: [Double] = series.style == .bars ? [0] : []
    for point in drawn(series, y) {
      values.append(point.y)
      if let interval = point.interval { values += [interval.lowerBound, interval.upperBound] }
    }
    return values
  }

  private func hasPlace(_ point: Point, _ y: Axis) -> Bool {
    point.x.isFinite && point.y.isFinite && (x.scale != .logarithmic || point.x > 0)
      && (y.scale != .logarithmic || point.y > 0)
  }

  static func quoted(_ text: String) -> String {
    let line = text.map { $0.isNewline ? " " : $0 == "'" ? "''" : String($0) }.joined()
    return "'\(line)'"
  }
}

/// From where to where an axis goes, and the distance of its tics; on a logarithmic axis in powers of ten.
private struct AxisRange {
  var low = 0.0
  var high = 1.0
  var tic = 0.2

  init(_ axis: Chart.Axis, _ values: [Double]) {
    let isPower = axis.scale != .linear
    let numbers = axis.scale == .logarithmic ? values.map { log10($0) } : values
    guard let least = numbers.min(), let most = numbers.max() else { return }
    if isPower {
      (low, high) = (least.rounded(.down), max(most.rounded(.up), least.rounded(.down) + 1))
    } else {
      (low, high) = (axis.startsAtZero ? min(least, 0) : least, most)
      if high <= low { high = low + 1 }
      let isWhole = numbers.allSatisfy { $0 == $0.rounded() }
      tic = Self.nice((high - low) / 8)
      if isWhole { tic = max(tic.rounded(.up), 1) } else if axis.startsAtZero { high += 0.04 * (high - low) }
      return
    }
    tic = max(Self.nice((high - low) / 7).rounded(.up), 1)
  }

  /// The next of 1, 2, 5, 10, 20, …, or a tenth, a hundredth, … of them.
  private static func nice(_ step: Double) -> Double {
    guard step > 0, step.isFinite else { return 1 }
    let power = pow(10, log10(step).rounded(.down))
    return power * ([1, 2, 5].first { step <= $0 * power * (1 + 1e-9) } ?? 10)
  }

  /// How far up a value is, from 0 to 1.
  func fraction(_ value: Double, _ scale: Chart.Axis.Scale) -> Double {
    ((scale == .logarithmic ? log10(value) : value) - low) / (high - low)
  }
}
