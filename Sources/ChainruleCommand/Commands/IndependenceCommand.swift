import ArgumentParser
import Chainrule
import Foundation

struct IndependenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "independence",
    abstract: "Say which order of Markov models the data support, by tests of independence.",
    discussion: """
      For each order m a G-test of whether the last m elements are enough: whether
      y(t) and y(t−m−1) are independent given those between. G is compared with the
      chi-square distribution whose degrees of freedom are those of the outcomes that were
      seen, or, where tables are too sparse for it, with what it is when next
      elements are shuffled within each context. p is corrected for the number of
      tests (Holm). Only windows within sequences count.

      Examples:
        chainrule independence names.txt
        chainrule independence book.txt --input-format text --max-order 6
        chainrule independence names.txt --alpha 0.001 --json
      """)

  @Argument(help: "The data; '-' is standard input.")
  var data: String

  @Option(
    help: ArgumentHelp("Orders 0 to K − 1 are tested, each against the next.", valueName: "K"),
    transform: NumberArgument.whole(1...64))
  var maxOrder: Int?

  @Option(
    help: ArgumentHelp(
      "The probability with which any order that is enough is rejected (default: 0.05).", valueName: "level"),
    transform: NumberArgument.decimal(from: 1e-300, to: 0.999))
  var alpha = 0.05

  @OptionGroup var reading: DataOptions

  @OptionGroup var tables: TableOptions
  @OptionGroup var options: RunOptions

  private static let usualOrders = 5

  func validate() throws {
    try tables.validate(besides: options.json)
    try refuseUnused(reading.unseen(), because: "the data are read whole, and no symbol in them is unseen")
  }

  private struct Report: Encodable {
    struct Test: Encodable {
      var order: Int
      var g: Double
      var degreesOfFreedom: Int
      var p: Double
      /// "chi-square" or "permutation".
      var law: String
      var chiSquareP: Double
      var adjusted: Double
      var stretches: Int
      var perCell: Double
      /// "rejected", "not rejected", or "mute" where the data cannot tell.
      var verdict: String
    }

    var schema = "chainrule.independence/1"
    var data: String
    var alpha: Double
    var tests: [Test]
    var order: Int
    /// Whether more than this order could not be told from the data, or was not asked for.
    var isBound: Bool
  }

  func run() throws {
    let dataset = try reading.read(data, for: [], say: options.say)
    // As many as a stretch's 64 bits hold, where nobody asks for a number.
    let bits = max(Int.bitWidth - (dataset.alphabet.size - 1).leadingZeroBitCount, 1)
    let result = try OrderTests(
      dataset.sequences, most: maxOrder ?? max(min(Self.usualOrders, 64 / bits - 1), 1), alpha: alpha,
      seed: options.seed, threads: options.threadCount)
    func law(_ test: OrderTest) -> String { test.isSparse ? "permutation" : "chi-square" }
    func verdict(_ test: OrderTest) -> String {
      !test.canTell ? "mute" : test.adjusted < alpha ? "rejected" : "not rejected"
    }
    if options.json {
      try printJSON(
        Report(
          data: dataset.name, alpha: alpha,
          tests: result.tests.map {
            .init(
              order: $0.order, g: $0.statistic, degreesOfFreedom: $0.degreesOfFreedom, p: $0.p, law: law($0),
              chiSquareP: $0.chiSquareP, adjusted: $0.adjusted,
              stretches: $0.stretches, perCell: $0.perCell, verdict: verdict($0))
          }, order: result.supported, isBound: result.isBound), reading: [data], seed: options.seed)
      return
    }
    if tables.csv {
      let head = ["order", "g", "degrees_of_freedom", "per_cell", "distribution", "p", "adjusted", "verdict"]
      let rows = result.tests.map { test in
        [
          "\(test.order)", "\(test.statistic)", "\(test.degreesOfFreedom)", "\(test.perCell)", law(test), "\(test.p)",
          "\(test.adjusted)", verdict(test),
        ]
      }
      return try Console.print(Data(CSV.text([head] + rows).utf8))
    }
    var table = Table([
      ("order", .right), ("G", .right), ("freedom", .right), ("a cell", .right), ("distribution", .left), ("p", .right),
      ("Holm", .right), ("verdict", .left),
    ])
    for test in result.tests {
      table.add([
        String(test.order), Numbers.decimal(test.statistic, 1), Numbers.count(test.degreesOfFreedom),
        Numbers.decimal(test.perCell, 1), law(test), String(format: "%.2g", test.p),
        String(format: "%.2g", test.adjusted), verdict(test),
      ])
    }
    try Console.print(table.text)
    try Console.print(
      "\(dataset.name): order \(result.supported)" + (result.isBound ? " or more" : "")
        + " (α = \(alpha), \(Numbers.count(dataset.sequences.symbolCount, "symbol")))")
  }
}
