import Foundation

/// A piece of memory that can grow: of the heap, or of a `Scratch`'s files once it is large.
///
/// On the heap it grows by `realloc`, which moves the pages of a large piece to another address and copies nothing, so
/// that gigabytes of unknown length are never held twice. In a file it is mapped anew.
@usableFromInline final class MemoryBlock: @unchecked Sendable {
  // Unchecked: whoever grows or writes a block is the only one that has it.
  @usableFromInline private(set) var base: UnsafeMutableRawPointer
  private var byteCount: Int
  private let scratch: Scratch?
  /// −1 on the heap, and once the block is done growing.
  private var descriptor: Int32 = -1
  private var isMapped = false

  /// From here on a file is used.
  private static let smallestFile = 1 << 16

  @usableFromInline init(byteCount: Int, scratch: Scratch?) {
    self.scratch = scratch
    self.byteCount = 16
    base = resized(nil, byteCount: 16)
    resize(to: byteCount)
  }

  deinit { free() }

  /// Makes it as large, keeping what it holds as far as there is room.
  @usableFromInline func resize(to count: Int) {
    let count = max(count, 16)
    if isMapped {
      if remap(to: count) { return }
    } else if let scratch, count >= Self.smallestFile, moveToFile(of: scratch, byteCount: count) {
      return
    }
    if isMapped { return moveToHeap(byteCount: count) }
    base = resized(base, byteCount: count)
    byteCount = count
  }

  /// It grows no more. In a file it takes no more room than that.
  func finish(byteCount: Int) {
    resize(to: byteCount)
    if descriptor >= 0 { scratch?.close(descriptor) }
    descriptor = -1
  }

  private func moveToFile(of scratch: Scratch, byteCount count: Int) -> Bool {
    let file = scratch.file()
    guard file >= 0 else { return false }
    let code = Self.allocate(file, 0, count)
    guard code == 0, let new = scratch.map(file, byteCount: count) else {
      scratch.fail(code == 0 ? errno : code)
      scratch.close(file)
      return false
    }
    new.copyMemory(from: base, byteCount: min(byteCount, count))
    Foundation.free(base)
    (base, byteCount, descriptor, isMapped) = (new, count, file, true)
    return true
  }

  private func remap(to count: Int) -> Bool {
    guard let scratch, descriptor >= 0 else { return false }
    let code =
      count > byteCount
      ? Self.allocate(descriptor, byteCount, count - byteCount)
      : (ftruncate(descriptor, off_t(count)) == 0 ? 0 : errno)
    guard code == 0, let new = scratch.map(descriptor, byteCount: count) else {
      scratch.fail(code == 0 ? errno : code)
      return false
    }
    scratch.unmap(base, byteCount: byteCount)
    (base, byteCount) = (new, count)
    return true
  }

  private func moveToHeap(byteCount count: Int) {
    let new = resized(nil, byteCount: count)
    new.copyMemory(from: base, byteCount: min(byteCount, count))
    free()
    (base, byteCount, descriptor, isMapped) = (new, count, -1, false)
  }

  private func free() {
    if isMapped { scratch?.unmap(base, byteCount: byteCount) } else { Foundation.free(base) }
    if descriptor >= 0 { scratch?.close(descriptor) }
  }

  /// Room on the disk, so that none is missing later; an error's code where there is none.
  private static func allocate(_ file: Int32, _ from: Int, _ count: Int) -> Int32 {
    while true {
      let code = posix_fallocate(file, off_t(from), off_t(count))
      if code != EINTR { return code }
    }
  }
}

/// `realloc`; running out of memory ends the program, as it does for Swift's own arrays.
func resized(_ base: UnsafeMutableRawPointer?, byteCount: Int) -> UnsafeMutableRawPointer {
  guard let new = realloc(base, byteCount) else { preconditionFailure("out of memory") }
  return new
}
