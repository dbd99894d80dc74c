import Foundation
import Sequences
import Testing

/// Arrays on the heap and in files are the same to whoever reads them.
@Suite struct FlatArrayTests {
  @Test(arguments: [0, 1, 100, 1 << 18, 3 << 20], [true, false])
  func growthKeepsAll(_ count: Int, _ isOnDisk: Bool) throws {
    let scratch = isOnDisk ? try Scratch(limit: Scratch.smallestLimit) : nil
    var buffer = FlatBuffer<Int>(scratch: scratch)
    for i in 0..<count { buffer.append(i &* 7) }
    for i in stride(from: 0, to: count, by: 3) { buffer[i] = -i }
    let array = buffer.finished()
    #expect(array.count == count)
    #expect(array.indices.allSatisfy { array[$0] == ($0 % 3 == 0 ? -$0 : $0 &* 7) })
    #expect(array == FlatArray(Array(array), scratch: scratch))
    try scratch?.check()
  }

  /// Data read to disk are those read to memory.
  @Test func dataOnDiskAreTheSame() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    let lines = (0..<300_000).map { "word\($0 % 70_000) and word\($0 % 13)\n" }.joined()
    try Data(lines.utf8).write(to: file)
    for symbols in [SymbolKind.words, .characters, .graphemes, .bytes] {
      let scratch = try Scratch(limit: Scratch.smallestLimit)
      let onDisk = try Dataset(
        reading: file.path, options: ReadOptions(format: "lines", symbols: symbols, scratch: scratch))
      let inMemory = try Dataset(reading: file.path, options: ReadOptions(format: "lines", symbols: symbols))
      #expect(onDisk.sequences.contentHash == inMemory.sequences.contentHash)
      #expect(onDisk.alphabet.symbols == inMemory.alphabet.symbols)
    }
  }

  @Test func aFolderThatIsNotThereIsNamed() {
    #expect { try Scratch(limit: Scratch.smallestLimit, folder: "/no/such/folder") } throws: { error in
      "\(error)".contains("/no/such/folder") && "\(error)".contains("--scratch")
    }
  }
}
