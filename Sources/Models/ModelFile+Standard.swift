import Foundation
import ModelCore
import Sequences

/// Files whose words are of the standard registry.
extension ModelFile {
  /// Reads a checkpoint from its file's bytes. O(bytes).
  /// - Throws: `ModelFileError`.
  public static func checkpoint(from data: Data) throws -> Checkpoint {
    try checkpoint(from: data, registry: .standard)
  }

  /// - Throws: `ModelFileError`, and what the source throws.
  package static func checkpoint(reading source: inout ByteSource) throws -> Checkpoint {
    try checkpoint(reading: &source, registry: .standard)
  }

  /// Reads a model of symbols from its file's bytes. O(bytes).
  /// - Throws: `ModelFileError`.
  public static func model(from data: Data) throws -> SequenceModel { try model(from: data, registry: .standard) }

  /// - Throws: `ModelFileError`, and what the source throws.
  package static func model(reading source: inout ByteSource) throws -> SequenceModel {
    try model(reading: &source, registry: .standard)
  }

  /// - Throws: `ModelFileError`.
  package static func model(opening file: MappedFile) throws -> SequenceModel {
    try model(opening: file, registry: .standard)
  }
}
