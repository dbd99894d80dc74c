import ModelCore
import Sequences

/// Numbers what is different.
struct Numbering<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: Int] = [:]

  mutating func number(of value: Value) -> Int {
    if let number = numbers[value] { return number }
    numbers[value] = values.count
    values.append(value)
    return values.count - 1
  }
}

/// The numbers of counts: those of small whole ones are found at once.
private struct CountNumbering {
  private var all = Numbering<Double>()
  private var small = [Int](repeating: -1, count: 1024)

  var values: [Double] { all.values }

  @inline(__always) mutating func number(of count: Double) -> Int {
    guard count < 1024, count == count.rounded() else { return all.number(of: count) }
    if small[Int(count)] < 0 { small[Int(count)] = all.number(of: count) }
    return small[Int(count)]
  }
}

/// What the records of a model's contexts are made of.
struct PackedNGramWriter {
  private let model: MarkovConditional
  private let next: FlatArray<Int32>
  private let adjusted: FlatArray<Double>
  private let levels: [Range<Int>]
  /// Of each context.
  private let rules: FlatArray<UInt32>
  private let differentRules: [DiscountRow]
  private var countNumbers: CountNumbering

  /// The most different rules, and counts.
  private static let most = 1 << 20

  /// `nil` for models that cannot be asked so: without links, with other parents than symbols, or backing off, so that a
  /// context's weight is its own.
  /// O(entries).
  init?(_ model: MarkovConditional) {
    guard let links = model.links, model.path.isOfSymbols, let smoother = model.smoother,
      model.mixing == .interpolated, model.counts.unit == 1
    else { return nil }
    self.model = model
    next = links.next
    let counts = model.counts
    adjusted = counts.adjusted(exponent: smoother.tableExponent)
    levels = counts.tree.levels
    var countNumbers = CountNumbering()
    var different = Numbering<DiscountRow>()
    var rules = FlatBuffer<UInt32>(capacity: counts.tree.count, scratch: counts.scratch)
    for (level, nodes) in levels.enumerated() {
      // Most contexts have a single outcome, and few different counts of it.
      var single: [Int: UInt32] = [:]
      for node in nodes {
        let entries = counts.entries(of: node)
        var context = ContextStatistics()
        var last = 0
        for entry in entries {
          context.add(adjusted[entry])
          last = countNumbers.number(of: adjusted[entry])
        }
        if entries.count == 1, !counts.hasStops, let rule = single[last] {
          rules.append(rule)
          continue
        }
        var rule = DiscountRow()
        if !entries.isEmpty {
          rule = DiscountRow(smoother.rule(model.parameters[level], context, outcomes: model.shape.outcomes), context)
        }
        if counts.hasStops, counts.decisions(in: node) > 0 {
          let (stops, decisions) = (counts.stops(in: node), counts.decisions(in: node))
          (rule.stop.stop, rule.stop.weight) = smoother.stopShare(
            Double(stops), of: Double(decisions), model.parameters)
          rule.stop.continuing = stops == decisions ? 0 : 1 - rule.stop.stop - rule.stop.weight
        }
        let number = UInt32(different.number(of: rule))
        if entries.count == 1 { single[last] = number }
        rules.append(number)
        // So many that numbering them saves nothing.
        guard different.values.count <= Self.most, countNumbers.values.count <= Self.most else { return nil }
      }
    }
    self.rules = rules.finished()
    self.countNumbers = countNumbers
    differentRules = different.values
  }

  /// Adds the records to a file, in words of 16 bits if their numbers allow it; not where their places are too many for 32.
  mutating func write(to file: inout TensorFile) {
    let isNarrow = [differentRules.count, countNumbers.values.count, model.shape.outcomes + 1].allSatisfy {
      $0 <= UInt16.max
    }
    guard isNarrow && write(UInt16.self, to: &file) || write(UInt32.self, to: &file) else { return }
    file.set("query.counts", countNumbers.values, shape: [countNumbers.values.count])
    file.set("query.rules", differentRules.flatMap(\.row), shape: [differentRules.count, DiscountRow.width])
    file.set("query.stored", [Int64(model.storedParameters)])
  }

  /// Whether there is a place of 32 bits for every record.
  private mutating func write<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
    _: Word.Type, to file: inout TensorFile
  ) -> Bool {
    let (counts, order) = (model.counts, model.path.order)
    var places = FlatBuffer<Int>(capacity: counts.tree.count, scratch: counts.scratch)
    var size = 0
    for (depth, nodes) in levels.enumerated() {
      for node in nodes {
        places.append(size)
        size += PackedNGramTable<Word>.size(entries: counts.entries(of: node).count, hasNext: depth < order)
      }
    }
    guard size <= Int(UInt32.max) else { return false }
    let wordsOfPlace = PackedNGramTable<Word>.wordsOfPlace
    var words = FlatBuffer<Word>(capacity: size, scratch: counts.scratch)
    for (depth, nodes) in levels.enumerated() {
      let longer = depth + 1 < levels.count ? levels[depth + 1] : 0..<0
      for node in nodes {
        let entries = counts.entries(of: node)
        words.append(Word(truncatingIfNeeded: rules[node]))
        words.append(Word(truncatingIfNeeded: entries.count))
        for entry in entries { words.append(Word(truncatingIfNeeded: counts.outcomes[entry])) }
        for entry in entries {
          words.append(Word(truncatingIfNeeded: countNumbers.number(of: adjusted[entry])))
        }
        guard depth < order else { continue }
        for entry in entries {
          let following = Int(next[entry])
          let place = longer.contains(following) ? places[following] : 0
          words.append(Word(truncatingIfNeeded: place))
          if wordsOfPlace == 2 { words.append(Word(truncatingIfNeeded: place >> 16)) }
        }
      }
    }
    let start = order == 0 ? nil : counts.tree.child(of: 0, along: model.path.startMark)
    file.set("query.words", words.finished())
    file.set("query.start", [Int64(start.map { places[$0] } ?? 0)])
    return true
  }
}

extension PackedNGramTable {
  /// The records in a mapped file, in place.
  /// - Throws: `ModelFileError` where the tensors' sizes do not agree. O(different rules).
  init(_ file: TensorFile, order: Int, _ shape: OutputShape) throws {
    self.shape = shape
    self.order = order
    words = try file.mapped("query.words", isChecked: false)
    counts = try file.mapped("query.counts", isChecked: true)
    let rows: FlatArray<Double> = try file.mapped("query.rules", width: DiscountRow.width, isChecked: true)
    guard !rows.isEmpty else { throw ModelFileError.inconsistent("query.rules has no rule") }
    rules = try DiscountRows(rows: rows.buffer)
    guard counts.allSatisfy({ $0 >= 0 && $0 < 0x1p62 }) else {
      throw ModelFileError.inconsistent("query.counts holds a number that is no count")
    }
    start = try file.int64s("query.start", count: 1)[0]
    guard start >= 0, start <= words.count - 2 else {
      throw ModelFileError.inconsistent("query.start is no place in query.words")
    }
  }
}
