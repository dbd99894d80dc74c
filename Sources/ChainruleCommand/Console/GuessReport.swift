import Chainrule
import Foundation

/// Guess numbers, for people and for programs.
struct GuessReport {
  let guessing: GuessNumbers
  /// Of each sequence.
  let numbers: [GuessNumber]
  private let curve: GuessingCurve
  /// The sequences that are less probable than every sample.
  private let beyond: Int

  private static let shares = [0.05, 0.25, 0.5, 0.75, 0.95]

  init(_ guessing: GuessNumbers, of scores: [SequenceScore]) {
    self.guessing = guessing
    numbers = scores.map { guessing.number(nats: $0.nats) }
    curve = GuessingCurve(numbers)
    beyond = scores.count { $0.nats < .infinity && $0.nats > guessing.leastProbable }
  }

  // MARK: Of each sequence

  static let columns = ["guesses", "standard_error", "log10_guesses"]

  func json(_ index: Int) -> JSONObject {
    let number = numbers[index]
    return [
      "guesses": number.guesses, "guessesStandardError": number.standardError, "log10Guesses": number.log10Guesses,
    ]
  }

  func row(_ index: Int, allDigits: Bool) -> [String] {
    let number = numbers[index]
    if allDigits {
      return ["\(number.guesses)", number.standardError.map { "\($0)" } ?? "", "\(number.log10Guesses)"]
    }
    return [
      Self.guesses(number.log10Guesses), number.standardError.map { Numbers.significant($0, 3) } ?? "",
      Numbers.decimal(number.log10Guesses, 3),
    ]
  }

  // MARK: Of all together

  /// Guesses are given by their logarithms, which a number in double precision always holds.
  var json: JSONObject {
    [
      "samples": guessing.samples, "complete": guessing.complete, "maximumLength": GuessNumbers.maximumLength,
      "quantiles": Self.shares.map { ["share": $0, "log10Guesses": curve.quantile($0)] as JSONObject },
      "within": curve.powers.map { k -> JSONObject in
        ["log10Guesses": k, "share": curve.share(within: Double(k))]
      },
    ]
  }

  var table: [[String]] {
    [["log10_guesses", "share"]] + curve.powers.map { ["\($0)", "\(curve.share(within: Double($0)))"] }
  }

  var text: String {
    let quantiles = Self.shares.map { share in
      "\(FiguresLine.percent(share)) \(curve.quantile(share).map(Self.guesses) ?? "–")"
    }
    var table = Table([("guesses", .right), ("sequences guessed", .right)])
    for k in curve.powers {
      table.add([Self.guesses(Double(k)), FiguresLine.percent(curve.share(within: Double(k)))])
    }
    return "Guesses, the most probable sequence first, until a share of the sequences is guessed, by "
      + "\(Numbers.count(guessing.samples)) samples of the model\n\(quantiles.joined(separator: "; "))\n\(table.text)"
  }

  /// What limits the figures.
  var remarks: [String] {
    var remarks: [String] = []
    let cut = guessing.samples - guessing.complete
    if cut > 0 {
      remarks.append(
        "\(Numbers.count(cut, "sample")) cut at \(Numbers.count(GuessNumbers.maximumLength)) elements: guess numbers leave "
          + "out longer sequences")
    }
    if beyond > 0 {
      remarks.append(
        "\(Numbers.count(beyond, "sequence")) less probable than every sample: their guess numbers are probably too "
          + "small; raise --samples")
    }
    return remarks
  }

  /// The share of sequences guessed against the number of guesses, both on logarithmic axes.
  func chart(of file: String) -> Chart {
    let all = curve.log10Guesses
    let guessed = all.prefix { $0 < .infinity }
    // What would lie on one spot is one point.
    let width = max(guessed.last ?? 0, 1) / 500
    let points = guessed.indices.filter { index in
      index + 1 == guessed.count
        || (guessed[index] / width).rounded(.down) < (guessed[index + 1] / width).rounded(.down)
    }.map { Chart.Point(guessed[$0], Double($0 + 1) / Double(all.count)) }
    return Chart(
      title: "Guesses for the sequences of \(file == "-" ? "standard input" : file)",
      x: .init("guesses", scale: .exponent), y: .init("share of sequences guessed", scale: .logarithmic),
      series: [.init("", points)],
      caption: "the most probable sequence is guessed first; by \(guessing.samples) samples")
  }

  /// A number by its logarithm to base 10.
  private static func guesses(_ log10: Double) -> String {
    if log10 == .infinity { return "never" }
    return log10 < 12 ? Numbers.count(Int(pow(10, log10).rounded())) : Numbers.power(log10)
  }
}
