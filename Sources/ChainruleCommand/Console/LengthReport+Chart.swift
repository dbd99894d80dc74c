import Chainrule

/// The picture.
extension LengthReport {
  /// Lengths beyond which bars and dots stand for groups of lengths.
  private static let mostShown = 60

  /// P(n) as bars, and below it survival and hazard as lines; the data as dots of the same hues.
  var chart: Chart {
    // As far as anything happens: the model's 99.9 %, or the data's longest.
    let model = law.quantile(0.999 * (1 - law.endless)) ?? law.lastKnown ?? 0
    let shown = max(min(max(model, min(data?.longest ?? 0, 4 * model)), probabilities.count - 1), 0)
    let width = shown / Self.mostShown + 1
    let groups = stride(from: 0, through: shown, by: width).map { $0..<min($0 + width, shown + 1) }
    func middle(_ group: Range<Int>) -> Double { Double(group.lowerBound + group.upperBound - 1) / 2 }
    let lengths = Array(0...shown)
    var chart = Chart(
      title: "Lengths of \(name)", x: .init("length n"),
      panels: [
        .init(
          y: .init("P(τ = n)", startsAtZero: true),
          series: [
            .init(
              "", groups.map { .init(middle($0), probabilities[$0].reduce(0, +) / Double($0.count)) }, .bars, hue: 0)
          ]),
        .init(
          y: .init("probability", startsAtZero: true),
          series: [
            .init("P(τ > n)", lengths.map { .init(Double($0), survival[$0]) }, hue: 1),
            .init("P(τ = n | τ ≥ n)", lengths.map { .init(Double($0), hazard[$0] ?? .nan) }, hue: 2),
          ]),
      ], caption: "bars and lines: the model")
    if let data {
      let (counts, longest) = (data.counts, data.longest)
      var atLeast = [Int](repeating: 0, count: counts.count + 1)
      for length in counts.indices.reversed() { atLeast[length] = atLeast[length + 1] + counts[length] }
      func count(_ group: Range<Int>) -> Int { group.clamped(to: counts.indices).reduce(0) { $0 + counts[$1] } }
      func point(_ x: Double, _ successes: Int, of trials: Int, by divisor: Double = 1) -> Chart.Point {
        guard trials > 0 else { return .init(x, .nan) }
        let interval = wilsonInterval(successes, of: trials)
        return .init(
          x, Double(successes) / Double(trials) / divisor,
          interval.lowerBound / divisor...interval.upperBound / divisor)
      }
      let seen = groups.filter { $0.lowerBound <= longest }
      chart.panels[0].series.append(
        .init("", seen.map { point(middle($0), count($0), of: data.sequences, by: Double($0.count)) }, .points, hue: 0))
      chart.panels[1].series += [
        .init(
          "",
          seen.map { group in
            let last = min(group.upperBound - 1, longest)
            return point(Double(last), atLeast[min(last + 1, counts.count)], of: data.sequences)
          }, .points, hue: 1),
        // Of a group: how many end in it, of all decisions at its lengths.
        .init(
          "",
          seen.map { group in
            point(
              middle(group), count(group),
              of: group.clamped(to: counts.indices).reduce(0) { $0 + atLeast[$1] })
          }, .points, hue: 2),
      ]
      chart.caption =
        "bars and lines: the model; dots: the data, with 95 % intervals"
        + (width > 1 ? "; \(width) lengths a bar and a dot" : "")
    }
    return chart
  }
}
