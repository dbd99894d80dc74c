import Probability
import Sequences
import Testing

/// Inputs x(t) beside the sequences: as values, and from `jsonl`.
@Suite struct InputTests {
  static let perStep = SequenceSet(
    [[0, 1], [], [2]], alphabetSize: 3, inputs: InputVectors(perStep: [[[1, 2], [3, 4]], [], [[5, 6]]]))
  static let perSequence = SequenceSet(
    [[0, 1], [], [2]], alphabetSize: 3, inputs: InputVectors(perSequence: [[1, 2], [3, 4], [5, 6]]))

  // MARK: Values

  @Test func aVectorForEachStepEndsWithTheSequence() throws {
    let inputs = try #require(Self.perStep.inputs)
    #expect(inputs.width == 2 && inputs.isPerStep && inputs.count == 3 && Self.perStep.inputWidth == 2)
    #expect(inputs.values == [1, 2, 3, 4, 5, 6])
    #expect((0..<4).map { inputs.range(sequence: 0, time: $0) } == [0..<2, 2..<4, nil, nil])
    #expect(inputs.range(sequence: 1, time: 0) == nil)
    #expect(inputs.range(sequence: 2, time: 0) == 4..<6)
    #expect(inputs.range(sequence: 2, time: .max) == nil)
    #expect((0..<3).map { inputs.vectorCount(sequence: $0) } == [2, 0, 1])
  }

  @Test func aVectorForTheSequenceIsThereAtAnyTime() throws {
    let inputs = try #require(Self.perSequence.inputs)
    #expect(inputs.width == 2 && !inputs.isPerStep && inputs.count == 3)
    #expect([0, 1, 7, .max].map { inputs.range(sequence: 1, time: $0) } == [2..<4, 2..<4, 2..<4, 2..<4])
    #expect(inputs.vectorCount(sequence: 1) == 1)
  }

  @Test func aSetNeedsNone() {
    let set = SequenceSet([[0]], alphabetSize: 1)
    #expect(set.inputs == nil && set.inputWidth == 0)
    #expect(set.selecting([0, 0]).inputs == nil)
    let none = SequenceSet([[]], alphabetSize: 1, inputs: InputVectors(perStep: [[]], width: 4))
    #expect(none.inputWidth == 4 && none.inputs?.values.isEmpty == true)
  }

  @Test func selectingTakesInputsAlong() throws {
    #expect(Self.perStep.selecting([2, 0, 1, 2]).inputArrays == [[[5, 6]], [[1, 2], [3, 4]], [], [[5, 6]]])
    let selected = Self.perSequence.selecting([2, 1, 0])
    #expect(selected.inputs?.values == [5, 6, 3, 4, 1, 2])
    #expect(selected.inputs?.isPerStep == false)
    #expect(Self.perStep.selecting([]).inputWidth == 2)
  }

  /// Sequence i is of i % 4 symbols, and its inputs say i.
  private func dataset(perStep: Bool) throws -> Dataset {
    let sequences = (0..<200).map { i in (0..<i % 4).map { _ in i } }
    let inputs =
      perStep
      ? InputVectors(perStep: sequences.map { $0.map { [Float($0), 1] } })
      : InputVectors(perSequence: (0..<200).map { [Float($0), 1] })
    let symbols = (0..<200).map { String($0) }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return Dataset(
      sequences: SequenceSet(sequences, alphabetSize: 200, inputs: inputs),
      alphabet: try Alphabet(symbols: symbols, kind: .words), name: "numbers", format: "jsonl")
  }

