/// A data set of symbols or of vectors, whichever its file holds.
public enum AnyDataset: Sendable {
  /// Sequences of symbols.
  case symbols(Dataset)
  /// Sequences of vectors.
  case vectors(VectorDataset)

  /// Reads the file at `path`; "-" is standard input, and a folder is one of MIDI files.
  ///
  /// The format says what it holds. Of JSON lines the first elements do: a number with a point or an exponent, or a list, is a
  /// vector; strings and integers are symbols. With `options.values` given the elements are vectors; with `alphabet`,
  /// `options.symbols` or `options.weights` they are symbols.
  ///
  /// Throws `DataError`. O(bytes).
  public static func read(
    _ path: String, options: ReadOptions = ReadOptions(), alphabet: Alphabet? = nil
  ) throws -> AnyDataset {
    if MIDIFolder.isFolder(path) { return .vectors(try VectorDataset(reading: path, options: options)) }
    var source = try ByteSource(opening: path)
    return try read(&source, options: options, alphabet: alphabet)
  }

  /// The same from a source that is open already; its name stands for the path.
  package static func read(
    _ source: inout ByteSource, options: ReadOptions = ReadOptions(), alphabet: Alphabet? = nil
  ) throws -> AnyDataset {
    if try holdsVectors(&source, options, alphabet) {
      return .vectors(try VectorDataset(reading: &source, options: options))
    }
    return .symbols(try Dataset(reading: &source, options: options, alphabet: alphabet))
  }

  /// Whether a file holds vectors, as far as its format and its beginning tell; one that cannot be opened does not, nor does
  /// standard input, which can be read once, unless `options.values` says so.
  package static func holdsVectors(_ path: String, _ options: ReadOptions) -> Bool {
    if MIDIFolder.isFolder(path) { return true }
    guard path != "-", var source = try? ByteSource(opening: path) else { return options.values != nil }
    return (try? holdsVectors(&source, options, nil)) ?? false
  }

  private static func holdsVectors(
    _ source: inout ByteSource, _ options: ReadOptions, _ alphabet: Alphabet?
  ) throws -> Bool {
    if options.values != nil { return true }
    if options.weights || options.symbols != nil || alphabet != nil { return false }
    guard let format = try DetectedFormat(of: &source, options, holdsBytes: false).format as? any VectorFormat.Type
    else { return false }
    return format is any SymbolFormat.Type ? format.holdsVectors(head: try source.head(headSize)) : true
  }

  /// As many bytes as are looked at to tell symbols from vectors.
  private static let headSize = 1 << 16
}
