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
      let tests = result.tests.map { test -> JSONObject in
        [
          "order": test.order, "g": test.statistic, "degreesOfFreedom": test.degreesOfFreedom, "p": test.p,
          "law": law(test), "chiSquareP": test.chiSquareP, "adjusted": test.adjusted, "stretches": test.stretches,
          "perCell": test.perCell, "verdict": verdict(test),
        ]
      }
      return try printJSON(
        [
          "schema": "chainrule.independence/1", "data": dataset.name, "alpha": alpha, "tests": tests,
          "order": result.supported, "isBound": result.isBound,
        ], reading: [data], seed: options.seed)
    }
    if tables.csv {
      let head = ["order", "g", "degrees_of_freedom", "per_cell", "distribution", "p", "adjusted", "verdict"]
      let rows = result.tests.map { test in
        [
          "\(test.order)", "\(test.statistic)", "\(test.degreesOfFreedom)", "\(test.perCell)", law(test), "\(test.p)",
          "\(test.adjusted)", verdict(test),
        ]
      }
      return try Console.print(csv: [head] + rows)
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
