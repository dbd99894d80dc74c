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
