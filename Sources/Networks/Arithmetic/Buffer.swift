/// Memory that grows, begins at a cache line and is never copied.
final class Buffer<Scalar> {
  private var storage: UnsafeMutableRawPointer
  private var capacity = 0

  init() { storage = .allocate(byteCount: 64, alignment: 64) }

  var base: UnsafeMutablePointer<Scalar> { storage.assumingMemoryBound(to: Scalar.self) }

  /// At least `count` numbers, uninitialised where the memory is new.
  func room(for count: Int) -> UnsafeMutablePointer<Scalar> {
    if capacity < count {
      storage.deallocate()
      capacity = count + count / 2
      storage = .allocate(byteCount: capacity * MemoryLayout<Scalar>.stride, alignment: 64)
    }
    return base
  }

  deinit { storage.deallocate() }
}

/// Sets numbers to zero, by bytes: `update(repeating:)` writes one after the other where their type is generic.
@inline(__always)
func clear<Scalar: RecurrentScalar>(_ numbers: UnsafeMutablePointer<Scalar>, _ count: Int) {
  UnsafeMutableRawPointer(numbers).initializeMemory(
    as: UInt8.self, repeating: 0, count: count * MemoryLayout<Scalar>.stride)
}
