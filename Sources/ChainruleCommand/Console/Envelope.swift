import Chainrule
import Foundation

/// What the JSON of every command says of its run, beside the report's own fields: the program's version, the words of the
/// command line, the seed where it has one, and the files that were read.
struct Envelope: Encodable {
  var version = Version.current
  var command = Array(CommandLine.arguments.dropFirst())
  /// Where the report has none of its own.
  var seed: UInt64?
  var files: [InputFile]

  /// A file by its path as given, its size and the SHA-256 of its bytes, as `sha256sum` prints it.
  struct InputFile: Encodable {
    var path: String
    var bytes: Int?
    var sha256: String?

    /// Hashing more would take longer than many commands do.
    private static let mostHashed = 1 << 30

    /// Standard input, pipes and devices cannot be read again: of them there is the name alone.
    init(_ path: String) {
      self.path = path
      var status = stat()
      guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
      bytes = Int(status.st_size)
      guard status.st_size <= Self.mostHashed, let file = FileHandle(forReadingAtPath: path) else { return }
      var hash = SHA256()
      while let block = try? file.read(upToCount: 1 << 20), !block.isEmpty { hash.update(block) }
      sha256 = hash.hexadecimal()
    }
  }
}

/// A report in its envelope: one object with the fields of both.
private struct Enveloped<Report: Encodable>: Encodable {
  var report: Report
  var envelope: Envelope

  func encode(to encoder: any Encoder) throws {
    try envelope.encode(to: encoder)
    try report.encode(to: encoder)
  }
}

/// Prints a report as one JSON object, with what its run was; infinite numbers are the strings "inf" and "-inf".
/// - Parameters:
///   - files: the paths that were read; those that were not given are `nil`.
///   - seed: where something was random and the report does not say the seed itself.
func printJSON(_ report: some Encodable, reading files: [String?], seed: UInt64? = nil) throws {
  try Console.print(jsonText(report, reading: files, seed: seed))
}

/// The same as text.
func jsonText(_ report: some Encodable, reading files: [String?], seed: UInt64? = nil) throws -> String {
  let envelope = Envelope(seed: seed, files: files.compactMap { $0 }.map(Envelope.InputFile.init))
  return try jsonText(Enveloped(report: report, envelope: envelope))
}

/// A value alone as JSON text.
func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
