/// The levels of each column of categories, numbered as they are first seen, or those of the training data.
struct LevelTable {
  private var columns: [Interner] = []
  /// Whether they are those of the training data.
  private let isGiven: Bool

  /// - Parameter given: the levels of the training data.
  init(_ given: [[String]]?) {
    isGiven = given != nil
    for levels in given ?? [] {
      var column = Interner()
      for level in levels {
        var level = level
        _ = level.withUTF8 { column.number(of: $0, inserting: true) }
      }
      columns.append(column)
    }
  }

  /// The number of a level, which is not empty; `nil` where the training data do not have it.
  mutating func number(of level: UnsafeBufferPointer<UInt8>, column: Int) -> UInt32? {
    while column >= columns.count { columns.append(Interner()) }
    return columns[column].number(of: level, inserting: !isGiven)
  }

  /// The names of a column's levels, in the order of their numbers.
  func names(_ column: Int) -> [String] { (0..<columns[column].count).map(columns[column].text) }

  /// The names in the order of their bytes, as symbols have it, and for each number the one that it gets in this order.
  func sorted() -> (names: [[String]], ranks: [[Double]]) {
    var (names, ranks) = ([[String]](), [[Double]]())
    for column in columns {
      let order = column.sorted()
      names.append(order.map { column.text(Int($0)) })
      var ranksOfColumn = [Double](repeating: 0, count: order.count)
      for (rank, number) in order.enumerated() { ranksOfColumn[Int(number)] = Double(rank) }
      ranks.append(ranksOfColumn)
    }
    return (names, ranks)
  }
}
