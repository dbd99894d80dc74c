/// Symbols and their numbers while a file is read.
///
/// An open table numbers symbols as they are first seen, and sorts them in the end. A closed one has the numbers of an
/// alphabet, and no others. Where symbols are single scalars they are looked up by value, otherwise by their bytes.
struct SymbolTable {
  /// No symbol's number.
  static let absent = UInt32.max

  let kind: SymbolKind
  let isOfScalars: Bool
  let alphabet: Alphabet?
  private let isOpen: Bool
  private let unknown: UInt32
  private var interner = Interner()
  /// By scalar value; as long as the greatest one seen needs.
  private var numbers = [UInt32](repeating: absent, count: 256)
  /// The scalars by their numbers.
  private var scalars: [UInt32] = []

  init(kind: SymbolKind, alphabet: Alphabet?) {
    self.kind = kind
    isOfScalars = kind == .characters || kind == .bytes
    isOpen = alphabet == nil
    self.alphabet = alphabet
    unknown = alphabet?.unknown.map { UInt32($0) } ?? Self.absent
    for (i, symbol) in (alphabet?.symbols ?? []).enumerated() {
      if !isOfScalars {
        var name = symbol
        _ = name.withUTF8 { interner.number(of: $0, inserting: true) }
      } else if let scalar = symbol.unicodeScalars.first, symbol.unicodeScalars.count == 1 {
        set(scalar.value, to: UInt32(i))
      }
    }
  }

  /// The symbols seen so far.
  var count: Int { isOfScalars ? scalars.count : interner.count }

  /// Bytes that the symbols and their alphabet take in the end, about: the table that finds a symbol's number, its text
  /// in the table, in the alphabet and in the model file, and its rank.
  var memoryWhenFinished: Int { isOfScalars ? 0 : interner.count * 96 + interner.byteCount * 4 }

  /// The number of the symbol that is this scalar, or `absent`.
  @inline(__always) mutating func number(ofScalar value: UInt32) -> UInt32 {
    let known = value < numbers.count ? numbers[Int(value)] : Self.absent
    return known == Self.absent ? numberOfNew(value) : known
  }

  private mutating func numberOfNew(_ value: UInt32) -> UInt32 {
    guard isOpen else { return unknown }
    let number = UInt32(scalars.count)
    scalars.append(value)
    set(value, to: number)
    return number
  }

  private mutating func set(_ value: UInt32, to number: UInt32) {
    let missing = Int(value) + 1 - numbers.count
    if missing > 0 { numbers += [UInt32](repeating: Self.absent, count: missing) }
    numbers[Int(value)] = number
  }

  /// The number of the symbol with these bytes, which are not empty and valid UTF-8; or `absent`.
  @inline(__always) mutating func number(of bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    // Four billion symbols are too many to number.
    interner.number(of: bytes, inserting: isOpen && interner.count < Int(Self.absent) - 1) ?? unknown
  }

  /// The alphabet, and for each number in use the symbol's index in it; nil where that is the number itself.
  consuming func finished(unknown name: String?) throws -> (alphabet: Alphabet, ranks: [UInt32]?) {
    if let alphabet { return (alphabet, nil) }
    let order =
      isOfScalars ? (0..<UInt32(scalars.count)).sorted { scalars[Int($0)] < scalars[Int($1)] } : interner.sorted()
    var symbols = order.map { text(Int($0)) }
    var ranks = [UInt32](repeating: 0, count: order.count)
    for (rank, number) in order.enumerated() { ranks[Int(number)] = UInt32(rank) }
    if let name, Alphabet(sorted: symbols, kind: kind).index(of: name) == nil {
      let place = symbols.firstIndex { name.utf8.lexicographicallyPrecedes($0.utf8) } ?? symbols.count
      symbols.insert(name, at: place)
      ranks = ranks.map { $0 < place ? $0 : $0 + 1 }
    }
    var alphabet = Alphabet(sorted: symbols, kind: kind)
    if let name { alphabet = try alphabet.marking(unknown: name) }
    return (alphabet, ranks.enumerated().allSatisfy { $0 == $1 } ? nil : ranks)
  }

  private func text(_ number: Int) -> String {
    guard isOfScalars else { return interner.text(number) }
    return Unicode.Scalar(scalars[number]).map { String(Character($0)) } ?? ""
  }
}
