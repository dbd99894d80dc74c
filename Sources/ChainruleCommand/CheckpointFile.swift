import Chainrule
import Foundation
import Synchronization

/// The file beside a model's in which a long training keeps what it has done so far. It is a model file too, of the best
/// model so far.
final class CheckpointFile: Sendable {
  let path: String
  private let file: OutputFile
  private let saved = Atomic<Bool>(false)

  /// - Parameter model: the model's file, whose permissions a checkpoint has: who may not read the one may not read the
  ///   other.
  /// - Throws: `OutputError` where it cannot be written, or an earlier one not be put aside.
  init(_ path: String, permissionsOf model: String?) throws {
    self.path = path
    file = try OutputFile(path, permissionsOf: model)
    if file.isReplaced { _ = try OutputFile(path + ".old") }
  }

  /// Whether anything has been written.
  var isWritten: Bool { saved.load(ordering: .relaxed) }

  /// What there is to go on from, or `nil` where there is nothing.
  /// - Throws: `ModelReadingError` for a file that is no checkpoint.
  func read() throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let checkpoint = try Self.checkpoint(path)
      saved.store(true, ordering: .relaxed)
      return checkpoint
    } catch let error as ModelFileError {
      throw ModelReadingError.broken(file: path, error)
    }
  }

  private static func checkpoint(_ path: String) throws -> Checkpoint {
    var source = try ByteSource(opening: path)
    return try ModelFile.checkpoint(reading: &source)
  }

  /// Moves an earlier training's checkpoint out of the way; says what it is and where it is now. One that was moved there
  /// before gives way to it.
  /// - Throws: `ModelReadingError` where something stands at either place that is no checkpoint.
  func putAside() throws -> (checkpoint: Checkpoint, path: String)? {
    guard let checkpoint = try checkpointOnly(path) else { return nil }
    let aside = path + ".old"
    _ = try checkpointOnly(aside)
    return rename(path, aside) == 0 ? (checkpoint, aside) : nil
  }

  /// What stands at a path, or `nil` for nothing.
  private func checkpointOnly(_ path: String) throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    if let checkpoint = try? Self.checkpoint(path) { return checkpoint }
    throw ModelReadingError.broken(
      file: path, .foreign("a checkpoint would take its place, and it is none; move it, or give --checkpoint"))
  }

  /// Whole or not at all.
  func save(_ checkpoint: Checkpoint) throws {
    let bytes = try ModelFile.bytes(of: checkpoint)
    try Interruption.writing(file) { try file.write(bytes) }
    saved.store(true, ordering: .relaxed)
  }

  /// The training is complete.
  func remove() {
    if isWritten { unlink(path) }
  }
}