  @Test(arguments: [true, false]) func splitsTakeInputsAlong(perStep: Bool) throws {
    let data = try dataset(perStep: perStep)
    let (split, held) = (try data.split(seed: 3), data.holdOut(seed: 3))
    for part in [split.train, split.valid, split.test, held.train, held.valid] {
      let inputs = try #require(part.inputArrays)
      for i in 0..<part.count { #expect(inputs[i] == part[i].map { [Float($0), 1] }) }
      #expect(part.inputs?.count == part.count)
    }
  }

  /// The numbers of the steps, and their quarters as inputs.
  @Test(arguments: [true, false]) func aTextIsCutWithItsInputs(perStep: Bool) throws {
    let inputs =
      perStep ? InputVectors(perStep: [(0..<10).map { [Float($0) / 4] }]) : InputVectors(perSequence: [[0.25]])
    let data = Dataset(
      sequences: SequenceSet([Array(0..<10)], alphabetSize: 10, inputs: inputs),
      alphabet: try Alphabet(symbols: (0..<10).map { String($0) }, kind: .words), name: "text", format: "text",
      isText: true)
    let split = try data.split(seed: 9, train: 0.5, valid: 0.2)
    for part in [split.train, split.valid, split.test] {
      #expect(part.inputArrays == [part[0].map { [perStep ? Float($0) / 4 : 0.25] }])
    }
  }

  @Test func theHashKnowsInputs() {
    let plain = SequenceSet([[0, 1], [], [2]], alphabetSize: 3)
    let other = SequenceSet(
      plain.arrays, alphabetSize: 3, inputs: InputVectors(perStep: [[[1, 2], [3, 4]], [], [[5, 7]]]))
    let flat = SequenceSet(plain.arrays, alphabetSize: 3, inputs: InputVectors(perStep: [[[1], [2]], [], [[3]]]))
    let sets = [plain, Self.perStep, Self.perSequence, other, flat]
    #expect(Set(sets.map(\.contentHash)).count == sets.count)
    #expect(Self.perStep.contentHash == Self.perStep.selecting([0, 1, 2]).contentHash)
    func zero(_ sign: Float) -> SequenceSet {
      SequenceSet([[0]], alphabetSize: 1, inputs: InputVectors(perSequence: [[sign * 0]]))
    }
    #expect(zero(1).contentHash == zero(-1).contentHash)
    #expect(zero(1).countOfSequences(alsoIn: zero(-1)) == 1)
  }

  /// By another program: Python, FNV-1a over 1, 0 (the sequence), 2, 1 (width and kind), the bits of 1.0 and -0.5.
  @Test func theHashIsFNVWithInputsToo() {
    let set = SequenceSet([[0]], alphabetSize: 1, inputs: InputVectors(perStep: [[[1, -0.5]]]))
    #expect(set.contentHash == 0x43edf8c9fc7f22d1)
  }

  @Test func duplicatesHaveTheSameInputs() {
    let inputs = InputVectors(perSequence: [[1], [1], [2], [1]])
    let set = SequenceSet([[0], [0], [0], [1]], alphabetSize: 2, inputs: inputs)
    #expect(set.countOfDistinctSequences == 3)
    #expect(set.countOfSequences(alsoIn: set.selecting([1])) == 2)
    #expect(set.countOfSequences(alsoIn: SequenceSet(set.arrays, alphabetSize: 2)) == 0)
    #expect(SequenceSet(set.arrays, alphabetSize: 2).countOfSequences(alsoIn: set) == 0)
    #expect(Self.perStep.countOfSequences(alsoIn: Self.perSequence) == 0)
    #expect(Self.perStep.countOfSequences(alsoIn: Self.perStep.selecting([2, 1])) == 2)
  }

  // MARK: Reading

  static let readable: [(text: String, inputs: [[[Float]?]]?)] = [
    ("{\"y\": [1, 2], \"x\": [0.5, -2e1]}\n{\"x\":[0,1],\"y\":[]}", [[[0.5, -20], [0.5, -20]], []]),
    ("{\"y\": [1, 2], \"x\": [[0.5], [1E-3]]}\n{\"y\": [], \"x\": []}", [[[0.5], [0.001]], []]),
    ("{\"y\": [], \"x\": []}\n{\"x\" : [ [ 1 , 2 ] ] , \"y\" : [ 3 ]}\r\n", [[], [[1, 2]]]),
    ("{\"y\": [\"x\", \"\\\"x\\\": [7]\"], \"z\": {\"x\": [9]}, \"x\": [3]}", [[[3], [3]]]),
    ("{\"y\": [1], \"x\": [1e-999, -0, 1e12, -1e12]}", [[[0, 0, 1e12, -1e12]]]),
    // Correctly rounded in one step: over Double the second would be 1.
    ("{\"y\": [1], \"x\": [0.1, 1.00000005960464477540]}", [[[0.1, 1.0000001]]]),
    ("{\"y\": [1]}\n{\"y\": [], \"x\": null}", nil), ("{\"y\": [1], \"x\": []}\n{\"y\": [], \"x\": []}", nil),
    ("{\"z\": \"x\", \"y\": [1], \"w\": [1]}", nil),
  ]

  @Test(arguments: readable) func inputsAreRead(text: String, inputs: [[[Float]?]]?) throws {
    for blockSize in ErrorTests.blockSizes {
      #expect(try read(text, format: "jsonl", blockSize: blockSize).sequences.inputArrays == inputs)
    }
  }

  @Test func whatIsReadIsWhatIsMade() throws {
    let steps = try read(
      "{\"y\":[0,1],\"x\":[[1,2],[3,4]]}\n{\"y\":[],\"x\":[]}\n{\"y\":[2],\"x\":[[5,6]]}", format: "jsonl")
    #expect(steps.sequences.contentHash == Self.perStep.contentHash)
    #expect(steps.sequences.countOfSequences(alsoIn: Self.perStep) == 3)
    let whole = try read("{\"y\":[0,1],\"x\":[1,2]}\n{\"y\":[],\"x\":[3,4]}\n{\"y\":[2],\"x\":[5,6]}", format: "jsonl")
    #expect(whole.sequences.contentHash == Self.perSequence.contentHash)
  }

  /// Each with its place and sentence.
  static let malformed: [(text: String, line: Int, column: Int, problem: String)] = [
    // Not numbers.
    ("{\"y\": [1], \"x\": 3}", 1, 17, "expected a list in x, found 3"),
    ("{\"y\": [1], \"x\": {\"a\": 1}}", 1, 17, "expected a list in x, found an object"),
    ("{\"y\": [1], \"x\": \"é\"}", 1, 17, "expected a list in x, found a string"),
    ("{\"y\": [\"é\"], \"x\": [1, \"2\"]}", 1, 23, "expected a number in x, found a string"),
    ("{\"y\": [1], \"x\": [1, null]}", 1, 21, "expected a number in x, found null"),
    ("{\"y\": [1], \"x\": [[true]]}", 1, 19, "expected a number in x, found true"),
    ("{\"y\": [1], \"x\": [01]}", 1, 18, "expected a number in x, found 01"),
    ("{\"y\": [1], \"x\": [1.]}", 1, 18, "expected a number in x, found 1."),
    ("{\"y\": [1], \"x\": [1, -]}", 1, 21, "expected a number in x, found -"),
    ("{\"y\": [1], \"x\": [1,]}", 1, 20, "expected a number in x, found ]"),
    ("{\"y\": [1], \"x\": [[1],]}", 1, 22, "expected a vector in x, found ]"),
    ("{\"y\": [1], \"x\": [1.2.3456789012345678901]}", 1, 18, "expected a number in x, found 1.2.3456789012345678…"),
    // Beyond Float.
    (
      "{\"y\": [1], \"x\": [1e999]}", 1, 18,
      "expected a number in x of at most 1e12 in magnitude (best scaled to about 1), found 1e999"
    ),
    (
      "{\"y\": [1], \"x\": [[-1e39]]}", 1, 19,
      "expected a number in x of at most 1e12 in magnitude (best scaled to about 1), found -1e39"
    ),
    (
      "{\"y\": [1], \"x\": [1e38]}", 1, 18,
      "expected a number in x of at most 1e12 in magnitude (best scaled to about 1), found 1e38"
    ),
    // Shapes.
    ("{\"y\": [1], \"x\": [1, [2]]}", 1, 21, "expected a number in x, found a list"),
    ("{\"y\": [1, 2], \"x\": [[1], 2]}", 1, 26, "expected a vector in x, found 2"),
    ("{\"y\": [1], \"x\": [[[1]]]}", 1, 19, "expected a number in x, found a list"),
    ("{\"y\": [1], \"x\": [[]]}", 1, 18, "expected at least one number in a vector of x, found none"),
    ("{\"y\": [1], \"x\": [1], \"x\": [2]}", 1, 22, "expected one x, found a second"),
    // Widths.
    ("{\"y\": [1, 2], \"x\": [[1, 2], [3]]}", 1, 29, "expected x of 2 numbers a step, as in line 1, found 1"),
    (
      "{\"y\": [1], \"x\": [[1]]}\n\n{\"y\": [1], \"x\": [[1, 2]]}", 3, 18,
      "expected x of 1 number a step, as in line 1, found 2"
    ),
    (
      "{\"y\": [1], \"x\": [1]}\n{\"y\": [1], \"x\": [1, 2]}", 2, 17,
      "expected x of 1 number for all steps, as in line 1, found 2"
    ),
    (
      "{\"y\": [1], \"x\": [1]}\n{\"y\": [], \"x\": []}", 2, 16,
      "expected x of 1 number for all steps, as in line 1, found none"
    ),
    (
      "{\"y\": [], \"x\": []}\n{\"y\": [], \"x\": [1]}", 1, 16,
      "expected x of 1 number for all steps, as in line 2, found none"
    ),
    (
      "{\"y\": [1], \"x\": []}\n{\"y\": [1], \"x\": [[1]]}", 1, 17,
      "expected x of 1 number a step, as in line 2, found none"
    ),
    // Numbers of vectors.
    ("{\"y\": [1, 2], \"x\": [[1]]}", 1, 20, "expected 2 vectors in x, one for each element of y, found 1"),
    ("{\"y\": [1], \"x\": [[1], [2]]}", 1, 17, "expected 1 vector in x, one for each element of y, found 2"),
    ("{\"y\": [], \"x\": [[1]]}", 1, 16, "expected 0 vectors in x, one for each element of y, found 1"),
    (
      "{\"y\": [1], \"x\": [[1]]}\n{\"y\": [1], \"x\": []}", 2, 17,
      "expected x of 1 number a step, as in line 1, found none"
    ),
    // Mixtures.
    ("{\"y\": [1], \"x\": [1]}\n{\"y\": [1]}", 2, 1, "expected x, as in line 1, found none"),
    ("{\"y\": [1], \"x\": [1]}\n{\"y\": [1], \"x\": null}", 2, 1, "expected x, as in line 1, found none"),
    ("\n{\"y\": [1]}\n{\"y\": [1], \"x\": [1]}", 3, 17, "expected no x, as in line 2, found one"),
    ("{\"y\": [1]}\n{\"y\": [], \"x\": []}", 2, 16, "expected no x, as in line 1, found one"),
    (
      "{\"y\": [1], \"x\": [1]}\n{\"y\": [1], \"x\": [[1]]}", 2, 18,
      "expected x of 1 number for all steps, as in line 1, found one vector a step"
    ),
    (
      "{\"y\": [1], \"x\": [[1]]}\n{\"y\": [1], \"x\": [1]}", 2, 17,
      "expected x of 1 number a step, as in line 1, found one vector for all steps"
    ),
  ]

  @Test(arguments: malformed) func malformedInputsHavePlaces(text: String, line: Int, column: Int, problem: String)
    throws
  {
    for blockSize in ErrorTests.blockSizes {
      #expect(throws: DataError.malformed(at(line, column), problem)) {
        try read(text, format: "jsonl", blockSize: blockSize)
      }
    }
  }

