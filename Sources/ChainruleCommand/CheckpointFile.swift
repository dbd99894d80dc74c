import Chainrule
import Foundation
import Synchronization

/// The file beside a model's in which a long training keeps what it has done so far. It is a model file too, of the best
/// model so far.
final class CheckpointFile: Sendable {
  let path: String
  private let file: OutputFile
  private let saved = Atomic<Bool>(false)

  /// - Throws: `OutputError` where it cannot be written, or an earlier one not be put aside.
  init(_ path: String) throws {
    self.path = path
    file = try OutputFile(path)
    if file.isReplaced { _ = try OutputFile(path + ".old") }
  }

  /// Whether anything has been written.
  var isWritten: Bool { saved.load(ordering: .relaxed) }

  /// What there is to go on from, or `nil` where there is nothing.
  /// - Throws: `LoadedModel.Failure` for a file that is no checkpoint.
  func read() throws -> Checkpoint? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      let checkpoint = try checkpoint()
      saved.store(true, ordering: .relaxed)
      return checkpoint
    } catch let error as ModelFileError {
      throw LoadedModel.Failure(name: path, reason: error)
    }
  }

  private func checkpoint() throws -> Checkpoint {
    var source = try ByteSource(opening: path)
    return try ModelFile.checkpoint(reading: &source)
  }

  /// Moves an earlier training's checkpoint out of the way; says what it is and where it is now.
  /// - Throws: `LoadedModel.Failure` where something stands there that is no checkpoint.
  func putAside() throws -> (checkpoint: Checkpoint, path: String)? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let checkpoint = try? checkpoint() else {
      throw LoadedModel.Failure(
        name: path, reason: .foreign("a checkpoint would take its place, and it is none; move it, or give --checkpoint")
      )
    }
    let aside = path + ".old"
    return rename(path, aside) == 0 ? (checkpoint, aside) : nil
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
