import Probability
import Support
import Testing

@Suite struct HashIndexTests {
  /// Against a dictionary; with hashes that are all different, often the same, and all the same.
  @Test(arguments: [UInt64.max, 31, 0])
  func findsWhatADictionaryFinds(_ mask: UInt64) {
    var stream = RandomStream(seed: 5)
    var index = HashIndex(below: 3000)
    var keys: [UInt64] = []
    var numbers: [UInt64: Int] = [:]
    for _ in 0..<3000 {
      let key = stream.next() % 2000
      #expect(index.number(of: key & mask) { keys[$0] == key } == numbers[key])
      let number = index.number(of: key & mask, adding: keys.count) { keys[$0] == key }
      #expect(number == numbers[key, default: keys.count])
      guard number == keys.count else { continue }
      numbers[key] = number
      keys.append(key)
    }
    #expect(index.count == keys.count)
  }

  /// Values of 64 bits from the test vectors that Noll publishes with FNV.
  @Test(arguments: [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)])
  func hashesAreFNV1a(_ text: String, _ expected: UInt64) {
    var hash = FNV1a()
    for byte in text.utf8 { hash.add(UInt64(byte)) }
    #expect(hash.value == expected)
  }
}
