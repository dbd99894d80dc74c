import CZlib
import Foundation

/// Why a file could not be written.
public enum OutputError: Error, Equatable, CustomStringConvertible {
  /// It cannot be made there (exit code 73).
  case cannotCreate(String, reason: String)
  /// It could be begun, but not finished (exit code 74). Of a file nothing is left.
  case cannotWrite(String, reason: String)

  public var description: String {
    switch self {
    case .cannotCreate(let path, let reason): return "\(path): cannot be written: \(reason)"
    case .cannotWrite(let path, let reason): return "\(path): writing failed: \(reason)"
    }
  }
}

/// Files that are written whole or not at all.
public enum OutputFile {
  /// Writes to a temporary file beside `path`, waits until it is on the disk, and gives it its name, so that at no
  /// moment a part of it stands under that name. Symbolic links stay: what they lead to is replaced. A pipe or a device
  /// is written into, and "-" is standard output. Behind ".gz" it is compressed.
  /// - Throws: `OutputError`.
  public static func write(_ bytes: Data, to path: String) throws {
    try write(to: path) { piece in try bytes.withUnsafeBytes(piece) }
  }

  /// What hands over a file's bytes, piece by piece, to what it is given.
  public typealias Content = ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

  /// The same for content that comes in pieces.
  /// - Throws: `OutputError`, and what the content throws.
  public static func write(to path: String, _ content: Content) throws {
    if path.hasSuffix(".gz") {
      var bytes = Data()
      try content { bytes.append(contentsOf: $0) }
      let compressed = try gzipped(bytes, path)
      try write(to: try Target(path), named: path) { piece in try compressed.withUnsafeBytes(piece) }
    } else {
      try write(to: try Target(path), named: path, content)
    }
  }

  private static func write(to target: Target, named path: String, _ content: Content) throws {
    switch target {
    case .standardOutput: try content { try writeAll($0, to: STDOUT_FILENO, named: "standard output") }
    case .stream:
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw OutputError.cannotCreate(path, reason: lastReason()) }
      do {
        try content { try writeAll($0, to: descriptor, named: path) }
      } catch {
        close(descriptor)
        throw error
      }
      if close(descriptor) != 0 { throw OutputError.cannotWrite(path, reason: lastReason()) }
    case .file(let file):
      try replace(file, by: content, named: path)
    }
  }

  /// Whether `write` puts a new file in the place of what `path` leads to, and does not write into what is there.
  public static func replaces(_ path: String) -> Bool {
    if case .file? = try? Target(path) { return true }
    return false
  }

  /// Whether `write` to `path` would replace the file that is read from `source`, whatever the two are called.
  public static func replaces(_ path: String, _ source: String) -> Bool {
    guard replaces(path), let there = status(path), let read = status(source == "-" ? "/dev/stdin" : source) else {
      return false
    }
    return there.st_dev == read.st_dev && there.st_ino == read.st_ino
  }

  /// Whether a file can be made at `path`, asked before long work: throws `OutputError.cannotCreate` if not.
  public static func check(_ path: String) throws {
    var place = path
    switch try Target(path) {
    case .standardOutput: return
    case .stream:
      if let status = status(path), status.st_mode & S_IFMT == S_IFDIR {
        throw OutputError.cannotCreate(path, reason: "it is a folder")
      }
    case .file(let file): place = folder(of: file)
    }
    guard access(place, W_OK) == 0 else { throw OutputError.cannotCreate(path, reason: lastReason()) }
  }

  /// What a path leads to.
  private enum Target {
    case standardOutput
    /// A pipe, a device: nothing that a file could take the place of.
    case stream
    /// A file, or the place for one, that is no symbolic link.
    case file(String)

    /// - Throws: `OutputError.cannotCreate` where links lead nowhere.
    init(_ path: String) throws {
      if path == "-" {
        self = .standardOutput
      } else if let status = status(path), status.st_mode & S_IFMT != S_IFREG {
        self = .stream
      } else {
        var place = path
        var links = 0
        while let next = try? FileManager.default.destinationOfSymbolicLink(atPath: place) {
          links += 1
          guard links <= 40 else { throw OutputError.cannotCreate(path, reason: String(cString: strerror(ELOOP))) }
          place = next.hasPrefix("/") ? next : folder(of: place) + "/" + next
        }
        self = .file(place)
      }
    }
  }

  private static func replace(_ file: String, by content: Content, named path: String) throws {
    let temporary = "\(file).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw OutputError.cannotCreate(path, reason: lastReason()) }
    do {
      try content { try writeAll($0, to: descriptor, named: path) }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    var failure = fsync(descriptor) == 0 ? nil : lastReason()
    if close(descriptor) != 0, failure == nil { failure = lastReason() }
    if failure == nil, rename(temporary, file) != 0 { failure = lastReason() }
    if let failure {
      unlink(temporary)
      throw OutputError.cannotWrite(path, reason: failure)
    }
  }

  private static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }

  /// Of what the links lead to; `nil` where there is nothing.
  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, named path: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let written = Foundation.write(descriptor, piece.baseAddress, piece.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw OutputError.cannotWrite(path, reason: lastReason())
      }
      rest = rest.dropFirst(written)
    }
  }

  private static func lastReason() -> String { String(cString: strerror(errno)) }

  private static func gzipped(_ bytes: Data, _ path: String) throws -> Data {
    var stream = z_stream()
    // 15 bits of window, and 16 for gzip's header.
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw OutputError.cannotWrite(path, reason: "zlib could not start") }
    defer { deflateEnd(&stream) }
    var result = Data()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var input = Array(bytes)
    let pieces = 1 << 30  // zlib counts in 32 bits
    var offset = 0
    repeat {
      let piece = min(pieces, input.count - offset)
      let isLast = offset + piece == input.count
      try input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress.map { $0 + offset }
        stream.avail_in = UInt32(piece)
        repeat {
          let count = try block.withUnsafeMutableBufferPointer { block in
            stream.next_out = block.baseAddress
            stream.avail_out = UInt32(block.count)
            guard deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH) != Z_STREAM_ERROR else {
              throw OutputError.cannotWrite(path, reason: "zlib failed")
            }
            return block.count - Int(stream.avail_out)
          }
          result.append(contentsOf: block[..<count])
        } while stream.avail_out == 0
      }
      offset += piece
    } while offset < input.count
    return result
  }
}
