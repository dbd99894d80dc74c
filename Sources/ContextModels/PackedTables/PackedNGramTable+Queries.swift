import CKernels

/// What the contexts of a history are asked, and what they answer.
struct NGramQuery {
  /// A symbol, or the end.
  var outcome = 0
  /// Whether the probability of the end is asked for too; that of the stop variable, whether there is one.
  var wantsEnd = false
  /// The contexts of the history that occurred; after the answer, those of the history with the outcome behind it.
  var chainLength = 0

  /// P of the outcome and of the end.
  var probability = 0.0
  var end = 0.0
  /// P of "stop" and "continue" of the stop variable, before the outcome.
  var stop = 0.0
  var continuing = 0.0

  // On the way.
  fileprivate var isThere = true
  fileprivate var endIsThere = true
  fileprivate var place = 0
  fileprivate var nextLength = 0
  fileprivate var rule = 0
  fileprivate var count = 0
  fileprivate var first = 0
  fileprivate var low = 0
  fileprivate var size = 0

  init(outcome: Int = 0, chainLength: Int) {
    self.outcome = outcome
    self.chainLength = chainLength
  }
}

extension PackedNGramTable {
  /// The most contexts of a history.
  var longestChain: Int { order + 1 }

  /// Writes down where the contexts before the first element stand, from the empty one outwards, and says how many they
  /// are; or the empty context alone.
  func begin(_ chain: UnsafeMutableBufferPointer<Int>, isStart: Bool = true) -> Int {
    chain[0] = 0
    if order == 0 || start == 0 || !isStart { return 1 }
    chain[1] = start
    return 2
  }

  /// Answers queries, and goes past their outcomes. All of them look at contexts of one depth at a time and search side
  /// by side, so that memory answers many questions at once: a search alone would wait for it at every step.
  /// - Parameter chains: `longestChain` places for each query.
  @inline(__always)
  func answer(_ queries: UnsafeMutableBufferPointer<NGramQuery>, _ chains: UnsafeMutableBufferPointer<Int>) {
    let room = longestChain
    let hasStop = shape.stop == .variable
    var longest = 0
    for index in queries.indices {
      longest = max(longest, queries[index].chainLength)
      queries[index].probability = 1 / Double(shape.outcomes)
      queries[index].end = queries[index].probability
      (queries[index].stop, queries[index].continuing) = (0.5, 0.5)
      (queries[index].isThere, queries[index].endIsThere) = (true, queries[index].wantsEnd)
      (queries[index].place, queries[index].nextLength) = (0, 1)
    }
    let words = words.buffer
    if queries.count > 1 { prefetch(queries, chains) }
    for depth in 0..<longest {
      var widest = 0
      for index in queries.indices where depth < queries[index].chainLength {
        let record = record(at: chains[index &* room &+ depth], depth: depth)
        if depth > 0, queries[index].place != 0 {
          chains[index &* room &+ depth] = queries[index].place
          queries[index].nextLength = depth &+ 1
        }
        queries[index].place = 0
        (queries[index].rule, queries[index].count, queries[index].first) = (record.rule, record.count, record.first)
        var (low, size) = (record.first, queries[index].isThere ? record.count : 0)
        // Where all outcomes occurred, as most do in the empty context, an outcome is its own place.
        if queries[index].outcome < size, Int(words[low &+ queries[index].outcome]) == queries[index].outcome {
          (low, size) = (low &+ queries[index].outcome, 1)
        }
        (queries[index].low, queries[index].size) = (low, size)
        widest = max(widest, size)
      }
      while widest > 1 {
        for index in queries.indices where depth < queries[index].chainLength {
          let half = queries[index].size >> 1
          let middle = queries[index].low &+ half
          queries[index].low = Int(words[middle]) <= queries[index].outcome ? middle : queries[index].low
          queries[index].size &-= half
        }
        widest &-= widest >> 1
      }
      if queries.count > 1, let words = words.baseAddress {
        for index in queries.indices where depth < queries[index].chainLength && queries[index].count > 8 {
          let entry = queries[index].low &- queries[index].first
          ck_prefetch(words + (queries[index].low &+ queries[index].count))
          ck_prefetch(words + (queries[index].first &+ 2 &* queries[index].count &+ Self.wordsOfPlace &* entry))
        }
      }
      for index in queries.indices where depth < queries[index].chainLength {
        let record = Record(rule: queries[index].rule, count: queries[index].count, first: queries[index].first)
        let share = rules.shares[record.rule]
        var mass = 0.0
        if queries[index].size == 1, Int(words[queries[index].low]) == queries[index].outcome {
          let entry = queries[index].low &- record.first
          mass = self.mass(entry, of: record, share)
          if depth < order {
            queries[index].place = next(entry, of: record)
            if let base = words.baseAddress { ck_prefetch(base + queries[index].place) }
          }
        } else {
          queries[index].isThere = false
        }
        queries[index].probability = mass + share.weight * queries[index].probability
        if queries[index].wantsEnd {
          var mass = 0.0
          if queries[index].endIsThere {
            let last = record.count &- 1
            queries[index].endIsThere = last >= 0 && Int(words[record.first &+ last]) == shape.alphabetSize
            if queries[index].endIsThere { mass = self.mass(last, of: record, share) }
          }
          queries[index].end = mass + share.weight * queries[index].end
        }
        if hasStop {
          let stop = rules.stops[record.rule]
          queries[index].stop = stop.stop + stop.weight * queries[index].stop
          queries[index].continuing = stop.continuing + stop.weight * queries[index].continuing
        }
      }
    }
    for index in queries.indices {
      let length = queries[index].chainLength
      if queries[index].place != 0, length < room {
        chains[index &* room &+ length] = queries[index].place
        queries[index].nextLength = length &+ 1
      }
      queries[index].chainLength = queries[index].nextLength
    }
  }

  /// Asks memory for what will be looked at in the records of all queries: what stands in their middles, and their rules.
  @inline(__always)
  private func prefetch(_ queries: UnsafeMutableBufferPointer<NGramQuery>, _ chains: UnsafeMutableBufferPointer<Int>) {
    let words = words.buffer
    rules.shares.withUnsafeBufferPointer { rules in
      guard let words = words.baseAddress, let rules = rules.baseAddress else { return }
      for index in queries.indices {
        for depth in 1..<max(queries[index].chainLength, 1) {
          let record = record(at: chains[index &* longestChain &+ depth], depth: depth)
          ck_prefetch(words + (record.first &+ record.count >> 1))
          ck_prefetch(rules + record.rule)
          // The end is the last outcome. What is near was asked for already.
          guard queries[index].wantsEnd, record.count > 8 else { continue }
          ck_prefetch(words + (record.first &+ record.count &- 1))
          ck_prefetch(words + (record.first &+ 2 &* record.count &- 1))
        }
      }
    }
  }

  /// One query alone.
  func answer(_ query: inout NGramQuery, _ chain: UnsafeMutableBufferPointer<Int>) {
    withUnsafeMutablePointer(to: &query) { answer(UnsafeMutableBufferPointer(start: $0, count: 1), chain) }
  }
}
