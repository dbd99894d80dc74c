import Foundation

/// A folder of MIDI files, each a sequence.
enum MIDIFolder {
  /// Whether the path leads to a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Reads the MIDI files in a folder, but none in folders within it, in the order of the scalars of their names.
  /// - Throws: `DataError`, also where there is none.
  static func read(_ path: String, _ options: ReadOptions, into builder: inout VectorBuilder) throws {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw DataError.unreadable(path, reason: error.localizedDescription)
    }
    let files = names.filter { MIDIFormat.claims(fileName: $0.lowercased()) && !$0.hasPrefix(".") }
      .sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    if files.isEmpty { throw DataError.unreadable(path, reason: "it is a folder without MIDI files (.mid, .midi)") }
    for file in files {
      var source = try ByteSource(opening: path.hasSuffix("/") ? path + file : "\(path)/\(file)")
      let before = builder.count
      try MIDIFormat.read(&source, options, into: &builder)
      if builder.count == before { throw DataError.noSequences(source.name) }
    }
  }
}
