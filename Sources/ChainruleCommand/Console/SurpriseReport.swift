import Chainrule
import Foundation

/// The surprise of elements given those before them, and given all others.
struct SurpriseReport {
  private let surprises: [TwoSidedSurprise]
  private let set: SequenceSet
  private let alphabet: Alphabet

  init(_ surprises: [TwoSidedSurprise], _ set: SequenceSet, _ alphabet: Alphabet) {
    (self.surprises, self.set, self.alphabet) = (surprises, set, alphabet)
  }

  /// The mean over all elements, in nats; `nil` where there is none.
  private func mean(_ nats: KeyPath<TwoSidedSurprise, [Double]>) -> Double? {
    set.symbolCount > 0
      ? surprises.reduce(0) { $0 + $1[keyPath: nats].reduce(0, +) } / Double(set.symbolCount) : nil
  }

  var text: String {
    guard let left = mean(\.oneSided), let both = mean(\.twoSided) else { return "no elements" }
    return
      "\(Numbers.decimal(both, 5)) nats an element given all others and the length, \(Numbers.decimal(left, 5)) given those "
      + "before it, over \(Numbers.count(set.symbolCount, "element"))"
  }

  var json: JSONObject {
    ["elements": set.symbolCount, "oneSided": mean(\.oneSided), "twoSided": mean(\.twoSided)]
  }

  static let columns = ["sequence", "step", "symbol", "one_sided", "two_sided", "best", "best_probability"]

  /// A row for each element.
  func rows(_ digits: (Double) -> String) -> [[String]] {
    surprises.enumerated().flatMap { number, surprise in
      set[number].enumerated().map { time, symbol in
        [
          "\(number + 1)", "\(time + 1)", VisibleText.symbol(alphabet.symbols[symbol]), digits(surprise.oneSided[time]),
          digits(surprise.twoSided[time]), VisibleText.symbol(alphabet.symbols[surprise.best[time]]),
          digits(surprise.bestProbability[time]),
        ]
      }
    }
  }

  /// One sequence as JSON.
  func json(_ number: Int) -> JSONObject {
    let surprise = surprises[number]
    return [
      "sequence": number + 1, "oneSided": surprise.oneSided, "twoSided": surprise.twoSided,
      "best": surprise.best.map { alphabet.symbols[$0] }, "bestProbability": surprise.bestProbability,
    ]
  }

  /// Sequences that are drawn, and elements of each, at most.
  private static let mostPanels = 6
  private static let mostBars = 120

  /// A panel for each of the first sequences: the surprise of its elements as bars, given all others, and as points given
  /// those before them.
  func chart(of file: String) -> Chart {
    let panels = surprises.prefix(Self.mostPanels).enumerated().map { number, surprise in
      func points(_ nats: [Double]) -> [Chart.Point] {
        nats.prefix(Self.mostBars).enumerated().map { .init(Double($0.offset + 1), $0.element) }
      }
      let name = alphabet.visibleText(of: Array(set[number].prefix(Self.mostBars)))
      return Chart.Panel(
        y: .init(name.count > 24 ? String(name.prefix(23)) + "…" : name, startsAtZero: true),
        series: [
          .init(number == 0 ? "given all others" : "", points(surprise.twoSided), .bars, hue: 0),
          .init(number == 0 ? "given those before" : "", points(surprise.oneSided), .points, hue: 1),
        ])
    }
    let left = surprises.count - panels.count
    return Chart(
      title: "Surprise in nats: \(URL(filePath: file).lastPathComponent)", x: .init("t"), panels: panels,
      caption: left > 0 ? "and \(left) more sequences" : "")
  }
}
