import ModelCore

/// What a recurrent network consists of, beside its cell and before any data.
package struct RecurrentArchitecture: Sendable, Hashable {
  /// h, in each layer.
  package var units: Int
  package var layers = 1
  /// How t enters; `.none` for the same conditional at each t.
  package var time = NumberEncoding.none
  /// Whether past elements are inputs of later steps: log P(y(t) | x(1..t), y(1..t−1)); without, given x the elements
  /// are independent: log P(y(t) | x(1..t)) (Goodfellow, Bengio and Courville 2016, equations 10.30 and 10.29).
  package var hasFeedback = true

  /// The options, for the help page.
  static let help = "layers=1, time=none, scaled, bucket:n or sinusoid:n\nfeedback=output or none (needs inputs x)"

  package init(units: Int) { self.units = units }

  init(_ options: inout ModelOptions, owner: String) throws {
    guard let units = try options.integer("hidden", in: 1...16384) else {
      throw SpecificationError.malformed("\(owner) needs its number of units, as in \(owner):64")
    }
    self.units = units
    layers = try options.integer("layers", in: 1...64) ?? layers
    if let text = options.text("time") {
      time = try NumberEncoding(
        text, option: "time", owner: owner, known: ["none", "scaled", "bucket:8", "sinusoid:8"])
    }
    let feedback: Feedback? = try options.choice("feedback")
    hasFeedback = feedback != Feedback.none
  }

  private enum Feedback: String, CaseIterable { case output, none }

  var word: [(key: String, value: String, isDefault: Bool)] {
    [
      ("hidden", String(units), false),
      ("layers", String(layers), layers == 1),
      ("time", time.word, time == .none),
      ("feedback", (hasFeedback ? Feedback.output : Feedback.none).rawValue, hasFeedback),
    ]
  }
}