  @Test(arguments: [
    ("{\"y\": [1], \"x\": [1, 2]}", 3, 17, "x of 3 numbers a step, as in the training data, found 2"),
    ("{\"y\": [1], \"x\": [[1, 2]]}", 1, 18, "x of 1 number a step, as in the training data, found 2"),
    ("{\"y\": [1], \"x\": [1, 2]}", 0, 17, "no x, as in the training data, found one of 2 numbers"),
    ("{\"y\": [1]}", 3, 1, "x of 3 numbers a step, as in the training data, found none"),
    ("{\"y\": [1], \"x\": []}", 3, 17, "x of 3 numbers a step, as in the training data, found none"),
    ("{\"y\": [1], \"x\": [[]]}", 3, 18, "x of 3 numbers a step, as in the training data, found 0"),
  ])
  func testDataHaveTheWidthOfTheTrainingData(text: String, width: Int, column: Int, problem: String) throws {
    #expect(throws: DataError.malformed(at(1, column), "expected " + problem)) {
      try read(text, format: "jsonl", inputWidth: width)
    }
  }

  @Test func theRightWidthIsTaken() throws {
    for text in ["{\"y\": [1], \"x\": [1, 2]}", "{\"y\": [1], \"x\": [[1, 2]]}", "{\"y\": [], \"x\": []}"] {
      #expect(try read(text, format: "jsonl", inputWidth: 2).sequences.inputWidth == 2)
    }
    for text in ["{\"y\": [1]}", "{\"y\": [1], \"x\": []}"] {
      #expect(try read(text, format: "jsonl", inputWidth: 0).sequences.inputWidth == 0)
    }
    #expect(try read("ab", inputWidth: 0).sequences.inputs == nil)
    #expect(
      throws: DataError.malformed(
        at(1, 1), "expected x of 2 numbers a step, as in the training data, found none")
    ) { try read("ab", inputWidth: 2) }
  }

  /// Pieces of x put together at random are read or refused, never trapped at, and what is read is whole.
  @Test func hostileInputsNeverTrap() throws {
    let pieces = [
      "[", "]", "[[", "]]", ",", "1", "-0.5", "1e999", "null", "\"", "\\", "{", "}", ":", " ", "\"x\"", "é", "\u{0}",
      "[1, 2]", "[[1]]", "true", "1,", "-", "e", "\"x\": [1]",
    ]
    var read = 0
    for seed in 0..<2000 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: "inputs")
      let x = (0..<Int(stream.next() % 6)).map { _ in pieces[Int(stream.next() % UInt64(pieces.count))] }.joined()
      let text = "{\"y\": [1], \"x\": \(x)}\n{\"y\": [1, 2], \"x\": \(x)"
      for end in ["", "}"] {
        let outcome = try Outcome { try SequencesTests.read(text + end, format: "jsonl", blockSize: 64) }
        if outcome.error == nil, let inputs = outcome.inputs {
          read += 1
          #expect(inputs.allSatisfy { !$0.contains(nil) }, "seed \(seed)")
        }
      }
    }
    #expect(read > 0)
    let deep = "{\"y\": [1], \"x\": " + String(repeating: "[", count: 400)
    for text in [deep, deep + String(repeating: "]", count: 400) + "}"] {
      #expect(try Outcome { try SequencesTests.read(text, format: "jsonl") }.error != nil)
    }
    let many = String(repeating: "9", count: 100_000)
    #expect(try Outcome { try SequencesTests.read("{\"y\": [1], \"x\": [\(many)]}", format: "jsonl") }.error != nil)
    #expect(
      try SequencesTests.read("{\"y\": [1], \"x\": [0.\(many)]}", format: "jsonl").sequences.inputs?.values == [1])
  }
}
