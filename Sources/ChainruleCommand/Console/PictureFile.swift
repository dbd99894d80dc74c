import Chainrule
import Foundation

/// A picture's file, settled before the work whose result it shows: its format, by the suffix, and that it can be written.
struct PictureFile {
  private let format: PictureFormat
  private let file: OutputFile

  /// - Parameter inputs: files that the same work reads, which must stay.
  /// - Throws: `PictureError.unknownFormat`, `OutputError`.
  init(_ path: String, reading inputs: [String?] = []) throws {
    format = try PictureFormat(path: path)
    file = try OutputFile(path, reading: inputs.compactMap { $0 })
  }

  /// Has another program draw, and writes what it drew.
  func write(_ draw: (_ format: PictureFormat, _ isInterrupted: @escaping () -> Bool) throws -> Data) throws {
    let bytes = try Interruption.drawing { try draw(format, $0) }
    try Interruption.writing(file) { try file.write(bytes) }
  }
}
