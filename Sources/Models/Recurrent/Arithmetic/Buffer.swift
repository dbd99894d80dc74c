/// Memory that grows and is never copied.
final class Buffer<Scalar> {
  private var storage = UnsafeMutableBufferPointer<Scalar>.allocate(capacity: 1)

  var base: UnsafeMutablePointer<Scalar> { storage.baseAddress.unsafelyUnwrapped }

  /// At least `count` numbers, uninitialised where the memory is new.
  func room(for count: Int) -> UnsafeMutablePointer<Scalar> {
    if storage.count < count {
      storage.deallocate()
      storage = .allocate(capacity: count + count / 2)
    }
    return base
  }

  deinit { storage.deallocate() }
}

extension UnsafeMutablePointer where Pointee: RecurrentScalar {
  /// Sets `count` numbers to zero: at once, where generic code would go through them one by one.
  func clear(_ count: Int) {
    UnsafeMutableRawPointer(self).initializeMemory(
      as: UInt8.self, repeating: 0, count: count * MemoryLayout<Pointee>.stride)
  }
}
