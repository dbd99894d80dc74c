import Sequences

/// How a symbol stands in ARPA and counts files, whose words are separated by blanks and where `<s>`, `</s>` and `<unk>`
/// mean something.
///
/// A blank or a control character is written by its number, as `<U+0020>`. So is the first `<` of a symbol that is or
/// looks like a reserved word, and one that begins what looks like such a number: `<U+003C>s>`. All else stays as it is.
enum TextSymbol {
  static let start = "<s>"
  static let end = "</s>"
  static let unknown = "<unk>"

  private static let reserved: Set<String> = ["<s>", "</s>", "<unk>", "<S>", "</S>", "<UNK>"]

  /// The word for a symbol.
  /// - Parameter isUnknown: whether it is the one that stands for unseen ones, which is `<unk>`.
  static func written(_ symbol: String, isUnknown: Bool = false) -> String {
    if isUnknown { return unknown }
    var text = ""
    var rest = Substring(symbol)
    if reserved.contains(symbol) {
      text = VisibleText.number("<")
      rest = rest.dropFirst()
    }
    let scalars = Array(rest.unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      if needsEscape(scalar) || scalar == "<" && number(at: place, in: scalars) != nil {
        text += VisibleText.number(scalar)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The symbol that a word stands for.
  static func read(_ word: String) -> String {
    // Most words hold no "<".
    guard word.utf8.contains(UInt8(ascii: "<")) else { return word }
    let scalars = Array(word.unicodeScalars)
    var symbol = String.UnicodeScalarView()
    var place = 0
    while place < scalars.count {
      if scalars[place] == "<", let (scalar, length) = number(at: place, in: scalars) {
        symbol.append(scalar)
        place += length
      } else {
        symbol.append(scalars[place])
        place += 1
      }
    }
    return String(symbol)
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }

  /// The scalar whose number stands at a place, and how many scalars that takes: only of those that are ever written so,
  /// since other files may hold words of this form.
  private static func number(at place: Int, in scalars: [Unicode.Scalar]) -> (Unicode.Scalar, Int)? {
    guard place + 2 < scalars.count, scalars[place + 1] == "U", scalars[place + 2] == "+",
      let close = scalars[(place + 3)...].prefix(7).firstIndex(of: ">")
    else { return nil }
    var digits = ""
    digits.unicodeScalars.append(contentsOf: scalars[(place + 3)..<close])
    guard let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value),
      VisibleText.number(scalar) == "<U+\(digits)>",
      needsEscape(scalar) || scalar == "<"
    else { return nil }
    return (scalar, close - place + 1)
  }
}

extension Alphabet {
  /// The symbols as words of a text.
  var textWords: [String] {
    let unknown = textUnknown
    return symbols.enumerated().map { TextSymbol.written($1, isUnknown: $0 == unknown) }
  }

  /// The symbol that is written `<unk>`: that of unseen ones, or where those are refused, one of this very name. Other
  /// programs will take unseen words for it.
  private var textUnknown: Symbol? { unknown ?? index(of: TextSymbol.unknown) }

  /// What a text file must say beside the words, so that the alphabet comes back as it was: "symbols characters".
  var textComments: [String] {
    var comments = ["symbols \(kind.rawValue)"]
    if let unknown { comments.append("unknown \(TextSymbol.written(symbols[unknown]))") }
    return comments
  }

  /// An n-gram as a text file has it: labels of a context, then an outcome.
  func text(ofContext labels: [Int], _ outcome: Int? = nil) -> String {
    func word(_ symbol: Int, _ mark: String) -> String {
      symbol == size ? mark : TextSymbol.written(symbols[symbol], isUnknown: symbol == textUnknown)
    }
    let words = labels.map { word($0, TextSymbol.start) } + (outcome.map { [word($0, TextSymbol.end)] } ?? [])
    return words.joined(separator: " ")
  }
}
