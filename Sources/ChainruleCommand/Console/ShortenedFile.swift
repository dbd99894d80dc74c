import Chainrule
import Foundation
import Synchronization

/// A mapped file that another program makes shorter: the system answers the next look at the bytes that are gone with
/// SIGBUS, of which a program dies without a word. Here it ends with a sentence and exit code 65.
enum ShortenedFile {
  // Written before the handler is installed, read by it. What they point to is never freed.
  private static let sentence = Atomic<UInt>(0)
  private static let sentenceCount = Atomic<Int>(0)
  private static let memory = Atomic<UInt>(0)
  private static let memoryCount = Atomic<UInt>(0)

  /// Watches the memory of one file from here on, the last one that was named.
  static func watch(_ file: MappedFile, named path: String) {
    let text = Array("chainrule: \(path): the file was made shorter while it was in use.\n".utf8)
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count, alignment: 1)
    copy.copyBytes(from: text)
    sentence.store(UInt(bitPattern: copy.baseAddress), ordering: .relaxed)
    sentenceCount.store(text.count, ordering: .relaxed)
    memory.store(UInt(bitPattern: file.bytes.baseAddress), ordering: .relaxed)
    memoryCount.store(UInt(file.bytes.count), ordering: .sequentiallyConsistent)
    var action = sigaction()
    action.sa_flags = SA_SIGINFO
    #if os(Linux)
      action.__sigaction_handler.sa_sigaction = { signal, info, _ in
        ShortenedFile.receive(signal, info?.pointee._sifields._sigfault.si_addr)
      }
    #else
      action.__sigaction_u.__sa_sigaction = { signal, info, _ in
        ShortenedFile.receive(signal, info?.pointee.si_addr)
      }
    #endif
    sigaction(SIGBUS, &action, nil)
  }

  /// In the signal's handler: calls nothing but what may be called there.
  private static func receive(_ signal: Int32, _ address: UnsafeMutableRawPointer?) {
    // The last page is mapped whole.
    let page: UInt = 1 << 16
    let offset = UInt(bitPattern: address) &- memory.load(ordering: .relaxed)
    guard offset < memoryCount.load(ordering: .relaxed) &+ page else {
      // Some other fault: the signal comes again, and does what it does to programs.
      Foundation.signal(signal, SIG_DFL)
      return
    }
    _ = write(
      2, UnsafeRawPointer(bitPattern: sentence.load(ordering: .relaxed)), sentenceCount.load(ordering: .relaxed))
    _exit(65)
  }
}
