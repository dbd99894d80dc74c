@preconcurrency import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Disk in memory's stead: large arrays lie in files without a name, mapped, and their pages are given back to the system
/// whenever the program holds more memory than it may.
///
///     let scratch = try Scratch(limit: 2 << 30, folder: "/tmp")
///
/// The files have no name from the moment they are made, so that nothing is left of them however the program ends. An
/// array for which the disk has no room goes on in memory, and `check` throws from then on: whoever fills arrays asks it
/// now and then.
public final class Scratch: Sendable {
  /// Bytes of memory that the program should not exceed.
  public let limit: Int
  /// Where the files lie.
  public let folder: String
  private let state = Mutex(State())
  private let watch: DispatchSourceTimer

  /// What can be wrong with it.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// Files cannot be made there.
    case cannotCreate(String, reason: String)
    /// There is no more room.
    case full(String, reason: String)
    /// The alphabet, which lies in memory, leaves nothing of it. Bytes.
    case alphabetTooLarge(symbols: Int, needed: Int, limit: Int)

    /// What is wrong and what helps, as a sentence.
    public var description: String {
      switch self {
      case .cannotCreate(let folder, let reason):
        "\(folder): temporary files cannot be made there: \(reason); --scratch names another folder"
      case .full(let folder, let reason):
        "\(folder): a temporary file could not be made larger: \(reason); --scratch names another folder"
      case .alphabetTooLarge(let symbols, let needed, let limit):
        "--memory \(limit >> 20)M: the alphabet alone, which lies in memory, needs about \(needed >> 20)M for the first "
          + "\(symbols) different symbols; give more memory, or replace rare symbols in the data by one"
      }
    }
  }

  private struct State {
    var failure: Failure?
    /// The mapped pieces, by their addresses.
    var mapped: [UInt: Int] = [:]
    /// Files that are open, and how many may be.
    var open = 0
    var mostOpen = 0
    /// When pages were given back.
    var released = ContinuousClock.now
  }

  /// The smallest limit there can be: less would not hold the program.
  public static let smallestLimit = 100 << 20

  /// Bytes that the program takes without any data.
  static let memoryOfProgram = 32 << 20

  /// Scratch files in a folder, for a program that may hold so much memory.
  /// - Parameters:
  ///   - limit: bytes of memory, at least `smallestLimit`.
  ///   - folder: where temporary files are made; the system's place for them if `nil`.
  /// - Throws: `Failure.cannotCreate`.
  public init(limit: Int, folder: String? = nil) throws {
    precondition(limit >= Self.smallestLimit, "memory that cannot hold the program")
    self.limit = limit
    let place = folder ?? FileManager.default.temporaryDirectory.path
    self.folder = place
    watch = DispatchSource.makeTimerSource(queue: .global(qos: .userInteractive))
    watch.schedule(deadline: .now(), repeating: .milliseconds(2))
    watch.setEventHandler { [weak self] in self?.releaseIfNeeded() }
    watch.activate()
    systemClose(try Self.file(in: place))
    let most = Self.raiseOpenFiles()
    state.withLock { $0.mostOpen = most }
  }

  /// Lets the program have as many files open as it may; some are left for others.
  private static func raiseOpenFiles() -> Int {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0 else { return 128 }
    if limit.rlim_cur < limit.rlim_max {
      limit.rlim_cur = limit.rlim_max
      setrlimit(kind, &limit)
      getrlimit(kind, &limit)
    }
    return max(Int(min(limit.rlim_cur, 1 << 20)) - 64, 16)
  }

  deinit { watch.cancel() }

  /// - Throws: `Failure.full` once the disk had no room.
  package func check() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  // MARK: For blocks

  func fail(_ code: Int32) {
    let reason = String(cString: strerror(code))
    state.withLock { if $0.failure == nil { $0.failure = .full(folder, reason: reason) } }
  }

  /// A file without a name, to be closed by `close`; −1 where there can be no more.
  func file() -> Int32 {
    let mayOpen = state.withLock { state in
      guard state.open < state.mostOpen else { return false }
      state.open += 1
      return true
    }
    guard mayOpen else {
      fail(EMFILE)
      return -1
    }
    do { return try Self.file(in: folder) } catch {
      state.withLock {
        $0.open -= 1
        if $0.failure == nil { $0.failure = error }
      }
      return -1
    }
  }

  func close(_ descriptor: Int32) {
    systemClose(descriptor)
    state.withLock { $0.open -= 1 }
  }

  private static func file(in folder: String) throws(Failure) -> Int32 {
    do throws(SystemError) {
      return try TemporaryFile.unnamed(in: folder)
    } catch {
      throw Failure.cannotCreate(folder, reason: error.reason)
    }
  }

  /// Maps a file of so many bytes.
  func map(_ descriptor: Int32, byteCount: Int) -> UnsafeMutableRawPointer? {
    state.withLock { state in
      guard let base = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED
      else { return nil }
      state.mapped[UInt(bitPattern: base)] = byteCount
      return base
    }
  }

  func unmap(_ base: UnsafeMutableRawPointer, byteCount: Int) {
    // Under the lock: nobody must release what lies at this address next.
    state.withLock { state in
      state.mapped[UInt(bitPattern: base)] = nil
      munmap(base, byteCount)
    }
  }

  // MARK: The watch

  /// Gives back mapped pages, which stay in their files, where the program holds too much.
  private func releaseIfNeeded() {
    let resident = Self.residentBytes
    guard resident > limit / 2 else { return }
    state.withLock { state in
      // What is looked at here and there comes back at once: not more often than it must be.
      let now = ContinuousClock.now
      guard resident > limit / 8 * 7 || now - state.released > .milliseconds(10) else { return }
      state.released = now
      for (address, byteCount) in state.mapped {
        madvise(UnsafeMutableRawPointer(bitPattern: address), byteCount, Int32(MADV_DONTNEED))
      }
    }
  }

  /// What of the program is in memory; everything, where the system does not say.
  private static var residentBytes: Int {
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return Int.max }
    defer { systemClose(descriptor) }
    return withUnsafeTemporaryAllocation(byteCount: 128, alignment: 1) { buffer in
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      guard count > 0 else { return Int.max }
      let fields = buffer[..<count].split(separator: UInt8(ascii: " "))
      let pages = fields.count > 1 ? Int(String(decoding: fields[1], as: UTF8.self)) : nil
      return pages.map { $0 * Int(getpagesize()) } ?? Int.max
    }
  }
}

/// `close`, where a method has its name.
private func systemClose(_ descriptor: Int32) { _ = close(descriptor) }
