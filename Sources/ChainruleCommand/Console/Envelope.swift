import Chainrule
import Foundation
import Reports

/// Prints a report as one JSON object, with what its run was; infinite numbers are the strings "inf" and "-inf".
/// - Parameters:
///   - files: the paths that were read; those that were not given are `nil`.
///   - seed: where something was random and the report does not say the seed itself.
func printJSON(_ report: JSONObject, reading files: [String?], seed: UInt64? = nil) throws {
  try Console.print(jsonText(report, reading: files, seed: seed))
}

/// The text of a report with what the JSON of every command says of its run: the program's version, the words of the command
/// line, the seed where it has one, and the files that were read.
func jsonText(_ report: JSONObject, reading files: [String?], seed: UInt64? = nil) throws -> String {
  let run: JSONObject = [
    "version": Version.current, "command": Array(CommandLine.arguments.dropFirst()), "seed": seed,
    "files": files.compactMap { $0 }.map(inputFile),
  ]
  return try jsonText(run.merging(report))
}

/// A value alone as JSON text.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Hashing more bytes would take longer than many commands do.
private let mostHashed = 1 << 30

private func inputFile(_ path: String) -> JSONObject {
  let file = Provenance.File(hashing: path)
  return ["path": file.path, "bytes": file.bytes, "sha256": file.sha256]
}

extension Provenance.File {
  /// A file by its path as given, its size and the SHA-256 of its bytes, as `sha256sum` prints it. Standard input, pipes and
  /// devices cannot be read again: of them there is the name alone.
  init(hashing path: String) {
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      self.init(path: path)
      return
    }
    let bytes = Int(status.st_size)
    guard bytes <= mostHashed, let file = FileHandle(forReadingAtPath: path) else {
      self.init(path: path, bytes: bytes)
      return
    }
    var hash = SHA256()
    while let block = try? file.read(upToCount: 1 << 20), !block.isEmpty { hash.update(block) }
    self.init(path: path, bytes: bytes, sha256: hash.hexadecimal())
  }
}
