/// What follows a name in a model's word: components in brackets, `(markov:5;gru:64)`, and options, `k=3,smoothing=add:1`, or
/// with a first value that needs no key, `3,smoothing=add:1`. Whoever reads them takes each; what is left over is an error that
/// names it.
public struct ModelOptions: Sendable {
  /// The family's or strategy's name, for messages.
  public let owner: String
  private var components: [Substring]
  private var values: [(key: String, value: String)] = []
  private var known: [String] = []

  /// Those of one part of a model's word, `name[(component;component…)][:options]`, for what is parsed without a registry.
  /// - Parameter leadingKey: the option whose key may be left out when it comes first.
  /// - Throws: `SpecificationError.malformed`.
  public init(_ word: String, leadingKey: String? = nil) throws {
    try self.init(ModelWordPart(Substring(word)), leadingKey: leadingKey)
  }

  /// - Throws: `SpecificationError.malformed` for an empty option or one given twice.
  init(_ part: ModelWordPart, leadingKey: String?) throws {
    owner = part.name
    components = part.components
    guard let text = part.options else { return }
    for (position, part) in text.split(outsideBracketsAt: ",").enumerated() {
      let key: String
      let value: String
      let sides = part.split(outsideBracketsAt: "=", maxSplits: 1)
      if sides.count > 1 {
        (key, value) = (String(sides[0]), String(sides[1]))
      } else if position == 0, let leadingKey {
        key = leadingKey
        value = String(part)
      } else {
        throw SpecificationError.malformed("\(owner): '\(part)' is not of the form option=value")
      }
      guard !key.isEmpty, !value.isEmpty else {
        throw SpecificationError.malformed("\(owner): '\(part)' is not of the form option=value")
      }
      guard !values.contains(where: { $0.key == key }) else {
        throw SpecificationError.malformed("\(owner): option '\(key)' is given twice")
      }
      values.append((key, value))
    }
  }

  /// The text of an option, taken out.
  public mutating func text(_ key: String) -> String? {
    known.append(key)
    guard let index = values.firstIndex(where: { $0.key == key }) else { return nil }
    return values.remove(at: index).value
  }

  /// A whole number in a range; `nil` also for `auto`, where that is allowed.
  public mutating func integer(_ key: String, in range: ClosedRange<Int>, orAuto: Bool = false) throws -> Int? {
    guard let text = text(key), !(orAuto && text == "auto") else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let limit =
        range.upperBound == .max ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw SpecificationError.malformed(
        "\(owner): \(key)=\(text) is not a whole number \(limit)\(orAuto ? ", nor 'auto'" : "")")
    }
    return number
  }

  /// A finite number in a range; `nil` also for `auto`, where that is allowed.
  public mutating func number(_ key: String, in range: ClosedRange<Double>, orAuto: Bool = false) throws -> Double? {
    guard let text = text(key), !(orAuto && text == "auto") else { return nil }
    guard let number = Double(text), number.isFinite, range.contains(number) else {
      throw SpecificationError.malformed(
        "\(owner): \(key)=\(text) is not a number from \(range.lowerBound) to \(range.upperBound)\(orAuto ? ", nor 'auto'" : "")"
      )
    }
    return number
  }

  /// One of several words.
  public mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws -> Choice?
  where Choice.RawValue == String {
    guard let text = text(key) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw SpecificationError.unknown(
        what: "\(owner): \(key)", word: text, known: Choice.allCases.map(\.rawValue))
    }
    return choice
  }

  /// The models in brackets, taken out; none where there are no brackets.
  /// - Throws: `SpecificationError`.
  public mutating func families(registry: Registry) throws -> [any ModelFamily] {
    defer { components = [] }
    return try components.map { component in
      guard component.split(outsideBracketsAt: "/").count == 1 else {
        throw SpecificationError.malformed(
          "\(owner): '\(component)' in its brackets has no way to end of its own: leave out what follows '/'")
      }
      return try registry.family(component)
    }
  }

  /// Refuses options that have not been taken.
  /// - Throws: `SpecificationError`.
  public func finish() throws {
    guard components.isEmpty else {
      throw SpecificationError.malformed(
        "\(owner) takes no models in brackets: leave out '(\(components.joined(separator: ";")))'")
    }
    if let first = values.first {
      throw SpecificationError.unknown(what: "option of \(owner)", word: first.key, known: known)
    }
  }
}

/// An option's value that may have a number, as in `bucket:8`.
struct NumberedValue {
  let name: String
  private let number: String?
  private let text: String

  init(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    (name, number, self.text) = (parts[0], parts.count > 1 ? parts[1] : nil, text)
  }

  var hasNumber: Bool { number != nil }

  /// - Throws: `SpecificationError.malformed` unless there is a whole number of the range.
  func count(in range: ClosedRange<Int>, of option: String, owner: String) throws -> Int {
    guard let count = number.flatMap(Int.init), range.contains(count) else {
      throw SpecificationError.malformed(
        "\(owner): \(option)=\(text) needs a number from \(range.lowerBound) to \(range.upperBound), as in \(name):8")
    }
    return count
  }
}
