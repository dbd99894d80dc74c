import Foundation
import Sequences

/// The lines of a text file that hold anything, each cut at its blanks.
struct TextLines: ~Copyable {
  private var source: ByteSource
  private var line = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
  private var parts: [Range<Int>] = []
  /// Of the present line, from 1; of the last one at the end.
  private(set) var number = 0
  private(set) var isAtEnd = false

  init(_ source: consuming ByteSource) { self.source = source }

  /// Goes to the next line that is not blank; false at the end.
  mutating func next() throws -> Bool {
    if number == 0 { try source.skipByteOrderMark() }
    while let line = try source.nextLine() {
      number += 1
      self.line = line
      cut()
      if !parts.isEmpty { return true }
    }
    isAtEnd = true
    parts = []
    line = UnsafeBufferPointer(start: nil, count: 0)
    return false
  }

  private mutating func cut() {
    parts.removeAll(keepingCapacity: true)
    var start = -1
    for (place, byte) in line.enumerated() {
      // Blank, tab, vertical tab, form feed, and a CR inside.
      let isBlank = byte == 0x20 || (0x09...0x0D).contains(byte)
      if isBlank {
        if start >= 0 { parts.append(start..<place) }
        start = -1
      } else if start < 0 {
        start = place
      }
    }
    if start >= 0 { parts.append(start..<line.count) }
  }

  /// Whether the present line, or the last one of the file, ends as lines do.
  var isWhole: Bool { source.lineIsWhole }

  /// How many words the line has.
  var count: Int { parts.count }

  private func bytes(_ part: Int) -> UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: line[parts[part]]) }

  /// A word; "" where there is none.
  func text(_ part: Int) -> String { part < parts.count ? String(decoding: bytes(part), as: UTF8.self) : "" }

  /// Whether the line is this one word.
  func begins(with word: String) -> Bool { parts.count == 1 && bytes(0).elementsEqual(word.utf8) }

  /// Whether it is a heading or the end: a line of one word that begins with a backslash.
  var isHeading: Bool { parts.count == 1 && bytes(0).first == UInt8(ascii: "\\") }

  /// The line, shortened, for a message.
  var shown: String {
    if isAtEnd { return "the end of the file" }
    let start = (0..<min(count, 12)).map { text($0) }.joined(separator: " ")
    return start.count > 60 ? start.prefix(60) + "…" : start
  }

  mutating func numberOfWord(_ part: Int, in words: inout Interner, inserting: Bool) -> UInt32? {
    words.number(of: bytes(part), inserting: inserting)
  }

  /// A logarithm to base 10, in nats.
  /// - Throws: `DataError.malformed` for what is no number.
  func number(_ part: Int) throws -> Double {
    let bytes = bytes(part)
    let value = decimal(bytes) ?? Double(String(decoding: bytes, as: UTF8.self))
    guard let value, !value.isNaN else {
      throw failure("expected the logarithm of a number, found \(VisibleText.quoted(text(part)))", at: part)
    }
    return value * log(10.0)
  }

  /// A whole number, such as a count.
  func integer(_ part: Int) -> Int? { Int(text(part)) }

  /// The place of a word.
  func place(_ part: Int) -> Location {
    guard part < parts.count else { return Location(file: source.name, line: max(number, 1), column: 1) }
    return source.location(inLine: parts[part].lowerBound)
  }

  var place: Location { place(0) }

  /// What is wrong with the line.
  func failure(_ problem: String, at part: Int = 0) -> DataError { .malformed(place(part), problem) }
}

/// A decimal fraction of few digits without an exponent, exactly rounded since both whole numbers are exact; `nil` for
/// others, which are rare.
private func decimal(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
  guard bytes.count <= 16 else { return nil }
  var digits = 0
  var unit = 0
  var count = 0
  for (place, byte) in bytes.enumerated() {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
      unit *= 10
      count += 1
    case UInt8(ascii: ".") where unit == 0: unit = 1
    case UInt8(ascii: "-") where place == 0: break
    default: return nil
    }
  }
  guard count > 0, digits < 1 << 53 else { return nil }
  let value = Double(digits) / Double(max(unit, 1))
  return bytes[0] == UInt8(ascii: "-") ? -value : value
}
